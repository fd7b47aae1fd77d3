from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import LabelCase


@tagged("post_install", "-at_install")
class TestLabelReport(LabelCase):
    """Labels that were printed and whose units never came."""

    def setUp(self):
        super().setUp()
        self.known = self.receive(self.phone, ["A1"])
        self.unknown = self.env["stock.lot"].create(
            {"name": "A2", "product_id": self.phone.id}
        )
        self.print(self.known | self.unknown)
        self.rows = self.env["serial.label.print"].with_user(self.auditor)

    def search(self, commissioned):
        return self.rows.search([("is_commissioned", "=", commissioned)]).mapped("name")

    def test_a_unit_that_was_never_heard_of_is_found(self):
        self.assertEqual(self.search(False), ["A2"])
        self.assertEqual(self.search(True), ["A1"])
        self.assertEqual(self.rows.search([("is_commissioned", "!=", True)]).name, "A2")
        row = self.rows.search([("name", "=", "A2")])
        self.assertFalse(row.is_commissioned)

    def test_a_second_encoding_is_no_commissioning(self):
        self.print(self.unknown, reason="Torn")
        self.assertEqual(self.search(False), ["A2", "A2"])

    def test_a_commissioned_unit_is_no_longer_missing(self):
        self.env["serial.lifecycle"]._record(self.unknown, "commission")
        self.assertEqual(self.search(False), [])

    def test_a_received_unit_is_no_longer_missing(self):
        self.receive(self.phone, ["A2"])
        self.assertEqual(self.search(False), [])

    def test_the_list_of_serials_finds_them(self):
        lots = self.env["stock.lot"].with_user(self.operator)
        found = lots.search([("label_print_ids.is_commissioned", "=", False)])
        self.assertEqual(found, self.unknown)

    def test_what_was_printed_stays_recorded(self):
        with self.assertRaisesRegex(UserError, "stay recorded as they were"):
            self.rows.sudo().search([]).reason = "Nothing"

    def test_the_report_reads_in_a_constant_number_of_queries(self):
        phones = self.receive(self.phone, [f"Q{number}" for number in range(50)])
        self.print(phones)
        counts = []
        for rows in (self.rows.search([], limit=1), self.rows.search([])):
            counts.append(self.count_queries(rows.mapped, "is_commissioned"))
        self.assertEqual(counts[0], counts[1])
