from odoo.tests import tagged

from ...core.gs1.check_digit import check_digit
from .common import ScanCase, symbol


@tagged("post_install", "-at_install")
class TestScanningQueries(ScanCase):
    """The number of queries does not follow the number of lines."""

    def preview_cost(self, prefix, count):
        picking = self.open_receipt((self.phone, count))
        texts = [symbol(f"{prefix}{at}", batch="B1") for at in range(count)]
        scan_import = self.open_import(picking)
        scan_import.scan_text = "\n".join(texts)
        return self.count_queries(scan_import.action_read)

    def test_a_preview_costs_the_same_for_1_10_and_100_lines(self):
        self.preview_cost("W", 1)
        costs = [self.preview_cost(f"P{count}-", count) for count in (1, 10, 100)]
        self.assertEqual(len(set(costs)), 1, costs)
        self.assertLessEqual(costs[0], 40)

    def resolve_cost(self, count):
        names = [f"K{count}-{at}" for at in range(count)]
        self.receive(self.phone, names)
        picking = self.delivery((self.phone, count), reserve=False)
        texts = [symbol(name) for name in names]
        return self.count_queries(self.resolve, picking, *texts)

    def test_known_serials_cost_the_same_for_1_10_and_100_lines(self):
        self.resolve_cost(2)
        costs = [self.resolve_cost(count) for count in (1, 10, 100)]
        self.assertEqual(len(set(costs)), 1, costs)

    def slip_cost(self, count):
        picking = self.open_receipt((self.phone, count))
        # Of GTIN length, with a wrong check digit each.
        texts = [f"52000{at:06}{(check + 1) % 10}" for at, check in self.checked(count)]
        return self.count_queries(self.resolve, picking, *texts)

    def checked(self, count):
        return [(at, int(check_digit(f"52000{at:06}"))) for at in range(count)]

    def test_numbers_like_a_gtin_cost_the_same_for_1_10_and_100_lines(self):
        self.slip_cost(2)
        costs = [self.slip_cost(count) for count in (1, 10, 100)]
        self.assertEqual(len(set(costs)), 1, costs)

    def apply_cost(self, prefix, count):
        picking = self.open_receipt((self.phone, count))
        texts = [symbol(f"{prefix}{at}", batch="B1") for at in range(count)]
        scan_import = self.read_import(picking, *texts)
        return self.count_queries(scan_import.action_apply)

    def test_filling_a_receipt_costs_no_query_a_unit(self):
        self.apply_cost("W", 1)
        ten, hundred = (self.apply_cost(f"A{count}-", count) for count in (10, 100))
        self.assertLessEqual(hundred, ten + 5)
