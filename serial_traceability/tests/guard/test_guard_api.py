from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from ...const import CHANGE_REASON, DOCUMENT
from ..common import SerialCase
from ..json2 import Json2Mixin


@tagged("post_install", "-at_install")
class TestGuardApi(Json2Mixin, SerialCase, HttpCase):
    """Correcting and deleting over JSON-2, as whoever has a key."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lot = cls.receive(cls.phone, ["C1"])

    def changes(self):
        return self.events(self.lot, event_type="change")

    @mute_logger("odoo.http")
    def test_renaming_without_a_reason_is_refused(self):
        answer = self.call(self.quality_manager, self.lot, "write", vals={"name": "C2"})
        self.assertEqual(answer.status_code, 422, answer.text)
        self.assertIn("already has a history", answer.text)
        self.lot.invalidate_recordset()
        self.assertEqual(self.lot.name, "C1")
        self.assertFalse(self.changes())

    @mute_logger("odoo.http")
    def test_renaming_with_a_reason_is_a_quality_managers(self):
        portal = new_test_user(self.env, "guard_api", "base.group_portal")
        asked = {"values": {"name": "C2"}, "reason": "Misread"}
        for user in (self.operator, self.auditor, portal):
            answer = self.call(user, self.lot, "correct", **asked)
            self.assertEqual(answer.status_code, 403, answer.text)
        self.assertFalse(self.changes())
        answer = self.call(self.quality_manager, self.lot, "correct", **asked)
        self.assertEqual(answer.status_code, 200, answer.text)
        self.lot.invalidate_recordset()
        self.assertEqual(self.lot.name, "C2")
        self.assertRecordValues(
            self.changes(),
            [{"reason": "Misread", "user_res_id": self.quality_manager.id}],
        )

    @mute_logger("odoo.http")
    def test_context_of_a_client_gives_a_reason_but_no_right_and_no_document(self):
        asked = {"vals": {"name": "C2"}}
        reason = {CHANGE_REASON: "Misread"}
        for context, user in (
            (reason, self.operator),
            ({DOCUMENT: ["stock.picking", 1, "IN"]}, self.operator),
        ):
            answer = self.call(user, self.lot, "write", context=context, **asked)
            self.assertIn(answer.status_code, (403, 422), answer.text)
        self.lot.invalidate_recordset()
        self.assertEqual(self.lot.name, "C1")
        self.assertFalse(self.changes())

    @mute_logger("odoo.http")
    def test_events_are_neither_written_nor_deleted(self):
        event = self.events(self.lot)
        for method, arguments in (
            ("write", {"vals": {"reason": "x"}}),
            ("unlink", {}),
        ):
            answer = self.call(self.administrator, event, method, **arguments)
            self.assertIn(answer.status_code, (403, 422), answer.text)
        answer = self.call(self.administrator, self.lot, "unlink")
        self.assertIn(answer.status_code, (403, 422), answer.text)
        self.assertTrue(self.lot.exists())
        self.assertFalse(event.reason)
