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

    def test_a_scan_reads_only_what_it_asks_about(self):
        self.stock(self.shelf_a, 30)
        self.stock(self.shelf_b, 30)
        stocktake = self.begin()
        self.collect(stocktake, self.shelf_a, *(f"A{n}" for n in range(29)))
        self.collect(stocktake, self.shelf_b, *(f"B{n}" for n in range(29)))
        place = self.place(stocktake, self.shelf_a)
        self.env.flush_all()
        self.env.invalidate_all()
        for text, verdict in (
            ("NEW", "ok"),
            ("MORE", "surplus"),
            ("A1", "already_scanned"),
            ("B1", "counted_elsewhere"),
        ):
            self.assertEqual(place.serial_scan(text, text)["verdict"], verdict)
        names = self.env["serial.stocktake.number"]._fields["name"]
        read = set(names._get_cache(self.env).values())
        self.assertEqual(read, {"NEW", "MORE", "A1", "B1"})

    def test_a_scan_sent_twice_is_found_among_many(self):
        self.stock(self.shelf_a, 3)
        place = self.place(self.begin(), self.shelf_a)
        first = place.serial_scan("S1", "one")
        self.assertEqual(place.serial_scan("S1", "one")["title"], first["title"])
        self.assertEqual(place.number_count, 1)
