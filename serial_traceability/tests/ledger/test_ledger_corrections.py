from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.serial_traceability.tests.common import SerialCase


@tagged("post_install", "-at_install")
class TestLedgerCorrections(SerialCase):
    """Editing or undoing a done line adds to the history and rewrites nothing."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.phones = cls.receive(cls.phone, ["SN1", "SN2", "SN3"])
        cls.delivery = cls.deliver(cls.phones[:2])

    def line_of(self, lot):
        return self.delivery.move_line_ids.filtered(lambda line: line.lot_id == lot)

    def test_exchanging_the_serial_of_a_done_line_takes_back_one_and_tells_one(self):
        first, _second, third = self.phones
        told = first.sudo().last_event_id
        self.line_of(first).lot_id = third
        self.assertRecordValues(
            (first | third).sudo().last_event_id.sorted("id"),
            [
                {
                    "movement": "undo_delivery",
                    "biz_step": "void_shipping",
                    "source_usage": "customer",
                    "destination_usage": "internal",
                    "corrects_event_id": told.id,
                    "error_reason": "incorrect_data",
                    "unit_count": 1,
                },
                {
                    "movement": "delivery",
                    "biz_step": "shipping",
                    "source_usage": "internal",
                    "destination_usage": "customer",
                    "corrects_event_id": told.id,
                    "error_reason": "incorrect_data",
                    "unit_count": 1,
                },
            ],
        )
        self.assertEqual(first.disposition, "sellable_not_accessible")
        self.assertEqual(first.custodian_id, self.company.partner_id)
        self.assertEqual(third.custodian_id, self.customer)
        self.assertEqual(told.unit_count, 2)

    def test_quantity_to_zero_takes_the_unit_back(self):
        first, second, _third = self.phones
        self.line_of(first).quantity = 0
        self.assertEqual(first.sudo().last_event_id.movement, "undo_delivery")
        self.assertEqual(first.location_id, self.stock_location)
        self.assertEqual(second.sudo().last_event_id.movement, "delivery")

    def test_undone_receipt_leaves_the_unit_with_the_supplier(self):
        third = self.phones[2]
        line = self.receipt.move_line_ids.filtered(lambda line: line.lot_id == third)
        line.quantity = 0
        event = third.sudo().last_event_id
        self.assertEqual((event.movement, event.biz_step), ("undo_receipt", "other"))
        self.assertEqual(third.disposition, "unknown")
        self.assertEqual(third.custodian_id, self.supplier)

    def test_line_added_to_a_done_transfer_is_told(self):
        third = self.phones[2]
        self.delivery.is_locked = False
        self.delivery.move_line_ids = [
            Command.create(
                {
                    "product_id": self.phone.id,
                    "lot_id": third.id,
                    "quantity": 1,
                    "location_id": self.stock_location.id,
                    "location_dest_id": self.customer_location.id,
                }
            )
        ]
        event = third.sudo().last_event_id
        self.assertRecordValues(
            event,
            [
                {
                    "movement": "delivery",
                    "document_res_id": self.delivery.id,
                    "unit_count": 1,
                }
            ],
        )

    def test_change_that_says_nothing_of_the_movement_adds_nothing(self):
        before = self.env["serial.event"].search_count([])
        lines = self.delivery.move_line_ids
        lines.write({"quantity": 1})
        lines.write({"date": "2026-01-01 00:00:00"})
        self.assertEqual(self.env["serial.event"].search_count([]), before)

    def test_correction_of_a_line_from_before_the_ledger_tells_the_old_first(self):
        first = self.phones[0]
        line = self.line_of(first)
        movements = self.env["serial.movement"]
        rows = movements._read(line.ids)
        # As if the delivery had happened before this addon was there.
        rows[0]["move_line_res_id"] = 2**31 - 1
        told_by = movements._ensure_recorded(rows)
        event = self.env["serial.event"].browse(told_by[2**31 - 1])
        self.assertTrue(event.imported)
        self.assertEqual(event.event_time, self.delivery.move_ids.date)
