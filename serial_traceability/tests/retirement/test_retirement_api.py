from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from ..json2 import Json2Mixin
from .common import RetirementCase


@tagged("post_install", "-at_install")
class TestRetirementApi(Json2Mixin, RetirementCase, HttpCase):
    """Retiring over JSON-2, as whoever has a key."""

    @mute_logger("odoo.http")
    def test_a_quality_manager_may_and_others_may_not(self):
        portal = new_test_user(
            self.env, login="retirement_api", groups="base.group_portal"
        )
        asked = {"kind": "destroy", "reason_id": self.reason.id, "note": "burnt"}
        for user in (self.operator, portal):
            answer = self.call(user, self.phones, "retire", **asked)
            self.assertEqual(answer.status_code, 403, answer.text)
        self.assertFalse(any(self.phones.mapped("retired")))
        answer = self.call(self.quality_manager, self.phones, "retire", **asked)
        self.assertEqual(answer.status_code, 200, answer.text)
        self.phones.invalidate_recordset()
        self.assertTrue(all(self.phones.mapped("retired")))
