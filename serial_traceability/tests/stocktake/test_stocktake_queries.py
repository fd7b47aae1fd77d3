from odoo.tests import tagged

from .common import StocktakeCase


@tagged("post_install", "-at_install")
class TestStocktakeQueries(StocktakeCase):
    """The number of queries does not follow the number of units."""

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
        # What the registry knows by heart depends on the tests that ran before.
        self.env.registry.clear_all_caches()
        collecting = self.count_queries(self.collect, stocktake, self.shelf_a, *names)
        return collecting, self.count_queries(stocktake.action_switch)

    def test_collecting_and_switching_cost_the_same_for_10_and_100_units(self):
        self.costs(1)
        two, ten, hundred = (self.costs(count) for count in (2, 10, 100))
        self.assertEqual(len({two[0], ten[0], hundred[0]}), 1, (two, ten, hundred))
        # The switch empties some of the registry's caches on its way.
        self.assertLessEqual(hundred[1], ten[1] + 5)

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
