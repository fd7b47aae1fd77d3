from unittest.mock import patch

import psycopg2
from odoo import SUPERUSER_ID, api
from odoo.fields import Command
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ..throwaway import ThrowawayCase

_PARTNERS = 120


class AnotherWasFaster(psycopg2.errors.SerializationFailure):
    """What PostgreSQL says to a transaction that began before another committed."""

    pgcode = "40001"


@tagged("-standard", "serial_throwaway", "post_install", "-at_install")
class TestNoticesConcurrency(ThrowawayCase):
    """Nothing is sent twice: real transactions on real cursors."""

    def setUp(self):
        super().setUp()
        with self.transaction() as env:
            env.ref("serial_traceability.cron_serial_recall_notice").active = False
            self.recall_id = self.create_recall(env).id

    def create_recall(self, env):
        """Return a recall that runs, with one unit at each of many customers."""
        recall = env["serial.recall"].create({"title": "Overheats"})
        recall._note({"state": "recalling"})
        partners = env["res.partner"].create(
            [
                {"name": f"Customer {n}", "email": f"c{n}@example.com"}
                for n in range(_PARTNERS)
            ]
        )
        lots = env["stock.lot"].create(
            [
                {"name": f"{recall.id}-{n}", "product_id": self.product_id}
                for n in range(_PARTNERS)
            ]
        )
        env["serial.recall.unit"].create(
            [
                {
                    "recall_id": recall.id,
                    "lot_id": lot.id,
                    "product_id": self.product_id,
                    "place": "delivered",
                    "partner_id": partner.id,
                    "company_id": recall.company_id.id,
                }
                for lot, partner in zip(lots, partners, strict=True)
            ]
        )
        return recall

    def prepare(self, env):
        env["serial.recall.notifier"]._prepare(
            env["serial.recall"].browse(self.recall_id)
        )

    def count_mails(self):
        [[mails, notices]] = self.query(
            "SELECT count(*), count(DISTINCT message.res_id) FROM mail_mail mail "
            "JOIN mail_message message ON message.id = mail.mail_message_id "
            "JOIN serial_recall_notice notice ON notice.id = message.res_id "
            "WHERE message.model = 'serial.recall.notice' AND notice.recall_id = %s",
            self.recall_id,
        )
        self.assertEqual(mails, notices)
        return mails

    def count_notices(self):
        [[count]] = self.query(
            "SELECT count(*) FROM serial_recall_notice WHERE recall_id = %s",
            self.recall_id,
        )
        return count

    def hand_over_all(self):
        while self.hand_over_piece():
            pass

    def hand_over_piece(self):
        with self.transaction() as env:
            return len(env["serial.recall.notifier"]._hand_over())

    def test_retried_transaction_queues_each_mail_once(self):
        self.request(self.prepare)
        tries = []

        def hand_over(env):
            env["serial.recall.notifier"]._hand_over()
            env.flush_all()
            tries.append(1)
            if len(tries) == 1:
                raise AnotherWasFaster

        with patch("odoo.service.model.time.sleep"):
            self.request(hand_over)
        self.assertEqual(len(tries), 2)
        self.hand_over_all()
        self.assertEqual(self.count_mails(), _PARTNERS)

    def test_killed_job_leaves_nothing_half_sent(self):
        self.request(self.prepare)
        with self.killed() as env:
            self.assertTrue(env["serial.recall.notifier"]._hand_over())
        self.assertEqual(self.count_mails(), 0)
        self.hand_over_all()
        self.assertEqual(self.count_mails(), _PARTNERS)

    def test_two_jobs_at_once_share_the_work(self):
        self.request(self.prepare)
        with self.transaction() as env:
            first = env["serial.recall.notifier"]._hand_over()
            env.flush_all()
            # The first has not committed: the second takes others, and waits for none.
            second = self.hand_over_piece()
            self.assertTrue(first and second)
        self.hand_over_all()
        self.assertEqual(self.count_mails(), _PARTNERS)

    def test_job_that_looked_before_another_committed_sends_nothing_twice(self):
        self.request(self.prepare)
        with self.registry.cursor() as cr:
            late = api.Environment(cr, SUPERUSER_ID, {})
            late["serial.recall"].search_count([])
            self.hand_over_all()
            with (
                mute_logger("odoo.sql_db"),
                self.assertRaises(psycopg2.errors.SerializationFailure),
            ):
                late["serial.recall.notifier"]._hand_over()
            cr.rollback()
        self.assertEqual(self.count_mails(), _PARTNERS)

    @mute_logger("odoo.sql_db")
    def test_two_who_prepare_at_once_make_each_notice_once(self):
        with self.transaction() as env:
            self.prepare(env)
            finish = self.start(self.prepare)
            self.wait_for_blocked()
        self.assertIsNone(finish())
        self.assertEqual(self.count_notices(), _PARTNERS)
        self.hand_over_all()
        self.assertEqual(self.count_mails(), _PARTNERS)

    @mute_logger("odoo.sql_db")
    def test_two_approvals_at_once_close_it(self):
        with self.transaction() as env:
            managers = [
                new_test_user(
                    env,
                    login=f"closer_{self.recall_id}_{n}",
                    groups="serial_traceability.group_serial_quality_manager",
                    company_ids=[Command.set(env.company.ids)],
                ).id
                for n in range(2)
            ]

        def approve(env, manager):
            recall = env["serial.recall"].browse(self.recall_id).with_user(manager)
            recall.env["serial.recall.closer"]._approve(recall, "Lost")

        with self.transaction() as env:
            approve(env, managers[0])
            env.flush_all()
            finish = self.start(lambda env: approve(env, managers[1]))
            self.wait_for_blocked()
        self.assertIsNone(finish())
        [[state]] = self.query(
            "SELECT state FROM serial_recall WHERE id = %s", self.recall_id
        )
        self.assertEqual(state, "closed")
