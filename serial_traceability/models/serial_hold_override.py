from odoo import fields, models


class SerialHoldOverride(models.Model):
    """One held unit that somebody let pass on one transfer, and why.

    Written by ``stock.picking.override_holds`` alone, which asks for the right and the
    reason and tells the ledger; it stays as it was. Of holds placed later it says
    nothing.
    """

    _name = "serial.hold.override"
    _description = "Override of a Hold"
    _order = "id desc"
    _rec_name = "lot_id"

    picking_id = fields.Many2one(
        "stock.picking",
        "Transfer",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    lot_id = fields.Many2one(
        "stock.lot",
        "Serial",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    reason = fields.Text(required=True, readonly=True)
    user_id = fields.Many2one("res.users", "By", readonly=True, ondelete="set null")
    # The last of the holds that stood when it was written.
    last_hold_id = fields.Integer(readonly=True, aggregator=None)
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="restrict"
    )
