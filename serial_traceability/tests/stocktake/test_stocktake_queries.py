from odoo.tests import tagged

from .common import StocktakeCase


@tagged("post_install", "-at_install")
class TestStocktakeQueries(StocktakeCase):
    """The number of queries does not follow the number of units."""

    def count(self, function):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        function()
        self.env.flush_all()
        return self.cr.sql_log_count - before

    def costs(self, count):
        """Return the queries of collecting for and of switching ``count`` units, all
        of them reserved.
        """
        product = self.env["product.product"].create(
            {"name": f"Toy {count}", "is_storable": True}
        )
        self.stock(self.shelf_a, count, product)
        self.reserve(count, product)
        stocktake = self.begin(product)
        names = [f"T{number}" for number in range(count)]
        collecting = self.count(lambda: self.collect(stocktake, self.shelf_a, *names))
        return collecting, self.count(stocktake.action_switch)

    def test_collecting_and_switching_cost_the_same_for_10_and_100_units(self):
        self.costs(1)
        one, ten, hundred = (self.costs(count) for count in (2, 10, 100))
        # A handful more where a cache that has nothing to do with it ran out.
        self.assertLessEqual(hundred[0], ten[0] + 5, (one, ten, hundred))
        self.assertLessEqual(hundred[0], one[0] + 5, (one, ten, hundred))
        self.assertLessEqual(hundred[1], ten[1] + 5, (one, ten, hundred))
