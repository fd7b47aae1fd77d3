from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from ...const import DOCUMENT, Document
from ..common import SerialCase


@tagged("post_install", "-at_install")
class TestSeeingTimeline(SerialCase):
    """What the history of a serial says, and to whom."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lot = cls.receive(cls.phone, ["T-1"])
        cls.first_receipt = cls.receipt

    def timeline(self, lot=None, user=None, **page):
        lot = (lot or self.lot).with_user(user or self.auditor)
        return lot.get_timeline(**page)["entries"]

    def titles(self, lot=None):
        return [entry["title"] for entry in self.timeline(lot)]

    # ---- Words ----

    def test_history_is_told_newest_first_and_names_the_other_side(self):
        picking = self.deliver(self.lot)
        self.give_back(picking, self.lot)
        self.assertEqual(
            self.titles(),
            [
                "Returned by Buyer Inc",
                "Shipped to Buyer Inc",
                "Received from Maker Ltd",
            ],
        )

    def test_entry_says_where_when_by_whom_and_in_which_document(self):
        event = self.events(self.lot)
        entry = self.timeline(user=self.operator)[0]
        self.assertEqual(entry["source"], self.supplier_location.complete_name)
        self.assertEqual(entry["destination"], self.stock_location.complete_name)
        self.assertEqual(entry["user"], self.operator.name)
        self.assertEqual(
            entry["document"],
            {
                "name": self.first_receipt.name,
                "model": "stock.picking",
                "id": self.first_receipt.id,
            },
        )
        self.assertFalse(entry["imported"])
        self.assertEqual(entry["hash"], event.record_hash)
        self.operator.tz = "Etc/GMT-14"
        later = self.timeline(user=self.operator)[0]["time"]
        self.assertNotEqual(later, entry["time"])

    def test_package_is_named(self):
        package = self.env["stock.package"].create({"name": "PACK-7"})
        lot = self.receive(self.phone, ["T-PACK"], result_package_id=package.id)
        self.assertIn("Put into package PACK-7", self.titles(lot))

    def test_correction_says_old_new_and_why(self):
        self.lot.with_user(self.quality_manager).correct(
            {"name": "T-2"}, "the label was misread"
        )
        self.assertEqual(
            self.titles()[0],
            "Number corrected: T-1 → T-2, because the label was misread",
        )

    def test_several_corrections_at_once_stand_below_one_title(self):
        self.lot.with_user(self.quality_manager).correct(
            {"name": "T-2", "ref": "R"}, "wrong label"
        )
        entry = self.timeline()[0]
        self.assertEqual(entry["title"], "Corrected, because wrong label")
        self.assertEqual(
            sorted(entry["details"]),
            [
                "Internal Reference corrected: nothing → R",
                "Number corrected: T-1 → T-2",
            ],
        )

    def test_undone_line_is_told_as_taken_back_and_points_to_what_it_corrects(self):
        shipped = self.deliver(self.lot)
        event = self.events(self.lot, biz_step="shipping")
        shipped.move_line_ids.with_user(self.env.user).quantity = 0
        entries = self.timeline()
        self.assertEqual(entries[0]["title"], "Taken back: Shipped to Buyer Inc")
        self.assertEqual(entries[0]["corrects"], event.id)
        self.assertEqual(entries[1]["corrected_by"], entries[0]["id"])
        self.assertFalse(entries[0]["corrected_by"])
        self.assertTrue(entries[1]["taken_back"])
        self.assertFalse(entries[0]["taken_back"])

    def test_correction_of_one_unit_says_nothing_of_the_others(self):
        other = self.receive(self.phone, ["T-9"])
        lots = self.lot | other
        shipped = self.deliver(lots)
        line = shipped.move_line_ids.filtered(lambda line: line.lot_id == self.lot)
        line.with_user(self.env.user).quantity = 0
        self.assertTrue(self.timeline(self.lot)[1]["taken_back"])
        entry = self.timeline(other)[0]
        self.assertFalse(entry["taken_back"])
        self.assertFalse(entry["corrected_by"])

    def test_another_date_takes_nothing_back(self):
        self.first_receipt.date_done = "2026-01-02 03:04:05"
        entries = self.timeline()
        self.assertEqual(entries[1]["corrected_by"], entries[0]["id"])
        self.assertFalse(entries[1]["taken_back"])

    def test_lot_tells_quantities(self):
        lot = self.receive(self.cable, ["C-1"], quantity=5)
        self.assertEqual(self.timeline(lot)[0]["details"], ["Quantity: 5 Units"])

    def test_words_are_in_the_reader_s_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.lot.with_user(self.quality_manager).correct({"ref": "R"}, "x")
        label = self.lot.with_context(lang="fr_FR")._fields["ref"]
        french = label._description_string(self.env(context={"lang": "fr_FR"}))
        entries = self.timeline(self.lot.with_context(lang="fr_FR"))
        self.assertIn(french, entries[0]["title"])

    # ---- What is gone stays readable ----

    def test_deleted_contact_is_named_by_its_number(self):
        gone = self.env["res.partner"].create({"name": "Gone"})
        self.deliver(self.lot, partner=gone)
        self.env["stock.picking"].search(
            [("partner_id", "=", gone.id)]
        ).partner_id = self.customer
        self.env["stock.move"].search(
            [("partner_id", "=", gone.id)]
        ).partner_id = self.customer
        self.env["stock.lot"].search([]).invalidate_recordset()
        number = gone.id
        gone.unlink()
        self.assertEqual(self.titles()[0], f"Shipped to deleted contact no. {number}")

    def test_deleted_user_is_named_by_number(self):
        gone = new_test_user(
            self.env, "gone", "serial_traceability.group_serial_quality_manager"
        )
        self.lot.with_user(gone).correct({"ref": "R"}, "x")
        number = gone.id
        gone.unlink()
        self.assertEqual(self.timeline()[0]["user"], f"deleted user no. {number}")

    def test_document_the_reader_may_not_open_has_a_name_and_no_link(self):
        document = Document(
            "ir.cron", self.env["ir.cron"].search([], limit=1).id, "Job"
        )
        self.lot.with_context(**{DOCUMENT: document}).ref = "R"
        self.assertEqual(
            self.timeline(user=self.service)[0]["document"],
            {"name": "Job", "model": "ir.cron", "id": False},
        )

    def test_document_of_an_app_that_is_gone_has_a_name_and_no_link(self):
        self.lot.with_context(**{DOCUMENT: Document("gone.app", 1, "Old")}).ref = "R"
        document = self.timeline()[0]["document"]
        self.assertEqual(document, {"name": "Old", "model": "gone.app", "id": False})

    # ---- Pages and queries ----

    def test_pages_follow_each_other(self):
        for number in range(4):
            self.lot.with_user(self.quality_manager).correct({"ref": str(number)}, "x")
        lot = self.lot.with_user(self.auditor)
        first, second = lot.get_timeline(0, 3), lot.get_timeline(3, 3)
        self.assertTrue(first["has_older"])
        self.assertFalse(second["has_older"])
        ids = [entry["id"] for entry in first["entries"] + second["entries"]]
        self.assertEqual(ids, sorted(ids, reverse=True))
        self.assertEqual(len(ids), 5)

    def test_page_is_at_most_200_events_whatever_is_asked(self):
        self.assertEqual(len(self.timeline(offset=-5, limit=10**9)), 1)

    def test_queries_do_not_grow_with_the_number_of_events(self):
        counts = []
        for number in (1, 9, 90):
            for index in range(number):
                self.lot.with_user(self.quality_manager).correct(
                    {"ref": f"{number}-{index}"}, "x"
                )
            lot = self.lot.with_user(self.auditor)
            lot.get_timeline(limit=200)
            self.assertGreater(len(lot.get_timeline(limit=200)["entries"]), number)
            counts.append(self.count_queries(lot.get_timeline, 0, 200))
        self.assertEqual(len(set(counts)), 1, counts)

    def tell_movements(self, count):
        """Write ``count`` movements of the serial on the ledger, each an event."""
        moved = self.first_receipt.move_ids.sorted("id")[0]
        self.env.flush_all()
        self.env.cr.execute(
            "WITH moves AS (INSERT INTO stock_move (picking_id, picking_type_id, "
            "company_id, date, product_id, product_uom, product_uom_qty, quantity, "
            "location_id, location_dest_id, procure_method, state, reference) "
            "SELECT picking_id, picking_type_id, company_id, "
            "date - number * interval '1 minute', product_id, product_uom, 1, 1, "
            "location_id, location_dest_id, procure_method, state, reference "
            "FROM stock_move, generate_series(1, %s) number WHERE id = %s RETURNING *) "
            "INSERT INTO stock_move_line (move_id, picking_id, product_id, "
            "product_uom_id, lot_id, quantity, quantity_product_uom, location_id, "
            "location_dest_id, company_id, state, date) SELECT id, picking_id, "
            "product_id, product_uom, %s, 1, 1, location_id, location_dest_id, "
            "company_id, state, date FROM moves RETURNING id",
            (count, moved.id, self.lot.id),
        )
        line_ids = [row[0] for row in self.env.cr.fetchall()]
        self.env.invalidate_all()
        self.env["serial.movement"]._record(line_ids)

    def test_a_page_of_ten_hundred_and_a_thousand_events_costs_the_same_queries(self):
        counts = []
        for events, further in ((10, 9), (100, 90), (1000, 900)):
            self.tell_movements(further)
            lot = self.lot.with_user(self.auditor)
            self.assertEqual(lot.event_count, events)
            lot.get_timeline()
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            page = lot.get_timeline()
            counts.append(self.env.cr.sql_log_count - before)
            self.assertEqual(len(page["entries"]), min(events, 20))
            self.assertEqual(page["has_older"], events > 20)
        self.assertEqual(len(set(counts)), 1, counts)
        self.assertLessEqual(counts[0], 20)

    # ---- Last seen ----

    def test_last_seen_is_where_the_unit_was_observed_last(self):
        self.deliver(self.lot)
        lot = self.lot.with_user(self.service)
        self.assertEqual(lot.last_seen_place, self.stock_location.complete_name)
        self.assertEqual(lot.last_seen_by, self.operator.name)
        event = self.events(self.lot, biz_step="shipping")
        self.assertEqual(lot.last_seen_time, event.event_time)

    def test_last_seen_place_is_right_in_a_copy_of_the_database(self):
        self.deliver(self.lot)
        self.env["ir.config_parameter"].set_param(
            "database.uuid", "6f1c2f2e-0000-4000-8000-000000000000"
        )
        lot = self.lot.with_user(self.service)
        self.assertEqual(lot.last_seen_place, self.stock_location.complete_name)

    def test_correction_is_no_sighting(self):
        self.lot.with_user(self.quality_manager).correct({"ref": "R"}, "x")
        lot = self.lot.with_user(self.auditor)
        self.assertEqual(lot.last_seen_by, self.operator.name)
        self.assertEqual(lot.last_seen_place, self.stock_location.complete_name)

    def test_last_seen_of_many_serials_takes_no_query_each(self):
        lots = self.receive(self.phone, [f"M-{number}" for number in range(30)])
        lots = lots.with_user(self.auditor).browse(lots.ids)
        lots.mapped("last_seen_time")
        counts = []
        for some in (lots[:2], lots):
            counts.append(self.count_queries(some.mapped, "last_seen_time"))
            self.assertTrue(all(some.mapped("last_seen_time")))
        self.assertEqual(*counts)

    def test_event_count_counts_events_and_not_lines(self):
        self.lot.with_user(self.quality_manager).correct(
            {"name": "T-2", "ref": "R"}, "x"
        )
        other = self.receive(self.phone, ["T-3"])
        lots = (self.lot | other).with_user(self.auditor)
        self.assertEqual(lots.mapped("event_count"), [2, 1])

    # ---- The past ----

    def test_past_that_is_not_imported_is_announced_until_it_is(self):
        lot = self.lot.with_user(self.auditor)
        self.assertEqual(lot.get_timeline()["notice"], "")
        fresh = self.env["stock.lot"].create(
            {"name": "OLD", "product_id": self.phone.id}
        )
        # What this database did before the ledger: a done line without event.
        self.env.flush_all()
        self.env.cr.execute(
            "INSERT INTO stock_move_line (company_id, move_id, picking_id, product_id, "
            "product_uom_id, quantity, quantity_product_uom, location_id, "
            "location_dest_id, lot_id, state, date) SELECT company_id, move_id, "
            "picking_id, product_id, product_uom_id, quantity, quantity_product_uom, "
            "location_id, location_dest_id, %s, state, date "
            "FROM stock_move_line WHERE lot_id = %s",
            (fresh.id, self.lot.id),
        )
        self.env.invalidate_all()
        job = self.env.ref("serial_traceability.history_import")
        job.state = "draft"
        notice = fresh.with_user(self.auditor).get_timeline()["notice"]
        self.assertIn("Older steps are missing", notice)
        job.state = "done"
        self.assertEqual(fresh.with_user(self.auditor).get_timeline()["notice"], "")

    # ---- Who may not ----

    def test_stock_user_without_our_groups_may_not_read_a_history(self):
        with self.assertRaises(AccessError):
            self.timeline(user=self.stock_user)

    def test_portal_user_may_not_read_a_history(self):
        portal = new_test_user(self.env, "seeing_portal", "base.group_portal")
        with self.assertRaises(AccessError):
            self.timeline(user=portal)
