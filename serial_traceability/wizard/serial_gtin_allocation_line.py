from odoo import fields, models

from ..models.serial_gtin import LEVELS


class SerialGtinAllocationLine(models.TransientModel):
    """One product or packaging in a preview of GTINs."""

    _name = "serial.gtin.allocation.line"
    _description = "GTIN Allocation Line"

    allocation_id = fields.Many2one(
        "serial.gtin.allocation", required=True, index=True, ondelete="cascade"
    )
    product_id = fields.Many2one("product.product", required=True, ondelete="cascade")
    uom_id = fields.Many2one("uom.uom", "Packaging", ondelete="cascade")
    level = fields.Selection(LEVELS, required=True)
    own_reference = fields.Boolean()
    gtin = fields.Char("GTIN", readonly=True)
    refusal = fields.Char("Why None", readonly=True)

    def _get_wish(self):
        """Return the line as ``serial.gtin`` wants to be asked."""
        return self.env["serial.gtin"]._wish(
            self.product_id, self.uom_id, self.level, self.own_reference
        )
