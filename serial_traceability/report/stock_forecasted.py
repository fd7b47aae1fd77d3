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
        held = self._get_held_quants(location_ids, products)
        return [*domain, ("id", "not in", held.ids)] if held else domain

    def _get_held_quants(self, location_ids, products):
        """Return the locked quants here of which a part is not reserved."""
        products = products._get_with_locked()
        quants = self.env["stock.quant"]
        if not products:
            return quants
        domain = products._get_locked_domain() & Domain("quantity", ">", 0)
        query = quants._search(domain & Domain("location_id", "in", location_ids))
        quantity = SQL.identifier(query.table, "quantity")
        reserved = SQL.identifier(query.table, "reserved_quantity")
        query.add_where(SQL("%s > COALESCE(%s, 0)", quantity, reserved))
        return quants.browse(query)

    def _free_stock_lines(self, product, free_stock, moves_data, wh_location_ids, read):
        """Give back what is reserved of locked lots that are left out otherwise; of
        expired ones core does.
        """
        held = self._get_held_quants(wh_location_ids, product)
        if held and product.use_expiration_date:
            held = held.filtered_domain(product._get_unexpired_domain())
        free_stock += sum(held.mapped("reserved_quantity"))
        return super()._free_stock_lines(
            product, free_stock, moves_data, wh_location_ids, read
        )
