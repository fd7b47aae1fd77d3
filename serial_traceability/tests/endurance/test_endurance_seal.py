import psycopg2
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from ..common import SerialCase

_TABLES = ("serial_event", "serial_event_line")


@tagged("post_install", "-at_install")
class TestEnduranceSeal(SerialCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lot = cls.receive(cls.phone, ["S1"])
        cls.event = cls.lot.last_event_id
        cls.line = cls.event.line_ids

    def refuse(self, statement, *values):
        """Check that PostgreSQL refuses a statement because of the seal."""
        with (
            self.subTest(statement),
            self.assertRaises(psycopg2.errors.RestrictViolation) as caught,
            mute_logger("odoo.sql_db"),
            self.env.cr.savepoint(),
        ):
            self.env.cr.execute(statement, values)
        self.assertIn("append-only", str(caught.exception))

    def refuse_all(self):
        for table in _TABLES:
            self.refuse(f"UPDATE {table} SET id = id WHERE id = -1")
            self.refuse(f"DELETE FROM {table} WHERE id = -1")
        self.refuse("TRUNCATE serial_event_line")
        self.refuse("TRUNCATE serial_event CASCADE")
        self.refuse("TRUNCATE stock_lot, serial_event CASCADE")

    # ---- PostgreSQL ----

    def test_database_refuses_every_change(self):
        self.refuse_all()

    def test_database_refuses_it_of_its_superuser_who_plays_a_replica(self):
        self.env.cr.execute(
            "SELECT rolsuper FROM pg_roles WHERE rolname = current_user"
        )
        if not self.env.cr.fetchone()[0]:
            self.skipTest("Odoo's role is no superuser here and cannot play a replica.")
        self.env.cr.execute("SET LOCAL session_replication_role = replica")
        self.refuse_all()

    def test_database_refuses_to_forget_a_serial_with_its_company(self):
        with (
            self.assertRaises(psycopg2.errors.ForeignKeyViolation),
            mute_logger("odoo.sql_db"),
            self.env.cr.savepoint(),
        ):
            self.env.cr.execute("DELETE FROM stock_lot WHERE id = %s", [self.lot.id])

    # ---- ORM ----

    def test_nobody_writes_through_the_orm(self):
        users = (
            self.operator,
            self.quality_manager,
            self.auditor,
            self.service,
            self.administrator,
            self.env.ref("base.user_admin"),
        )
        for user in users:
            for record in (self.event, self.line):
                model = record.with_user(user)
                with self.subTest(user=user.login, model=model._name):
                    # An AccessError is a UserError.
                    self.assertRaises(UserError, model.create, {})
                    self.assertRaises(UserError, model.write, {"epc": "urn:x"})
                    self.assertRaises(AccessError, model.unlink)

    def test_superuser_does_not_write_through_the_orm(self):
        for record in (self.event, self.line):
            model = record.sudo()
            with self.subTest(model._name):
                for call, values in (
                    (model.create, [{}]),
                    (model.write, [{"epc": "urn:x"}]),
                    (model.unlink, []),
                    (model.copy, []),
                ):
                    with self.assertRaisesRegex(UserError, "never changes"):
                        call(*values)

    def test_import_of_events_is_refused(self):
        result = self.event.load(["document_name"], [["forged"]])
        self.assertFalse(result["ids"])
        self.assertTrue(result["messages"])

    # ---- What the seal cannot stop is found ----

    def attack(self, table, statement, *values):
        """Change rows as somebody does who may switch the trigger off."""
        name = SQL.identifier(table)
        trigger = SQL.identifier(f"{table}_append_only")
        self.env.cr.execute(SQL("ALTER TABLE %s DISABLE TRIGGER %s", name, trigger))
        self.env.cr.execute(statement, values)
        self.env.cr.execute(
            SQL("ALTER TABLE %s ENABLE ALWAYS TRIGGER %s", name, trigger)
        )
        self.env.invalidate_all()

    def assert_found(self):
        hashes = self.event._recompute_hashes()
        self.assertNotEqual(hashes[self.event.id], self.event.record_hash)

    def test_untouched_event_verifies(self):
        hashes = self.event._recompute_hashes()
        self.assertEqual(hashes, {self.event.id: self.event.record_hash})

    def test_changed_event_is_found(self):
        self.attack(
            "serial_event",
            "UPDATE serial_event SET partner_res_id = 1 WHERE id = %s",
            self.event.id,
        )
        self.assert_found()

    def test_changed_unit_is_found(self):
        self.attack(
            "serial_event_line",
            "UPDATE serial_event_line SET lot_name = 'S2' WHERE id = %s",
            self.line.id,
        )
        self.assert_found()

    def test_removed_unit_is_found(self):
        self.attack(
            "serial_event_line",
            "DELETE FROM serial_event_line WHERE id = %s",
            self.line.id,
        )
        self.assert_found()

    def test_added_unit_is_found(self):
        self.env["serial.event.line"]._insert_rows(
            [
                {
                    "event_id": self.event.id,
                    "sequence": 2,
                    "lot_id": self.lot.id,
                    "role": "unit",
                    "lot_name": "S2",
                }
            ]
        )
        self.assert_found()
