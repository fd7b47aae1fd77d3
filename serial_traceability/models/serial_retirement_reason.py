from odoo import fields, models


class SerialRetirementReason(models.Model):
    """Why serials are taken out of use or destroyed, to choose from.

    Administrators keep the list. What was chosen stands on the ledger as text, so
    that a reason may be renamed or archived at any time.
    """

    _name = "serial.retirement.reason"
    _description = "Reason to Retire a Serial"
    _order = "sequence, name"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    kind = fields.Selection(
        [("decommission", "Taking out of use"), ("destroy", "Destroying")],
        "Only For",
        help="Leave empty for both.",
    )
