from odoo import api, fields, models
from odoo.fields import Command

from ..core.movement import HELD


class SerialRetirement(models.TransientModel):
    """Serials about to be taken out of use or destroyed, with the reason.

    Quality managers fill it in; applying it ends the serials' lives for good.
    """

    _name = "serial.retirement"
    _description = "Retirement of Serials"

    lot_ids = fields.Many2many("stock.lot", string="Serials", readonly=True)
    lot_count = fields.Integer(compute="_compute_counts")
    stock_count = fields.Integer(compute="_compute_counts")
    kind = fields.Selection(
        [
            ("decommission", "Take the number out of use"),
            ("destroy", "Destroy the unit"),
        ],
        "What Happens",
        required=True,
        default="decommission",
    )
    reason_id = fields.Many2one(
        "serial.retirement.reason",
        required=True,
        domain="['|', ('kind', '=', False), ('kind', '=', kind)]",
    )
    note = fields.Text("Details")

    @api.model
    def default_get(self, fields):
        """Start with the chosen serials; units in stock can only be destroyed."""
        values = super().default_get(fields)
        if self.env.context.get("active_model") == "stock.lot":
            ids = self.env.context.get("active_ids", [])
            values["lot_ids"] = [Command.set(ids)]
            if self._count_in_stock(ids):
                values["kind"] = "destroy"
        return values

    @api.depends("lot_ids")
    def _compute_counts(self):
        for wizard in self:
            wizard.lot_count = len(wizard.lot_ids)
            wizard.stock_count = self._count_in_stock(wizard.lot_ids.ids)

    @api.model
    def _count_in_stock(self, lot_ids):
        return self.env["stock.quant"].search_count(
            [
                ("lot_id", "in", lot_ids),
                ("location_id.usage", "in", tuple(HELD)),
                ("quantity", ">", 0),
            ]
        )

    @api.onchange("kind")
    def _onchange_kind(self):
        """Forget a reason that is for the other kind."""
        if self.reason_id.kind and self.reason_id.kind != self.kind:
            self.reason_id = False

    def action_apply(self):
        """Take the serials out of use, or destroy them.

        :raises AccessError: where the user is not a quality manager.
        :raises UserError: where a serial cannot be retired.
        """
        self.ensure_one()
        self.lot_ids.retire(self.kind, self.reason_id.id, self.note or "")
        return {"type": "ir.actions.act_window_close"}
