from odoo import fields
from odoo.tests import tagged

from .common import QuantityCase


@tagged("post_install", "-at_install")
class TestQuantitiesOrderpoints(QuantityCase):
    """Replenishment orders what is locked anew, at once when it is locked."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rule = cls.create_rule(cls.phone, 3)
        cls.cable_rule = cls.create_rule(cls.cable, 20)

    @classmethod
    def create_rule(cls, product, quantity):
        rule = cls.env["stock.warehouse.orderpoint"].create(
            {
                "product_id": product.id,
                "location_id": cls.stock_location.id,
                "product_min_qty": quantity,
                "product_max_qty": quantity,
            }
        )
        rule.flush_recordset()
        return rule

    def test_a_hold_orders_what_it_locks_and_its_release_does_not(self):
        rules = self.rule | self.cable_rule
        self.assertEqual(rules.mapped("qty_to_order"), [0, 0])
        holds = self.hold(self.phones[:2] | self.reel)
        self.assertEqual(rules.mapped("qty_to_order"), [2, 10])
        self.assertEqual(rules.mapped("qty_to_order_computed"), [2, 10])
        self.assertEqual(rules.mapped("qty_on_hand"), [3, 20])
        self.assertEqual(rules.mapped("qty_forecast"), [1, 10])
        self.release(holds)
        self.assertEqual(rules.mapped("qty_to_order"), [0, 0])

    def test_what_is_stored_follows(self):
        def stored():
            self.env.flush_all()
            self.env.cr.execute(
                "SELECT qty_to_order_computed, deadline_date "
                "FROM stock_warehouse_orderpoint WHERE id = %s",
                (self.rule.id,),
            )
            return self.env.cr.fetchone()

        self.assertEqual(stored(), (0, None))
        holds = self.hold(self.phones[0])
        self.assertEqual(stored(), (1, fields.Date.today()))
        self.release(holds)
        self.assertEqual(stored(), (0, None))

    def test_on_hand_stays_while_the_deadline_is_computed(self):
        self.hold(self.phones[0])
        self.assertEqual(self.rule.deadline_date, fields.Date.today())
        self.assertEqual(self.rule.qty_on_hand, 3)

    def test_a_later_delivery_sets_the_deadline_earlier(self):
        self.rule.product_min_qty = 1
        picking = self.reserve(self.phone, 2)
        day = fields.Datetime.add(fields.Datetime.now(), days=5)
        picking.move_ids.date = day
        self.assertFalse(self.rule.deadline_date)
        self.rule.company_id.horizon_days = 30
        free = self.phones.filtered(lambda lot: lot not in picking.move_line_ids.lot_id)
        self.hold(free)
        self.assertEqual(
            self.rule.deadline_date,
            fields.Date.subtract(day.date(), days=int(self.rule.lead_days)),
        )

    def test_the_rule_of_another_place_stays(self):
        shelf = self.env["stock.location"].create(
            {"name": "Shelf", "location_id": self.stock_location.id}
        )
        self.receive(self.phone, ["S1"], destination=shelf)
        rule = self.env["stock.warehouse.orderpoint"].create(
            {
                "product_id": self.phone.id,
                "location_id": shelf.id,
                "product_min_qty": 1,
                "product_max_qty": 1,
            }
        )
        self.hold(self.phones)
        self.assertEqual(rule.qty_to_order, 0)
        self.assertFalse(rule.deadline_date)

    def test_the_replenishment_report_finds_what_only_holds_make_missing(self):
        rules = self.env["stock.warehouse.orderpoint"]
        self.rule.unlink()
        self.cable_rule.unlink()
        self.reserve_demand()
        rules.action_open_orderpoints()
        self.assertFalse(rules.search([("product_id", "=", self.phone.id)]))
        self.hold(self.phones)
        rules.action_open_orderpoints()
        rule = rules.search([("product_id", "=", self.phone.id)])
        self.assertEqual([rule.qty_to_order, rule.qty_on_hand], [2, 3])
        self.assertFalse(rules.search([("product_id", "=", self.cable.id)]))

    def reserve_demand(self):
        """Ask for two phones; nothing is reserved."""
        picking = self.transfer(
            self.warehouse.out_type_id,
            self.stock_location,
            self.customer_location,
            [(self.phone, 2)],
        )
        picking.action_confirm()
        picking.do_unreserve()

    def test_locking_costs_the_same_for_any_number_of_units(self):
        lock = self.env["serial.lock"]

        def count(many):
            lots = self.receive(self.phone, [f"N{many}-{i}" for i in range(many)])
            lock._insert(lots, self.reason, None, None, None)
            lock._mark(lots.ids)
            # Once before, for what the registry keeps of users and companies.
            self.count_queries(lock._after_change, lots.ids)
            return self.count_queries(lock._after_change, lots.ids)

        counts = [count(many) for many in (1, 10, 100)]
        self.assertEqual(len(set(counts)), 1, counts)
