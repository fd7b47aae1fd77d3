from odoo import api, models
from odoo.fields import Domain

from ..const import WITHOUT_LOCKED


class StockWarehouseOrderpoint(models.Model):
    """Orders what is missing; locked units are no stock to live on."""

    _inherit = "stock.warehouse.orderpoint"

    def _compute_deadline_date(self):
        """Count from what is on hand without locked units."""
        on_hand = self._fields["qty_on_hand"]
        locked = self._get_locked_on_hand()
        reduced = self.browse(orderpoint.id for orderpoint in locked)
        left = [point.qty_on_hand - locked[point] for point in reduced]
        # Core reads what is on hand here; what users read of it stays whole.
        with self.env.protecting([on_hand], reduced):
            for orderpoint, quantity in zip(reduced, left, strict=True):
                orderpoint.qty_on_hand = quantity
            result = super()._compute_deadline_date()
        reduced.invalidate_recordset(["qty_on_hand"], flush=False)
        return result

    def _get_locked_on_hand(self):
        """Return ``{orderpoint: quantity}`` of locked units at each; those without are
        left out. One query where nothing of their products is locked.
        """
        products = self.product_id._get_with_locked()
        here = self.filtered(lambda point: point.product_id in products)
        result = {}
        for location, orderpoints in here.grouped("location_id").items():
            found = orderpoints.product_id.with_context(
                location=location.id
            )._get_locked_quantities()
            for orderpoint in orderpoints:
                if found.get(orderpoint.product_id.id):
                    result[orderpoint] = found[orderpoint.product_id.id]
        return result

    @api.model
    def _get_orderpoint_products(self):
        """Let core look for what is missing without locked units.

        Here it asks where the products stand, to find candidates; how much is missing
        of these, it asks of the products themselves.
        """
        products = super()._get_orderpoint_products()
        if not products._get_with_locked():
            return products
        return products.with_context(**{WITHOUT_LOCKED: True})

    @api.model
    def _recompute_for(self, products):
        """Have what is to be ordered of products computed anew."""
        # Stands in for writing rules, which whoever locks need not do.
        orderpoints = self.sudo().search(Domain("product_id", "in", products.ids))
        orderpoints.invalidate_recordset(
            ["qty_on_hand", "qty_forecast", "qty_to_order"], flush=False
        )
        for name in ("qty_to_order_computed", "deadline_date"):
            self.env.add_to_compute(self._fields[name], orderpoints)
