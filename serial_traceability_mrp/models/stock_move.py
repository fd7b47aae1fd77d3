from odoo import models


class StockMove(models.Model):
    _inherit = "stock.move"

    def _get_document(self):
        """Name the manufacturing order, of what it makes and of what it uses up."""
        productions = self.production_id | self.raw_material_production_id
        if productions and not self.picking_id:
            return productions
        return super()._get_document()
