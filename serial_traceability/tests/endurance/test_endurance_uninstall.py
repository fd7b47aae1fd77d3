import subprocess
import sys

from odoo.tests import tagged

from ..throwaway import ThrowawayCase

_FLOW = """
lot = env["stock.lot"].search([("name", "=", "GONE-1")])
lot.name = "GONE-2"
quant = env["stock.quant"].search([("lot_id", "=", lot.id), ("quantity", ">", 0)])
operation = env["stock.picking.type"].search([("code", "=", "outgoing")], limit=1)
places = {
    "location_id": quant.location_id.id,
    "location_dest_id": env.ref("stock.stock_location_customers").id,
}
move = {"product_id": lot.product_id.id, "product_uom_qty": 1, **places}
picking = env["stock.picking"].create(
    {"picking_type_id": operation.id, "move_ids": [(0, 0, move)], **places}
)
picking.action_confirm()
picking.action_assign()
picking.move_ids.picked = True
picking.button_validate()
print("FLOW", picking.state, lot.product_qty)
env["stock.lot"].create({"name": "GONE-3", "product_id": lot.product_id.id}).unlink()
print("FLOW deleted")
"""


@tagged("post_install", "-at_install", "-standard", "serial_throwaway")
class TestEnduranceUninstall(ThrowawayCase):
    """The addon is uninstalled from a database with history, and core goes on.

    Runs in processes of its own, since a registry cannot lose a module while it is
    being tested, and as the last test: nothing of the addon is left behind it. How to
    run: see :class:`ThrowawayCase`.
    """

    test_sequence = 1000

    def odoo(self, *words, stdin=None):
        """Run Odoo's command line; return what it printed, log included."""
        database = self.registry.db_name
        process = subprocess.run(
            [sys.executable, "-P", "-m", "odoo", *words, "-d", database],
            input=stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        self.assertEqual(process.returncode, 0, process.stdout[-4000:])
        for mark in (" ERROR ", " CRITICAL ", "Traceback"):
            self.assertNotIn(mark, process.stdout, process.stdout[-4000:])
        return process.stdout

    def names(self, statement):
        return [row[0] for row in self.query(statement)]

    def test_uninstalled_addon_leaves_core_working(self):
        receipt = self.prepare_receipt(["GONE-1"])
        with self.transaction() as env:
            self.validate(env, receipt)
            reason = env.ref("serial_traceability.hold_reason_quality")
            env["stock.lot"].search([("name", "=", "GONE-1")]).hold(reason.id)
        self.assertTrue(self.names("SELECT id FROM serial_event"))

        self.odoo("module", "uninstall", "serial_traceability")

        self.assertEqual(
            self.names(
                "SELECT proname FROM pg_proc WHERE proname LIKE 'serial_traceability%'"
            ),
            [],
        )
        self.assertEqual(
            self.names(
                "SELECT tgname FROM pg_trigger WHERE tgname LIKE '%append_only'"
            ),
            [],
        )
        self.assertEqual(
            self.names(
                "SELECT conname FROM pg_constraint "
                "WHERE conname = 'stock_lot_serial_unique'"
            ),
            [],
        )
        self.assertEqual(
            self.names(
                "SELECT tablename FROM pg_tables WHERE tablename LIKE 'serial\\_%'"
            ),
            [],
        )
        self.assertEqual(
            self.names(
                "SELECT column_name FROM information_schema.columns "
                "WHERE table_name = 'stock_lot' AND column_name IN "
                "('disposition', 'custodian_res_id', 'last_event_id', 'batch_id', "
                "'is_locked')"
            ),
            [],
        )
        flow = self.odoo("shell", "--no-http", stdin=_FLOW)
        self.assertIn("FLOW done 0.0", flow)
        self.assertIn("FLOW deleted", flow)
