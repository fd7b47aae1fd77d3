from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.serial_traceability.tests.json2 import Json2Mixin

from .common import MrpCase


@tagged("post_install", "-at_install")
class TestMrpApi(Json2Mixin, MrpCase, HttpCase):
    """Numbering and finishing over JSON-2, as whoever has a key."""

    @mute_logger("odoo.http")
    def test_a_maker_may_and_others_may_not(self):
        order = self.order()
        portal = new_test_user(self.env, login="mrp_api", groups="base.group_portal")
        for user in (self.auditor, self.stock_user, portal):
            for method in ("action_generate_serial", "button_mark_done"):
                answer = self.call(user, order, method)
                self.assertEqual(answer.status_code, 403, answer.text)
        self.assertFalse(self.numbers())
        answer = self.call(self.maker, order, "action_generate_serial")
        self.assertEqual(answer.status_code, 200, answer.text)
        order.invalidate_recordset()
        [name] = order.lot_producing_ids.mapped("name")
        self.assertEqual(self.numbers(), {name: "issued"})
        answer = self.call(self.maker, order, "button_mark_done")
        self.assertEqual(answer.status_code, 200, answer.text)
        self.assertEqual(self.numbers(), {name: "commissioned"})

    @mute_logger("odoo.http")
    def test_what_a_number_says_of_its_order_is_not_set_from_outside(self):
        order = self.order()
        order._take_numbers(1)
        number = self.env["serial.number"].search([("production_id", "=", order.id)])
        for user in (self.maker, self.operator):
            answer = self.call(user, number, "write", vals={"production_id": False})
            self.assertEqual(answer.status_code, 403, answer.text)
