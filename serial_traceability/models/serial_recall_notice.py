from odoo import fields, models


class SerialRecallNotice(models.Model):
    """What one customer is told of a recall, once, with all of their units.

    Made when the recall begins, sent by a job, answered in the portal unit by unit or
    on the telephone. Steps of the recall write it; nobody deletes one.
    """

    _name = "serial.recall.notice"
    _description = "Notice of a Recall"
    _inherit = ["serial.steps", "mail.thread", "mail.activity.mixin", "portal.mixin"]
    _order = "id"
    _rec_name = "partner_id"

    _beginning = {"state": "pending"}

    recall_id = fields.Many2one(
        "serial.recall", required=True, readonly=True, index=True, ondelete="restrict"
    )
    partner_id = fields.Many2one(
        "res.partner", required=True, readonly=True, index=True, ondelete="restrict"
    )
    unit_ids = fields.One2many("serial.recall.unit", "notice_id", readonly=True)
    state = fields.Selection(
        [
            ("pending", "To Be Sent"),
            ("unreachable", "No Address"),
            ("sent", "Sent"),
            ("failed", "Not Delivered"),
            ("answered", "Answered"),
        ],
        default="pending",
        required=True,
        readonly=True,
        index=True,
        tracking=True,
    )
    company_id = fields.Many2one(related="recall_id.company_id", store=True, index=True)

    _once = models.Constraint(
        "UNIQUE (recall_id, partner_id)", "A customer gets one notice of a recall."
    )
