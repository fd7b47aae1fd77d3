import csv
import io
from datetime import datetime
from urllib.parse import unquote

import openpyxl
from odoo.tests import HttpCase, tagged

from ..common import SerialCase

_URL = "/serial_traceability/trace/export"
_HEADERS = [
    "Serial/Lot", "Product", "Batch", "Produced", "Date", "Step", "Document",
    "Source Document", "From", "To", "Partner", "Package", "Quantity",
    "Unit of Measure", "Imported from the Past",
]  # fmt: skip


@tagged("post_install", "-at_install")
class TestTraceExport(SerialCase, HttpCase):
    """What stands in the files."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.auditor.tz = "Europe/Brussels"
        cls.phones = cls.receive(cls.phone, ["=1+1", "E2"])
        cls.sale = cls.deliver(cls.phones)

    def fetch(self, file_format, records, direction="both"):
        self.authenticate(self.auditor.login, self.auditor.login)
        ids = ",".join(map(str, records.ids))
        response = self.url_open(
            f"{_URL}?model={records._name}&ids={ids}&direction={direction}"
            f"&file_format={file_format}"
        )
        response.raise_for_status()
        return response

    def read_csv(self, records, direction="both"):
        response = self.fetch("csv", records, direction)
        self.assertTrue(response.content.startswith(b"\xef\xbb\xbf"))
        text = response.content.decode("utf-8-sig")
        return list(csv.reader(io.StringIO(text)))

    def test_csv_has_a_row_for_each_serial_and_step(self):
        headers, *rows = self.read_csv(self.phones)
        self.assertEqual(headers, _HEADERS)
        told = [(row[0], row[6], row[10], row[12]) for row in rows]
        receipt, sale = self.receipt.name, self.sale.name
        self.assertEqual(
            told,
            [
                ("'=1+1", receipt, self.supplier.name, "1.0"),
                ("E2", receipt, self.supplier.name, "1.0"),
                ("'=1+1", sale, self.customer.name, "1.0"),
                ("E2", sale, self.customer.name, "1.0"),
            ],
        )

    def test_direction_holds_for_the_file(self):
        rows = self.read_csv(self.phones, "back")[1:]
        self.assertEqual({row[6] for row in rows}, {self.receipt.name})

    def test_no_cell_of_a_csv_is_a_formula(self):
        for row in self.read_csv(self.phones)[1:]:
            for cell in row:
                self.assertFalse(cell.startswith(("=", "+", "-", "@", "\t")), cell)

    def test_xlsx_has_text_numbers_and_local_times(self):
        response = self.fetch("xlsx", self.sale)
        book = openpyxl.load_workbook(io.BytesIO(response.content))
        headers, *rows = book.active.iter_rows(values_only=True)
        self.assertEqual(list(headers), _HEADERS)
        self.assertEqual(len(rows), 4)
        cell = book.active["A2"]
        self.assertEqual((cell.value, cell.data_type), ("=1+1", "s"))
        self.assertEqual(rows[0][12], 1)
        event = self.events(self.phones)[0]
        local = self.env["serial.event"].with_user(self.auditor)._fields["event_time"]
        moment = local.context_timestamp(
            self.env["serial.event"].with_user(self.auditor), event.event_time
        )
        self.assertEqual(rows[0][4], moment.replace(tzinfo=None, microsecond=0))

    def test_production_dates_are_dates(self):
        self.phones[0].with_user(self.quality_manager).correct(
            {"production_date": "2026-09-01"}, "from the label"
        )
        self.assertEqual(
            [row[3] for row in self.read_csv(self.phones[:1])[1:]], ["2026-09-01"] * 2
        )
        response = self.fetch("xlsx", self.phones[0])
        book = openpyxl.load_workbook(io.BytesIO(response.content))
        cell = book.active["D2"]
        self.assertEqual(cell.value, datetime(2026, 9, 1))
        self.assertEqual(cell.number_format, "yyyy-mm-dd")

    def test_the_file_is_named_after_what_is_traced(self):
        disposition = self.fetch("csv", self.sale).headers["Content-Disposition"]
        name = self.sale.name.replace("/", "")
        self.assertIn(f"Trace of {name}.csv", unquote(disposition))

    def test_the_file_has_all_rows_whatever_the_screen_shows(self):
        self.patch(type(self.env["serial.trace"]), "_get_list_values", lambda *args: {})
        self.assertEqual(len(self.read_csv(self.phones)), 5)
