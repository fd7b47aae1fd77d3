from datetime import datetime
from unittest.mock import patch

from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from ..common import SerialCase


@tagged("post_install", "-at_install")
class TestLedgerDates(SerialCase):
    """A done date that is changed afterwards stands on the ledger, too."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.phones = cls.receive(cls.phone, ["SN1", "SN2"])
        cls.delivery = cls.deliver(cls.phones)

    def changes(self, lots):
        return self.events(lots, event_type="change")

    def test_validating_a_transfer_tells_no_other_date(self):
        self.assertFalse(self.changes(self.phones))

    def test_another_date_of_a_transfer_is_told_with_the_old_one(self):
        told = self.phones.sudo().last_event_id
        before = self.delivery.move_ids.date
        self.delivery.date_done = "2026-01-02 03:04:05"
        change = self.changes(self.phones)
        self.assertRecordValues(
            change,
            [
                {
                    "movement": "correction",
                    "corrects_event_id": told.id,
                    "error_reason": "incorrect_data",
                    "document_model": "stock.picking",
                    "document_res_id": self.delivery.id,
                    "company_id": self.company.id,
                    "unit_count": 2,
                }
            ],
        )
        self.assertRecordValues(
            change.line_ids.sorted("sequence"),
            [
                {
                    "lot_id": lot.id,
                    "old_value": str(before),
                    "new_value": "2026-01-02 03:04:05",
                }
                for lot in self.phones
            ],
        )
        self.assertEqual(self.phones.custodian_id, self.customer)
        self.assertEqual(set(self.phones.mapped("disposition")), {"in_transit"})

    def test_the_history_says_it_in_words(self):
        self.delivery.date_done = "2026-01-02 03:04:05"
        entries = self.phones[0].with_user(self.auditor).get_timeline()["entries"]
        self.assertIn("Event Time corrected:", entries[0]["title"])
        self.assertIn("2026", entries[0]["title"])
        self.assertEqual(entries[1]["corrected_by"], entries[0]["id"])

    def test_the_same_date_again_tells_nothing(self):
        self.delivery.move_ids.date = self.delivery.move_ids.date
        self.assertFalse(self.changes(self.phones))

    def test_a_date_changed_twice_is_told_from_one_to_the_other(self):
        self.delivery.move_ids.date = "2026-01-02 03:04:05"
        self.delivery.move_ids.date = "2026-01-03 03:04:05"
        lines = self.changes(self.phones[0]).line_ids
        lines = lines.filtered(lambda line: line.lot_id == self.phones[0]).sorted("id")
        self.assertEqual(
            lines.mapped("new_value"), ["2026-01-02 03:04:05", "2026-01-03 03:04:05"]
        )
        self.assertEqual(lines[1].old_value, lines[0].new_value)
        self.assertEqual(len(lines.event_id.corrects_event_id), 1)

    def test_back_dated_count_is_told(self):
        lot = self.env["stock.lot"].create({"name": "SN9", "product_id": self.phone.id})
        quant = self.env["stock.quant"].create(
            {
                "product_id": self.phone.id,
                "lot_id": lot.id,
                "location_id": self.stock_location.id,
                "inventory_quantity": 1,
            }
        )
        quant._apply_inventory(datetime(2026, 1, 31, 12))
        found, dated = self.events(lot)
        self.assertEqual(found.movement, "count_found")
        self.assertEqual(dated.corrects_event_id, found)
        self.assertEqual(dated.line_ids.new_value, "2026-01-31 12:00:00")
        self.assertEqual(lot.custodian_id, self.company.partner_id)

    def test_transfers_dated_together_are_told_each_by_itself(self):
        more = self.receive(self.phone, ["SN3"])
        other = self.deliver(more)
        (self.delivery | other).move_ids.date = "2026-01-02 03:04:05"
        events = self.changes(self.phones | more)
        self.assertEqual(events.mapped("document_res_id"), [self.delivery.id, other.id])
        self.assertEqual(events.mapped("unit_count"), [2, 1])

    def test_date_of_a_line_from_before_the_ledger_tells_the_old_first(self):
        movements = self.env["serial.movement"]
        find_events = type(movements)._find_events
        before = self.delivery.move_ids.date
        answers = iter([{}])
        # As if nothing had told of the delivery: the database before this addon.
        with patch.object(
            type(movements),
            "_find_events",
            lambda self, ids: next(answers, find_events(self, ids)),
        ):
            self.delivery.move_ids.date = "2026-01-02 03:04:05"
        told = self.changes(self.phones).corrects_event_id
        self.assertRecordValues(
            told, [{"movement": "delivery", "imported": True, "event_time": before}]
        )

    def test_date_of_untracked_goods_tells_nothing(self):
        picking = self.transfer(
            self.warehouse.in_type_id,
            self.supplier_location,
            self.stock_location,
            [(self.box, 1)],
        )
        picking.action_confirm()
        self.validate(picking)
        before = self.env["serial.event"].search_count([])
        picking.date_done = "2026-01-02 03:04:05"
        self.assertEqual(self.env["serial.event"].search_count([]), before)

    def test_undoing_after_another_date_corrects_the_movement(self):
        told = self.phones.sudo().last_event_id
        self.delivery.date_done = "2026-01-02 03:04:05"
        self.delivery.move_ids.quantity = 0
        self.assertEqual(
            self.events(self.phones, movement="undo_delivery").corrects_event_id, told
        )

    # ---- What comes before what ----

    def test_what_is_done_after_its_follower_is_dated_before_it(self):
        """As a subcontractor's production, which core does after the receipt."""
        phone = self.receive(self.phone, ["SN8"])
        receipt = self.receipt.move_ids
        production = self.env["stock.location"].search(
            [("usage", "=", "production"), ("company_id", "=", self.company.id)],
            limit=1,
        )
        made = self.env["stock.move"].create(
            {
                "product_id": self.phone.id,
                "product_uom_qty": 1,
                "location_id": production.id,
                "location_dest_id": self.supplier_location.id,
                "move_dest_ids": [Command.link(receipt.id)],
                "move_line_ids": [
                    Command.create(
                        {
                            "product_id": self.phone.id,
                            "lot_id": phone.id,
                            "quantity": 1,
                            "location_id": production.id,
                            "location_dest_id": self.supplier_location.id,
                        }
                    )
                ],
            }
        )
        made.picked = True
        # One transaction did both, whenever this test's own began.
        began = receipt.date
        self.patch(type(self.env.cr), "now", lambda cursor: began)
        made._action_done()
        first, last = self.events(phone)
        self.assertEqual(first.document_res_id, made.id)
        self.assertEqual(last.movement, "receipt")
        self.assertEqual(phone.sudo().last_event_id, last)
        self.assertEqual(phone.disposition, "sellable_not_accessible")
        # What core does in the end says nothing new.
        made.date = first.event_time
        self.assertFalse(self.changes(phone))

    def test_movement_dated_before_a_correction_still_moves_the_unit(self):
        with freeze_time("2026-01-01 12:00:00"):
            phone = self.receive(self.phone, ["SN7"])
        with freeze_time("2026-02-01 12:00:00"):
            phone.with_user(self.quality_manager).correct({"ref": "R"}, "label")
        with freeze_time("2026-01-15 12:00:00"):
            self.deliver(phone)
        self.assertEqual(phone.custodian_id, self.customer)
        self.assertEqual(phone.disposition, "in_transit")
        self.assertEqual(phone.sudo().last_event_id.event_type, "change")

    def test_movement_dated_before_another_movement_does_not(self):
        with freeze_time("2026-02-01 12:00:00"):
            phone = self.receive(self.phone, ["SN7"])
            phone.with_user(self.quality_manager).correct({"ref": "R"}, "label")
        with freeze_time("2026-01-15 12:00:00"):
            self.deliver(phone)
        self.assertEqual(phone.custodian_id, self.company.partner_id)
