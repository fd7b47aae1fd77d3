import io

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import Form, HttpCase, new_test_user, tagged
from openpyxl import load_workbook

from .common import RecallCase


@tagged("post_install", "-at_install")
class TestRecallPreview(RecallCase):
    """What a recall shows of its units before and after it begins."""

    def test_draft_counts_while_it_is_being_written(self):
        self.deliver(self.phones[0])
        form = Form(self.env["serial.recall"].with_user(self.quality_manager))
        form.title = "Overheats"
        self.assertEqual((form.count_total, form.extent), (0, "none"))
        self.assertFalse(form.progress_text)
        with form.scope_ids.new() as row:
            row.batch_ids.add(self.batch)
        self.assertEqual(
            (form.count_total, form.count_delivered, form.count_on_hand), (2, 1, 1)
        )
        self.assertEqual(form.extent, "some")
        with form.scope_ids.edit(0) as row:
            row.serial_from, row.serial_to = "SN0002", "SN0002"
        self.assertEqual((form.count_total, form.count_on_hand), (1, 1))

    def test_counting_changes_nothing(self):
        recall = self.draft({"batch_ids": [Command.set(self.batch.ids)]})
        self.assertEqual(recall.count_total, 2)
        self.assertFalse(recall.unit_ids)
        self.assertFalse(any(self.phones.mapped("is_locked")))

    def test_begun_counts_what_was_entered(self):
        recall = self.stop({"batch_ids": [Command.set(self.batch.ids)]})
        self.assertRecordValues(
            recall,
            [{"count_total": 2, "count_on_hand": 2, "hold_count": 2, "extent": "some"}],
        )

    def test_opening_the_units_looks_where_they_are(self):
        recall = self.stop({"batch_ids": [Command.set(self.batch.ids)]})
        shelf = self.stock_location.create(
            {
                "name": "Cage",
                "location_id": self.stock_location.id,
                "serial_keeping": "quarantine",
            }
        )
        self.move(
            self.phones[0], self.warehouse.int_type_id, self.stock_location, shelf
        )
        action = recall.action_open_units()
        units = self.env["serial.recall.unit"].search(action["domain"])
        self.assertEqual(
            units.filtered(lambda unit: unit.lot_id == self.phones[0]).location_id,
            shelf,
        )

    def test_totals_by_customer_and_place(self):
        other = self.env["res.partner"].create({"name": "Second Buyer"})
        self.deliver(self.phones[:2])
        self.deliver(self.phones[2], partner=other)
        recall = self.stop({"product_ids": [Command.set(self.phone.ids)]})
        groups = self.env["serial.recall.unit"]._read_group(
            [("recall_id", "=", recall.id), ("lot_id", "in", self.phones.ids)],
            ["partner_id", "place"],
            ["quantity:sum"],
        )
        self.assertCountEqual(
            groups,
            [
                (self.customer, "delivered", 2),
                (other, "delivered", 1),
                (self.env["res.partner"], "on_hand", 1),
            ],
        )


@tagged("post_install", "-at_install")
class TestRecallExport(RecallCase, HttpCase):
    """The units as a workbook."""

    def test_workbook_has_a_row_for_each_unit_and_no_formula(self):
        self.customer.name = "=1+1"
        self.deliver(self.phones[0])
        recall = self.stop({"batch_ids": [Command.set(self.batch.ids)]})
        new_test_user(
            self.env,
            login="serial_reads",
            password="serial_reads",
            groups="serial_traceability.group_serial_auditor",
        )
        self.authenticate("serial_reads", "serial_reads")
        answer = self.url_open(recall.action_export()["url"])
        sheet = load_workbook(io.BytesIO(answer.content)).active
        rows = list(sheet.iter_rows(values_only=True))
        self.assertEqual([row[0] for row in rows[1:]], ["SN0001", "SN0002"])
        self.assertEqual(rows[1][3:6], ("Delivered", None, "'=1+1"))

    def test_others_get_none(self):
        recall = self.stop({"batch_ids": [Command.set(self.batch.ids)]})
        exports = self.env["serial.recall.export"].with_user(self.stock_user)
        with self.assertRaises(AccessError):
            exports._get_workbook(recall.with_user(self.stock_user))
