import psycopg2
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ...const import CHANGE_REASON
from ..common import SerialCase


@tagged("post_install", "-at_install")
class TestGuardDeletion(SerialCase):
    def test_serial_without_history_can_be_deleted(self):
        lot = self.env["stock.lot"].create({"name": "X1", "product_id": self.phone.id})
        lot.with_user(self.operator).unlink()
        self.assertFalse(lot.exists())

    def test_serial_with_history_cannot_be_deleted(self):
        lots = self.receive(self.phone, ["X1", "X2"])
        self.deliver(lots)
        new = self.env["stock.lot"].create({"name": "X3", "product_id": self.phone.id})
        for user in (self.operator, self.administrator, self.env.user):
            with (
                self.subTest(user.login),
                self.assertRaisesRegex(UserError, "^X1, X2 already has a history"),
            ):
                (lots | new).with_user(user).unlink()

    def test_serial_of_which_core_knows_nothing_cannot_be_deleted(self):
        lot = self.create_corrected()
        with self.assertRaisesRegex(UserError, "^X9 already has a history"):
            lot.unlink()

    def test_postgresql_refuses_to_delete_a_serial_with_history(self):
        lot = self.create_corrected()
        with (
            self.assertRaises(psycopg2.errors.ForeignKeyViolation) as caught,
            mute_logger("odoo.sql_db"),
            self.env.cr.savepoint(),
        ):
            self.env.cr.execute("DELETE FROM stock_lot WHERE id = %s", [lot.id])
        self.assertEqual(caught.exception.diag.table_name, "serial_event_line")

    def create_corrected(self):
        """Return a serial that only the ledger knows: core never moved it."""
        lot = self.env["stock.lot"].create({"name": "X9", "product_id": self.phone.id})
        self.env["serial.change"].with_user(self.quality_manager).with_context(
            **{CHANGE_REASON: "Label"}
        )._record({lot: [("ref", False, "R")]})
        return lot

    def test_batch_of_serials_cannot_be_deleted(self):
        batch = self.env["serial.batch"].create(
            {"name": "B1", "product_id": self.phone.id}
        )
        self.env["stock.lot"].create(
            {"name": "X1", "product_id": self.phone.id, "batch_id": batch.id}
        )
        with (
            self.assertRaises(psycopg2.errors.ForeignKeyViolation),
            mute_logger("odoo.sql_db"),
            self.env.cr.savepoint(),
        ):
            batch.unlink()
