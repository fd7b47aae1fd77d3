from unittest.mock import patch

import psycopg2
from odoo import SUPERUSER_ID, api
from odoo.tests import tagged
from odoo.tools import mute_logger

from ...models import serial_history_import
from ..throwaway import ThrowawayCase


@tagged(
    "post_install", "-at_install", "-standard", "serial_throwaway", "serial_concurrency"
)
class TestHistoryInterrupted(ThrowawayCase):
    """The import of the past is killed, stopped and crossed by others.

    How to run: see :class:`ThrowawayCase`.
    """

    def setUp(self):
        super().setUp()
        batch_size = patch.object(serial_history_import, "BATCH_SIZE", 2)
        batch_size.start()
        self.addCleanup(batch_size.stop)
        self.names = [f"{self._testMethodName}-{number}" for number in range(6)]
        receipts = [self.prepare_receipt(self.names[n : n + 2]) for n in (0, 2, 4)]
        movements = self.registry["serial.movement"]
        with patch.object(movements, "_record", lambda *arguments: []):
            for receipt in receipts:
                with self.transaction() as env:
                    self.validate(env, receipt)
        with self.transaction() as env:
            job = env["serial.history.import"]._get_job()
            job.write({"state": "stopped"})
            job.action_restart()

    def job(self, env):
        return env["serial.history.import"]._get_job()

    def import_rest(self):
        """Do what is left, as the scheduled action does."""
        with self.transaction() as env:
            env["serial.history.import"]._cron_import()
            self.assertEqual(self.job(env).state, "done")

    def assert_told_once(self):
        rows = self.query(
            "SELECT lot.name, count(line.id) FROM stock_lot lot "
            "JOIN serial_event_line line ON line.lot_id = lot.id "
            "WHERE lot.name = ANY(%s) GROUP BY lot.name ORDER BY 1",
            self.names,
        )
        self.assertEqual(rows, [(name, 1) for name in self.names])

    @mute_logger("odoo.sql_db")
    def test_killed_batch_leaves_nothing_and_is_done_again(self):
        with self.transaction() as env:
            self.job(env)._import_batch()
        with self.killed() as env:
            self.job(env)._import_batch()
        self.import_rest()
        self.assert_told_once()

    @mute_logger("odoo.sql_db")
    def test_stop_is_heard_between_two_batches(self):
        with self.transaction() as env:
            env["serial.history.import"]._try_batch()
        with self.transaction() as env:
            env["serial.history.import"].action_stop()
        with self.transaction() as env:
            env["serial.history.import"]._cron_import()
            self.assertEqual(self.job(env).state, "stopped")

    @mute_logger("odoo.sql_db", "odoo.addons.serial_traceability.models")
    def test_stop_during_a_batch_wins(self):
        with self.transaction() as env:
            job = self.job(env)
            self.assertEqual(job.state, "running")
            with self.transaction() as other:
                other["serial.history.import"].action_stop()
            env["serial.history.import"]._try_batch()
            self.assertEqual(self.job(env).state, "stopped")

    @mute_logger("odoo.sql_db")
    def test_correction_and_batch_do_not_both_tell_a_line(self):
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            job = self.job(env)
            self.assertEqual(job.state, "running")
            with self.transaction() as other:
                line = other["stock.move.line"].search(
                    [("lot_id.name", "=", self.names[0])]
                )
                other["serial.movement"]._ensure_recorded(
                    other["serial.movement"]._read(line.ids)
                )
            with self.assertRaises(psycopg2.errors.SerializationFailure):
                job._import_batch()
                env.flush_all()
            cr.rollback()
        self.import_rest()
        self.assert_told_once()

    @mute_logger("odoo.sql_db", "odoo.addons.serial_traceability.models")
    def test_batch_is_tried_again_where_others_write_the_job(self):
        with self.transaction() as env:
            self.assertEqual(self.job(env).state, "running")
            with self.transaction() as other:
                other["serial.history.import"]._keep_out()
            env["serial.history.import"]._try_batch()
        self.import_rest()
        self.assert_told_once()
