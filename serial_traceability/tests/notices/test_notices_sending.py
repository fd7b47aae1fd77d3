from freezegun import freeze_time
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger
from psycopg2.errors import UniqueViolation

from .common import NoticeCase


@tagged("post_install", "-at_install")
class TestNoticesSending(NoticeCase):
    def setUp(self):
        super().setUp()
        self.notices = self.prepare()

    def test_each_customer_gets_one_notice_with_all_of_their_units(self):
        self.assertEqual(
            self.notices.mapped(lambda row: (row.partner_id, len(row.unit_ids))),
            [(self.customer, 6), (self.by_letter, 1), (self.nobody, 1)],
        )

    def test_channel_follows_from_the_contact(self):
        self.assertRecordValues(
            self.notices,
            [
                {"channel": "email", "state": "pending"},
                {"channel": "letter", "state": "pending"},
                {"channel": "none", "state": "unreachable"},
            ],
        )

    def test_preparing_again_makes_nothing_twice(self):
        self.prepare()
        self.assertEqual(len(self.recall.notice_ids), 3)
        self.assertEqual(len(self.recall.notice_ids.mailing_ids), 3)

    def test_mail_lists_the_units_and_goes_to_customer_and_branch(self):
        mail = self.hand_over()
        self.assertEqual(mail.recipient_ids, self.customer | self.branch)
        self.assertIn("Overheating battery", mail.subject)
        for text in ("The battery may catch fire.", "Switch it off.", "P1", "P6"):
            self.assertIn(text, mail.body_html)
        self.assertNotIn("P7", mail.body_html)

    def test_mail_opens_the_page_of_its_notice(self):
        mail = self.hand_over()
        notice = self.get_notice(self.customer)
        self.assertIn(f"/my/recalls/{notice.id}?access_token=", mail.body_html)
        self.assertIn(notice.access_token, mail.body_html)

    def test_queued_mail_is_not_yet_sent(self):
        self.hand_over()
        notice = self.get_notice(self.customer)
        self.assertEqual(notice.state, "pending")
        self.assertFalse(any(notice.unit_ids.mapped("told_time")))

    def test_sent_mail_counts_as_told(self):
        self.send(self.hand_over())
        notice = self.get_notice(self.customer)
        self.assertEqual(notice.state, "sent")
        self.assertTrue(all(notice.unit_ids.mapped("told_time")))

    def test_handing_over_again_queues_nothing(self):
        self.hand_over()
        self.assertFalse(self.hand_over())

    def test_failed_mail_is_not_delivered(self):
        mail = self.hand_over()
        self.fail_mail(mail)
        notice = self.get_notice(self.customer)
        self.assertEqual(notice.state, "failed")
        self.assertIn("mailbox full", notice.mailing_ids.failure_reason)
        self.assertFalse(any(notice.unit_ids.mapped("told_time")))

    def test_bounced_mail_is_not_delivered(self):
        self.send(self.hand_over())
        notice = self.get_notice(self.customer)
        notice._message_receive_bounce("buyer@example.com", self.customer)
        self.assertEqual(notice.state, "failed")
        self.assertFalse(any(notice.unit_ids.mapped("told_time")))

    def test_failed_notice_is_sent_again(self):
        self.fail_mail(self.hand_over())
        notice = self.get_notice(self.customer)
        notice.with_user(self.quality_manager).action_send_again()
        self.assertEqual(notice.state, "pending")
        mail = self.hand_over()
        self.assertIn("P1", mail.body_html)
        self.send(mail)
        self.assertEqual(notice.state, "sent")

    def test_customer_gets_a_mail_once_they_have_an_address(self):
        notice = self.get_notice(self.nobody)
        self.nobody.email = "walk@example.com"
        notice.with_user(self.quality_manager).action_send_again()
        self.assertRecordValues(notice, [{"channel": "email", "state": "pending"}])

    def test_later_units_are_told_once(self):
        self.send(self.hand_over())
        [lot] = self.receive(self.phone, ["P9"])
        self.add_units(lot, self.customer)
        self.prepare()
        self.prepare()
        mail = self.hand_over()
        self.assertEqual(len(mail), 1)
        self.assertIn("P9", mail.body_html)
        self.assertNotIn("P1", mail.body_html)
        self.send(mail)
        self.prepare()
        self.assertFalse(self.hand_over())

    def test_units_found_before_the_mail_went_are_in_it(self):
        [lot] = self.receive(self.phone, ["P9"])
        self.add_units(lot, self.customer)
        self.prepare()
        mail = self.hand_over()
        self.assertEqual(len(mail), 1)
        self.assertIn("P9", mail.body_html)

    def test_two_mails_due_for_one_notice_cannot_be(self):
        notice = self.get_notice(self.customer)
        values = {
            "notice_id": notice.id,
            "recall_id": self.recall.id,
            "company_id": self.company.id,
            "wave": 9,
            "kind": "more",
        }
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(UniqueViolation),
            self.cr.savepoint(),
        ):
            self.env["serial.recall.mailing"].create(values)

    def test_mock_recall_tells_nobody(self):
        mock = self._create_recall(kind="mock")
        self.add_units(self.phones, self.customer, recall=mock)
        self.assertFalse(self.prepare(mock))
        self.notifier._remind(mock)
        self.assertFalse(mock.notice_ids)

    def test_beginning_the_recall_makes_the_notices(self):
        recall = self._create_recall(state="stop_ship")
        self.add_units(self.phones[:2], self.customer, recall=recall)
        recall.with_user(self.quality_manager).action_recall()
        self.assertEqual(recall.notice_ids.partner_id, self.customer)

    def test_letters_are_printed_once_and_count_as_sent(self):
        notice = self.get_notice(self.by_letter)
        manager = notice.with_user(self.quality_manager)
        action = manager.action_print_letters()
        self.assertEqual(action["type"], "ir.actions.report")
        self.assertEqual(notice.state, "sent")
        with self.assertRaisesRegex(UserError, "No letter is due"):
            manager.action_print_letters()

    def test_letter_has_the_address_and_the_units(self):
        html, _type = self.env["ir.actions.report"]._render_qweb_html(
            "serial_traceability.report_recall_letter",
            self.get_notice(self.by_letter).ids,
        )
        for text in (b"1 Old Road", b"Ghent", b"P7", b"The battery may catch fire."):
            self.assertIn(text, html)

    def test_operator_prints_no_letters(self):
        with self.assertRaises(AccessError):
            self.notices.with_user(self.operator).action_print_letters()

    def test_auditor_sends_nothing_again(self):
        with self.assertRaises(AccessError):
            self.notices.with_user(self.auditor).action_send_again()

    def test_quality_manager_writes_no_state(self):
        with self.assertRaises(AccessError):
            self.notices.with_user(self.quality_manager).write({"state": "answered"})

    def test_cancelling_takes_back_what_waits(self):
        mail = self.hand_over()
        self.recall.with_user(self.quality_manager).action_cancel("Not ours")
        self.assertEqual(mail.state, "cancel")
        self.notices[:1].mailing_ids.state = "due"
        self.assertFalse(self.hand_over())

    # ---- Reminders ----

    def test_only_the_silent_are_reminded(self):
        self.send(self.hand_over())
        self.get_notice(self.by_letter).with_user(
            self.quality_manager
        ).action_print_letters()
        letter = self.get_notice(self.by_letter)
        letter._answer({("has", ""): letter.unit_ids}, "page")
        self.recall.with_user(self.quality_manager).action_remind()
        due = self.recall.notice_ids.mailing_ids.filtered(
            lambda row: row.state == "due"
        )
        self.assertEqual(
            {(row.notice_id.partner_id, row.kind) for row in due},
            {(self.customer, "reminder"), (self.nobody, "notice")},
        )

    def test_reminder_lists_what_was_not_answered(self):
        self.send(self.hand_over())
        notice = self.get_notice(self.customer)
        notice._answer({("has", ""): notice.unit_ids[0]}, "page")
        self.recall.with_user(self.quality_manager).action_remind()
        mail = self.hand_over()
        self.assertIn("Reminder", mail.subject)
        self.assertIn("P2", mail.body_html)
        self.assertNotIn("P1", mail.body_html)

    def test_reminders_come_after_their_days_and_end(self):
        with freeze_time("2026-03-01 10:00:00"):
            self.send(self.hand_over())
        for day, count in (("05", 0), ("09", 1), ("10", 0), ("17", 1), ("30", 0)):
            with freeze_time(f"2026-03-{day} 10:00:00"):
                self.assertEqual(
                    len(self.notifier._remind(self.recall, days=7)), count, day
                )
                self.send(self.hand_over())

    def test_operator_reminds_nobody(self):
        with self.assertRaises(AccessError):
            self.recall.with_user(self.operator).action_remind()

    # ---- Staff ----

    def test_warehouse_and_sales_are_told_once(self):
        def count():
            return self.env["mail.notification"].search_count(
                [
                    ("res_partner_id", "=", self.stock_user.partner_id.id),
                    ("mail_message_id.model", "=", "serial.recall"),
                    ("mail_message_id.res_id", "=", self.recall.id),
                ]
            )

        self.notifier._begin(self.recall)
        self.notifier._begin(self.recall)
        self.assertEqual(count(), 1)

    # ---- Queries ----

    def test_queries_do_not_grow_with_the_units(self):
        counts = []
        for size in (1, 10, 100):
            recall = self._create_recall()
            lots = self.receive(self.phone, [f"Q{size}-{n}" for n in range(size)])
            self.add_units(lots, self.customer, recall=recall)
            counts.append(self.count_queries(self.notifier._prepare, recall))
            counts.append(self.count_queries(self.notifier._hand_over))
        self.assertEqual(counts[2:4], counts[4:])
