from odoo import api, fields, models

from .serial_gtin import LEVELS


class ProductUom(models.Model):
    _inherit = "product.uom"

    gtin_level = fields.Selection(
        LEVELS,
        "Level",
        compute="_compute_gtin_level",
        help="Packaging level of the GTIN, where its GS1 company prefix is known.",
    )
    contained_quantity = fields.Float(
        "Contains", compute="_compute_contained_quantity", digits="Product Unit"
    )

    @api.depends("barcode")
    def _compute_gtin_level(self):
        # Stands in for reading the rows of a prefix of another company: a level is
        # that of the packaging, which the user may read.
        rows = self.env["serial.gtin"].sudo()
        levels = {
            row.packaging_id: row.level
            for row in rows.search([("packaging_id", "in", self.ids)])
        }
        for packaging in self:
            packaging.gtin_level = levels.get(packaging._origin.sudo(), False)

    @api.depends("uom_id.factor", "product_id.uom_id.factor")
    def _compute_contained_quantity(self):
        for packaging in self:
            unit = packaging.product_id.uom_id
            quantity = packaging.uom_id and packaging.uom_id._compute_quantity(1, unit)
            packaging.contained_quantity = quantity or 0

    @api.model_create_multi
    def create(self, vals_list):
        """Keep the GTINs that come with new packagings."""
        packagings = super().create(vals_list)
        self.env["serial.numbered.gtin"]._check_free(packagings)
        self.env["serial.gtin"]._note_barcodes(packagings)
        return packagings

    def write(self, vals):
        """Keep the GTINs that packagings get as their barcodes."""
        result = super().write(vals)
        if not {"barcode", "product_id"}.isdisjoint(vals):
            self.env["serial.numbered.gtin"]._check_free(self)
        if vals.get("barcode"):
            self.env["serial.gtin"]._note_barcodes(self)
        return result
