from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..core import numbering
from ..core.clock import local_date
from ..core.gs1.charsets import DIGITS
from .serial_event import EventDraft

#: Fields that decide how numbers look and run; a change of them, once numbers were
#: issued, stands on the ledger.
_RULE_FIELDS = (
    "kind",
    "form",
    "alphabet",
    "without_lookalikes",
    "length",
    "prefix",
    "suffix",
    "check_character",
    "padded",
    "start",
    "step",
    "one_in",
    "gap_free",
    "per_product",
    "per_batch",
    "per_company",
    "period",
)
#: What a number may name a period by.
_PERIOD_PARTS = {
    "day": "%(y)s%(doy)s",
    "month": "%(y)s%(month)s",
    "year": "%(year)s",
}
#: Whole numbers that a user enters, and the most that a column holds.
_COUNT_FIELDS = ("length", "start", "step", "one_in")
_MOST = 2**31 - 1
#: How a period begins in the key of a counter.
_PERIODS = {"day": "%Y-%m-%d", "month": "%Y-%m", "year": "%Y"}


class SerialScheme(models.Model):
    """A way to number units: counting up, or drawn so that nobody can guess.

    Administrators write it; a policy names the scheme of its products. A scheme may
    change while it is in use: what was issued stays issued and is never issued again,
    and the change stands on the ledger.
    """

    _name = "serial.scheme"
    _description = "Numbering Scheme"
    _order = "sequence, name"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", help="Leave empty to share the scheme between companies."
    )
    kind = fields.Selection(
        [("random", "Unpredictable"), ("sequential", "Counting up")],
        default="random",
        required=True,
    )
    form = fields.Selection(
        [
            ("ai21", "GS1 serial, AI 21: up to 20 characters"),
            ("sgtin198", "RFID, SGTIN-198: up to 20 characters"),
            ("sgtin96", "RFID, SGTIN-96: a number below 274,877,906,944"),
            ("plain", "Any, not for GS1 symbols"),
        ],
        default="ai21",
        required=True,
    )
    alphabet = fields.Char(
        default=DIGITS,
        required=True,
        help="The characters that the number is made of, in counting order.",
    )
    without_lookalikes = fields.Boolean(
        "Leave out Lookalikes",
        help="Of characters that people take for each other, such as 0 and O, only "
        "the first is used.",
    )
    # Of the number, not of the field, which is what the linter knows by that name.
    length = fields.Integer(  # pylint: disable=attribute-deprecated
        default=12,
        required=True,
        help="Characters of the number without prefix, suffix and check character.",
    )
    prefix = fields.Char(
        help="Text before the number. It may name %(year)s, %(y)s, %(month)s, %(day)s, "
        "%(doy)s (day of the year), %(woy)s (week) and %(batch)s.",
    )
    suffix = fields.Char(help="Text behind the number, with the same names.")
    check_character = fields.Boolean(
        help="Adds one character by which a typing error shows (ISO/IEC 7064). The "
        "alphabet must have an even number of characters.",
    )
    padded = fields.Boolean(
        "Fixed Length",
        default=True,
        help="Fill up with the alphabet's first character, such as 000042.",
    )
    start = fields.Integer("Start at", default=1)
    step = fields.Integer(default=1)
    gap_free = fields.Boolean(
        help="Leave no number out, also where issuing is broken off. Issues of the "
        "same numbers then wait for each other.",
    )
    per_product = fields.Boolean(
        "Each Product by Itself", default=True, help="Every product counts from start."
    )
    per_batch = fields.Boolean("Each Batch by Itself")
    per_company = fields.Boolean("Each Company by Itself")
    period = fields.Selection(
        [("day", "Day"), ("month", "Month"), ("year", "Year")],
        "Restart Each",
        help="Counts from start again in each period. Name the period in the prefix.",
    )
    one_in = fields.Integer(
        "Guessed at Most Once in",
        default=10_000,
        help="A number that somebody makes up must be one that was issued in fewer "
        "than one of so many cases. No more numbers are issued than that allows.",
    )
    used_alphabet = fields.Char(compute="_compute_rules")
    fault = fields.Char(compute="_compute_rules")
    space = fields.Char("Different Numbers", compute="_compute_rules")
    capacity = fields.Char(
        "May Be Issued",
        compute="_compute_rules",
        help="For each product; where the scheme counts by something else, for each of "
        "that.",
    )
    sample = fields.Char("Looks Like", compute="_compute_rules")
    policy_ids = fields.One2many("serial.policy", "scheme_id", readonly=True)
    issue_ids = fields.One2many("serial.issue", "scheme_id", readonly=True)
    issued_count = fields.Integer("Numbers Issued", compute="_compute_issued_count")

    # ---- Rules ----

    def _get_rules(self):
        """Return the scheme as :class:`..core.numbering.Scheme`."""
        self.ensure_one()
        return numbering.Scheme(
            kind=self.kind or "random",
            form=self.form or "ai21",
            alphabet=self._get_alphabet(),
            length=self.length,
            prefix=self.prefix or "",
            suffix=self.suffix or "",
            check_character=self.check_character,
            padded=self.padded or self.kind == "random",
            start=self.start,
            step=self.step,
            one_in=self.one_in,
        )

    def _get_alphabet(self):
        alphabet = self.alphabet or ""
        if self.without_lookalikes:
            return numbering.without_lookalikes(alphabet)
        return alphabet

    def _get_parts(self, batch, company):
        """Return what prefix and suffix name, today.

        :param batch: a ``serial.batch``, may be empty.
        :param company: whose day it is.
        """
        return numbering.Parts(self._get_today(company), batch.name or "")

    @api.model
    def _get_today(self, company):
        """Return the day where a company is, whoever asks: of one run, some numbers
        are made by its user and others by a scheduled action.
        """
        # Stands in for the right to read one's own company's contact.
        zone = company.sudo().partner_id.tz
        if not zone:
            return fields.Date.context_today(self)
        return local_date(fields.Datetime.now(), zone)

    @api.constrains(*(set(_RULE_FIELDS) - {"gap_free"}))
    def _check_rules(self):
        for scheme in self:
            try:
                rules = scheme._get_rules()
                numbering.check(rules)
                # Numbers may be wrong whose rules are right: a leading zero.
                scheme._get_sample(rules)
            except numbering.NumberingError as error:
                raise ValidationError(scheme._get_message(error)) from error
            scheme._check_scope()

    def _check_scope(self):
        """Refuse a count that restarts without its numbers showing it."""
        if self.kind != "sequential":
            return
        rules = self._get_rules()
        if self.period and not numbering.names_period(rules, self.period):
            raise ValidationError(
                self.env._(
                    "Scheme %(scheme)s restarts each period, so its prefix or suffix "
                    "must name the period, for example by %(parts)s; else numbers "
                    "would come twice.",
                    scheme=self.name,
                    parts=_PERIOD_PARTS[self.period],
                )
            )
        if self.per_batch and not numbering.names_batch(rules):
            raise ValidationError(
                self.env._(
                    "Scheme %(scheme)s counts each batch by itself, so its prefix or "
                    "suffix must name the batch by %(part)s; else numbers would come "
                    "twice.",
                    scheme=self.name,
                    part="%(batch)s",
                )
            )

    @api.depends(*_RULE_FIELDS)
    @api.depends_context("lang", "tz")
    def _compute_rules(self):
        for scheme in self:
            rules = scheme._get_rules()
            scheme.used_alphabet = rules.alphabet
            scheme.fault = scheme.space = scheme.capacity = scheme.sample = False
            try:
                numbering.check(rules)
                sample = scheme._get_sample(rules)
            except numbering.NumberingError as error:
                scheme.fault = scheme._get_message(error)
                continue
            scheme.space = scheme._format_count(numbering.space(rules))
            scheme.capacity = scheme._format_count(numbering.capacity(rules))
            scheme.sample = sample

    def _get_sample(self, rules, parts=None, taken=0):
        """Return three numbers as the scheme makes them, for people to look at.

        :param parts: what prefix and suffix name, of today where it is left out.
        :param taken: how many numbers a count has given so far.
        """
        if not parts:
            batch = "B17" if numbering.names_batch(rules) else ""
            parts = numbering.Parts(
                self._get_today(self.company_id or self.env.company), batch
            )
        if rules.kind == "random":
            count = min(3, numbering.space(rules, parts))
            return "   ".join(numbering.draw(rules, count, parts))
        count = max(0, min(3, numbering.space(rules, parts) - taken))
        values = numbering.values_from(rules, taken, count)
        return "   ".join(numbering.count_up(rules, values, parts))

    @api.model
    def _format_count(self, count):
        """Return a whole number of any size as the user's language writes it."""
        language = self.env["res.lang"]._get_data(code=self.env.lang or "en_US")
        separator = language.thousands_sep or ""
        if count < 10**21:
            return f"{count:,}".replace(",", separator)
        return f"{count:.2e}".replace("e+", "E")

    def _get_message(self, error):
        """Return in the user's language what a :class:`NumberingError` says."""
        what = {"value": error.value, "expected": error.expected}
        scheme = self.name or self.env._("the new scheme")
        sentences = {
            "short_alphabet": self.env._(
                "The alphabet of %(scheme)s needs at least two different characters.",
                scheme=scheme,
            ),
            "double_character": self.env._(
                "The alphabet of %(scheme)s has “%(value)s” twice. Take one away.",
                scheme=scheme,
                **what,
            ),
            "bad_character": self._get_character_message(scheme, error),
            "counting_alphabet": self.env._(
                "%(scheme)s counts up numbers for SGTIN-96, which are whole numbers: "
                "its alphabet must be %(expected)s, and is %(value)s.",
                scheme=scheme,
                **what,
            ),
            "odd_alphabet": self.env._(
                "A check character needs an alphabet with an even number of "
                "characters, and that of %(scheme)s has %(value)s. Take one away.",
                scheme=scheme,
                **what,
            ),
            "length": self.env._(
                "The length of %(scheme)s is %(value)s. Choose one from %(expected)s.",
                scheme=scheme,
                **what,
            ),
            "too_long": self.env._(
                "Numbers of %(scheme)s such as %(value)s are too long: %(expected)s "
                "characters are allowed. Shorten the length, prefix or suffix.",
                scheme=scheme,
                **what,
            ),
            "no_space": self.env._(
                "No number of %(scheme)s fits. An SGTIN-96 holds numbers up to "
                "274,877,906,943 without leading zeros; choose a shorter prefix, a "
                "smaller start, or SGTIN-198.",
                scheme=scheme,
            ),
            "leading_zero": self.env._(
                "SGTIN-96 knows no leading zeros, so %(scheme)s cannot issue "
                "%(value)s. Untick “Fixed Length”, or start higher.",
                scheme=scheme,
                **what,
            ),
            "unknown_part": self.env._(
                "Prefix or suffix of %(scheme)s name “%(value)s”, which is not known. "
                "Known are: %(expected)s.",
                scheme=scheme,
                **what,
            ),
            "limit": self.env._(
                "%(scheme)s must be guessed at most once in 2 or more.", scheme=scheme
            ),
            "start": self.env._(
                "%(scheme)s must start at 0 or more and count by steps of 1 or more.",
                scheme=scheme,
            ),
            "exhausted": self.env._(
                "%(scheme)s has no more numbers. Make its numbers longer.",
                scheme=scheme,
            ),
        }
        return sentences[error.code]

    def _get_character_message(self, scheme, error):
        allowed = {
            "plain": self.env._("printable characters without spaces"),
            "sgtin96": self.env._("digits"),
        }.get(
            self.form,
            self.env._(
                "the characters that GS1 allows: letters A to Z and a to z, digits, "
                "and ! \" % & ' ( ) * + , - . / : ; < = > ? _"
            ),
        )
        return self.env._(
            "“%(character)s” in %(scheme)s is not allowed. Use %(allowed)s.",
            character=error.value,
            scheme=scheme,
            allowed=allowed,
        )

    # ---- What was issued ----

    @api.depends("issue_ids.done_count")
    def _compute_issued_count(self):
        # Stands in for seeing runs of other companies: a shared scheme's count is one.
        counts = dict(
            self.env["serial.issue"]
            .sudo()
            ._read_group(
                [("scheme_id", "in", self.ids)], ["scheme_id"], ["done_count:sum"]
            )
        )
        for scheme in self:
            scheme.issued_count = counts.get(scheme._origin.sudo(False), 0)

    def _get_counter_key(self, product, batch, company):
        """Return by what the count of these goods is told from others'.

        A number that is made up is made up for one product, and may be any that was
        drawn for it: those are counted together, whatever scheme drew them.

        :return: values of ``serial.counter``.
        """
        self.ensure_one()
        drawn = self.kind == "random"
        today = self._get_today(company)
        period = not drawn and self.period
        return {
            "scheme_id": None if drawn else self.id,
            "product_id": product.id if drawn or self.per_product else None,
            "batch_id": batch.id or None if not drawn and self.per_batch else None,
            "company_id": company.id if not drawn and self.per_company else None,
            "period": today.strftime(_PERIODS[period]) if period else None,
            "series": numbering.series(self._get_rules()),
        }

    @api.model_create_multi
    def create(self, vals_list):
        """Refuse numbers that no column holds."""
        for vals in vals_list:
            self._check_counts_fit(vals)
        return super().create(vals_list)

    @api.model
    def _check_counts_fit(self, vals):
        for name in _COUNT_FIELDS:
            value = vals.get(name) or 0
            # Odoo hands large whole numbers over as floats.
            if isinstance(value, (int, float)) and abs(value) > _MOST:
                raise ValidationError(
                    self.env._(
                        "“%(field)s” of a numbering scheme cannot be %(value)s. Enter "
                        "at most %(most)s.",
                        field=self._fields[name]._description_string(self.env),
                        value=self._format_count(int(value)),
                        most=self._format_count(_MOST),
                    )
                )

    def write(self, vals):
        """Tell on the ledger that a scheme from which numbers were issued changes."""
        self._check_counts_fit(vals)
        watched = [name for name in _RULE_FIELDS if name in vals]
        used = self.filtered("issued_count") if watched else self.browse()
        before = {scheme: [scheme[name] for name in watched] for scheme in used}
        result = super().write(vals)
        drafts = []
        for scheme, old in before.items():
            changes = [
                (name, value, scheme[name])
                for name, value in zip(watched, old, strict=True)
                if value != scheme[name]
            ]
            if changes:
                drafts.append(scheme._get_change_draft(changes))
        self.env["serial.event"]._append(drafts)
        return result

    def _get_change_draft(self, changes):
        """Return the event that tells how the scheme changed.

        :param changes: ``[(field name, old value, new value)]``.
        """
        now = fields.Datetime.now()
        company = self.company_id or self.env.company
        return EventDraft(
            {
                "event_type": "change",
                "movement": "scheme",
                "event_time": now,
                "event_time_zone_offset": self.env["serial.movement"]._offset(
                    company.id, now
                ),
                "company_id": company.id,
                "document_model": self._name,
                "document_res_id": self.id,
                "document_name": self.name,
            },
            [
                {
                    "role": "scheme",
                    "field_name": f"scheme.{name}",
                    "old_value": self._get_value_text(name, old),
                    "new_value": self._get_value_text(name, new),
                }
                for name, old, new in changes
            ],
            None,
            False,
        )

    @api.model
    def _get_value_text(self, name, value):
        """Return the value of a field as the ledger has it, None for an empty one."""
        is_empty = value is False and self._fields[name].type != "boolean"
        return None if is_empty else str(value)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        used = self.filtered("issued_count")
        if used:
            raise UserError(
                self.env._(
                    "Numbers were issued by %(schemes)s. Archive it instead: what was "
                    "issued must stay known.",
                    schemes=", ".join(used.mapped("name")),
                )
            )

    def action_open_issues(self):
        """Open the list of the scheme's runs."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Issued by %(scheme)s", scheme=self.name),
            "res_model": "serial.issue",
            "view_mode": "list,form",
            "domain": [("scheme_id", "=", self.id)],
            "context": {"create": False},
        }
