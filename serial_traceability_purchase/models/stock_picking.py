from odoo import models


class StockPicking(models.Model):
    _inherit = "stock.picking"

    def _get_announcing_pickings(self):
        """Let a receipt accept what was announced for its order: the supplier knows
        the order, and not which of its receipts will bring a unit.
        """
        return super()._get_announcing_pickings() | self._get_sibling_receipts()

    def _get_sibling_receipts(self):
        """Return the other open receipts of the orders that these are receipts of."""
        orders = self.move_ids.purchase_line_id.order_id
        # Stands in for reading the order of a receipt that one may scan on.
        return (orders.sudo()._get_open_receipts() - self).sudo(self.env.su)

    def _get_announcing_room(self):
        """Return ``{product id: units}`` that the receipt asks for and nobody announced
        yet.
        """
        room = dict(self._get_scan_demand() or {})
        # Stands in for reading the list of an order that one may announce for.
        rows = self.sudo().announced_ids.filtered(lambda row: row.state != "surplus")
        for row in rows:
            room[row.product_id.id] = room.get(row.product_id.id, 0) - 1
        return room
