from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..core.identity import gtin_14


class SerialNumberedGtin(models.Model):
    """A GTIN under which numbers of a product stand, for ever.

    A number is told from others by its GTIN, and the register of numbers by product:
    moved to another product, a GTIN would let a number come twice. A row is written
    when numbers are issued for a product with a GTIN, and when a product of which
    numbers were issued gets one. It never changes and never goes.

    Source: GS1 GTIN Management Standard: a GTIN is never given to another trade item.
    """

    _name = "serial.numbered.gtin"
    _description = "GTIN of Issued Numbers"
    _log_access = False

    name = fields.Char("GTIN", required=True, readonly=True)
    product_id = fields.Many2one(
        "product.product", required=True, readonly=True, index=True, ondelete="restrict"
    )

    _name_unique = models.UniqueIndex("(name)")

    @api.model
    def _claim(self, product):
        """Keep the GTIN of a product of which numbers are issued.

        PostgreSQL decides who is first. Costs two queries.

        :raises UserError: where numbers of another product stand under it.
        """
        gtin = gtin_14(product.barcode)
        if not gtin:
            return
        self.env.cr.execute(
            SQL(
                "INSERT INTO serial_numbered_gtin (name, product_id) VALUES (%s, %s) "
                "ON CONFLICT (name) DO NOTHING",
                gtin,
                product.id,
            )
        )
        self._check_free(product)

    @api.model
    def _note_barcodes(self, products):
        """Check the barcodes that products got, and keep those of numbered ones.

        :raises UserError: as :meth:`_claim`.
        """
        self._check_free(products)
        # Stands in for seeing runs of other companies: numbers are told from others
        # all over the world.
        runs = self.env["serial.issue"].sudo()
        groups = runs._read_group(
            [("product_id", "in", products.ids), ("done_count", ">", 0)], ["product_id"]
        )
        for (product,) in groups:
            self._claim(product.sudo(False))

    @api.model
    def _check_free(self, holders):
        """Refuse barcodes under which numbers of another product stand.

        :param holders: products, or packagings (``product.uom``).
        """
        by_gtin = {gtin_14(holder.barcode): holder for holder in holders}
        by_gtin.pop(None, None)
        if not by_gtin:
            return
        # Stands in for seeing what another company numbered: only the product's name
        # is told, without which nobody could find out.
        for row in self.sudo().search([("name", "in", list(by_gtin))]):
            holder = by_gtin[row.name]
            product = holder.product_id if "product_id" in holder._fields else holder
            if row.product_id != product:
                raise UserError(row._say_taken(product))

    def _say_taken(self, product):
        other = self.product_id.display_name
        if not self.product_id.active:
            other = self.env._("%(product)s, which is archived,", product=other)
        return self.env._(
            "Serial numbers of %(other)s stand under GTIN %(gtin)s, so it stays its "
            "GTIN: moved to another product, it would let a number come twice. Give "
            "%(product)s a GTIN of its own; if both are the same item, use the first.",
            other=other,
            gtin=self.name,
            product=product.display_name,
        )
