from odoo import fields, models


class SerialHold(models.Model):
    """One reason why one unit may not leave.

    A hold is placed with a reason, stands open, and is lifted with a reason; then it
    stays as it was. Several may stand on one serial, which is locked while any is open.
    Nobody writes one: :class:`SerialLock` places and lifts, and tells the ledger.
    """

    _name = "serial.hold"
    _description = "Hold on a Serial"
    _inherit = ["serial.steps"]
    _order = "state, placed_time desc, id desc"
    _rec_name = "lot_id"

    _beginning = {"state": "open", "lifted_by_id": False, "lifted_time": False}

    lot_id = fields.Many2one(
        "stock.lot", "Serial", required=True, readonly=True, ondelete="restrict"
    )
    product_id = fields.Many2one(
        "product.product", required=True, readonly=True, index=True, ondelete="restrict"
    )
    reason_id = fields.Many2one(
        "serial.hold.reason",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    severity = fields.Selection(
        lambda self: self.env["serial.hold.reason"]._get_severities(),
        required=True,
        readonly=True,
    )
    note = fields.Text("Details", readonly=True)
    recall_id = fields.Many2one(
        "serial.recall", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    state = fields.Selection(
        [("open", "Open"), ("lifted", "Lifted")],
        default="open",
        required=True,
        readonly=True,
        index=True,
    )
    placed_by_id = fields.Many2one("res.users", readonly=True, ondelete="set null")
    placed_time = fields.Datetime("Placed", required=True, readonly=True)
    lifted_by_id = fields.Many2one("res.users", readonly=True, ondelete="set null")
    lifted_time = fields.Datetime("Lifted", readonly=True)
    lift_reason = fields.Text("Why Lifted", readonly=True)
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="restrict"
    )

    # A serial's holds are looked for by every movement of it.
    _lot_idx = models.Index("(lot_id, state)")
