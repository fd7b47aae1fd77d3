from odoo.modules.module import Manifest
from odoo.tests import tagged
from odoo.tools.convert import convert_file

from odoo.addons.serial_traceability.tests.demo.common import DemoCase

_BRIDGE = "serial_traceability_mrp"


@tagged("post_install", "-at_install")
class TestMrpDemo(DemoCase):
    """The demo company makes display modules, and numbers them when it does."""

    @classmethod
    def _load(cls):
        loaded = super()._load()
        for path in Manifest.for_addon(_BRIDGE)["demo"]:
            convert_file(cls.env, _BRIDGE, path, {}, mode="init", noupdate=True)
        return loaded

    def test_the_order_waits_for_its_numbers_and_is_finished(self):
        order = self.env.ref(f"{_BRIDGE}.production_demo_display")
        self.assertRecordValues(
            order,
            [
                {
                    "state": "confirmed",
                    "reservation_state": "assigned",
                    "serial_source": self.env.ref(
                        "serial_traceability.scheme_plain"
                    ).name,
                }
            ],
        )
        dialog = self.env["mrp.production.serials"].create({"production_id": order.id})
        dialog.action_generate_serial_numbers()
        dialog.action_apply()
        order.button_mark_done()
        self.assertEqual(order.state, "done")
        numbers = order.lot_producing_ids.issued_number_ids
        self.assertEqual(numbers.mapped("state"), ["commissioned"] * 5)

    def test_it_is_known_which_battery_went_into_which_phone(self):
        order = self.env.ref(f"{_BRIDGE}.production_demo_refurbished")
        self.assertEqual(order.state, "done")
        rows = self.env["serial.component"].search([("production_id", "=", order.id)])
        said = {(row.unit_id.name, row.component_id.name, row.known_by) for row in rows}
        self.assertEqual(
            said,
            {
                ("RF-0001", "BAT-1002", "unit"),
                ("RF-0002", "BAT-1001", "unit"),
                ("RF-0001", "ADH-77", "order"),
                ("RF-0002", "ADH-77", "order"),
            },
        )
