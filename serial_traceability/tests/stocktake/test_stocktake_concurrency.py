from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..throwaway import ThrowawayCase


@tagged(
    "post_install", "-at_install", "-standard", "serial_throwaway", "serial_concurrency"
)
class TestStocktakeConcurrency(ThrowawayCase):
    """A product is switched to serials while somebody moves it.

    How to run: see :class:`ThrowawayCase`.
    """

    def setUp(self):
        super().setUp()
        with self.transaction() as env:
            product = env["product.product"].create(
                {"name": "Radio", "is_storable": True}
            )
            shelf = env["stock.warehouse"].search([], limit=1).lot_stock_id
            self.radio_id, self.shelf_id = product.id, shelf.id
            env["stock.quant"]._update_available_quantity(product, shelf, 2)
            stocktake = env["serial.stocktake"].create(
                {"product_tmpl_id": product.product_tmpl_id.id}
            )
            stocktake.action_start()
            stocktake.line_ids.add_numbers(["R1", "R2"])
            self.stocktake_id = stocktake.id

    def switch(self, env):
        env["serial.stocktake"].browse(self.stocktake_id).action_switch()
        env.flush_all()

    def receive(self, env):
        """Receive one radio more, without asking for a serial."""
        supplier = env.ref("stock.stock_location_suppliers")
        move = env["stock.move"].create(
            {
                "product_id": self.radio_id,
                "product_uom_qty": 1,
                "location_id": supplier.id,
                "location_dest_id": self.shelf_id,
                "picking_type_id": env["stock.picking.type"]
                .search([("code", "=", "incoming")], limit=1)
                .id,
            }
        )
        move._action_confirm()
        move.picked = True
        move._action_done()
        env.flush_all()

    def stock(self):
        """Return the rows of stock: number and quantity."""
        return self.query(
            "SELECT lot.name, quant.quantity FROM stock_quant quant "
            "JOIN stock_location place ON place.id = quant.location_id "
            "AND place.usage = 'internal' "
            "LEFT JOIN stock_lot lot ON lot.id = quant.lot_id "
            "WHERE quant.product_id = %s AND quant.quantity <> 0 ORDER BY 1",
            self.radio_id,
        )

    @mute_logger("odoo.sql_db", "odoo.service.model")
    def test_who_moves_waits_for_the_switch_and_is_then_asked_for_a_serial(self):
        with self.transaction() as env:
            self.switch(env)
            finish = self.start(self.receive)
            self.wait_for_blocked()
        error = finish()
        self.assertIsInstance(error, UserError)
        self.assertIn("supply a Lot/Serial Number", str(error))
        self.assertEqual(self.stock(), [("R1", 1), ("R2", 1)])

    @mute_logger("odoo.sql_db", "odoo.service.model")
    def test_the_switch_waits_for_who_moves_and_then_names_the_difference(self):
        with self.transaction() as env:
            self.receive(env)
            finish = self.start(self.switch)
            self.wait_for_blocked()
        error = finish()
        self.assertIsInstance(error, UserError)
        self.assertIn("3 units are in stock, but 2 numbers", str(error))
        self.assertEqual(self.stock(), [(None, 3)])

    def scan(self, env):
        place = env["serial.stocktake"].browse(self.stocktake_id).line_ids
        place.serial_scan("R3", "scan")
        env.flush_all()

    def collected(self):
        rows = self.query(
            "SELECT name FROM serial_stocktake_number WHERE stocktake_id = %s "
            "ORDER BY name",
            self.stocktake_id,
        )
        return [row[0] for row in rows]

    @mute_logger("odoo.sql_db", "odoo.service.model")
    def test_who_scans_waits_for_the_switch_and_is_told_that_it_is_over(self):
        with self.transaction() as env:
            self.switch(env)
            finish = self.start(self.scan)
            self.wait_for_blocked()
        error = finish()
        self.assertIsInstance(error, UserError)
        self.assertIn("only while its stocktake is open", str(error))
        self.assertEqual(self.collected(), ["R1", "R2"])

    @mute_logger("odoo.sql_db", "odoo.service.model")
    def test_a_number_is_not_moved_to_another_place_after_the_switch(self):
        with self.transaction() as env:
            product = env["product.product"].browse(self.radio_id)
            stocktake = env["serial.stocktake"].browse(self.stocktake_id)
            first = stocktake.line_ids
            other = first.location_id.copy({"name": "Other"})
            env["stock.quant"]._update_available_quantity(product, other, 1)
            stocktake.action_compare()
            second = stocktake.line_ids - first
            second.add_numbers(["R3"])
            first_id, second_id = first.id, second.id

        def move(env):
            env["serial.stocktake.line"].browse(first_id).serial_scan("R3", "moved")
            env.flush_all()

        with self.transaction() as env:
            self.switch(env)
            finish = self.start(move)
            self.wait_for_blocked()
        self.assertIn("only while its stocktake is open", str(finish()))
        [(place,)] = self.query(
            "SELECT line_id FROM serial_stocktake_number WHERE stocktake_id = %s "
            "AND name = 'R3'",
            self.stocktake_id,
        )
        self.assertEqual(place, second_id)

    @mute_logger("odoo.sql_db", "odoo.service.model")
    def test_who_scans_waits_for_the_end_of_a_stocktake_that_is_given_up(self):
        with self.transaction() as env:
            env["serial.stocktake"].browse(self.stocktake_id).action_cancel()
            env.flush_all()
            finish = self.start(self.scan)
            self.wait_for_blocked()
        self.assertIn("only while its stocktake is open", str(finish()))
        self.assertEqual(self.collected(), ["R1", "R2"])

    @mute_logger("odoo.sql_db", "odoo.service.model")
    def test_the_switch_waits_for_who_scans_and_then_names_the_difference(self):
        with self.transaction() as env:
            self.scan(env)
            finish = self.start(self.switch)
            self.wait_for_blocked()
        self.assertIn("2 units are in stock, but 3 numbers", str(finish()))
        self.assertEqual(self.collected(), ["R1", "R2", "R3"])

    @mute_logger("odoo.sql_db", "odoo.service.model")
    def test_who_removes_a_number_waits_for_the_switch(self):
        def remove(env):
            stocktake = env["serial.stocktake"].browse(self.stocktake_id)
            stocktake.number_ids[:1].action_remove()
            env.flush_all()

        with self.transaction() as env:
            self.switch(env)
            finish = self.start(remove)
            self.wait_for_blocked()
        self.assertIn("only while its stocktake is open", str(finish()))
        self.assertEqual(self.collected(), ["R1", "R2"])

    @mute_logger("odoo.sql_db", "odoo.service.model")
    def test_a_switch_that_began_before_goods_came_to_a_new_place_sees_them(self):
        tries = []

        def work(env):
            tries.append(1)
            env.cr.execute("SELECT count(*) FROM stock_quant")
            if len(tries) == 1:
                with self.transaction() as other:
                    shelf = other["stock.location"].browse(self.shelf_id)
                    self.shelf_id = shelf.copy({"name": "New"}).id
                    self.receive(other)
            self.switch(env)

        with self.assertRaisesRegex(UserError, "New: goods were moved there meanwhile"):
            self.request(work)
        self.assertEqual(len(tries), 2)
