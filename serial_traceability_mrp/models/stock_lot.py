from odoo import models

from odoo.addons.serial_traceability.const import PLANNED, Document


class StockLot(models.Model):
    _inherit = "stock.lot"

    def _get_made(self):
        """Leave out serials that are entered for units which production will make."""
        made = super()._get_made()
        document = Document.current(self.env)
        if document and document.model != "mrp.production":
            return made
        if document or self.env.context.get(PLANNED):
            return self.browse()
        planned = made.product_id.product_tmpl_id.filtered(
            lambda product: product._is_numbered_at_production()
        )
        return made.filtered(lambda lot: lot.product_id.product_tmpl_id not in planned)
