from odoo import models


class StockMove(models.Model):
    _inherit = "stock.move"

    def _get_document(self):
        """Name the till's order of what it hands over; see ``serial.movement``."""
        orders = self.picking_id.pos_order_id
        if orders and not any(orders.mapped("shipping_date")):
            return orders
        return super()._get_document()
