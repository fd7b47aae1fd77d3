from odoo import models


class StockMove(models.Model):
    _inherit = "stock.move"

    def _get_document(self):
        """Name the till's order, where the transfer is of one alone."""
        return self.picking_id.pos_order_id or super()._get_document()
