from odoo import models


class ReportStockQuantity(models.Model):
    """What is forecast for each day; from today on without locked units."""

    _inherit = "report.stock.quantity"

    _depends = {
        "stock.quant": ["lot_id", "reserved_quantity"],
        "stock.lot": ["is_locked"],
    }

    def _get_product_qty_col(self):
        """Count of a locked lot only what is reserved, which a movement takes away."""
        return (
            "CASE WHEN date >= (now() at time zone 'utc')::date AND EXISTS ("
            "SELECT FROM stock_lot lot WHERE lot.id = q.lot_id AND lot.is_locked) "
            f"THEN q.reserved_quantity ELSE {super()._get_product_qty_col()} END"
        )
