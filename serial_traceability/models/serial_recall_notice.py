from urllib.parse import urlencode

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from ..core import notice as rules

#: Units that an e-mail lists; the customer's page has them all.
_LISTED = 200
_ANSWERERS = (
    "serial_traceability.group_serial_quality_manager",
    "serial_traceability.group_serial_service",
)


class SerialRecallNotice(models.Model):
    """What one customer is told of a recall, once, with all of their units.

    Made when the recall begins, for the company that bought, whichever of its addresses
    the units went to; sent by a job, answered in the portal unit by unit or on the
    telephone. Steps of the recall write it; nobody deletes one.
    """

    _name = "serial.recall.notice"
    _description = "Notice of a Recall"
    _inherit = ["serial.steps", "mail.thread", "mail.activity.mixin", "portal.mixin"]
    _order = "id"
    _rec_name = "partner_id"

    _beginning = {"state": "pending", "channel": "none", "access_token": False}

    recall_id = fields.Many2one(
        "serial.recall", required=True, readonly=True, index=True, ondelete="restrict"
    )
    partner_id = fields.Many2one(
        "res.partner",
        "Customer",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    unit_ids = fields.One2many("serial.recall.unit", "notice_id", readonly=True)
    mailing_ids = fields.One2many("serial.recall.mailing", "notice_id", readonly=True)
    answer_ids = fields.One2many("serial.recall.answer", "notice_id", readonly=True)
    check_ids = fields.One2many("serial.recall.check", "notice_id", readonly=True)
    state = fields.Selection(
        [
            ("pending", "To Be Sent"),
            ("unreachable", "No Address"),
            ("sent", "Sent"),
            ("failed", "Not Delivered"),
            ("answered", "Answered"),
        ],
        default="pending",
        required=True,
        readonly=True,
        index=True,
        tracking=True,
    )
    channel = fields.Selection(
        [("email", "E-mail"), ("letter", "Letter"), ("none", "None")],
        "Told By",
        required=True,
        readonly=True,
        default="none",
    )
    company_id = fields.Many2one(related="recall_id.company_id", store=True, index=True)
    unit_count = fields.Integer("Units", compute="_compute_counts")
    answered_count = fields.Integer("Units Answered", compute="_compute_counts")
    recovered_count = fields.Integer("Recovered", compute="_compute_counts")
    told_time = fields.Datetime("Last Sent", compute="_compute_told_time")
    email = fields.Char(related="partner_id.email")
    phone = fields.Char(related="partner_id.phone")
    # Whoever has it answers in the customer's name.
    access_token = fields.Char(
        groups="serial_traceability.group_serial_quality_manager"
    )

    _once = models.Constraint(
        "UNIQUE (recall_id, partner_id)", "A customer gets one notice of a recall."
    )

    @api.depends("unit_ids.answer", "unit_ids.outcome")
    def _compute_counts(self):
        counts = self._count_units()
        for notice in self:
            total, answered, recovered, _open = counts.get(notice.id, (0, 0, 0, 0))
            notice.unit_count = total
            notice.answered_count = answered
            notice.recovered_count = recovered

    def _count_units(self):
        """Return ``{notice id: (units, answered, recovered, neither)}``."""
        self.env["serial.recall.unit"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT notice_id, count(*), count(answer),
                    count(*) FILTER (WHERE outcome <> 'not_recovered'),
                    count(*) FILTER (WHERE answer IS NULL AND outcome IS NULL
                        AND quantity > 0)
                FROM serial_recall_unit WHERE notice_id = ANY(%s) GROUP BY notice_id
                """,
                list(self.ids),
            )
        )
        return {notice_id: counts for notice_id, *counts in rows}

    @api.depends("mailing_ids.done_time", "mailing_ids.state")
    def _compute_told_time(self):
        times = dict(
            self.env["serial.recall.mailing"]._read_group(
                [("notice_id", "in", self.ids), ("state", "=", "sent")],
                ["notice_id"],
                ["done_time:max"],
            )
        )
        for notice in self:
            notice.told_time = times.get(notice._origin)

    def _compute_access_url(self):
        for notice in self:
            notice.access_url = f"/my/recalls/{notice.id}"

    # ---- Whom it reaches ----

    def _get_contacts(self):
        """Return ``{notice: customer and the contacts that the units went to}``."""
        groups = self.env["serial.recall.unit"]._read_group(
            [("notice_id", "in", self.ids)],
            ["notice_id"],
            ["partner_id:recordset"],
        )
        contacts = {notice.id: partners for notice, partners in groups}
        empty = self.env["res.partner"]
        return {
            # A unit that came back may be with another customer by now.
            notice: notice.partner_id
            | contacts.get(notice.id, empty).filtered(
                lambda partner, notice=notice: (
                    partner.commercial_partner_id
                    == notice.partner_id.commercial_partner_id
                )
            )
            for notice in self
        }

    def _get_recipients(self):
        """Return the contacts whom the e-mail goes to."""
        self.ensure_one()
        return self._get_contacts()[self].filtered("email_normalized")

    def _get_addressee(self):
        """Return the contact whose address stands on the letter."""
        self.ensure_one()
        contacts = self._get_contacts()[self]
        return contacts.filtered(self._has_address)[:1] or self.partner_id

    @api.model
    def _has_address(self, partner):
        """Return whether a letter would arrive."""
        return bool(partner.city and (partner.street or partner.zip))

    def _choose_channels(self):
        """Note by what each customer is told. A constant number of queries."""
        for notice, contacts in self._get_contacts().items():
            channel = rules.get_channel(
                has_email=any(contacts.mapped("email_normalized")),
                has_address=any(map(self._has_address, contacts)),
            )
            if notice.channel != channel:
                notice._note({"channel": channel})

    # ---- What it says ----

    def _get_mailing(self):
        """Return the mailing that is about to go out, else the last that did."""
        self.ensure_one()
        due = self.mailing_ids.filtered(lambda mailing: mailing.state == "due")
        return due or self.mailing_ids[-1:]

    def _get_told_units(self, limit=None):
        """Return the units that the mailing is about: of a reminder, all of which the
        customer has said nothing.
        """
        mailing = self._get_mailing()
        domain = [("notice_id", "=", self.id)]
        if mailing.kind == "reminder":
            domain += [("answer", "=", False), ("outcome", "=", False)]
        elif mailing:
            domain += [("mailing_id", "=", mailing.id)]
        return self.env["serial.recall.unit"].search(domain, limit=limit)

    def _get_listed_units(self):
        """Return the units that an e-mail lists."""
        return self._get_told_units(limit=_LISTED)

    def _get_unlisted_count(self):
        """Return how many units an e-mail leaves to the customer's page."""
        return max(0, len(self._get_told_units()) - _LISTED)

    def _get_page_url(self):
        """Return the address of the customer's page, with what opens it."""
        self.ensure_one()
        # Stands in for reading the token, which goes to the customer alone.
        query = urlencode({"access_token": self.sudo()._portal_ensure_token()})
        return f"{self.get_base_url()}{self.access_url}?{query}"

    def _get_page_answers(self):
        """Return the answers there are, as the customer says them."""
        return [
            ("has", self.env._("I have it")),
            ("sold_on", self.env._("I sold it on")),
            ("destroyed", self.env._("It was destroyed")),
            ("unknown", self.env._("I do not know")),
        ]

    # ---- Answering ----

    def _answer(self, answers, source):
        """Take answers for units of one notice; further ones follow earlier ones.

        :param answers: ``{(answer, note): units}``, units of this notice.
        :param source: ``page`` or ``telephone``.
        """
        self.ensure_one()
        self._check_open()
        # Stands in for writing units, for whom answers in their own name: the page and
        # the telephone check it.
        store = self.env["serial.recall.answer"].sudo()
        now = fields.Datetime.now()
        for (answer, note), units in answers.items():
            store._append(units, answer, note, source)
            units.sudo().write(
                {"answer": answer, "answer_note": note or False, "answer_time": now}
            )
        self.env["serial.recall.notifier"]._settle(self)
        self._tell_answers(answers, source)
        # Stands in for writing on the ledger, which an answer does by itself.
        self.sudo().recall_id._tell(
            [
                (f"answer_{answer}", None, str(len(units)))
                for (answer, _note), units in answers.items()
            ]
        )

    def _check_open(self):
        """Refuse answers to a recall that is over, or not begun."""
        # Stands in for reading the case, of which its state alone is told.
        if self.sudo().recall_id.state != "recalling":
            raise UserError(
                self.env._(
                    "This recall is closed: answers are not taken any more. Call us if "
                    "you still have a unit."
                )
            )

    def _tell_answers(self, answers, source):
        """Post on the notice how many units were answered for, and how."""
        labels = dict(
            self.env["serial.recall.unit"]
            ._fields["answer"]
            ._description_selection(self.env)
        )
        parts = ", ".join(
            f"{labels[answer]}: {len(units)}" + (f" ({note})" if note else "")
            for (answer, note), units in answers.items()
        )
        by_page = self.env._("Answered on the customer's page: %(parts)s", parts=parts)
        by_call = self.env._("Answered on the telephone: %(parts)s", parts=parts)
        author = self.partner_id if source == "page" else self.env.user.partner_id
        # Stands in for posting as the customer, who may have no user.
        self.sudo().message_post(
            body=by_page if source == "page" else by_call, author_id=author.id
        )

    # ---- What users do ----

    def action_take_answer(self):
        """Open the dialog for an answer on the telephone.

        :raises AccessError: where the user is neither service nor quality manager.
        """
        self.ensure_one()
        self._check_answerer()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Answer of %(name)s", name=self.partner_id.display_name),
            "res_model": "serial.recall.reply",
            "view_mode": "form",
            "target": "new",
            "context": {"default_notice_id": self.id},
        }

    @api.model
    def _check_answerer(self):
        if not any(map(self.env.user.has_group, _ANSWERERS)):
            raise AccessError(
                self.env._(
                    "Only service and quality managers take customers' answers. Ask "
                    "one to enter it."
                )
            )

    def action_send_again(self):
        """Send notices again that did not arrive, or had no address, after the
        customer's contact was put right.

        :raises AccessError: where the user is not a quality manager.
        """
        self._check_manager()
        again = self.filtered(lambda notice: notice.state in ("failed", "unreachable"))
        self.env["serial.recall.notifier"]._plan_again(again)

    def action_print_letters(self):
        """Return the letters that are due as one document; with it they count as sent.

        :raises AccessError: where the user is not a quality manager.
        :raises UserError: where none is due.
        """
        self._check_manager()
        due = self.filtered(
            lambda notice: (
                notice.channel == "letter" and notice._get_mailing().state == "due"
            )
        )
        if not due:
            raise UserError(
                self.env._(
                    "No letter is due here. Customers with an e-mail address are told "
                    "by e-mail; what was printed before is printed again from the "
                    "Print menu."
                )
            )
        return self.env["serial.recall.notifier"]._print(due)

    def action_open_page(self):
        """Open the page that the customer sees.

        :raises AccessError: where the user is not a quality manager.
        """
        self.ensure_one()
        self._check_manager()
        url = self._get_page_url()
        return {"type": "ir.actions.act_url", "url": url, "target": "new"}

    def action_open_units(self):
        """Open the units of the notices."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Units"),
            "res_model": "serial.recall.unit",
            "view_mode": "list,form",
            "domain": [("notice_id", "in", self.ids)],
        }

    @api.model
    def _check_manager(self):
        self.env["serial.recall.notifier"]._check_manager()

    def _message_receive_bounce(self, email, partner):
        """Note that the mail came back: the customer is not told."""
        result = super()._message_receive_bounce(email, partner)
        self.env["serial.recall.notifier"]._hear_bounce(self, email)
        return result
