from odoo.tests import tagged

from ..common import SerialCase


@tagged("post_install", "-at_install")
class TestEnduranceUpgrade(SerialCase):
    """What a later version does to the tables of the ledger."""

    def test_column_that_a_later_version_adds_changes_no_older_entry(self):
        event = self.receive(self.phone, ["G1"]).last_event_id
        for table in ("serial_event", "serial_event_line"):
            self.env.cr.execute(f"ALTER TABLE {table} ADD COLUMN x_later varchar")
        self.assertEqual(event._recompute_hashes(), {event.id: event.record_hash})

    def test_upgrade_seals_again_what_is_sealed(self):
        self.receive(self.phone, ["G1"])
        for model in ("serial.event", "serial.event.line", "stock.lot"):
            self.env[model].init()
        self.env.cr.execute(
            "SELECT tgrelid::regclass::text, tgenabled FROM pg_trigger "
            "WHERE tgname LIKE 'serial_event%append_only' ORDER BY 1"
        )
        self.assertEqual(
            self.env.cr.fetchall(), [("serial_event", "A"), ("serial_event_line", "A")]
        )
