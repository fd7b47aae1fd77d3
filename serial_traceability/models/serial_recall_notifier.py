import logging
import secrets

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import SQL

from ..core import notice as rules

_logger = logging.getLogger(__name__)

#: Notices that are handed to the mail queue in one transaction.
_PIECE = 50
_QUALITY = "serial_traceability.group_serial_quality_manager"


class SerialRecallNotifier(models.AbstractModel):
    """Tells customers and staff of a recall, each of them once.

    Notices are made and their mailings planned in the transaction that begins the
    recall. A job hands what is planned to the mail queue: in one transaction the mail
    is queued and the mailing says so, so that what is tried again queues one mail, and
    two jobs at once share the work. A mock recall tells nobody.
    """

    _name = "serial.recall.notifier"
    _description = "Notifier of Recalls"
    _inherit = ["serial.job"]

    @api.model
    def _check_manager(self):
        if not self.env.su and not self.env.user.has_group(_QUALITY):
            raise AccessError(
                self.env._(
                    "Only a quality manager runs a recall. Ask one to do it.",
                )
            )

    # ---- Making notices ----

    @api.model
    def _prepare(self, recall):
        """Give each customer who has units of a recall a notice with all of them, plan
        what is to be sent, and have the job start after the commit.

        Called again, it adds the units that were found since. A constant number of
        queries, whatever the number of units.

        :param recall: one ``serial.recall``.
        :return: the notices that are new.
        """
        notices = self.env["serial.recall.notice"]
        if recall.kind == "mock" or recall.state != "recalling":
            return notices
        self._wait_for_others(recall)
        new = self._create_notices(recall)
        self._assign_units(recall)
        # Stands in for writing notices, which only the steps of a recall do.
        new.sudo()._choose_channels()
        self._plan(recall)
        self._trigger()
        return new

    @api.model
    def _wait_for_others(self, recall):
        """Let one transaction at a time make notices of a recall; another that began
        before is told so by PostgreSQL and tried again.
        """
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "UPDATE serial_recall SET write_date = write_date WHERE id = %s",
                recall.id,
            )
        )

    @api.model
    def _create_notices(self, recall):
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT holder.commercial_partner_id
                FROM serial_recall_unit unit
                JOIN res_partner holder ON holder.id = unit.partner_id
                WHERE unit.recall_id = %(recall)s AND unit.notice_id IS NULL
                    AND unit.place = 'delivered' AND unit.outcome IS NULL
                    AND unit.quantity > 0
                    AND NOT EXISTS (SELECT 1 FROM serial_recall_notice notice
                        WHERE notice.recall_id = %(recall)s
                        AND notice.partner_id = holder.commercial_partner_id)
                ORDER BY 1
                """,
                recall=recall.id,
            )
        )
        # Stands in for creating notices, which only the steps of a recall do.
        notices = self.env["serial.recall.notice"].sudo()
        return notices.with_context(
            tracking_disable=True, mail_create_nosubscribe=True, mail_create_nolog=True
        ).create(
            [
                {
                    "recall_id": recall.id,
                    "partner_id": partner_id,
                    "access_token": secrets.token_urlsafe(24),
                }
                for [partner_id] in rows
            ]
        )

    @api.model
    def _assign_units(self, recall):
        """Put the units that are with customers on these customers' notices."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                UPDATE serial_recall_unit unit SET notice_id = notice.id
                FROM res_partner holder, serial_recall_notice notice
                WHERE unit.recall_id = %(recall)s AND unit.notice_id IS NULL
                    AND unit.place = 'delivered' AND unit.outcome IS NULL
                    AND unit.quantity > 0
                    AND holder.id = unit.partner_id
                    AND notice.recall_id = unit.recall_id
                    AND notice.partner_id = holder.commercial_partner_id
                """,
                recall=recall.id,
            )
        )
        self.env["serial.recall.unit"].invalidate_model(["notice_id"])
        self.env["serial.recall.notice"].invalidate_model(["unit_ids"])

    # ---- Planning mailings ----

    @api.model
    def _plan(self, recall):
        """Plan a mailing for each notice with units of which nothing was told yet."""
        untold = SQL(
            "notice.recall_id = %s AND EXISTS (SELECT 1 FROM serial_recall_unit unit "
            "WHERE unit.notice_id = notice.id AND unit.mailing_id IS NULL "
            "AND unit.outcome IS NULL AND unit.answer IS NULL)",
            recall.id,
        )
        # A reminder that waits for its letter tells of the further units instead.
        self.env.cr.execute(
            SQL(
                "UPDATE serial_recall_mailing mailing SET kind = 'more' "
                "FROM serial_recall_notice notice WHERE mailing.state = 'due' "
                "AND mailing.kind = 'reminder' AND notice.id = mailing.notice_id "
                "AND %s",
                untold,
            )
        )
        self._insert_mailings(untold)

    @api.model
    def _insert_mailings(self, condition, kind=None):
        """Plan one mailing for each notice that fulfils a condition and has none due.

        :param kind: first or further ones where it is left out.
        """
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                INSERT INTO serial_recall_mailing (notice_id, recall_id, company_id,
                    wave, kind, state, create_uid, create_date, write_uid, write_date)
                SELECT notice.id, notice.recall_id, notice.company_id,
                    COALESCE(max(mailing.wave), 0) + 1,
                    COALESCE(%(kind)s, CASE WHEN max(mailing.wave) IS NULL
                        THEN 'notice' ELSE 'more' END),
                    'due', %(user)s, %(now)s, %(user)s, %(now)s
                FROM serial_recall_notice notice
                LEFT JOIN serial_recall_mailing mailing
                    ON mailing.notice_id = notice.id
                WHERE %(condition)s GROUP BY notice.id
                ON CONFLICT DO NOTHING RETURNING notice_id
                """,
                kind=kind,
                user=self.env.uid,
                now=fields.Datetime.now(),
                condition=condition,
            )
        )
        self.env["serial.recall.mailing"].invalidate_model()
        notices = self.env["serial.recall.notice"].browse(row[0] for row in rows)
        notices.invalidate_recordset(["mailing_ids"])
        self._settle(notices)
        return notices

    @api.model
    def _plan_again(self, notices):
        """Plan the last mailing of notices that did not arrive once more."""
        # Stands in for writing notices and units, which the steps of a recall do.
        notices = notices.sudo()
        notices._choose_channels()
        failed = notices.mailing_ids.filtered(lambda row: row.state == "failed")
        units = self.env["serial.recall.unit"].sudo()
        units.search(
            [("mailing_id", "in", failed.ids), ("told_time", "=", False)]
        ).write({"mailing_id": False})
        self._insert_mailings(
            SQL("notice.id = ANY(%s)", list(notices.filtered("mailing_ids").ids))
        )
        self._settle(notices)
        self._trigger()

    @api.model
    def _remind(self, recall, days=None):
        """Plan a reminder for each customer who was told and is silent.

        :param days: since the last mailing; None for all who are silent now.
        :return: the notices that get one.
        """
        if recall.kind == "mock" or recall.state != "recalling":
            return self.env["serial.recall.notice"]
        before = fields.Datetime.subtract(fields.Datetime.now(), days=days or 0)
        condition = SQL(
            """
            notice.recall_id = %(recall)s AND notice.state = 'sent'
            AND NOT EXISTS (SELECT 1 FROM serial_recall_mailing last
                WHERE last.notice_id = notice.id AND (last.state IN ('due', 'queued')
                    OR (%(timed)s AND last.handed_time > %(before)s)))
            AND (NOT %(timed)s OR %(most)s > (SELECT count(*)
                FROM serial_recall_mailing told
                WHERE told.notice_id = notice.id AND told.kind = 'reminder'))
            """,
            recall=recall.id,
            before=before,
            timed=days is not None,
            most=recall.reminder_limit,
        )
        notices = self._insert_mailings(condition, kind="reminder")
        self._trigger()
        return notices

    # ---- Handing over ----

    @api.model
    def _trigger(self):
        """Have the job run as soon as this transaction is committed."""
        # Stands in for starting a scheduled action, which runs as its own user.
        self.env.ref("serial_traceability.cron_serial_recall_notice").sudo()._trigger()

    @api.model
    def _cron_notify(self):
        """Do all that is due towards people, in pieces that are each committed."""
        recalls = self.env["serial.recall"].search(
            [("state", "=", "recalling"), ("kind", "!=", "mock")]
        )
        for recall in recalls:
            self._do_piece(lambda recall=recall: self._begin(recall))
        while True:
            handed = []
            self._do_piece(lambda handed=handed: handed.extend(self._hand_over()))
            if not handed or not self.env["ir.cron"]._commit_progress(len(handed)):
                return

    @api.model
    def _do_piece(self, piece):
        """Do and commit one piece; leave it to the next run where others are in its
        way all the time.
        """
        try:
            self._try(piece)
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            _logger.info("A piece of telling people of recalls waits for its next run.")
            return
        self.env["ir.cron"]._commit_progress()

    @api.model
    def _begin(self, recall):
        """Add what was found since, tell the staff, plan what is to be reminded of."""
        recall.invalidate_recordset()
        self._prepare(recall)
        self.env["serial.recall.announcer"]._tell_staff(recall)
        if recall.reminder_days > 0:
            self._remind(recall, days=recall.reminder_days)

    @api.model
    def _hand_over(self):
        """Queue the mails of the next piece; return the mailings they belong to.

        Rows that another job works on are left to it.
        """
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT mailing.id FROM serial_recall_mailing mailing
                JOIN serial_recall_notice notice ON notice.id = mailing.notice_id
                JOIN serial_recall recall ON recall.id = mailing.recall_id
                WHERE mailing.state = 'due' AND notice.channel = 'email'
                    AND recall.state = 'recalling' AND recall.kind <> 'mock'
                ORDER BY mailing.id LIMIT %s
                FOR NO KEY UPDATE OF mailing SKIP LOCKED
                """,
                _PIECE,
            )
        )
        mailings = self.env["serial.recall.mailing"].browse(row[0] for row in rows)
        if mailings:
            self._assign_told(mailings)
            self._queue(mailings)
        return mailings

    @api.model
    def _assign_told(self, mailings):
        """Note of which units these mailings tell: those of which none did before."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "UPDATE serial_recall_unit unit SET mailing_id = mailing.id "
                "FROM serial_recall_mailing mailing WHERE mailing.id = ANY(%s) "
                "AND unit.notice_id = mailing.notice_id AND unit.mailing_id IS NULL "
                "AND unit.outcome IS NULL",
                list(mailings.ids),
            )
        )
        self.env["serial.recall.unit"].invalidate_model(["mailing_id"])

    @api.model
    def _queue(self, mailings):
        """Put one mail for each mailing into the queue, and note it on the mailing."""
        template = self.env.ref("serial_traceability.mail_template_recall_notice")
        notices = mailings.notice_id
        mails = template.send_mail_batch(notices.ids)
        by_notice = {mail.res_id: mail for mail in mails}
        now = fields.Datetime.now()
        for mailing in mailings:
            mailing.write(
                {
                    "state": "queued",
                    "channel": "email",
                    "mail_id": by_notice[mailing.notice_id.id].id,
                    "handed_time": now,
                }
            )
        self._settle(notices)
        self._tell_ledger(mailings)
        self.env.ref("mail.ir_cron_mail_scheduler_action")._trigger()

    @api.model
    def _print(self, notices):
        """Note that the letters of notices went out; return what prints them."""
        # Stands in for writing mailings, which only this model does.
        mailings = notices.sudo().mailing_ids.filtered(lambda row: row.state == "due")
        self._assign_told(mailings)
        mailings.write({"channel": "letter", "handed_time": fields.Datetime.now()})
        self._end(mailings, "sent")
        self._tell_ledger(mailings)
        report = self.env.ref("serial_traceability.action_report_recall_letter")
        return report.report_action(notices)

    @api.model
    def _tell_ledger(self, mailings):
        """Write on the ledger how many mailings of each kind went out."""
        for recall, found in mailings.grouped("recall_id").items():
            recall._tell(
                [
                    (f"mailing_{kind}", None, str(len(rows)))
                    for kind, rows in found.grouped("kind").items()
                ]
            )

    @api.model
    def _withdraw(self, recall):
        """Take back what is not sent yet: mails that wait in the queue, and with the
        recall's state what is due.
        """
        # Stands in for cancelling mails, which the job put into the queue.
        mailings = recall.sudo().notice_ids.mailing_ids
        waiting = mailings.filtered(lambda row: row.state == "queued").mail_id
        waiting.filtered(lambda mail: mail.state == "outgoing").cancel()

    # ---- What came of it ----

    @api.model
    def _hear(self, mails):
        """Note whether mails reached the mail server of their customer.

        :param mails: of ``mail.mail``, just sent or failed.
        """
        # Stands in for writing mailings: the mail queue may run as anybody.
        mailings = self.env["serial.recall.mailing"].sudo()
        mailings = mailings.search([("mail_id", "in", mails.ids)])
        for mailing in mailings:
            is_sent = mailing.mail_id.state == "sent"
            reason = False if is_sent else mailing.mail_id.failure_reason
            mailing.failure_reason = reason
            self._end(mailing, "sent" if is_sent else "failed")

    @api.model
    def _hear_bounce(self, notices, email):
        """Note that the last mail of notices came back."""
        # Stands in for writing mailings: a mail that comes in has no user.
        mailings = notices.sudo().mailing_ids.filtered(lambda row: row.mail_id)
        last = mailings.browse(
            rows[-1].id for rows in mailings.grouped("notice_id").values()
        )
        last.failure_reason = self.env._("Came back from %(email)s.", email=email)
        self._end(last, "failed")

    @api.model
    def _end(self, mailings, state):
        """Note how mailings ended, on their units and notices, too."""
        now = fields.Datetime.now()
        mailings.write({"state": state, "done_time": now})
        units = self.env["serial.recall.unit"].sudo()
        units = units.search([("mailing_id", "in", mailings.ids)])
        # What came back from the customer's server did not tell them.
        units.write({"told_time": now if state == "sent" else False})
        self._settle(mailings.notice_id)

    @api.model
    def _settle(self, notices):
        """Bring the state of notices up to their mailings and answers."""
        # Stands in for writing notices, which only the steps of a recall do.
        notices = notices.sudo()
        counts = notices._count_units()
        wanted = {
            notice: rules.get_state(
                notice.channel,
                [(row.kind, row.state) for row in notice.mailing_ids],
                answered=self._is_answered(counts.get(notice.id)),
            )
            for notice in notices
        }
        for state in set(wanted.values()):
            changed = notices.filtered(
                lambda notice, state=state: (
                    wanted[notice] == state and notice.state != state
                )
            )
            if changed:
                changed._note({"state": state})

    @api.model
    def _is_answered(self, counts):
        return bool(counts) and not counts[3]
