from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError


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

    # A serial's holds are looked for by every movement of it.
    lot_id = fields.Many2one(
        "stock.lot",
        "Serial",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    product_id = fields.Many2one(
        "product.product", required=True, readonly=True, index=True, ondelete="restrict"
    )
    reason_id = fields.Many2one(
        "serial.hold.reason",
        required=True,
        readonly=True,
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
    )
    placed_by_id = fields.Many2one("res.users", readonly=True, ondelete="set null")
    placed_time = fields.Datetime("Placed", required=True, readonly=True)
    lifted_by_id = fields.Many2one("res.users", readonly=True, ondelete="set null")
    lifted_time = fields.Datetime("Lifted", readonly=True)
    lift_reason = fields.Text("Why Lifted", readonly=True)
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="restrict"
    )

    # ---- Lifting ----

    def lift(self, reason):
        """Lift open holds; what no other hold stops is free, and moves that wait for it
        get it reserved.

        :param reason: why, as text.
        :raises AccessError: where the user is not a quality manager, or the hold is
            another company's.
        :raises UserError: where the reason is empty, or whoever placed a hold may not
            lift it.
        """
        self._check_may_lift(reason)
        self.check_access("read")
        holds = self.filtered(lambda hold: hold.state == "open")
        if not holds:
            raise UserError(self.env._("These holds are lifted already."))
        holds._check_four_eyes()
        self.env["serial.lock"]._lift(holds, reason.strip())

    @api.model
    def _check_may_lift(self, reason):
        """Refuse who may not lift holds, or says no reason; return no hold."""
        if not self.env.user.has_group(
            "serial_traceability.group_serial_quality_manager"
        ):
            raise AccessError(
                self.env._("Only a quality manager may release serials. Ask one.")
            )
        self.env["serial.change"]._check_texts([reason])
        if not isinstance(reason, str) or not reason.strip():
            raise UserError(
                self.env._("Say why it is released: the reason stays in its history.")
            )
        return self.browse()

    def _check_four_eyes(self):
        """Refuse to lift holds that another than their placer has to lift."""
        own = self.filtered(
            lambda hold: hold.reason_id.four_eyes and hold.placed_by_id == self.env.user
        )
        if own:
            raise UserError(
                self.env._(
                    "You held %(serials)s for %(reason)s yourself. Another quality "
                    "manager has to release it.",
                    serials=", ".join(own[:5].lot_id.mapped("name")),
                    reason=own[0].reason_id.name,
                )
            )

    def action_lift(self):
        """Open the dialog that asks why these holds are lifted."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Release"),
            "res_model": "serial.release.wizard",
            "views": [(False, "form")],
            "target": "new",
            "context": {"active_model": "serial.hold", "active_ids": self.ids},
        }
