import base64
import csv
import io

from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from ..common import PHONE_GTIN
from .common import ScanCase, symbol


@tagged("post_install", "-at_install")
class TestScanningImport(ScanCase):
    """The dialog: reading, previewing, correcting, dropping, exporting."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.picking = cls.open_receipt((cls.phone, 3))

    def test_the_preview_counts_by_verdict(self):
        scan_import = self.read_import(
            self.picking, symbol("A1"), symbol("A1"), symbol("A2"), "]d2xx"
        )
        self.assertRecordValues(
            scan_import, [{"ready_count": 2, "wrong_count": 2, "state": "preview"}]
        )
        self.assertIn("OK: 2", scan_import.summary)
        self.assertIn("Duplicate: 1", scan_import.summary)
        self.assertEqual(scan_import.wrong_line_ids.mapped("number"), [2, 4])

    def test_a_file_is_read_like_text(self):
        data = f"{symbol('A1', batch='B1')}\r\n{symbol('A2')}\r\n"
        for encoding in ("utf-8", "utf-8-sig", "utf-16", "latin-1"):
            with self.subTest(encoding=encoding):
                scan_import = self.upload(self.picking, data.encode(encoding))
                self.assertEqual(scan_import.line_ids.mapped("batch"), ["B1", False])

    def test_a_table_is_read_by_its_header(self):
        data = f"serial;gtin;batch;expiry\nA1;{PHONE_GTIN};B1;2028-01-31\n"
        scan_import = self.upload(self.picking, data.encode())
        self.assertRecordValues(
            scan_import.line_ids,
            [{"number": 2, "serial": "A1", "batch": "B1", "verdict": "ok"}],
        )

    def test_a_spreadsheet_is_refused_in_one_sentence(self):
        with self.assertRaisesRegex(UserError, "Save it as text or CSV"):
            self.upload(self.picking, b"PK\x03\x04rubbish")

    def test_binary_rubbish_is_refused_in_one_sentence(self):
        rubbish = bytes(range(1, 256)) * 3 + b"\nA7\n"
        with self.assertRaisesRegex(UserError, "Save it as text or CSV"):
            self.upload(self.picking, rubbish)

    def test_binary_rubbish_that_could_be_utf_16_becomes_wrong_lines(self):
        scan_import = self.upload(self.picking, bytes(range(256)) * 3)
        self.assertFalse(scan_import.ready_count)
        self.assertTrue(scan_import.wrong_count)

    def test_nothing_is_nothing_to_read(self):
        with self.assertRaisesRegex(UserError, "nothing to read"):
            self.read_import(self.picking, "  ", "")

    def test_too_many_lines_are_refused_before_they_are_kept(self):
        scan_import = self.open_import(self.picking)
        scan_import.scan_file = base64.b64encode(b"A\n" * 50000)
        with self.assertRaisesRegex(UserError, "at most"):
            scan_import.action_read()
        self.assertFalse(scan_import.line_ids)

    def test_what_is_read_later_is_added(self):
        scan_import = self.read_import(self.picking, symbol("A1"))
        scan_import.action_add_more()
        scan_import.scan_text = symbol("A1")
        scan_import.action_read()
        self.assertEqual(scan_import.line_ids.mapped("number"), [1, 2])
        self.assertEqual(scan_import.line_ids.mapped("verdict"), ["ok", "duplicate"])

    def test_a_corrected_text_is_read_again(self):
        scan_import = self.read_import(self.picking, "]d2rubbish")
        scan_import.wrong_line_ids.text = symbol("A1")
        scan_import.action_check()
        self.assertRecordValues(
            scan_import.line_ids, [{"verdict": "ok", "serial": "A1"}]
        )

    def test_a_corrected_unit_counts_instead_of_the_text(self):
        scan_import = self.read_import(self.picking, "]d2rubbish")
        scan_import.line_ids.write(
            {"product_id": self.phone.id, "serial": "A1", "batch": "B1"}
        )
        scan_import.action_check()
        self.assertRecordValues(
            scan_import.line_ids,
            [{"verdict": "ok", "serial": "A1", "text": "]d2rubbish"}],
        )

    def test_a_line_is_checked_while_it_is_edited(self):
        scan_import = self.read_import(self.picking, "]d2rubbish", symbol("A2"))
        with Form(scan_import) as form, form.wrong_line_ids.edit(0) as line:
            line.text = symbol("A1")
            self.assertEqual(line.verdict, "ok")
            self.assertEqual(line.serial, "A1")
        self.assertFalse(scan_import.line_ids[0].corrected)

    def test_a_serial_is_corrected_while_it_is_edited(self):
        scan_import = self.read_import(self.picking, symbol(""), symbol("A2"))
        with Form(scan_import) as form, form.wrong_line_ids.edit(0) as line:
            line.product_id = self.phone
            line.serial = "A1"
            self.assertEqual(line.verdict, "ok")
        scan_import.action_check()
        self.assertEqual(scan_import.line_ids.mapped("verdict"), ["ok", "ok"])

    def test_wrong_lines_can_be_dropped(self):
        scan_import = self.read_import(self.picking, symbol("A1"), "]d2rubbish")
        scan_import.action_drop_wrong()
        self.assertEqual(scan_import.line_ids.mapped("serial"), ["A1"])

    def test_wrong_lines_can_be_downloaded_and_uploaded_again(self):
        scan_import = self.read_import(self.picking, symbol("A1"), "]d2rub,bish")
        action = scan_import.action_export_wrong()
        self.assertEqual(action["type"], "ir.actions.act_url")
        data = base64.b64decode(scan_import.export_file)
        self.assertIn("rub,bish", data.decode("utf-8-sig"))
        again = self.upload(self.picking, data)
        self.assertEqual(again.line_ids.mapped("text"), ["]d2rub,bish"])

    def test_no_cell_of_the_downloaded_lines_is_a_formula(self):
        wrong = ["=1 1", "+1 1", "-1 1", "@SUM 1", "'=1 1"]
        scan_import = self.read_import(self.picking, symbol("A1"), *wrong)
        self.assertEqual(scan_import.wrong_line_ids.mapped("text"), wrong)
        scan_import.action_export_wrong()
        data = base64.b64decode(scan_import.export_file)
        rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))
        self.assertEqual([row[1] for row in rows[1:]], [f"'{text}" for text in wrong])
        for cell in (cell for row in rows for cell in row):
            self.assertFalse(cell.startswith(("=", "+", "-", "@", "\t", "\r")), cell)
        again = self.upload(self.picking, data)
        self.assertEqual(again.line_ids.mapped("text"), wrong)

    def test_a_line_of_a_file_without_serial_says_so(self):
        again = self.upload(
            self.picking,
            f"gtin,serial,batch\n{PHONE_GTIN},,B1\n09520001999994,,\n,,B1\n,,".encode(),
        )
        self.assertEqual(
            again.line_ids.mapped("verdict"),
            ["no_serial", "unknown_product", "empty_serial", "empty_line"],
        )
        for line in again.line_ids.filtered(lambda line: "serial" in line.verdict):
            self.assertIn("serial number is missing", line.message)

    def test_nothing_good_is_nothing_to_apply(self):
        scan_import = self.read_import(self.picking, "]d2rubbish")
        with self.assertRaisesRegex(UserError, "No line is good"):
            scan_import.action_apply()
