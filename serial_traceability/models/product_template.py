from odoo import api, fields, models


class ProductTemplate(models.Model):
    _inherit = "product.template"

    serial_policy_id = fields.Many2one(
        "serial.policy",
        index="btree_not_null",
        ondelete="restrict",
        help="Takes the place of the category's policy for this product.",
    )

    packaging_gtin_ids = fields.Many2many(
        "product.uom", compute="_compute_packaging_gtin_ids", string="Packaging GTINs"
    )

    @api.depends("product_variant_ids.product_uom_ids")
    def _compute_packaging_gtin_ids(self):
        for template in self:
            packagings = template.product_variant_ids.product_uom_ids
            template.packaging_gtin_ids = packagings.sorted("contained_quantity")

    def action_open_serial_stocktake(self):
        """Open the stocktake that brings the product over to serials; begin one where
        there is none.

        :raises AccessError: where there is none and the user is not a quality manager.
        """
        self.ensure_one()
        stocktakes = self.env["serial.stocktake"]
        stocktake = stocktakes.search(
            [
                ("product_tmpl_id", "=", self.id),
                ("state", "in", ("draft", "collecting")),
            ],
            limit=1,
        )
        if not stocktake:
            stocktakes._check_manager()
            stocktake = stocktakes.create({"product_tmpl_id": self.id})
        return stocktake._get_records_action()

    def _get_serial_policy(self):
        """Return the policy that serials of this product follow, empty for none."""
        self.ensure_one()
        # Stands in for seeing that a policy is another company's and does not hold.
        own = self.sudo().serial_policy_id
        if own._holds():
            return own.with_env(self.env)
        return self.categ_id._get_serial_policy() if self.categ_id else own.browse()

    def action_give_gtin(self):
        """Open the preview of the GTINs that the products' variants would get."""
        return self.product_variant_ids.action_give_gtin()
