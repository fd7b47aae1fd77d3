from odoo.fields import Command
from odoo.tests import tagged

from .common import RecallCase


@tagged("post_install", "-at_install")
class TestRecallImpact(RecallCase):
    """Where the units are that a recall is about."""

    def draft_of(self, lots):
        return self.draft({"lot_ids": [Command.set(lots.ids)]})

    def stop_of(self, lots):
        recall = self.draft_of(lots)
        recall.action_stop_ship_anyway()
        return recall

    def count(self, recall):
        counts = self.env["serial.recall.impact"]._count_places(recall)
        return {place: count for place, count in counts.items() if count}

    def reserve(self, product, quantity):
        picking = self.transfer(
            self.warehouse.out_type_id,
            self.stock_location,
            self.customer_location,
            [(product, quantity)],
            partner=self.customer,
            origin="S0042",
        )
        picking.action_confirm()
        picking.action_assign()
        return picking

    def scrap(self, lot):
        scrap = self.env["stock.scrap"].create(
            {
                "product_id": lot.product_id.id,
                "lot_id": lot.id,
                "scrap_qty": 1,
                "location_id": self.stock_location.id,
            }
        )
        scrap.do_scrap()
        return scrap

    def test_serials_by_place(self):
        delivery = self.deliver(self.phones[0])
        self.scrap(self.phones[1])
        picking = self.reserve(self.phone, 1)
        reserved = picking.move_ids.move_line_ids.lot_id
        [on_hand] = self.phones[2:] - reserved
        never = self.env["stock.lot"].create(
            {"name": "SN0099", "product_id": self.phone.id}
        )
        recall = self.draft_of(self.phones | never)
        self.assertEqual(
            self.count(recall),
            {
                "delivered": 1,
                "scrapped": 1,
                "reserved": 1,
                "on_hand": 1,
                "unknown": 1,
                "total": 5,
            },
        )
        self.env["serial.recall.impact"]._enter(recall)
        units = {unit.lot_id: unit for unit in recall.unit_ids}
        self.assertRecordValues(
            units[self.phones[0]],
            [
                {
                    "place": "delivered",
                    "partner_id": self.customer.id,
                    "picking_id": delivery.id,
                    "location_id": False,
                }
            ],
        )
        self.assertRecordValues(
            units[reserved],
            [
                {
                    "place": "reserved",
                    "picking_id": picking.id,
                    "order_name": "S0042",
                    "location_id": self.stock_location.id,
                }
            ],
        )
        self.assertRecordValues(
            units[on_hand],
            [{"place": "on_hand", "location_id": self.stock_location.id}],
        )

    def test_a_lot_has_a_row_for_each_place_and_holder(self):
        other = self.env["res.partner"].create({"name": "Second Buyer"})
        lot = self.receive(self.cable, ["L1"], quantity=20)
        delivery = self.deliver(lot, quantity=5)
        self.deliver(lot, quantity=3, partner=other)
        self.give_back_quantity(delivery, lot, 1)
        self.scrap(lot)
        self.reserve(self.cable, 2)
        recall = self.draft_of(lot)
        self.env["serial.recall.impact"]._enter(recall)
        rows = recall.unit_ids.sorted(lambda unit: (unit.place, unit.quantity))
        self.assertRecordValues(
            rows,
            [
                {"place": "delivered", "partner_id": other.id, "quantity": 3},
                {"place": "delivered", "partner_id": self.customer.id, "quantity": 4},
                {"place": "on_hand", "partner_id": False, "quantity": 10},
                {"place": "reserved", "partner_id": False, "quantity": 2},
                {"place": "scrapped", "partner_id": False, "quantity": 1},
            ],
        )
        self.assertEqual(self.count(recall)["total"], 20)

    def give_back_quantity(self, picking, lot, quantity):
        wizard = (
            self.env["stock.return.picking"]
            .with_user(self.operator)
            .create({"picking_id": picking.id})
        )
        wizard.product_return_moves.quantity = quantity
        back = self.env["stock.picking"].browse(
            wizard.action_create_returns()["res_id"]
        )
        back.with_user(self.operator).move_ids.move_line_ids.lot_id = lot
        return self.validate(back.with_user(self.operator))

    def test_in_transit(self):
        transit = self.env["stock.location"].create(
            {"name": "Truck", "usage": "transit", "company_id": self.company.id}
        )
        self.move(
            self.phones[0], self.warehouse.int_type_id, self.stock_location, transit
        )
        self.assertEqual(
            self.count(self.draft_of(self.phones[0])), {"in_transit": 1, "total": 1}
        )

    def test_at_the_supplier_again(self):
        self.move(
            self.phones[0],
            self.warehouse.out_type_id,
            self.stock_location,
            self.supplier_location,
            partner=self.supplier,
        )
        recall = self.draft_of(self.phones[0])
        self.env["serial.recall.impact"]._enter(recall)
        self.assertRecordValues(
            recall.unit_ids, [{"place": "supplier", "partner_id": self.supplier.id}]
        )

    def test_with_the_invoice_of_what_was_sold(self):
        order = self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "order_line": [
                    Command.create({"product_id": self.phone.id, "product_uom_qty": 1})
                ],
            }
        )
        order.action_confirm()
        picking = order.picking_ids
        picking.action_assign()
        lot = picking.move_ids.move_line_ids.lot_id
        self.validate(picking)
        invoice = order._create_invoices()
        invoice.action_post()
        recall = self.draft_of(lot)
        self.env["serial.recall.impact"]._enter(recall)
        self.assertRecordValues(
            recall.unit_ids,
            [
                {
                    "place": "delivered",
                    "picking_id": picking.id,
                    "invoice_id": invoice.id,
                    "order_name": order.name,
                }
            ],
        )

    def test_a_returned_unit_keeps_its_delivery_and_has_no_holder(self):
        delivery = self.deliver(self.phones[0])
        recall = self.stop_of(self.phones[0])
        self.give_back(delivery, self.phones[0])
        self.assertRecordValues(
            recall.unit_ids,
            [
                {
                    "place": "on_hand",
                    "partner_id": False,
                    "picking_id": delivery.id,
                    "location_id": self.stock_location.id,
                }
            ],
        )

    def test_a_held_unit_keeps_the_order_it_was_taken_from(self):
        picking = self.reserve(self.phone, 4)
        recall = self.stop_of(self.phones)
        self.env["serial.recall.impact"]._refresh(recall)
        self.assertEqual(set(recall.unit_ids.mapped("order_name")), {"S0042"})
        self.assertEqual(recall.unit_ids.picking_id, picking)

    def test_entering_costs_the_same_for_many(self):
        many = self.receive(self.phone, [f"M{number:04}" for number in range(111)])
        sets = (self.phones, many[:1], many[1:11], many[11:])
        costs = [
            self.count_queries(self.env["serial.recall.impact"]._enter, recall)
            for recall in map(self.draft_of, sets)
        ]
        # The first finds caches empty.
        self.assertEqual(len(set(costs[1:])), 1, costs)

    def test_counting_costs_the_same_for_many(self):
        many = self.receive(self.phone, [f"M{number:04}" for number in range(111)])
        sets = (self.phones, many[:1], many[1:11], many[11:])
        costs = [
            self.count_queries(self.count, recall)
            for recall in map(self.draft_of, sets)
        ]
        # The first finds caches empty.
        self.assertEqual(len(set(costs[1:])), 1, costs)
