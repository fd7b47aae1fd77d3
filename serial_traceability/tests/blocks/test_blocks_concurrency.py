from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..throwaway import ThrowawayCase


@tagged(
    "post_install", "-at_install", "-standard", "serial_throwaway", "serial_concurrency"
)
class TestBlocksConcurrency(ThrowawayCase):
    """A number is put in use and ended at the same moment.

    How to run: see :class:`ThrowawayCase`.
    """

    def setUp(self):
        super().setUp()
        with self.transaction() as env:
            scheme = env["serial.scheme"].create(
                {"name": self._testMethodName, "form": "plain"}
            )
            block = env["serial.block"].create(
                {
                    "holder_kind": "line",
                    "line_name": "Line 2",
                    "product_id": self.product_id,
                    "scheme_id": scheme.id,
                    "quantity": 1,
                }
            )
            block.action_open()
            self.block_id, [self.number] = block.id, block._get_unused()

    def use(self, env):
        env["stock.lot"].create({"name": self.number, "product_id": self.product_id})
        env.flush_all()

    def destroy(self, env):
        block = env["serial.block"].browse(self.block_id)
        block._retire("destroyed", [self.number], "Torn")
        env.flush_all()

    def state(self):
        return self.query(
            "SELECT number.state, lot.name FROM serial_number number "
            "LEFT JOIN stock_lot lot ON lot.id = number.lot_id "
            "WHERE number.name = %s AND number.product_res_id = %s",
            self.number,
            self.product_id,
        )

    def run_both(self, first, second):
        """Do ``second`` while ``first`` is not committed; return its error."""
        with mute_logger("odoo.sql_db", "odoo.service.model"):
            with self.transaction() as env:
                first(env)
                finish = self.start(second)
                self.wait_for_blocked()
            return finish()

    def test_a_number_that_was_put_in_use_is_not_destroyed(self):
        error = self.run_both(self.use, self.destroy)
        self.assertIsInstance(error, UserError)
        self.assertIn("none of the unused numbers", str(error))
        self.assertEqual(self.state(), [("commissioned", self.number)])

    def test_a_number_that_was_destroyed_is_not_put_in_use(self):
        error = self.run_both(self.destroy, self.use)
        self.assertIsInstance(error, UserError)
        self.assertIn("was destroyed", str(error))
        self.assertEqual(self.state(), [("destroyed", None)])
