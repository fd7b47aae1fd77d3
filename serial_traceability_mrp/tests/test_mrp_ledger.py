from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import MrpCase


@tagged("post_install", "-at_install")
class TestMrpLedger(MrpCase):
    """Finishing an order commissions its units, once."""

    def test_finishing_is_one_event_for_what_was_made_and_one_for_what_was_used(self):
        order = self.order(3)
        lots = self.generate(order)
        self.assertFalse(self.events(lots))
        self.finish(order)
        [made] = self.events(lots, event_type="ObjectEvent")
        self.assertRecordValues(
            made,
            [
                {
                    "event_type": "ObjectEvent",
                    "action": "ADD",
                    "movement": "production",
                    "biz_step": "commissioning",
                    "disposition": "active",
                    "document_model": "mrp.production",
                    "document_res_id": order.id,
                    "document_name": order.name,
                }
            ],
        )
        self.assertEqual(made.line_ids.lot_id, lots)
        self.assertEqual(made.line_ids.mapped("role"), ["unit"] * 3)
        used = self.events(self.cables, movement="consumption")
        self.assertRecordValues(
            used,
            [
                {
                    "biz_step": "assembling",
                    "document_model": "mrp.production",
                    "document_res_id": order.id,
                }
            ],
        )
        self.assertRecordValues(
            used.line_ids, [{"role": "quantity", "quantity": 3, "lot_name": "C1"}]
        )
        self.assertEqual(set(lots.mapped("disposition")), {"active"})
        self.assertEqual(lots.custodian_id, self.company.partner_id)
        self.assertEqual(set(self.numbers().values()), {"commissioned"})

    def test_the_event_of_an_order_names_it_as_a_production_order(self):
        order = self.finish(self.order())
        [row] = self.env["serial.movement"]._read(
            order.move_finished_ids.move_line_ids.ids
        )
        transaction = self.env["serial.movement"]._biz_transaction(row)
        self.assertEqual(transaction.type, "prodorder")

    def test_two_orders_finished_together_are_two_events(self):
        orders = self.order() | self.order()
        for order in orders:
            self.generate(order)
        self.finish(orders)
        events = self.events(orders.lot_producing_ids)
        self.assertEqual(set(events.mapped("document_res_id")), set(orders.ids))

    def test_labels_are_printed_before_and_commissioned_by_finishing(self):
        order = self.order(2)
        lots = self.generate(order)
        action = order.with_user(self.operator).action_print_serial_labels()
        wizard = (
            self.env["serial.label.wizard"]
            .with_user(self.operator)
            .with_context(**action["context"])
            .create({})
        )
        wizard.action_print()
        labels = self.env["serial.label.print"].search([("lot_id", "in", lots.ids)])
        self.assertEqual(len(labels), 2)
        self.assertFalse(any(labels.mapped("is_commissioned")))
        self.finish(order)
        labels.invalidate_recordset()
        self.assertTrue(all(labels.mapped("is_commissioned")))
        self.assertEqual(self.movements(lots), ["encode", "production", "assembly"])
        self.assertEqual(set(self.numbers().values()), {"commissioned"})

    def test_labels_of_an_order_without_serials(self):
        with self.assertRaisesRegex(UserError, "has no serials yet"):
            self.order().action_print_serial_labels()

    def test_numbers_that_were_issued_otherwise_are_commissioned_once_as_well(self):
        self.policy.numbered_by = "received"
        run = (
            self.env["serial.issue"]
            .with_user(self.operator)
            .issue(self.phone.id, 2, commission=False)
        )
        order = self.order(2)
        self.dialog(order, *run["numbers"]).action_apply()
        self.assertEqual(set(self.numbers().values()), {"issued"})
        self.finish(order)
        self.assertEqual(
            self.movements(order.lot_producing_ids), ["production", "assembly"]
        )
        self.assertEqual(set(self.numbers().values()), {"commissioned"})

    def test_a_planned_unit_that_comes_by_a_receipt_is_commissioned_first(self):
        order = self.order()
        lot = self.generate(order)
        order.sudo().action_cancel()
        [received] = self.receive(self.phone, [lot.name])
        self.assertEqual(received, lot)
        self.assertEqual(self.movements(lot), ["commission", "receipt"])
        self.assertEqual(self.numbers(), {lot.name: "commissioned"})

    def test_a_receipt_of_a_new_number_commissions_it(self):
        answer = (
            self.env["serial.issue"]
            .with_user(self.operator)
            .issue(self.phone.id, 1, commission=False)
        )
        lots = self.receive(self.phone, answer["numbers"])
        self.assertEqual(self.movements(lots), ["commission", "receipt"])

    def test_what_a_call_says_of_the_course_makes_no_unit(self):
        lots = self.env["stock.lot"].with_context(serial_document="forged")
        self.assertFalse(
            lots.create({"name": "N1", "product_id": self.phone.id})._get_made()
        )

    def test_an_order_that_is_corrected_tells_it(self):
        order = self.order()
        lot = self.generate(order)
        self.finish(order)
        line = order.move_finished_ids.move_line_ids.with_user(self.quality_manager)
        line.sudo().quantity = 0
        self.assertEqual(
            self.movements(lot), ["production", "assembly", "undo_production"]
        )
