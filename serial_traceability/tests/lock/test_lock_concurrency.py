from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..throwaway import ThrowawayCase


@tagged(
    "post_install", "-at_install", "-standard", "serial_throwaway", "serial_concurrency"
)
class TestLockConcurrency(ThrowawayCase):
    """Holds and shipments that cross each other, and a hold that is killed.

    How to run: see :class:`ThrowawayCase`.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        with cls.transaction() as env:
            cable = env["product.product"].create(
                {"name": "Cable", "is_storable": True, "tracking": "lot"}
            )
            cls.cable_id = cable.id
            cls.shelves = [
                env["stock.location"].create(
                    {"name": name, "location_id": cls.stock(env).id}
                ).id
                for name in ("East", "West")
            ]  # fmt: skip

    @classmethod
    def stock(cls, env):
        return env["stock.warehouse"].search([], limit=1).lot_stock_id

    def make_lots(self, product_id, names, quantity=1, places=None):
        """Commit lots in stock; return their ids."""
        with self.transaction() as env:
            product = env["product.product"].browse(product_id)
            lots = env["stock.lot"].create(
                [{"name": name, "product_id": product_id} for name in names]
            )
            for lot in lots:
                for place in places or self.stock(env).ids:
                    env["stock.quant"]._update_available_quantity(
                        product,
                        env["stock.location"].browse(place),
                        quantity,
                        lot_id=lot,
                    )
            return lots.ids

    def make_delivery(self, lot_ids, quantity=1, source=None):
        """Commit a delivery of lots, picked; return its id."""
        with self.transaction() as env:
            lots = env["stock.lot"].browse(lot_ids)
            warehouse = env["stock.warehouse"].search([], limit=1)
            warehouse.out_type_id.reservation_method = "manual"
            places = {
                "location_id": source or warehouse.lot_stock_id.id,
                "location_dest_id": env.ref("stock.stock_location_customers").id,
            }
            product = {"product_id": lots.product_id.id}
            total = quantity * len(lots)
            picking = env["stock.picking"].create(
                {
                    "picking_type_id": warehouse.out_type_id.id,
                    "move_ids": [
                        Command.create({**product, "product_uom_qty": total, **places})
                    ],
                    **places,
                }
            )
            picking.action_confirm()
            picking.move_ids.move_line_ids = [
                Command.create(
                    {**product, "lot_id": lot.id, "quantity": quantity,
                     "picking_id": picking.id, **places}
                )
                for lot in lots
            ]  # fmt: skip
            picking.move_ids.picked = True
            return picking.id

    def hold(self, lot_ids):
        def work(env):
            reason = env.ref("serial_traceability.hold_reason_quality")
            env["stock.lot"].browse(lot_ids).hold(reason.id)
            env.flush_all()

        return work

    def state(self, picking_id):
        return self.query("SELECT state FROM stock_picking WHERE id = %s", picking_id)[
            0
        ][0]

    def quants(self, lot_ids):
        return self.query(
            "SELECT quant.quantity, quant.reserved_quantity FROM stock_quant quant "
            "JOIN stock_location place ON place.id = quant.location_id "
            "WHERE quant.lot_id = ANY(%s) AND place.usage = 'internal' "
            "AND (quant.quantity <> 0 OR quant.reserved_quantity <> 0) "
            "ORDER BY quant.id",
            list(lot_ids),
        )

    # ---- A hold while a shipment goes on ----

    def ship_across_hold(self, picking_id, lot_ids):
        """Ship in a transaction that began before a hold was committed."""

        def work(env):
            env.cr.execute("SELECT count(*) FROM stock_lot")
            if not self.query(
                "SELECT 1 FROM serial_hold WHERE lot_id = ANY(%s)", list(lot_ids)
            ):
                self.request(self.hold(lot_ids))
            self.validate(env, picking_id)

        with self.assertRaises(UserError) as caught:
            self.request(work)
        self.assertNotEqual(self.state(picking_id), "done")
        return str(caught.exception)

    @mute_logger("odoo.sql_db", "odoo.service.model")
    def test_serial_held_since_the_shipment_began_does_not_leave(self):
        lot_ids = self.make_lots(self.product_id, ["RACE-1"])
        picking_id = self.make_delivery(lot_ids)

        self.ship_across_hold(picking_id, lot_ids)

        self.assertEqual(self.quants(lot_ids), [(1, 0)])

    @mute_logger("odoo.sql_db", "odoo.service.model")
    def test_lot_in_two_places_held_since_the_shipment_began_does_not_leave(self):
        lot_ids = self.make_lots(self.cable_id, ["RACE-2"], 10, self.shelves)
        picking_id = self.make_delivery(lot_ids, 4, self.shelves[0])

        self.ship_across_hold(picking_id, lot_ids)

        self.assertEqual(self.quants(lot_ids), [(10, 0), (10, 0)])

    @mute_logger("odoo.sql_db", "odoo.service.model")
    def test_shipment_waits_for_a_hold_that_is_being_placed(self):
        lot_ids = self.make_lots(self.cable_id, ["RACE-3"], 10)
        picking_id = self.make_delivery(lot_ids, 4)
        with self.transaction() as env:
            self.hold(lot_ids)(env)
            finish = self.start(lambda other: self.validate(other, picking_id))
            self.wait_for_blocked()

        self.assertIsInstance(finish(), UserError)
        self.assertEqual(self.quants(lot_ids), [(10, 0)])

    @mute_logger("odoo.sql_db", "odoo.service.model")
    def test_hold_waits_for_a_shipment_that_goes_on(self):
        lot_ids = self.make_lots(self.cable_id, ["RACE-4"], 10)
        picking_id = self.make_delivery(lot_ids, 4)
        with self.transaction() as env:
            self.validate(env, picking_id)
            finish = self.start(self.hold(lot_ids))
            self.wait_for_blocked()

        self.assertIsNone(finish())
        self.assertEqual(self.state(picking_id), "done")
        self.assertEqual(self.quants(lot_ids), [(6, 0)])
        self.assertEqual(
            self.query("SELECT is_locked FROM stock_lot WHERE id = %s", lot_ids[0]),
            [(True,)],
        )

    @mute_logger("odoo.sql_db", "odoo.service.model")
    def test_two_shipments_of_one_free_lot_both_leave(self):
        lot_ids = self.make_lots(self.cable_id, ["RACE-5"], 10)
        first, second = (self.make_delivery(lot_ids, 3) for _number in range(2))
        with self.transaction() as env:
            self.validate(env, first)
            finish = self.start(lambda other: self.validate(other, second))
            self.wait_for_blocked()

        self.assertIsNone(finish())
        self.assertEqual((self.state(first), self.state(second)), ("done", "done"))
        self.assertEqual(self.quants(lot_ids), [(4, 0)])

    @mute_logger("odoo.sql_db", "odoo.service.model")
    def test_reservation_made_while_a_hold_is_placed_is_swept_away(self):
        lot_ids = self.make_lots(self.product_id, ["RACE-6"])
        with self.transaction() as env:
            env.cr.execute("SELECT count(*) FROM stock_lot")
            self.request(self.hold(lot_ids))
            quant = env["stock.quant"].search([("lot_id", "in", lot_ids)])
            warehouse = env["stock.warehouse"].search([], limit=1)
            places = {
                "location_id": quant.location_id.id,
                "location_dest_id": env.ref("stock.stock_location_customers").id,
            }
            product = {"product_id": self.product_id}
            picking = env["stock.picking"].create(
                {
                    "picking_type_id": warehouse.out_type_id.id,
                    "move_ids": [
                        Command.create({**product, "product_uom_qty": 1, **places})
                    ],
                    **places,
                }
            )
            picking.action_confirm()
            picking.action_assign()
            self.assertEqual(picking.move_line_ids.lot_id.ids, lot_ids)
        self.assertEqual(self.quants(lot_ids), [(1, 1)])

        with self.transaction() as env:
            env["serial.substitution"]._cron_substitute()

        self.assertEqual(self.quants(lot_ids), [(1, 0)])

    # ---- Two holds at once ----

    @mute_logger("odoo.sql_db", "odoo.service.model")
    def test_two_managers_hold_the_same_units_at_once(self):
        lot_ids = self.make_lots(self.product_id, [f"TWO-{n}" for n in range(5)])
        picking_id = self.make_delivery(lot_ids)
        with self.transaction() as env:
            self.hold(lot_ids)(env)
            finish = self.start(self.hold(lot_ids[::-1]))
            self.wait_for_blocked()

        self.assertIsNone(finish())
        self.assertEqual(
            self.query(
                "SELECT count(*), count(DISTINCT lot_id) FROM serial_hold "
                "WHERE lot_id = ANY(%s) AND state = 'open'",
                lot_ids,
            ),
            [(10, 5)],
        )
        self.assertEqual(self.quants(lot_ids), [(1, 0)] * 5)
        self.assertNotEqual(self.state(picking_id), "done")

    # ---- A connection that dies ----

    @mute_logger("odoo.sql_db")
    def test_killed_hold_of_many_leaves_nothing_and_can_be_run_again(self):
        names = [f"KILL-{number:05d}" for number in range(10_000)]
        lot_ids = self.make_many(names)
        picking_id = self.make_delivery(lot_ids[:200])
        with self.killed() as env:
            self.hold(lot_ids)(env)

        held = "SELECT count(*) FROM serial_hold WHERE lot_id = ANY(%s)"
        locked = "SELECT count(*) FROM stock_lot WHERE id = ANY(%s) AND is_locked"
        told = (
            "SELECT count(*) FROM serial_event_line line JOIN serial_event event "
            "ON event.id = line.event_id WHERE event.movement = 'hold' "
            "AND line.lot_id = ANY(%s)"
        )
        for statement in (held, locked, told):
            self.assertEqual(self.query(statement, lot_ids), [(0,)])
        self.assertEqual(len(self.quants(lot_ids[:200])), 200)
        self.assertEqual(sum(row[1] for row in self.quants(lot_ids)), 200)

        self.request(self.hold(lot_ids))

        for statement in (held, locked, told):
            self.assertEqual(self.query(statement, lot_ids), [(10_000,)])
        self.assertEqual(sum(row[1] for row in self.quants(lot_ids)), 0)
        self.assertEqual(
            self.query(
                "SELECT count(*) FROM stock_move_line WHERE picking_id = %s", picking_id
            ),
            [(0,)],
        )

    def make_many(self, names):
        """Commit serials in stock, past the queries of one each; return their ids."""
        with self.transaction() as env:
            lots = env["stock.lot"].create(
                [{"name": name, "product_id": self.product_id} for name in names]
            )
            place = self.stock(env)
            env["stock.quant"].create(
                [
                    {"product_id": self.product_id, "location_id": place.id,
                     "lot_id": lot.id, "quantity": 1}
                    for lot in lots
                ]
            )  # fmt: skip
            return lots.ids
