from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import HttpCase, new_test_user, tagged

from ..json2 import Json2Mixin
from .common import RecallCase


@tagged("post_install", "-at_install")
class TestRecallSteps(RecallCase):
    """From draft to recalling, or cancelled, and who may do it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.row = {"batch_ids": [Command.set(cls.batch.ids)]}
        cls.other_manager = new_test_user(
            cls.env,
            login="serial_other_manager",
            groups="serial_traceability.group_serial_quality_manager",
        )

    def test_stop_ship_holds_what_the_scope_is_about(self):
        recall = self.draft(self.row)
        recall.action_stop_ship()
        self.assertEqual(self.phones.mapped("is_locked"), [True, True, False, False])
        self.assertRecordValues(
            recall.hold_ids.sorted("lot_id"),
            [
                {"lot_id": phone.id, "state": "open", "reason_id": reason.id}
                for reason in [recall.hold_reason_id]
                for phone in self.phones[:2]
            ],
        )
        self.assertTrue(recall.locked_time)
        self.assertEqual(recall.stop_ship_by_id, self.quality_manager)

    def test_a_case_is_numbered_when_it_begins_without_gaps(self):
        first, second, third = (self.draft(self.row) for _number in range(3))
        self.assertEqual(first.name, "/")
        third.action_stop_ship()
        first.action_stop_ship()
        second.unlink()
        numbers = [int(recall.name.rsplit("/", 1)[1]) for recall in (third, first)]
        self.assertEqual(numbers[1], numbers[0] + 1)

    def test_each_step_is_noted_and_on_the_ledger(self):
        recall = self.stop(self.row)
        recall.action_recall()
        recall._advance("closed")
        self.assertTrue(recall.recalling_time and recall.closed_time)
        events = self.env["serial.event"].search(
            [
                ("document_model", "=", "serial.recall"),
                ("document_res_id", "=", recall.id),
                ("movement", "=", "recall"),
            ],
            order="id",
        )
        self.assertEqual(
            [(line.old_value, line.new_value) for line in events.line_ids.sorted("id")],
            [
                ("draft", "stop_ship"),
                ("stop_ship", "recalling"),
                ("recalling", "closed"),
            ],
        )
        self.assertEqual(
            events._recompute_hashes(),
            {event.id: event.record_hash for event in events},
        )

    def test_steps_cannot_be_skipped(self):
        recall = self.draft(self.row)
        for step in ("action_recall", "action_close"):
            with self.subTest(step), self.assertRaisesRegex(UserError, "Draft"):
                getattr(recall, step)()
        recall.action_stop_ship()
        with self.assertRaises(UserError):
            recall.action_stop_ship()
        with self.assertRaises(AccessError):
            recall.state = "closed"
        with self.assertRaises(AccessError):
            recall.create({"title": "x", "state": "recalling"})

    def test_what_was_asked_for_stays_once_it_began(self):
        recall = self.stop(self.row)
        for values in ({"kind": "mock"}, {"company_id": self.company.id}):
            with self.subTest(values), self.assertRaises(UserError):
                recall.write(values)
        with self.assertRaises(UserError):
            recall.scope_ids.batch_ids = False
        with self.assertRaises(UserError):
            recall.scope_ids.unlink()
        with self.assertRaises(UserError):
            recall.unlink()

    def test_a_row_may_be_added_and_holds_at_once(self):
        recall = self.stop(self.row)
        recall.scope_ids = [
            Command.create({"lot_ids": [Command.set(self.phones[3].ids)]})
        ]
        self.assertTrue(self.phones[3].is_locked)
        self.assertEqual(len(recall.unit_ids), 3)

    def test_nothing_is_added_to_a_case_that_is_over(self):
        recall = self.stop(self.row)
        recall._advance("closed")
        with self.assertRaises(UserError):
            recall.scope_ids = [Command.create(self.row)]

    def test_cancelling_releases_what_it_held_and_no_more(self):
        recall, other = self.stop(self.row), self.stop(self.row)
        lone = self.stop({"lot_ids": [Command.set(self.phones[2].ids)]})
        (recall | lone).with_user(self.other_manager).action_cancel("Not ours")
        self.assertEqual(self.phones.mapped("is_locked"), [True, True, False, False])
        self.assertEqual(set(recall.hold_ids.mapped("state")), {"lifted"})
        self.assertEqual(set(other.hold_ids.mapped("state")), {"open"})
        self.assertRecordValues(
            recall, [{"state": "cancelled", "cancel_reason": "Not ours"}]
        )

    def test_who_added_units_does_not_release_them_by_cancelling(self):
        recall = self.stop(self.row)
        other = recall.with_user(self.other_manager)
        other.scope_ids = [
            Command.create({"lot_ids": [Command.set(self.phones[3].ids)]})
        ]
        with self.assertRaisesRegex(UserError, "Another quality manager"):
            other.action_cancel("Never mind")
        self.assertTrue(self.phones[3].is_locked)

    def test_holds_placed_while_it_was_cancelled_are_lifted_by_the_job(self):
        recall = self.stop(self.row)
        recall.sudo()._note({"state": "cancelled", "cancel_reason": "Not ours"})
        self.env["serial.recall.locker"]._free_cancelled()
        self.assertRecordValues(
            recall.hold_ids, [{"state": "lifted", "lift_reason": "Not ours"}] * 2
        )

    def test_who_stopped_units_does_not_cancel(self):
        recall = self.stop(self.row)
        with self.assertRaisesRegex(UserError, "another"):
            recall.action_cancel("Never mind")
        self.assertTrue(self.phones[0].is_locked)

    def test_cancelling_asks_for_a_reason(self):
        recall = self.stop(self.row).with_user(self.other_manager)
        self.assertEqual(
            recall.action_cancel()["res_model"], "serial.recall.cancelling"
        )
        with self.assertRaises(UserError):
            recall.action_cancel("  ")
        wizard = self.env["serial.recall.cancelling"].with_user(self.other_manager)
        wizard.create({"recall_ids": recall.ids, "reason": "Not ours"}).action_cancel()
        self.assertEqual(recall.state, "cancelled")

    def test_only_quality_managers_run_a_recall(self):
        recall = self.draft(self.row)
        steps = ("action_stop_ship", "action_stop_ship_anyway", "action_recall")
        for user in (self.operator, self.auditor, self.service, self.stock_user):
            for step in (*steps, "action_close", "action_cancel"):
                with self.subTest((user.login, step)), self.assertRaises(AccessError):
                    getattr(recall.with_user(user), step)()
        self.assertEqual(recall.state, "draft")

    def test_auditors_read_and_do_not_write(self):
        recall = self.stop(self.row).with_user(self.auditor)
        self.assertTrue(recall.unit_ids.mapped("place"))
        with self.assertRaises(AccessError):
            recall.title = "Nothing"
        with self.assertRaises(AccessError):
            recall.unit_ids[0].place = "scrapped"

    def test_portal_users_see_nothing(self):
        portal = new_test_user(self.env, login="serial_p", groups="base.group_portal")
        recall = self.stop(self.row).with_user(portal)
        for records in (recall, recall.sudo().unit_ids.with_user(portal)):
            with self.subTest(records._name), self.assertRaises(AccessError):
                records.mapped("display_name")

    def test_other_companies_do_not_read_it(self):
        company = self.env["res.company"].create({"name": "Sister Ltd"})
        user = new_test_user(
            self.env,
            login="serial_sister",
            groups="serial_traceability.group_serial_quality_manager",
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )
        recall = self.stop(self.row)
        self.assertFalse(self.env["serial.recall"].with_user(user).search([]) & recall)
        with self.assertRaises(AccessError):
            recall.with_user(user).action_recall()


@tagged("post_install", "-at_install")
class TestRecallJson2(RecallCase, HttpCase, Json2Mixin):
    """Steps from outside."""

    def test_rights_hold_over_json2(self):
        recall = self.draft({"batch_ids": [Command.set(self.batch.ids)]})
        answer = self.call(self.operator, recall, "action_stop_ship")
        self.assertEqual(answer.status_code, 403)
        self.assertEqual(recall.state, "draft")
        answer = self.call(self.quality_manager, recall, "action_stop_ship")
        self.assertEqual(answer.status_code, 200)
        self.assertEqual(recall.state, "stop_ship")
