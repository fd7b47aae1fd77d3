from datetime import date, datetime

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from ...const import CHANGE_REASON, DOCUMENT, Document
from ..common import SerialCase


@tagged("post_install", "-at_install")
class TestGuardCorrections(SerialCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.batch = cls.env["serial.batch"].create(
            {
                "name": "B1",
                "product_id": cls.pack.id,
                "expiration_date": "2030-01-31",
            }
        )

    def changes(self, lots):
        """Return the lines of the corrections told of these serials."""
        return self.events(lots, event_type="change").line_ids.sorted("id")

    def receive_pack(self, *names):
        return self.receive(self.pack, list(names)).with_user(self.quality_manager)

    # ---- Renaming ----

    def test_serial_without_history_changes_freely(self):
        lot = self.env["stock.lot"].create({"name": "C1", "product_id": self.pack.id})
        lot.with_user(self.operator).write({"name": "C2", "ref": "R"})
        self.assertFalse(self.events(lot))

    def test_renaming_without_reason_is_refused(self):
        lot = self.receive_pack("C1")
        for reason in (None, "", "   ", ["x"]):
            with (
                self.subTest(reason=reason),
                self.assertRaisesRegex(UserError, "^C1 already has a history"),
            ):
                lot.with_context(**{CHANGE_REASON: reason}).name = "C2"
            self.assertEqual(lot.name, "C1")

    def test_renaming_by_other_roles_is_refused(self):
        lot = self.receive_pack("C1")
        for user in (self.operator, self.stock_user):
            with (
                self.subTest(user.login),
                self.assertRaisesRegex(AccessError, "Only a quality manager"),
            ):
                lot.with_user(user).correct({"name": "C2"}, "Misread")

    def test_working_as_superuser_does_not_lend_the_right(self):
        lot = self.receive_pack("C1").with_user(self.operator).sudo()
        with self.assertRaises(AccessError):
            lot.correct({"name": "C2"}, "Misread")

    def test_renaming_stands_on_the_ledger(self):
        lot = self.receive_pack("C1")
        lot.correct({"name": "C2"}, " Misread the label ")
        line = self.changes(lot)
        self.assertRecordValues(
            line,
            [
                {
                    "lot_id": lot.id,
                    "field_name": "name",
                    "old_value": "C1",
                    "new_value": "C2",
                    "lot_name": "C2",
                }
            ],
        )
        self.assertRecordValues(
            line.event_id,
            [
                {
                    "reason": "Misread the label",
                    "user_res_id": self.quality_manager.id,
                    "company_id": self.company.id,
                    "biz_step": False,
                }
            ],
        )

    def test_same_value_is_no_change(self):
        lot = self.receive_pack("C1")
        lot.write({"name": "C1", "ref": lot.ref})
        self.assertFalse(self.changes(lot))

    def test_other_fields_stay_free(self):
        lot = self.receive_pack("C1")
        lot.with_user(self.operator).note = "Box is dented"
        self.assertFalse(self.changes(lot))

    def test_several_serials_and_fields_are_one_event(self):
        lots = self.receive_pack("C1", "C2")
        lots.correct({"ref": "R", "use_date": "2029-01-01"}, "Label")
        lines = self.changes(lots)
        self.assertEqual(len(lines.event_id), 1)
        self.assertEqual(
            {(line.lot_name, line.field_name) for line in lines},
            {(name, field) for name in ("C1", "C2") for field in ("ref", "use_date")},
        )

    def test_queries_do_not_grow_with_the_serials(self):
        few = self.receive_pack("C1")
        many = self.receive_pack(*(f"M{number}" for number in range(20)))
        self.env.invalidate_all()
        few.correct({"ref": "warm"}, "Label")
        counts = []
        for lots in (few, many):
            counts.append(self.count_queries(lots.correct, {"ref": "R"}, "Label"))
        self.assertLessEqual(counts[1], counts[0] + 1)

    def test_number_cannot_be_taken_away(self):
        lot = self.receive_pack("C1")
        lot.correct({"batch_id": self.batch.id}, "From the delivery note")
        batch = self.batch.with_user(self.quality_manager)
        for record, name in ((lot, "C1"), (batch, "B1")):
            for blank in ("", "  ", False):
                with (
                    self.subTest(record=record, blank=blank),
                    self.assertRaisesRegex(UserError, "needs a number"),
                ):
                    record.correct({"name": blank}, "Label")
            self.assertEqual(record.name, name)

    def test_text_that_cannot_be_kept_is_refused_in_words(self):
        lot = self.receive_pack("C1")
        for bad in ("C\0", "C\ud800"):
            for values, reason in (({"name": bad}, "Label"), ({"name": "C2"}, bad)):
                with (
                    self.subTest(values=values, reason=reason),
                    self.assertRaisesRegex(UserError, "“C�” contains characters"),
                ):
                    lot.correct(values, reason)
        self.assertEqual(lot.name, "C1")

    # ---- Companies ----

    def test_shared_serial_changes_in_the_history_of_each_company(self):
        lot = self.receive_pack("C1")
        other = self.env["res.company"].create({"name": "Other"})
        stranger = new_test_user(
            self.env,
            "corrections_stranger",
            "serial_traceability.group_serial_quality_manager",
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        lot.with_user(stranger).correct({"name": "C2"}, "Misread")
        events = self.events(lot, event_type="change")
        self.assertEqual(events.company_id, self.company | other)
        self.assertEqual(events.mapped("user_res_id"), [stranger.id] * 2)
        for user in (self.auditor, stranger):
            page = lot.with_user(user).get_timeline()
            self.assertIn("C1 → C2", page["entries"][0]["title"])
        self.assertEqual(
            events._recompute_hashes(),
            {event.id: event.record_hash for event in events},
        )

    def test_batch_shared_by_companies_is_corrected_in_both_histories(self):
        lot = self.receive_pack("C1")
        lot.correct({"batch_id": self.batch.id}, "From the delivery note")
        other = self.env["res.company"].create({"name": "Other"})
        stranger = new_test_user(
            self.env,
            "corrections_stranger",
            "serial_traceability.group_serial_quality_manager",
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        self.env.invalidate_all()
        self.batch.with_user(stranger).correct({"name": "B2"}, "Misprint")
        lines = self.changes(lot).filtered(
            lambda line: line.field_name == "batch_id.name"
        )
        self.assertEqual(lines.event_id.company_id, self.company | other)

    def test_document_of_another_company_is_not_named(self):
        lot = self.receive_pack("C1")
        other = self.env["res.company"].create({"name": "Other"})
        lot.with_user(self.env.user).sudo().with_company(other).with_context(
            allowed_company_ids=other.ids, **{DOCUMENT: Document.of(self.receipt)}
        ).ref = "R"
        names = {
            event.company_id: event.document_name
            for event in self.events(lot, event_type="change")
        }
        self.assertEqual(names, {other: self.receipt.name, self.company: False})

    # ---- Other ways in ----

    def test_import_is_refused_and_recorded_like_a_form(self):
        lot = self.receive_pack("C1")
        rows = [[str(lot.id), "C2"]]
        result = lot.browse().load([".id", "name"], rows)
        self.assertIn("already has a history", result["messages"][0]["message"])
        self.assertEqual(lot.name, "C1")
        lots = lot.browse().with_context(**{CHANGE_REASON: "List of the maker"})
        self.assertFalse(lots.load([".id", "name"], rows)["messages"])
        self.assertEqual(self.changes(lot).event_id.reason, "List of the maker")

    def test_document_sent_by_a_client_is_no_document(self):
        lot = self.receive_pack("C1")
        for forged in (["stock.picking", 1, "WH/IN/1"], {"model": "stock.picking"}):
            with self.subTest(forged), self.assertRaises(UserError):
                lot.with_context(**{DOCUMENT: forged}).name = "C2"

    def test_document_that_core_runs_is_the_reason(self):
        lot = self.receive_pack("C1").with_user(self.operator)
        document = Document.of(self.receipt)
        lot.with_context(**{DOCUMENT: document}).expiration_date = "2030-05-01"
        event = self.events(lot, event_type="change")
        self.assertRecordValues(
            event,
            [
                {
                    "document_model": "stock.picking",
                    "document_res_id": self.receipt.id,
                    "document_name": self.receipt.name,
                    "reason": False,
                }
            ],
        )

    def test_moves_are_done_in_the_name_of_their_transfer(self):
        seen = []
        lots = type(self.env["stock.lot"])

        def write(records, vals):
            if "product_expiry_reminded" in vals or "ref" in vals:
                seen.append(Document.current(records.env))
            return original(records, vals)

        def done(lines):
            lines.lot_id.write({"ref": "by core"})
            return finish(lines)

        lot = self.receive_pack("C1")
        original, finish = lots.write, type(self.env["stock.move.line"])._action_done
        self.patch(lots, "write", write)
        self.patch(type(self.env["stock.move.line"]), "_action_done", done)
        picking = self.deliver(lot)
        self.assertEqual(seen, [("stock.picking", picking.id, picking.name)])
        self.assertEqual(
            self.events(lot, event_type="change").document_name, picking.name
        )

    # ---- Dates ----

    def test_dates_that_follow_the_expiry_are_told_too(self):
        self.pack.use_expiration_date = False
        lot = self.receive_pack("C1")
        self.pack.use_expiration_date = True
        lot.correct({"expiration_date": "2030-05-01"}, "Label")
        self.assertTrue(lot.removal_date)
        self.assertEqual(
            set(self.changes(lot).mapped("field_name")),
            {"expiration_date", "use_date", "removal_date", "alert_date"},
        )

    def test_expiry_on_a_correction_is_the_day_where_the_company_is(self):
        self.company.partner_id.tz = "America/New_York"
        lot = self.receive(self.pack, ["C1"], expiration_date="2030-02-01 04:59:59")
        lot.with_user(self.quality_manager).correct({"ref": "R"}, "Label")
        lines = self.events(lot).line_ids
        self.assertEqual(len(lines), 2)
        self.assertEqual(set(lines.mapped("expiration_date")), {date(2030, 1, 31)})

    # ---- Batches ----

    def test_batch_of_a_serial_that_had_none_is_a_correction(self):
        lot = self.receive_pack("C1")
        with self.assertRaises(UserError):
            lot.batch_id = self.batch
        lot.correct({"batch_id": self.batch.id}, "From the delivery note")
        line = self.changes(lot).filtered(lambda line: line.field_name == "batch_id")
        self.assertRecordValues(line, [{"old_value": False, "new_value": "B1"}])
        self.assertEqual(lot.expiration_date, datetime(2030, 1, 31, 23, 59, 59))

    def test_batch_of_another_product_is_refused(self):
        batch = self.batch.create({"name": "B9", "product_id": self.phone.id})
        lot = self.env["stock.lot"].create({"name": "C1", "product_id": self.pack.id})
        with self.assertRaisesRegex(ValidationError, "Batch B9 is one of"):
            lot.batch_id = batch
        lot.batch_id = self.batch
        with self.assertRaises(ValidationError):
            self.batch.product_id = self.phone

    def test_correcting_a_batch_is_told_by_each_serial_with_history(self):
        lots = self.receive_pack("C1", "C2")
        lots.correct({"batch_id": self.batch.id}, "From the delivery note")
        new = self.env["stock.lot"].create(
            {"name": "C3", "product_id": self.pack.id, "batch_id": self.batch.id}
        )
        batch = self.batch.with_user(self.quality_manager)
        batch.correct({"name": "B2", "expiration_date": "2030-02-28"}, "Misprint")
        lines = self.changes(lots).filtered(
            lambda line: line.field_name.startswith("batch_id.")
        )
        self.assertEqual(
            {(line.lot_name, line.old_value, line.new_value) for line in lines},
            {
                (name, old, new_value)
                for name in ("C1", "C2")
                for old, new_value in (("B1", "B2"), ("2030-01-31", "2030-02-28"))
            },
        )
        self.assertFalse(self.events(new))
        self.assertEqual(
            set((lots | new).mapped("expiration_date")),
            {datetime(2030, 2, 28, 23, 59, 59)},
        )

    def test_dates_that_follow_a_batch_name_the_batch(self):
        lot = self.receive_pack("C1")
        lot.correct({"batch_id": self.batch.id}, "From the delivery note")
        batch = self.batch.with_user(self.quality_manager)
        batch.correct({"expiration_date": "2030-02-28"}, "Misprint")
        line = self.changes(lot).filtered(
            lambda line: (
                line.field_name == "expiration_date"
                and line.event_id.document_model == "serial.batch"
            )
        )
        self.assertRecordValues(
            line.event_id, [{"document_name": "B1", "reason": "Misprint"}]
        )

    def test_an_expiry_taken_from_a_batch_is_taken_from_its_serials(self):
        lots = self.receive_pack("C1", "C2")
        lots.correct({"batch_id": self.batch.id}, "From the delivery note")
        new = lots.create(
            {"name": "C3", "product_id": self.pack.id, "batch_id": self.batch.id}
        )
        self.assertTrue(all((lots | new).mapped("removal_date")))
        other = self.receive_pack("C4")
        batch = self.batch.with_user(self.quality_manager)
        with self.assertRaisesRegex(UserError, "without a reason"):
            batch.expiration_date = False
        self.assertTrue(all(lots.mapped("expiration_date")))
        batch.correct({"expiration_date": False}, "Of another batch")
        for name in ("expiration_date", "use_date", "removal_date", "alert_date"):
            self.assertFalse(any((lots | new).mapped(name)), name)
        self.assertTrue(other.expiration_date)
        lines = self.changes(lots).filtered(
            lambda line: (
                line.field_name == "expiration_date"
                and line.event_id.document_model == "serial.batch"
            )
        )
        self.assertRecordValues(
            lines.sorted("lot_name"),
            [
                {
                    "lot_name": name,
                    "old_value": "2030-01-31 23:59:59",
                    "new_value": False,
                }
                for name in ("C1", "C2")
            ],
        )
        self.assertEqual(lines.event_id.reason, "Of another batch")

    def test_production_date_is_sealed(self):
        lot = self.receive_pack("C1")
        with self.assertRaisesRegex(UserError, "^C1 already has a history"):
            lot.production_date = "2026-09-01"
        with self.assertRaises(AccessError):
            lot.with_user(self.operator).correct(
                {"production_date": "2026-09-01"}, "From the label"
            )
        lot.correct({"production_date": "2026-09-01"}, "From the label")
        self.assertRecordValues(
            self.changes(lot),
            [
                {
                    "field_name": "production_date",
                    "old_value": False,
                    "new_value": "2026-09-01",
                }
            ],
        )

    def test_production_date_follows_the_batch(self):
        lot = self.receive_pack("C1")
        self.batch.production_date = "2026-08-31"
        lot.correct({"batch_id": self.batch.id}, "From the delivery note")
        self.assertEqual(str(lot.production_date), "2026-08-31")
        self.batch.with_user(self.quality_manager).correct(
            {"production_date": "2026-08-30"}, "Misprint"
        )
        self.assertEqual(str(lot.production_date), "2026-08-30")
        line = self.changes(lot)[-1]
        self.assertRecordValues(
            line,
            [
                {
                    "field_name": "production_date",
                    "old_value": "2026-08-31",
                    "new_value": "2026-08-30",
                }
            ],
        )
        self.assertEqual(line.event_id.document_model, "serial.batch")

    def test_serial_made_on_another_day_than_its_batch_keeps_its_day(self):
        lots = self.receive_pack("C1", "C2")
        lots[0].correct({"production_date": "2026-09-01"}, "From the label")
        self.batch.production_date = "2026-08-31"
        lots.correct({"batch_id": self.batch.id}, "From the delivery note")
        self.batch.with_user(self.quality_manager).correct(
            {"production_date": "2026-08-30"}, "Misprint"
        )
        self.assertEqual(
            list(map(str, lots.mapped("production_date"))), ["2026-09-01", "2026-08-30"]
        )

    def test_batch_correction_needs_reason_and_right(self):
        lot = self.receive_pack("C1")
        lot.correct({"batch_id": self.batch.id}, "From the delivery note")
        with self.assertRaises(UserError):
            self.batch.with_user(self.quality_manager).name = "B2"
        with self.assertRaises(AccessError):
            self.batch.with_user(self.operator).correct({"name": "B2"}, "Misprint")

    def test_refused_batch_correction_leaves_nothing_behind(self):
        lot = self.receive_pack("C1")
        lot.correct({"batch_id": self.batch.id}, "From the delivery note")
        batch = self.batch.with_user(self.quality_manager)
        for values in (
            {"name": "B2"},
            {"manufacturer_id": self.supplier.id},
            {"company_id": self.company.id},
            {"product_id": self.phone.id},
            {"production_date": "2029-01-01"},
        ):
            (name,) = values
            before = batch[name]
            with (
                self.subTest(name),
                self.assertRaisesRegex(UserError, "^C1 already has a history"),
            ):
                batch.write(values)
            self.assertEqual(batch[name], before)

    def test_manufacturer_of_a_batch_stands_as_a_number_and_reads_as_a_name(self):
        lot = self.receive_pack("C1")
        lot.correct({"batch_id": self.batch.id}, "From the delivery note")
        batch = self.batch.with_user(self.quality_manager)
        batch.correct({"manufacturer_id": self.supplier.id}, "From the label")
        line = self.changes(lot).filtered(
            lambda line: line.field_name == "batch_id.manufacturer_id"
        )
        self.assertRecordValues(
            line, [{"old_value": False, "new_value": str(self.supplier.id)}]
        )
        title = lot.get_timeline()["entries"][0]["title"]
        self.assertEqual(
            title,
            "Manufacturer corrected: nothing → Maker Ltd, because From the label",
        )

    def test_batch_without_told_serials_changes_freely(self):
        self.batch.with_user(self.operator).name = "B2"
        self.assertEqual(self.batch.name, "B2")
