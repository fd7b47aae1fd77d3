from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from ..json2 import Json2Mixin
from .common import LockCase


@tagged("post_install", "-at_install")
class TestLockApi(Json2Mixin, LockCase, HttpCase):
    """Other programs hold, release and ship by the same rules."""

    def test_manager_holds_and_releases_over_the_api(self):
        answer = self.call(
            self.quality_manager, self.lot_a, "hold", reason_id=self.quality.id
        )
        self.assertEqual((answer.status_code, answer.json()), (200, 1))
        self.assertTrue(self.lot_a.is_locked)

        answer = self.call(self.quality_manager, self.lot_a, "release", reason="Fine")

        self.assertEqual(answer.status_code, 200)
        self.assertFalse(self.lot_a.is_locked)

    @mute_logger("odoo.http")
    def test_others_are_refused_over_the_api(self):
        self.place(self.lot_b)
        portal = new_test_user(
            self.env, login="serial_portal", groups="base.group_portal"
        )
        picking = self.order(self.phone, 1)
        for user in (self.stock_user, self.auditor, portal):
            for records, method, arguments in (
                (self.lot_a, "hold", {"reason_id": self.quality.id}),
                (self.lot_b, "release", {"reason": "Mine"}),
                (self.lot_b.hold_ids, "lift", {"reason": "Mine"}),
                (
                    picking,
                    "override_holds",
                    {"lot_ids": self.lot_b.ids, "reason": "Mine"},
                ),
            ):
                with self.subTest(user=user.login, method=method):
                    answer = self.call(user, records, method, **arguments)
                    self.assertEqual(answer.status_code, 403, answer.text)
        self.assertRecordValues(
            self.lots, [{"is_locked": False}, {"is_locked": True}, {"is_locked": False}]
        )
        self.assertFalse(picking.holds_overridden)

    @mute_logger("odoo.http")
    def test_locked_serial_is_refused_over_the_api(self):
        self.place(self.lot_a, note="Overheats")
        picking = self.order(self.phone, 1)
        lines = self.env["stock.move.line"]

        answer = self.call(
            self.operator,
            lines,
            "create",
            vals_list=[self.line_vals(picking, self.lot_a)],
        )

        self.assertEqual(answer.status_code, 422, answer.text)
        self.assertIn("A of Phone is on hold", answer.json()["message"])

    @mute_logger("odoo.http")
    def test_context_of_a_client_overrides_nothing(self):
        self.place(self.lot_a)
        picking = self.order(self.phone, 1)
        context = {
            "serial_choice": ["entry", [self.lot_a.id]],
            "serial_choosing": ["entry", [self.lot_a.id]],
            "serial_override": "Because",
        }

        answer = self.call(
            self.operator,
            self.env["stock.move.line"],
            "create",
            vals_list=[self.line_vals(picking, self.lot_a)],
            context=context,
        )
        self.assertEqual(answer.status_code, 422, answer.text)
        self.call(self.operator, picking, "write", vals={"holds_overridden": True})
        answer = self.call(
            self.operator,
            self.env["stock.move.line"],
            "create",
            vals_list=[self.line_vals(picking, self.lot_a)],
        )
        self.assertEqual(answer.status_code, 422, answer.text)

    @mute_logger("odoo.http")
    def test_private_methods_of_the_lock_are_out_of_reach(self):
        for model, method in (
            ("serial.lock", "_place"),
            ("serial.unreserver", "_free"),
            ("serial.substitution", "_cron_substitute"),
        ):
            with self.subTest(method):
                answer = self.call(self.quality_manager, self.env[model], method)
                self.assertIn(answer.status_code, (403, 404), answer.text)

    def test_scheduled_reservation_passes_over_locked_serials(self):
        self.place(self.lot_a | self.lot_b)
        self.warehouse.out_type_id.sudo().reservation_method = "at_confirm"
        picking = self.order(self.phone, 2)
        picking.move_ids.reservation_date = "2020-01-01"

        self.env["stock.rule"].run_scheduler()

        self.assertEqual(picking.move_line_ids.lot_id, self.lot_c)
