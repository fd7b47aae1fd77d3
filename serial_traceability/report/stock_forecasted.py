from odoo import models
from odoo.fields import Domain
from odoo.tools import SQL


class StockForecastedProduct(models.AbstractModel):
    """The forecast of products, order by order; locked units answer no order."""

    _inherit = "stock.forecasted_product_product"

    def _get_report_header(self, product_template_ids, product_ids, wh_location_ids):
        """Say how much is locked, apart from what is to be removed."""
        header = super()._get_report_header(
            product_template_ids, product_ids, wh_location_ids
        )
        products = self._get_products(product_template_ids, product_ids)
        locked = products._get_locked_quantities()
        for product in products:
            values = header["product"][product.id]
            values["locked_qty"] = locked.get(product.id, 0.0)
            if "to_remove_qty" in values:
                # Core takes for expired whatever is on hand and not forecast.
                values["to_remove_qty"] -= values["locked_qty"]
        return header

    def _get_quant_domain(self, location_ids, products):
        """Leave out locked quants, except those that are reserved as a whole: core
        takes what is reserved from what is here.
        """
        domain = super()._get_quant_domain(location_ids, products)
        held = self._get_free_locked_quants(domain, products)
        return [*domain, ("id", "not in", held)] if held else domain

    def _get_free_locked_quants(self, domain, products):
        """Return ids of the locked ones among the quants of a domain, of which a part
        is not reserved.
        """
        products = products._get_with_locked()
        if not products:
            return []
        quants = self.env["stock.quant"]
        query = quants._search(Domain(domain) & products._get_locked_domain())
        quantity = SQL.identifier(query.table, "quantity")
        reserved = SQL.identifier(query.table, "reserved_quantity")
        query.add_where(SQL("%s > COALESCE(%s, 0)", quantity, reserved))
        return query.get_result_ids()

    def _free_stock_lines(self, product, free_stock, moves_data, wh_location_ids, read):
        """Give back what is reserved of locked lots that are left out otherwise."""
        domain = super()._get_quant_domain(wh_location_ids, product)
        held = self._get_free_locked_quants(domain, product)
        if held:
            quants = self.env["stock.quant"].browse(held)
            free_stock += sum(quants.mapped("reserved_quantity"))
        return super()._free_stock_lines(
            product, free_stock, moves_data, wh_location_ids, read
        )
