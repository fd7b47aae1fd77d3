from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ...hooks import post_init_hook
from ...models import serial_history_import
from ..common import SerialCase


@tagged("post_install", "-at_install")
class TestHistoryImport(SerialCase):
    """A database that moved serials before the addon recorded anything."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        movements = cls.env.registry["serial.movement"]
        with patch.object(movements, "_record", lambda *arguments: []):
            cls.phones = cls.receive(cls.phone, ["H1", "H2", "H3"])
            cls.past_receipt = cls.receipt
            cls.past_delivery = cls.deliver(cls.phones[0])
            cls.count(cls.phones[1], 0)
        cls.job = cls.env["serial.history.import"].with_user(cls.administrator)
        # As installing leaves it where there is a past.
        cls.job._get_job().write({"state": "draft", "start_time": False})

    @classmethod
    def count(cls, lot, quantity):
        """Count a serial in stock, as core's inventory does."""
        quant = cls.env["stock.quant"].search(
            [("lot_id", "=", lot.id), ("location_id", "=", cls.stock_location.id)]
        )
        quant.inventory_quantity = quantity
        quant.action_apply_inventory()

    def run_job(self, batch_size=5000):
        """Start the job and do its batches, as the scheduled action does."""
        self.job.action_start()
        job = self.job._get_job()
        with patch.object(serial_history_import, "BATCH_SIZE", batch_size):
            for _batch in range(50):
                job._import_batch()
                if job.state != "running":
                    return job
        return self.fail("The job does not come to an end.")

    def test_past_is_found_but_not_told_by_installing(self):
        self.assertFalse(self.events(self.phones))
        self.assertTrue(self.job._has_past())
        self.assertEqual(self.job._get_progress()["state"], "draft")

    def test_each_past_document_becomes_one_imported_event(self):
        self.run_job()
        events = self.events(self.phones)
        self.assertRecordValues(
            events.sorted(lambda event: event.movement),
            [
                {"movement": "count_loss", "unit_count": 1, "imported": True},
                {"movement": "delivery", "unit_count": 1, "imported": True},
                {"movement": "receipt", "unit_count": 3, "imported": True},
            ],
        )

    def test_event_has_the_time_of_the_move_and_nobody_as_witness(self):
        move = self.past_receipt.move_ids
        self.env.flush_all()
        # As the past left it: by the ORM it would be a correction, told at once.
        self.env.cr.execute(
            "UPDATE stock_move SET date = '2021-03-04 05:06:07' WHERE id = %s",
            (move.id,),
        )
        move.invalidate_recordset()
        self.run_job()
        event = self.events(self.phones, movement="receipt")
        self.assertEqual(event.event_time, move.date)
        self.assertGreater(event.record_time, event.event_time)
        self.assertFalse(event.user_res_id)
        self.assertEqual(event.record_hash, event._recompute_hashes()[event.id])

    def test_serials_stand_where_their_last_event_left_them(self):
        self.run_job()
        lots = self.phones.with_user(self.auditor)
        self.assertEqual(
            lots.mapped("disposition"),
            ["in_transit", "unknown", "sellable_not_accessible"],
        )
        self.assertEqual(lots[0].custodian_id, self.customer)
        self.assertFalse(lots[1].custodian_id)
        self.assertEqual(lots[2].custodian_id, self.company.partner_id)
        self.assertEqual(
            lots.last_event_id, self.events(self.phones).sorted("id", reverse=True)
        )

    def test_package_is_the_last_event_and_the_movement_the_disposition(self):
        package = self.env["stock.package"].create({"name": "PACK-H"})
        movements = self.env.registry["serial.movement"]
        with patch.object(movements, "_record", lambda *arguments: []):
            lot = self.receive(self.phone, ["H4"], result_package_id=package.id)
        self.run_job()
        self.assertEqual(lot.last_event_id.event_type, "AggregationEvent")
        self.assertEqual(lot.disposition, "sellable_not_accessible")

    def test_live_event_is_not_overwritten_by_an_imported_one(self):
        self.deliver(self.phones[2])
        live = self.phones[2].last_event_id
        self.assertFalse(live.imported)
        self.run_job()
        self.assertEqual(self.phones[2].last_event_id, live)
        self.assertEqual(self.phones[2].disposition, "in_transit")
        self.assertEqual(len(self.events(self.phones[2])), 2)

    def test_second_run_tells_nothing_twice(self):
        self.run_job()
        before = self.events(self.phones)
        self.job.action_restart()
        self.run_job()
        self.assertEqual(self.events(self.phones), before)

    def test_past_line_that_was_corrected_meanwhile_is_told_once(self):
        line = self.past_delivery.move_line_ids
        line.quantity = 0
        told = self.events(self.phones[0])
        self.assertEqual(told.mapped("imported"), [True, False])
        self.run_job()
        self.assertEqual(
            self.events(self.phones[0]).sorted("id").mapped("movement"),
            ["delivery", "undo_delivery", "receipt"],
        )

    def test_large_document_is_cut_and_told_whole(self):
        self.run_job(batch_size=2)
        receipts = self.events(self.phones, movement="receipt")
        self.assertEqual(receipts.mapped("unit_count"), [2, 1])
        lines = receipts.line_ids.mapped("move_line_res_id")
        self.assertEqual(sorted(lines), self.past_receipt.move_line_ids.ids)

    def test_documents_are_not_cut_where_they_fit(self):
        self.run_job(batch_size=4)
        self.assertEqual(len(self.events(self.phones, movement="receipt")), 1)

    def test_lots_are_told_without_a_state(self):
        movements = self.env.registry["serial.movement"]
        with patch.object(movements, "_record", lambda *arguments: []):
            lot = self.receive(self.cable, ["L1"], quantity=7)
        self.run_job()
        self.assertEqual(self.events(lot).line_ids.quantity, 7)
        self.assertFalse(lot.last_event_id)

    def test_progress_counts_lines_and_ends_at_hundred(self):
        self.job.action_start()
        total = self.job._get_progress()["total"]
        self.assertGreaterEqual(total, 5)
        job = self.run_job()
        progress = self.job._get_progress()
        self.assertEqual(progress["state"], "done")
        self.assertEqual(progress["percent"], 100)
        self.assertEqual(progress["done"], total)
        self.assertTrue(progress["reached_time"])
        self.assertTrue(job.end_time)
        self.assertFalse(self.job._has_past())

    def test_stopped_job_does_nothing_and_goes_on_where_it_was(self):
        self.job.action_start()
        job = self.job._get_job()
        with patch.object(serial_history_import, "BATCH_SIZE", 2):
            job._import_batch()
            done = job.line_done
            self.job.action_stop()
            job._import_batch()
        self.assertRecordValues(job, [{"state": "stopped", "line_done": done}])
        self.run_job()
        self.assertEqual(len(self.events(self.phones)), 4)

    def test_scheduled_action_does_the_work(self):
        self.job.action_start()
        with self.enter_registry_test_mode():
            self.env.ref(
                "serial_traceability.cron_history_import"
            ).method_direct_trigger()
        self.assertEqual(self.job._get_job().state, "done")
        self.assertEqual(len(self.events(self.phones)), 3)

    def test_running_job_cannot_be_restarted(self):
        self.job.action_start()
        with self.assertRaises(UserError):
            self.job.action_restart()

    def test_only_an_administrator_works_the_job(self):
        for user in (self.quality_manager, self.operator, self.stock_user):
            job = self.job.with_user(user)
            for action in (
                "action_open",
                "action_start",
                "action_stop",
                "action_restart",
            ):
                with self.subTest(user=user.login, action=action):
                    self.assertRaises(AccessError, getattr(job, action))

    def test_administrator_cannot_write_the_job(self):
        job = self.job._get_job().with_user(self.administrator)
        with self.assertRaises(AccessError):
            job.line_done = 10
        with self.assertRaises(AccessError):
            job.unlink()

    def test_installing_leaves_nothing_to_do_where_there_is_no_past(self):
        job = self.job._get_job()
        post_init_hook(self.env)
        self.assertEqual(job.state, "draft")
        todo = self.env.ref("serial_traceability.todo_history_import")
        self.assertEqual(todo.state, "open")
        self.run_job()
        job.write({"state": "draft", "start_time": False})
        todo.state = "done"
        post_init_hook(self.env)
        self.assertEqual((job.state, todo.state), ("done", "done"))
        self.assertEqual(self.job._get_progress()["state"], "none")

    def test_progress_reads_no_lines(self):
        for state in ("draft", "done"):
            self.job._get_job().state = state
            self.env.invalidate_all()
            with (
                self.subTest(state),
                patch.object(self.env.registry[self.job._name], "_get_past") as past,
            ):
                self.job._get_progress()
                past.assert_not_called()

    # ---- What happened meanwhile ----

    def test_correction_meanwhile_hides_no_movement(self):
        lot = self.phones[0].with_user(self.quality_manager)
        lot.correct({"name": "H1A"}, "Misread")
        event = lot.last_event_id
        self.assertFalse(lot.disposition)
        self.run_job()
        self.assertRecordValues(
            lot,
            [
                {
                    "disposition": "in_transit",
                    "custodian_id": self.customer.id,
                    "last_event_id": event.id,
                }
            ],
        )

    def test_movement_taken_back_meanwhile_leaves_the_unit_with_us(self):
        self.past_delivery.move_line_ids.quantity = 0
        lot = self.phones[0].with_user(self.quality_manager)
        lot.correct({"ref": "R"}, "Label")
        self.run_job()
        self.assertEqual(lot.disposition, "sellable_not_accessible")
        self.assertEqual(lot.custodian_id, self.company.partner_id)

    def test_contact_merged_between_two_phases_lives_on_in_the_survivor(self):
        self.job.action_start()
        job = self.job._get_job()
        while job.phase != "serial":
            job._import_batch()
        survivor = self.env["res.partner"].create({"name": "Buyer Group"})
        self.env["base.partner.merge.automatic.wizard"].create({})._merge(
            (self.customer | survivor).ids, survivor
        )
        self.run_job()
        self.assertEqual(self.phones[0].custodian_id, survivor)
