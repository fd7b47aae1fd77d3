from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import ScanCase, symbol


@tagged("post_install", "-at_install")
class TestScanningScanner(ScanCase):
    """Single scans from a hardware scanner on the transfer."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.picking = cls.open_receipt((cls.phone, 2))

    def scan(self, text, uuid="1", picking=None):
        picking = (picking or self.picking).with_user(self.operator)
        return picking.serial_scan(text, uuid)

    def test_a_scan_puts_one_unit_on_the_transfer(self):
        answer = self.scan(symbol("A1"))
        self.assertEqual((answer["verdict"], answer["level"]), ("ok", "good"))
        self.assertIn("1 of 2", answer["title"])
        picked = self.picking.move_line_ids.filtered("picked")
        self.assertRecordValues(picked, [{"lot_name": "A1", "quantity": 1}])

    def test_a_keyboard_scanner_needs_no_separator(self):
        self.scan("]d2010952000110001721A1]10B1")
        picked = self.picking.move_line_ids.filtered("picked")
        self.assertEqual((picked.lot_name, picked.serial_batch_id.name), ("A1", "B1"))

    def test_a_scan_sent_twice_moves_one_unit_and_gets_one_answer(self):
        first = self.scan(symbol("A1"), "uuid-1")
        second = self.scan(symbol("A1"), "uuid-1")
        self.assertEqual(first, second)
        self.assertEqual(len(self.picking.move_line_ids.filtered("picked")), 1)

    def test_the_same_unit_scanned_again_is_told(self):
        self.scan(symbol("A1"), "1")
        answer = self.scan(symbol("A1"), "2")
        self.assertEqual(answer["verdict"], "already_scanned")
        self.assertIn("A1", answer["message"])

    def test_a_wrong_scan_moves_nothing_and_says_why(self):
        answer = self.scan("]d2010952000110001821A1")
        self.assertEqual(answer["verdict"], "check_digit")
        self.assertTrue(answer["message"])
        self.assertFalse(self.picking.move_line_ids.filtered("picked"))

    def test_a_uuid_of_one_transfer_says_nothing_of_another(self):
        other = self.open_receipt((self.phone, 1))
        self.scan(symbol("A1"), "1")
        answer = self.scan(symbol("A2"), "1", other)
        self.assertEqual(answer["verdict"], "ok")

    def test_scans_are_kept_with_their_answers(self):
        self.scan(symbol("A1"))
        self.assertRecordValues(
            self.env["serial.scan"].search([("picking_id", "=", self.picking.id)]),
            [{"verdict": "ok", "level": "good", "text": symbol("A1")}],
        )

    def test_a_done_transfer_takes_no_scan(self):
        self.receive(self.phone, ["A9"])
        with self.assertRaisesRegex(UserError, "done or cancelled"):
            self.scan(symbol("A1"), picking=self.receipt)

    def test_only_operators_scan(self):
        for user in (self.auditor, self.service, self.stock_user):
            with self.assertRaises(AccessError):
                self.picking.with_user(user).serial_scan(symbol("A1"), "1")
