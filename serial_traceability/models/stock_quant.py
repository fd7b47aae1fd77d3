from odoo import api, models
from odoo.tools import SQL


class StockQuant(models.Model):
    """What stands where; of a locked unit all of it, and none of it available."""

    _inherit = "stock.quant"

    @api.depends("lot_id.is_locked")
    def _compute_available_quantity(self):
        super()._compute_available_quantity()
        # Stands in for reading lots: of another company's only this is seen.
        for quant in self.sudo():
            if quant.lot_id.is_locked:
                quant.available_quantity = 0

    def _read_group_select(self, aggregate_spec, query):
        """Leave locked units out of the sum, too, which core writes in SQL."""
        column = super()._read_group_select(aggregate_spec, query)
        if aggregate_spec != "available_quantity:sum":
            return column
        lot = query.left_join(
            query.table, "lot_id", "stock_lot", "id", "serial_locked_lot"
        )
        return SQL(
            "%(all)s - COALESCE(SUM(CASE WHEN %(locked)s "
            "THEN %(quantity)s - COALESCE(%(reserved)s, 0) ELSE 0 END), 0)",
            all=column,
            locked=SQL.identifier(lot, "is_locked"),
            quantity=SQL.identifier(query.table, "quantity"),
            reserved=SQL.identifier(query.table, "reserved_quantity"),
        )
