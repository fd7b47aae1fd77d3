from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .common import QuantityCase


@tagged("post_install", "-at_install")
class TestQuantitiesForecast(QuantityCase):
    """The forecast, order by order and day by day, leaves locked units out."""

    def report(self, product):
        report = self.env["stock.forecasted_product_product"].with_context(
            warehouse_id=self.warehouse.id
        )
        return report.with_user(self.operator).get_report_values(product.ids)["docs"]

    def lines(self, product):
        """Return what the report's lines say: quantity, order, whether it is there."""
        return [
            (
                line["quantity"],
                bool(line["move_out"]),
                bool(line["reservation"]),
                line["replenishment_filled"],
            )
            for line in self.report(product)["lines"]
        ]

    def days(self, product):
        """Return the stock that is forecast for yesterday, today and tomorrow."""
        self.env.flush_all()
        today = fields.Date.today()
        groups = self.env["report.stock.quantity"]._read_group(
            [
                ("product_id", "=", product.id),
                ("state", "=", "forecast"),
                ("warehouse_id", "=", self.warehouse.id),
                ("date", ">=", today - timedelta(1)),
                ("date", "<=", today + timedelta(1)),
            ],
            ["date:day"],
            ["product_qty:sum"],
        )
        return [quantity for _day, quantity in groups]

    def test_free_stock_is_without_locked_units(self):
        free = (False, False, True)
        self.assertEqual(self.lines(self.phone), [(3, *free)])
        self.hold(self.phones[0])
        self.assertEqual(self.lines(self.phone), [(2, *free)])
        self.hold(self.phones)
        self.assertEqual(self.lines(self.phone), [(0, *free)])

    def test_the_header_says_how_much_is_locked(self):
        self.hold(self.reel)
        docs = self.report(self.cable)
        values = docs["product"][self.cable.id]
        self.assertEqual(
            [values[name] for name in (
                "quantity_on_hand", "locked_qty", "virtual_available", "free_qty",
            )],
            [20, 10, 10, 10],
        )  # fmt: skip

    def test_what_is_locked_does_not_count_as_to_be_removed(self):
        packs = self.receive(self.pack, ["M1", "M2", "M3"])
        self.expire(packs[0])
        self.hold(packs[:2])
        values = self.report(self.pack)["product"][self.pack.id]
        self.assertEqual(
            [values[name] for name in (
                "quantity_on_hand", "to_remove_qty", "locked_qty", "virtual_available",
            )],
            [3, 1, 1, 1],
        )  # fmt: skip

    def test_an_order_is_not_answered_by_locked_units(self):
        self.hold(self.phones[:2])
        picking = self.transfer(
            self.warehouse.out_type_id,
            self.stock_location,
            self.customer_location,
            [(self.phone, 2)],
        )
        picking.action_confirm()
        picking.do_unreserve()
        self.assertEqual(
            self.lines(self.phone), [(1, True, False, True), (1, True, False, False)]
        )

    def test_what_is_reserved_is_taken_once(self):
        self.reserve(self.phone, 1, lots=self.phones[2])
        self.hold(self.phones[0])
        self.assertEqual(
            self.lines(self.phone), [(1, True, True, True), (1, False, False, True)]
        )

    def test_what_is_reserved_of_a_locked_lot_is_taken_once(self):
        self.reserve(self.cable, 4, destination=self.supplier_location, lots=self.reel)
        self.env["serial.lock"]._insert(self.reel, self.reason, None, None, None)
        self.env["serial.lock"]._mark(self.reel.ids)
        self.assertEqual(
            self.lines(self.cable), [(4, True, True, True), (10, False, False, True)]
        )

    def test_expired_and_locked_units_are_left_out_once(self):
        packs = self.receive(self.pack, ["M1", "M2", "M3"])
        self.expire(packs[:2])
        self.hold(packs[0])
        quantities = [line[0] for line in self.lines(self.pack)]
        # One to be removed, one that is free and says until when.
        self.assertEqual(quantities.count(1), len(quantities))
        self.hold(packs[2])
        self.assertEqual(self.days(self.pack)[1:], [0, 0])

    def test_each_day_from_today_is_without_locked_units(self):
        before, *_rest = self.days(self.phone)
        self.assertEqual(self.days(self.phone), [before, 3, 3])
        holds = self.hold(self.phones[:2])
        self.assertEqual(self.days(self.phone), [before, 1, 1])
        self.release(holds)
        self.assertEqual(self.days(self.phone), [before, 3, 3])

    def test_what_is_reserved_of_a_locked_lot_stands_until_its_day(self):
        picking = self.reserve(
            self.cable, 4, destination=self.supplier_location, lots=self.reel
        )
        picking.move_ids.date = fields.Datetime.now() + timedelta(days=1)
        self.env["serial.lock"]._insert(self.reel, self.reason, None, None, None)
        self.env["serial.lock"]._mark(self.reel.ids)
        self.assertEqual(self.days(self.cable)[1:], [14, 10])
