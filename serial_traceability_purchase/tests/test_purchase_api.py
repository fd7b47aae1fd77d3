from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.serial_traceability.tests.json2 import Json2Mixin
from odoo.addons.serial_traceability.tests.scanning.common import symbol

from .common import PurchaseCase


@tagged("post_install", "-at_install")
class TestPurchaseApi(Json2Mixin, PurchaseCase, HttpCase):
    """Announcing over JSON-2, as whoever has a key."""

    @mute_logger("odoo.http")
    def test_a_buyer_may_and_others_may_not(self):
        portal = new_test_user(
            self.env, login="announce_api", groups="base.group_portal"
        )
        for user in (self.auditor, self.stock_user, portal):
            answer = self.call(
                user, self.order, "announce_serials", serials=[symbol("A1")]
            )
            self.assertEqual(answer.status_code, 403, answer.text)
        self.assertFalse(self.incoming.announced_ids)
        answer = self.call(
            self.buyer,
            self.order,
            "announce_serials",
            serials=[symbol("A1"), "A2", symbol("A1")],
            product_id=self.phone.id,
        )
        self.assertEqual(
            [said["verdict"] for said in answer.json()], ["ok", "ok", "duplicate"]
        )
        self.assertEqual(
            self.states(self.incoming), {"A1": "expected", "A2": "expected"}
        )
