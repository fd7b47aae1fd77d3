from odoo import api, models
from odoo.fields import Command


class ProductProduct(models.Model):
    _inherit = "product.product"

    @api.model_create_multi
    def create(self, vals_list):
        """Keep the GTINs that come with new products."""
        products = super().create(vals_list)
        products.filtered("barcode")._note_gtins()
        return products

    def write(self, vals):
        """Keep the GTINs that products get as their barcodes."""
        result = super().write(vals)
        if vals.get("barcode"):
            self._note_gtins()
        return result

    def _note_gtins(self):
        """Keep the GTINs that products have now.

        :raises UserError: where a GTIN is another product's, or once was.
        """
        self.env["serial.numbered.gtin"]._note_barcodes(self)
        self.env["serial.gtin"]._note_barcodes(self)

    def _get_packaging_levels(self):
        """Return ``{packaging unit: level}``, from the smallest to the largest.

        One is a case, two are an inner pack and a case, three end with a pallet.
        """
        self.ensure_one()
        units = self.uom_ids.sorted("factor")
        names = {1: ["case"], 2: ["inner", "case"]}.get(
            len(units), ["inner"] * (len(units) - 2) + ["case", "pallet"]
        )
        return dict(zip(units, names, strict=False))

    def action_give_gtin(self):
        """Open the preview of the GTINs that products and packagings would get.

        :raises AccessError: where the user is no administrator.
        :raises UserError: where the company has no GS1 company prefix.
        """
        prefixes = self.env["serial.company.prefix"]
        prefixes._check_administrator()
        company = self.company_id if len(self.company_id) == 1 else self.env.company
        allocation = self.env["serial.gtin.allocation"].create(
            {
                "prefix_id": prefixes._get_default(company).id,
                "product_ids": [Command.set(self.ids)],
            }
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Give GTINs"),
            "res_model": "serial.gtin.allocation",
            "res_id": allocation.id,
            "view_mode": "form",
            "target": "new",
        }
