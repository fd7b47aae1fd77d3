from odoo import api, fields, models


class SerialOverrideWizard(models.TransientModel):
    """Held units about to pass on one transfer, and why. For those who may override
    holds: that is checked where it is done.
    """

    _name = "serial.override.wizard"
    _description = "Override of Holds"

    picking_id = fields.Many2one(
        "stock.picking", "Transfer", required=True, readonly=True, ondelete="cascade"
    )
    product_ids = fields.Many2many("product.product", compute="_compute_products")
    lot_ids = fields.Many2many(
        "stock.lot",
        string="Serials",
        domain="[('is_locked', '=', True), ('product_id', 'in', product_ids)]",
    )
    reason = fields.Text("Why They May Pass", required=True)

    @api.depends("picking_id")
    def _compute_products(self):
        for wizard in self:
            wizard.product_ids = wizard.picking_id.move_ids.product_id

    def action_apply(self):
        """Let the units pass.

        :raises AccessError: where the user may not override holds.
        """
        self.ensure_one()
        self.picking_id.override_holds(self.lot_ids.ids, self.reason)
        return {"type": "ir.actions.act_window_close"}
