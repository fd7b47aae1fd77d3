import base64

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..common import PHONE_GTIN
from .common import RecallCase


@tagged("post_install", "-at_install")
class TestRecallNumbers(RecallCase):
    """Lists of serials in a scope: pasted, scanned, uploaded."""

    def enter(self, *lines):
        return self.draft({"number_text": "\n".join(lines)})

    def test_plain_numbers(self):
        self.assertEqual(self.find(self.enter("SN0001", "SN0003")), self.phones[::2])

    def test_symbols_and_links(self):
        recall = self.enter(
            f"01{PHONE_GTIN}21SN0001",
            f"https://id.gs1.org/01/{PHONE_GTIN}/21/SN0002",
        )
        self.assertEqual(self.find(recall), self.phones[:2])

    def test_a_symbol_of_another_product_finds_nothing(self):
        pack = self.pack.barcode
        self.assertFalse(self.find(self.enter(f"01{pack}21SN0001")))

    def test_a_symbol_of_a_batch_finds_its_units(self):
        recall = self.enter(f"01{PHONE_GTIN}10B-17")
        self.assertEqual(self.find(recall), self.phones[:2])

    def test_numbers_of_lots(self):
        lot = self.receive(self.cable, ["L1"], quantity=5)
        self.assertEqual(self.find(self.enter("L1")), lot)

    def test_rubbish_is_listed_with_its_line_and_nothing_is_dropped(self):
        recall = self.enter(
            "SN0001", "", f"01{PHONE_GTIN[:-1]}921SN0002", f"01{PHONE_GTIN}", "SN0001"
        )
        numbers = recall.scope_ids.number_ids
        self.assertRecordValues(
            numbers,
            [
                {"line_number": 1, "name": "SN0001", "fault": False},
                {"line_number": 2, "name": False, "fault": "empty_line"},
                {"line_number": 3, "name": False, "fault": "check_digit"},
                {"line_number": 4, "name": False, "fault": "no_serial"},
                {"line_number": 5, "name": "SN0001", "fault": "repeated"},
            ],
        )
        self.assertTrue(all(numbers.filtered("fault").mapped("message")))
        self.assertRecordValues(
            recall.scope_ids, [{"number_count": 1, "wrong_count": 4}]
        )
        self.assertEqual(self.find(recall), self.phones[0])
        self.assertIn("SN0001", recall.scope_ids.display_name)
        self.assertNotIn("check", recall.scope_ids.display_name)

    def test_files_are_read(self):
        data = base64.b64encode(b"serial;batch\nSN0002;B-17\nSN0004;\n")
        self.assertEqual(
            self.find(self.draft({"number_file": data})),
            self.phones[1] | self.phones[3],
        )

    def test_spreadsheets_are_refused(self):
        with self.assertRaisesRegex(UserError, "CSV"):
            self.draft({"number_file": base64.b64encode(b"PK\x03\x04rubbish")})

    def test_more_lines_are_added_behind(self):
        recall = self.enter("SN0001")
        recall.scope_ids.number_text = "SN0002\nSN0001"
        self.assertEqual(recall.scope_ids.number_ids.mapped("line_number"), [1, 2, 3])
        self.assertEqual(self.find(recall), self.phones[:2])

    def test_lines_of_rubbish_alone_are_no_scope(self):
        with self.assertRaisesRegex(UserError, "empty"):
            self.enter(f"01{PHONE_GTIN}").action_stop_ship_anyway()

    def test_a_number_waits_for_its_unit(self):
        recall = self.stop({"number_text": "SN0077"})
        self.assertFalse(recall.unit_ids)
        phone = self.receive(self.phone, ["SN0077"])
        self.assertTrue(phone.is_locked)
        self.assertEqual(recall.unit_ids.lot_id, phone)

    def test_read_numbers_are_not_written_by_hand(self):
        recall = self.enter("SN0001")
        numbers = recall.scope_ids.number_ids
        with self.assertRaises(AccessError):
            numbers.name = "SN0002"
        with self.assertRaises(AccessError):
            numbers.create({"scope_id": recall.scope_ids.id, "name": "SN0002"})
        recall.action_stop_ship()
        with self.assertRaises(UserError):
            numbers.unlink()
