from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from ..json2 import Json2Mixin
from .common import StocktakeCase


@tagged("post_install", "-at_install")
class TestStocktakeApi(Json2Mixin, StocktakeCase, HttpCase):
    """A stocktake over JSON-2, as whoever has a key."""

    @mute_logger("odoo.http")
    def test_operators_collect_and_quality_managers_switch(self):
        self.stock(self.shelf_a, 2)
        stocktake = self.begin()
        place = self.place(stocktake, self.shelf_a)
        portal = new_test_user(
            self.env, login="stocktake_api", groups="base.group_portal"
        )
        for user in (self.auditor, portal):
            answer = self.call(user, place, "add_numbers", texts=["R1"])
            self.assertEqual(answer.status_code, 403, answer.text)
        answer = self.call(
            self.operator, place, "add_numbers", texts=["R1", "R2", "R1"]
        )
        self.assertEqual(
            [said["verdict"] for said in answer.json()], ["ok", "ok", "duplicate"]
        )
        for user in (self.operator, portal):
            answer = self.call(user, stocktake, "action_switch")
            self.assertEqual(answer.status_code, 403, answer.text)
        answer = self.call(self.quality_manager, stocktake, "action_switch")
        self.assertEqual(answer.status_code, 200, answer.text)
        self.radio.invalidate_recordset()
        self.assertEqual(self.radio.tracking, "serial")
