from odoo.fields import Command
from odoo.tests import tagged

from .common import RecallCase


@tagged("post_install", "-at_install")
class TestRecallLater(RecallCase):
    """What comes to fall under a recall after it began."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.row = {"product_ids": [Command.set(cls.phone.ids)]}
        cls.batch_row = {"batch_ids": [Command.set(cls.batch.ids)]}

    def assertCaught(self, recall, lot):
        self.assertTrue(lot.is_locked)
        self.assertEqual(lot.sudo().hold_ids.recall_id, recall)
        self.assertIn(lot, recall.unit_ids.lot_id)

    def test_received_units_are_held(self):
        recall = self.stop(self.row)
        lot = self.receive(self.phone, ["SN0009"])
        self.assertCaught(recall, lot)
        self.assertEqual(
            recall.unit_ids.filtered(lambda unit: unit.lot_id == lot).place, "on_hand"
        )

    def test_other_units_are_not(self):
        self.stop(self.row)
        self.assertFalse(self.receive(self.pack, ["P1"]).is_locked)

    def test_units_of_a_supplier_are_held(self):
        recall = self.stop({"supplier_id": self.supplier.id})
        self.assertCaught(recall, self.receive(self.phone, ["SN0009"]))

    def test_created_serials_are_held(self):
        recall = self.stop(self.batch_row)
        lot = self.env["stock.lot"].create(
            {
                "name": "SN0009",
                "product_id": self.phone.id,
                "batch_id": self.batch.id,
            }
        )
        self.assertCaught(recall, lot)

    def test_serials_that_come_to_match_by_a_correction_are_held(self):
        recall = self.stop(self.batch_row)
        self.correct(self.phones[3], batch_id=self.batch.id)
        self.assertCaught(recall, self.phones[3])

    def test_serials_whose_batch_comes_to_match_are_held(self):
        recall = self.stop(
            {"production_from": "2026-06-01", "production_to": "2026-06-30"}
        )
        self.batch.with_user(self.quality_manager).with_context(
            serial_change_reason="Misread"
        ).production_date = "2026-06-02"
        for phone in self.phones[:2]:
            self.assertCaught(recall, phone)

    def test_issued_serials_are_held(self):
        recall = self.stop(self.row)
        scheme = self.env["serial.scheme"].create(
            {"name": "Test", "form": "plain", "kind": "sequential"}
        )
        issue = self.env["serial.issue"].with_user(self.operator)
        answer = issue.issue(self.phone.id, 3, scheme_id=scheme.id)
        lots = self.env["stock.lot"].search([("name", "in", answer["numbers"])])
        self.assertEqual(len(lots), 3)
        for lot in lots:
            self.assertCaught(recall, lot)

    def test_found_units_are_held(self):
        lot = self.phones[0]
        quant = lot.quant_ids.filtered(lambda each: each.quantity > 0)
        quant.with_context(inventory_mode=True).inventory_quantity = 0
        quant.action_apply_inventory()
        recall = self.stop({"location_id": self.stock_location.id})
        self.assertFalse(lot.is_locked)
        quants = self.env["stock.quant"].with_context(inventory_mode=True)
        quants.create(
            {
                "product_id": self.phone.id,
                "lot_id": lot.id,
                "location_id": self.stock_location.id,
                "inventory_quantity": 1,
            }
        ).action_apply_inventory()
        self.assertCaught(recall, lot)

    def test_what_was_released_is_not_held_again(self):
        recall = self.stop(self.row)
        lot = self.phones[0]
        hold = recall.sudo().hold_ids.filtered(lambda each: each.lot_id == lot)
        self.env["serial.lock"]._lift(hold, "Not affected")
        self.assertEqual(self.env["serial.recall"]._find_matching(lot.ids), {})
        self.env["serial.recall.locker"]._catch(lot.ids)
        self.assertFalse(lot.is_locked)

    def test_two_recalls_hold_the_same_unit(self):
        recalls = self.stop(self.row) | self.stop({"supplier_id": self.supplier.id})
        lot = self.receive(self.phone, ["SN0009"])
        self.assertEqual(lot.sudo().hold_ids.recall_id, recalls)

    def test_ended_recalls_and_mock_ones_hold_nothing(self):
        self.stop(self.row)._advance("closed")
        self.stop(self.row, kind="mock")
        self.assertFalse(self.receive(self.phone, ["SN0009"]).is_locked)

    def test_scope_refuses_before_holds_stand(self):
        recall = self.draft(self.row)
        recall._note({"state": "stop_ship"})
        self.assertEqual(
            self.env["serial.recall"]._find_matching(self.phones.ids),
            dict.fromkeys(self.phones.ids, recall.id),
        )

    def test_asking_costs_one_query_where_nothing_is_live(self):
        recalls = self.env["serial.recall"]
        self.assertFalse(recalls._get_live_scopes())
        costs = [
            self.count_queries(recalls._find_matching, self.phones[:count].ids)
            for count in (1, 4)
        ]
        self.assertEqual(costs, [1, 1])

    def test_mock_recall_holds_nothing_and_keeps_its_figures(self):
        self.deliver(self.phones[0])
        recall = self.stop(self.batch_row, kind="mock")
        self.assertFalse(any(self.phones.mapped("is_locked")))
        self.assertFalse(recall.hold_ids)
        self.assertRecordValues(
            recall.run_ids,
            [
                {
                    "kind": "mock",
                    "state": "done",
                    "unit_count": 2,
                    "found_count": 2,
                    "found_percent": 100,
                    "holder_count": 1,
                    "traced_count": 2,
                    "source_count": 1,
                }
            ],
        )
        self.assertGreater(recall.run_ids.forward_seconds, 0)
        self.assertGreater(recall.run_ids.backward_seconds, 0)

    def test_mock_recall_finds_each_source(self):
        later = self.receive(self.phone, ["SN0009"])
        self.correct(later, batch_id=self.batch.id)
        recall = self.stop(self.batch_row, kind="mock")
        self.assertEqual(recall.run_ids.source_count, 2)
