from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tests import TransactionCase, tagged
from odoo.tools import SQL, mute_logger
from psycopg2.errors import RestrictViolation

from ..fake_models import FakeModelLoader


@tagged("post_install", "-at_install")
class TestLedgerSeal(TransactionCase):
    """Any model that inherits the seal is append-only, whatever it is about."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.loader = FakeModelLoader(cls.env, cls.__module__)
        cls.loader.backup_registry()
        cls.addClassCleanup(cls.loader.restore_registry)

        class SerialSealTest(models.Model):
            _name = "serial.seal.test"
            _description = "Sealed Test Rows"
            _inherit = ["serial.event.seal"]
            _log_access = False

            name = fields.Char()
            amount = fields.Float(digits=(16, 6))

        cls.loader.update_registry((SerialSealTest,))
        cls.rows = cls.env["serial.seal.test"]
        cls.rows._insert_rows(
            [{"name": "a", "amount": 1.5}, {"name": 'b "quoted" \\ é', "amount": None}]
        )

    def test_rows_come_by_bulk_insert_as_they_were_given(self):
        self.assertRecordValues(
            self.rows.search([], order="id"),
            [{"name": "a", "amount": 1.5}, {"name": 'b "quoted" \\ é', "amount": 0}],
        )

    def test_orm_refuses_to_create_write_and_unlink(self):
        row = self.rows.search([], limit=1)
        with self.assertRaisesRegex(UserError, "never changes"):
            self.rows.create({"name": "c"})
        with self.assertRaisesRegex(UserError, "never changes"):
            row.write({"name": "c"})
        with self.assertRaisesRegex(UserError, "never changes"):
            row.unlink()

    def test_postgresql_refuses_update_delete_and_truncate(self):
        for statement in (
            "UPDATE serial_seal_test SET name = 'c'",
            "DELETE FROM serial_seal_test",
            "TRUNCATE serial_seal_test",
            "UPDATE serial_seal_test SET name = 'c' WHERE false",
        ):
            with (
                self.subTest(statement),
                self.assertRaisesRegex(RestrictViolation, "append-only"),
                mute_logger("odoo.sql_db"),
                self.env.cr.savepoint(),
            ):
                self.env.cr.execute(SQL(statement))  # pylint: disable=sql-injection
