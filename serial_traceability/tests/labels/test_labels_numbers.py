from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged

from ...wizard import serial_label_wizard
from ..common import PACK_GTIN
from .common import LabelCase


@tagged("post_install", "-at_install")
class TestLabelNumbers(LabelCase):
    """Labels for numbers that were issued: with their serials, and before them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.scheme = cls.env.ref("serial_traceability.scheme_medicine")
        cls.batch = cls.env["serial.batch"].create(
            {
                "name": "CX8",
                "product_id": cls.pack.id,
                "expiration_date": "2028-10-22",
            }
        )

    def issue(self, count, *, commission=False):
        issues = self.env["serial.issue"].with_user(self.operator)
        told = issues.issue(
            self.pack.id,
            count,
            batch_id=self.batch.id,
            scheme_id=self.scheme.id,
            commission=commission,
        )
        run = issues.browse(told["issue_id"])
        # Numbers are written by SQL, behind the back of the cache of this transaction.
        run.invalidate_recordset(["number_ids"])
        return run

    def events_of(self, issue):
        return self.env["serial.event"].search(
            [
                ("document_model", "=", "serial.issue"),
                ("document_res_id", "=", issue.id),
                ("biz_step", "=", "encoding"),
            ],
            order="id",
        )

    def test_a_receipt_prints_the_numbers_that_were_issued_for_it(self):
        self.phone.product_tmpl_id.serial_policy_id = self.env["serial.policy"].create(
            {"name": "Ours", "scheme_id": self.scheme.id, "numbered_by": "ordered"}
        )
        receipt = self.transfer(
            self.warehouse.in_type_id,
            self.supplier_location,
            self.stock_location,
            [(self.phone, 2)],
        )
        receipt.action_confirm()
        self.assertFalse(self.wizard(receipt).label_count)
        action = receipt.action_issue_numbers()
        run = receipt.env["serial.issue"].with_context(**action["context"]).create({})
        self.assertEqual(run.picking_id, receipt)
        run.action_start()
        wizard = self.print(receipt, medium="png")
        self.assertEqual((wizard.target, wizard.label_count), ("number", 2))
        self.assertEqual(wizard.number_ids, run.number_ids)
        rows = self.env["serial.label.print"].search([])
        self.assertEqual(rows.number_id, run.number_ids)

    def test_a_run_prints_its_numbers_before_the_units_are_there(self):
        issue = self.issue(2)
        wizard = self.print(issue, medium="png", resolution="300")
        self.assertEqual(wizard.target, "number")
        self.assertEqual(
            self.read_images(wizard),
            [
                [("]d2", f"01{PACK_GTIN}1728102210CX8\x1d21{name}".encode())]
                for name in issue._get_numbers()
            ],
        )

    def test_the_ledger_tells_of_labels_without_units(self):
        issue = self.issue(2)
        self.print(issue)
        event = self.events_of(issue)
        self.assertRecordValues(
            event,
            [{"event_type": "ObjectEvent", "unit_count": 2, "movement": "encode"}],
        )
        self.assertRecordValues(
            event.line_ids.sorted("sequence"),
            [
                {
                    "lot_id": False,
                    "lot_name": name,
                    "epc": f"https://id.gs1.org/01/{PACK_GTIN}/21/{name}",
                    "batch_number": "CX8",
                    "product_res_id": self.pack.id,
                }
                for name in issue._get_numbers()
            ],
        )
        self.assertEqual(event._recompute_hashes(), {event.id: event.record_hash})

    def test_labels_whose_units_never_came_are_found(self):
        issue = self.issue(2)
        self.print(issue)
        rows = self.env["serial.label.print"].with_user(self.auditor)
        missing = [("is_commissioned", "=", False)]
        self.assertEqual(len(rows.search(missing)), 2)
        first, second = issue._get_numbers()
        self.receive(self.pack, [first])
        self.env.invalidate_all()
        self.assertEqual(rows.search(missing).mapped("name"), [second])

    def test_the_label_of_a_number_counts_for_its_serial(self):
        issue = self.issue(1)
        self.print(issue)
        unit = self.receive(self.pack, issue._get_numbers())
        with self.assertRaisesRegex(UserError, "printed before"):
            self.print(unit)
        self.print(unit, reason="Torn")

    def test_a_run_that_made_serials_prints_theirs(self):
        issue = self.issue(2, commission=True)
        wizard = self.print(issue)
        self.assertEqual(wizard.target, "unit")
        self.assertEqual(wizard.lot_ids.mapped("name"), issue._get_numbers())
        self.assertEqual(self.events_of(issue).unit_count, 2)

    def test_a_block_prints_its_numbers(self):
        block = self.env["serial.block"].create(
            {
                "product_id": self.pack.id,
                "batch_id": self.batch.id,
                "scheme_id": self.scheme.id,
                "partner_id": self.supplier.id,
                "quantity": 2,
            }
        )
        block.with_user(self.quality_manager).action_open()
        wizard = self.print(block)
        self.assertEqual(wizard.target, "number")
        self.assertEqual(self.events_of(block.issue_ids).unit_count, 2)

    def test_a_block_in_use_opens_on_the_numbers_that_wait(self):
        block = self.env["serial.block"].create(
            {
                "product_id": self.phone.id,
                "scheme_id": self.scheme.id,
                "partner_id": self.supplier.id,
                "quantity": 2,
            }
        )
        block.with_user(self.quality_manager).action_open()
        first, second = block._get_unused()
        self.receive(self.phone, [first])
        wizard = self.wizard(block)
        self.assertEqual((wizard.target, wizard.number_ids.name), ("number", second))
        self.assertEqual(wizard.lot_ids.name, first)

    def test_what_was_printed_can_be_left_out(self):
        issue = self.issue(3)
        first, *others = issue.number_ids.sorted("id")
        self.print(first)
        form = self.form(issue)
        self.assertEqual((form.printed_count, form.reprint_count), (1, 1))
        before = form.preview
        form.leave_out_printed = True
        self.assertEqual(
            (form.label_count, form.printed_count, form.reprint_count), (2, 1, 0)
        )
        self.assertNotEqual(form.preview, before)
        form.save().action_print()
        rows = self.env["serial.label.print"].search([], order="id")
        self.assertEqual(rows.mapped("name"), [n.name for n in (first, *others)])
        self.assertFalse(any(rows.mapped("is_reprint")))
        with self.assertRaisesRegex(UserError, "nothing to print a label for"):
            self.print(issue, leave_out_printed=True)

    def test_numbers_without_a_label_are_found(self):
        issue = self.issue(3)
        first = issue.number_ids.sorted("id")[0]
        self.print(first)
        without = self.env["serial.number"].search(
            [("issue_id", "=", issue.id), ("label_ids", "=", False)]
        )
        self.assertEqual(without, issue.number_ids - first)

    def test_numbers_are_printed_again_for_a_reason(self):
        issue = self.issue(2)
        self.print(issue.number_ids[0])
        with self.assertRaisesRegex(UserError, "1 of the labels were printed before"):
            self.print(issue)
        self.print(issue, reason="Torn")
        self.assertEqual(
            self.events_of(issue).mapped(
                lambda event: (event.unit_count, event.reason)
            ),
            [(1, False), (1, "Torn")],
        )

    def test_more_than_a_file_holds_is_printed_part_by_part(self):
        for commission in (False, True):
            issue = self.issue(5, commission=commission)
            printed = []
            with patch.object(serial_label_wizard, "_MAXIMUM", 2):
                for _part in range(3):
                    wizard = self.print(issue)
                    self.assertTrue(wizard.is_part)
                    printed += wizard._get_records().mapped("name")
                with self.assertRaisesRegex(UserError, "printed before"):
                    self.print(issue)
            self.assertEqual(printed, issue._get_numbers())

    def test_a_number_that_is_not_waiting_is_refused(self):
        issue = self.issue(1)
        wizard = self.wizard(issue)
        issue.number_ids.sudo().state = "destroyed"
        with self.assertRaisesRegex(UserError, "does not wait for a unit"):
            wizard.action_print()

    def test_the_queries_do_not_grow_with_the_numbers(self):
        counts = []
        for count in (1, 10, 100):
            wizard = self.wizard(self.issue(count))
            counts.append(self.count_queries(wizard.action_print))
        # The first one also fills caches.
        self.assertEqual(counts[1], counts[2], counts)
        self.assertLessEqual(counts[2], counts[0], counts)
