from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..throwaway import ThrowawayCase


@tagged("-standard", "serial_throwaway", "post_install", "-at_install")
class TestRecallConcurrency(ThrowawayCase):
    """Holding is all or nothing, can be begun again and lets the warehouse work."""

    def setUp(self):
        super().setUp()
        names = [f"{self._testMethodName}{number:05}" for number in range(1500)]
        with self.transaction() as env:
            lots = env["stock.lot"].create(
                [{"name": name, "product_id": self.product_id} for name in names]
            )
            other = env["stock.lot"].create(
                {"name": f"{self._testMethodName}X", "product_id": self.product_id}
            )
            shelf = env["stock.warehouse"].search([], limit=1).lot_stock_id
            quants = env["stock.quant"]
            for lot in lots[0] | other:
                quants._update_available_quantity(lot.product_id, shelf, 1, lot_id=lot)
            recall = env["serial.recall"].create(
                {
                    "title": self._testMethodName,
                    "scope_ids": [
                        Command.create(
                            {"serial_from": names[0], "serial_to": names[-1]}
                        )
                    ],
                }
            )
            self.recall_id, self.lot_ids, self.other_id = recall.id, lots.ids, other.id

    def begin(self):
        """Commit the state of stop-ship, as the first transaction does."""
        self.request(lambda env: self.recall(env).action_stop_ship())
        self.assertEqual(self.count_held(), 0)

    def recall(self, env):
        return env["serial.recall"].browse(self.recall_id)

    def count_held(self):
        [[count]] = self.query(
            "SELECT count(*) FROM serial_hold hold JOIN stock_lot lot "
            "ON lot.id = hold.lot_id WHERE lot.is_locked AND recall_id = %s",
            self.recall_id,
        )
        return count

    def hold(self, env):
        env["serial.recall.locker"]._hold_rest(self.recall(env))

    def prepare_delivery(self, env, lot_id):
        """Return the id of a delivery of one serial, ready to validate."""
        lot = env["stock.lot"].browse(lot_id)
        warehouse = env["stock.warehouse"].search([], limit=1)
        places = {
            "location_id": warehouse.lot_stock_id.id,
            "location_dest_id": env.ref("stock.stock_location_customers").id,
        }
        product = {"product_id": lot.product_id.id}
        picking = env["stock.picking"].create(
            {
                "picking_type_id": warehouse.out_type_id.id,
                **places,
                "move_ids": [
                    Command.create({"product_uom_qty": 1, **product, **places})
                ],
            }
        )
        picking.action_confirm()
        picking.move_ids.move_line_ids.unlink()
        picking.move_ids.move_line_ids = [
            Command.create(
                {
                    "lot_id": lot.id,
                    "quantity": 1,
                    "picking_id": picking.id,
                    **product,
                    **places,
                }
            )
        ]
        picking.move_ids.picked = True
        return picking.id

    def test_the_scope_refuses_from_the_commit_of_the_state_on(self):
        with self.transaction() as env:
            delivery = self.prepare_delivery(env, self.lot_ids[0])
        self.begin()
        with self.assertRaises(UserError):
            self.request(lambda env: self.validate(env, delivery))

    def test_killed_while_holding_it_is_all_or_nothing_and_begun_again(self):
        self.begin()
        with self.killed() as env:
            recall = self.recall(env)
            locker = env["serial.recall.locker"]
            lot_ids = env["serial.recall.finder"]._find_unheld(recall)
            locker._hold(recall, lot_ids)
        self.assertEqual(self.count_held(), 0)
        self.assertFalse(
            self.query(
                "SELECT 1 FROM serial_recall_unit WHERE recall_id = %s", self.recall_id
            )
        )
        self.request(lambda env: env["serial.recall.locker"]._cron_hold())
        self.assertEqual(self.count_held(), 1500)
        with self.transaction() as env:
            run = self.recall(env).run_ids
            self.assertEqual((run.state, run.done_count), ("done", 1500))
            self.assertTrue(self.recall(env).locked_time)

    def test_other_units_ship_while_holding(self):
        self.begin()
        with self.transaction() as env:
            delivery = self.prepare_delivery(env, self.other_id)
        with self.registry.cursor() as cr:
            env = self.env_of(cr)
            recall = self.recall(env)
            lot_ids = env["serial.recall.finder"]._find_unheld(recall)
            env["serial.recall.locker"]._hold(recall, lot_ids)
            # The transaction that holds is still open.
            finish = self.start(lambda other: self.validate(other, delivery))
            self.assertIsNone(finish())
        self.assertEqual(self.count_held(), 1500)

    def env_of(self, cr):
        with self.transaction() as env:
            return env(cr=cr)

    @mute_logger("odoo.sql_db")
    def test_two_managers_who_stop_the_same_case_stop_it_once(self):
        finish = self.start(lambda env: self.recall(env).action_stop_ship())
        try:
            self.request(lambda env: self.recall(env).action_stop_ship())
            mine = None
        except UserError as error:
            mine = error
        errors = [error for error in (mine, finish()) if error]
        self.assertEqual([type(error) for error in errors], [UserError])
        self.request(lambda env: env["serial.recall.locker"]._cron_hold())
        self.assertEqual(self.count_held(), 1500)

    @mute_logger("odoo.sql_db")
    def test_two_cases_hold_the_same_units_side_by_side(self):
        with self.transaction() as env:
            second = self.recall(env).copy()
            second_id = second.id
            second.action_stop_ship()
        self.begin()

        def hold(recall_id):
            return lambda env: env["serial.recall.locker"]._hold_rest(
                env["serial.recall"].browse(recall_id)
            )

        finish = self.start(hold(second_id))
        self.request(hold(self.recall_id))
        self.assertIsNone(finish())
        self.assertEqual(self.count_held(), 1500)
        self.recall_id = second_id
        self.assertEqual(self.count_held(), 1500)
