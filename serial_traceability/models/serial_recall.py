from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from .serial_event import EventDraft
from .serial_recall_preview import LIVE

#: The states that each step may begin from.
_BEFORE = {
    "stop_ship": ("draft",),
    "recalling": ("stop_ship",),
    "closed": ("stop_ship", "recalling"),
    "cancelled": ("draft", "stop_ship", "recalling"),
}
#: When each step was taken.
_TIMES = {
    "stop_ship": "stop_ship_time",
    "recalling": "recalling_time",
    "closed": "closed_time",
    "cancelled": "cancelled_time",
}
#: What nobody changes once units are held for it.
_ASKED_FIELDS = frozenset({"kind", "hold_reason_id", "company_id"})


class SerialRecall(models.Model):
    """A recall case: why, which units, and how far it is.

    Drafted, it says by its scope which units it is about. Stop-ship holds them where
    they are and every one that comes later; recalling tells their holders and collects
    them; closing ends it with a report. Cancelling releases what it held. A mock recall
    goes the same way, holds nothing and tells nobody. Quality managers run it; nobody
    deletes one that was begun.
    """

    _name = "serial.recall"
    _description = "Recall"
    _inherit = [
        "serial.recall.preview",
        "serial.steps",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _order = "id desc"
    _check_company_auto = True

    _beginning = {
        "name": "/",
        "state": "draft",
        "stop_ship_time": False,
        "stop_ship_by_id": False,
        "locked_time": False,
        "recalling_time": False,
        "closed_time": False,
        "cancelled_time": False,
        "cancel_reason": False,
    }

    name = fields.Char("Number", readonly=True, copy=False, default="/", index=True)
    title = fields.Char(required=True, tracking=True)
    kind = fields.Selection(
        [
            ("recall", "Recall"),
            ("withdrawal", "Withdrawal"),
            ("stop_ship", "Stop-Ship"),
            ("mock", "Mock Recall"),
        ],
        required=True,
        default="recall",
        tracking=True,
        help="A mock recall finds units and their holders; it holds and tells nothing.",
    )
    recall_class = fields.Selection(
        [("1", "Class I"), ("2", "Class II"), ("3", "Class III")],
        "Class",
        tracking=True,
        help="I: serious harm is likely. II: it may be, or passes. III: hardly any.",
    )
    hazard = fields.Text(help="What may happen to whom.")
    root_cause = fields.Text(tracking=True)
    authority_reference = fields.Char(tracking=True)
    hold_reason_id = fields.Many2one(
        "serial.hold.reason",
        required=True,
        ondelete="restrict",
        default=lambda self: self.env.ref(
            "serial_traceability.hold_reason_recall", raise_if_not_found=False
        ),
        help="What its holds say, and what units on hold may still do.",
    )
    user_id = fields.Many2one(
        "res.users",
        "Responsible",
        default=lambda self: self.env.user,
        tracking=True,
        ondelete="set null",
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        ondelete="restrict",
        default=lambda self: self.env.company,
    )
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("stop_ship", "Stop-Ship"),
            ("recalling", "Recalling"),
            ("closed", "Closed"),
            ("cancelled", "Cancelled"),
        ],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
        group_expand=True,
    )
    stop_ship_time = fields.Datetime("Stopped", readonly=True, copy=False)
    stop_ship_by_id = fields.Many2one(
        "res.users", "Stopped By", readonly=True, copy=False, ondelete="set null"
    )
    locked_time = fields.Datetime(
        "All Held",
        readonly=True,
        copy=False,
        help="Since when a hold stands on every unit that matched at stop-ship.",
    )
    recalling_time = fields.Datetime("Recall Began", readonly=True, copy=False)
    closed_time = fields.Datetime("Closed", readonly=True, copy=False)
    cancelled_time = fields.Datetime("Cancelled", readonly=True, copy=False)
    cancel_reason = fields.Text("Why Cancelled", readonly=True, copy=False)
    scope_ids = fields.One2many("serial.recall.scope", "recall_id", copy=True)
    hold_ids = fields.One2many("serial.hold", "recall_id", readonly=True)
    unit_ids = fields.One2many("serial.recall.unit", "recall_id", readonly=True)
    notice_ids = fields.One2many("serial.recall.notice", "recall_id", readonly=True)
    run_ids = fields.One2many("serial.recall.run", "recall_id", readonly=True)

    @api.depends("name", "title")
    def _compute_display_name(self):
        for recall in self:
            number = recall.name if recall.name != "/" else ""
            recall.display_name = " ".join(filter(None, (number, recall.title)))

    # ---- Steps ----

    def action_stop_ship(self):
        """Hold every unit that the scope is about, and each that comes later; of a mock
        recall, only find them.

        From the moment it is done the scope itself refuses; holds follow at once, of
        many units in the background.

        :raises AccessError: where the user is not a quality manager.
        :raises UserError: where the scope is empty, or fits nothing or everything: see
            :meth:`action_stop_ship_anyway`.
        """
        self._check_quality_manager()
        for recall in self:
            recall.scope_ids._check_usable()
            recall._check_extent()
            recall._stop_ship()
        return True

    def action_stop_ship_anyway(self):
        """Do :meth:`action_stop_ship` also where the scope fits no unit yet, or all."""
        self._check_quality_manager()
        for recall in self:
            recall.scope_ids._check_usable()
            recall._stop_ship()
        return True

    def _stop_ship(self):
        self._check_scope_there()
        self._advance("stop_ship", stop_ship_by_id=self.env.uid)
        self.env["serial.recall.locker"]._begin(self)

    def action_recall(self):
        """Begin to tell holders and to collect.

        :raises AccessError: where the user is not a quality manager.
        :raises UserError: where the recall is not in stop-ship.
        """
        self._check_quality_manager()
        for recall in self:
            recall._advance("recalling")
        return True

    def action_cancel(self, reason=None):
        """End the case as one that should not be, and release what it held.

        :param reason: why, as text; asked for in a dialog where it is left out.
        :raises AccessError: where the user is not a quality manager.
        :raises UserError: where the recall is over, the reason is empty, or its holds
            have to be released by another than who stopped the units.
        """
        self._check_quality_manager()
        if reason is None:
            return self._open_cancelling()
        self.env["serial.change"]._check_texts([reason])
        if not (reason or "").strip():
            raise UserError(
                self.env._("Say why it is cancelled: the reason stays with the case.")
            )
        for recall in self:
            recall._check_four_eyes()
            recall._advance("cancelled", reason=reason, cancel_reason=reason)
            # Stands in for lifting holds on units of a shared serial, which the step
            # does for whoever may take it.
            holds = recall.sudo().hold_ids.filtered(lambda hold: hold.state == "open")
            holds._check_four_eyes()
            if holds:
                self.env["serial.lock"].sudo()._lift(holds, reason)
            # A job may be about to hold more: it looks again afterwards.
            self.env["serial.recall.locker"]._trigger()
        return True

    def _open_cancelling(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Cancel Recall"),
            "res_model": "serial.recall.cancelling",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_recall_ids": self.ids},
        }

    def _advance(self, state, reason=None, **values):
        """Take a step: note it, number the case, tell the ledger.

        :param state: the state that is reached.
        :param reason: why, as text.
        :param values: more that is noted.
        """
        self.ensure_one()
        self._lock_row()
        if self.state not in _BEFORE[state]:
            self._refuse_step(state)
        before = self.state
        if self.name == "/":
            values["name"] = self._get_next_number()
        self._note({"state": state, _TIMES[state]: fields.Datetime.now(), **values})
        self._tell_step(before, reason)
        self._after_step()

    def _after_step(self):
        """Do what belongs to the state that was reached now."""

    def _lock_row(self):
        """Wait for who takes a step of the same case now, and look again."""
        self.flush_recordset()
        self.env.cr.execute(
            SQL("SELECT 1 FROM serial_recall WHERE id = %s FOR NO KEY UPDATE", self.id)
        )
        self.invalidate_recordset(["state", "name"])

    def _refuse_step(self, state):
        states = dict(self._fields["state"]._description_selection(self.env))
        raise UserError(
            self.env._(
                "%(recall)s is in state “%(state)s” and cannot go to “%(next)s” from "
                "there.",
                recall=self.display_name,
                state=states[self.state],
                next=states[state],
            )
        )

    @api.model
    def _check_quality_manager(self):
        # A public method is reachable by RPC, whatever the screens show.
        if not self.env.su and not self.env.user.has_group(
            "serial_traceability.group_serial_quality_manager"
        ):
            raise AccessError(
                self.env._("Only a quality manager may run a recall. Ask one to do it.")
            )

    def _check_four_eyes(self):
        if (
            self.hold_reason_id.four_eyes
            and self.stop_ship_by_id == self.env.user
            and self.kind != "mock"
        ):
            raise UserError(
                self.env._(
                    "You stopped the units of %(recall)s, and holds for “%(reason)s” "
                    "are released by another person. Ask another quality manager to "
                    "cancel it.",
                    recall=self.display_name,
                    reason=self.hold_reason_id.name,
                )
            )

    def _get_next_number(self):
        """Return the next number of the case's company, without gaps."""
        # Stands in for using the sequence, which is the step's own.
        sequences = self.env["ir.sequence"].sudo()
        domain = [("code", "=", self._name), ("company_id", "=", self.company_id.id)]
        sequence = sequences.search(domain, limit=1) or sequences.create(
            {
                "name": self.env._(
                    "Recalls of %(company)s", company=self.company_id.name
                ),
                "code": self._name,
                "implementation": "no_gap",
                "prefix": "RC/%(year)s/",
                "padding": 4,
                "company_id": self.company_id.id,
            }
        )
        return sequence.next_by_id()

    # ---- The ledger ----

    def _tell_step(self, before, reason):
        """Write on the ledger that the case went from one state to another."""
        self._tell([("state", before, self.state)], reason)

    def _tell(self, changes, reason=None):
        """Write on the ledger what changed of the case: an event without units.

        :param changes: ``[(field name, old value, new value)]``, values as text.
        """
        now = fields.Datetime.now()
        company = self.company_id
        event = {
            "event_type": "change",
            "movement": "recall",
            "event_time": now,
            "event_time_zone_offset": self.env["serial.movement"]._offset(
                company.id, now
            ),
            "company_id": company.id,
            "document_model": self._name,
            "document_res_id": self.id,
            "document_name": self.name,
            "reason": reason,
        }
        lines = [
            {
                "role": "recall",
                "field_name": f"recall.{name}",
                "old_value": old or None,
                "new_value": new or None,
            }
            for name, old, new in changes
        ]
        self.env["serial.event"]._append([EventDraft(event, lines, None, False)])

    def _tell_caught(self, lot_ids):
        """Say on the case that units came that fall under it."""
        lots = self.env["stock.lot"].browse(lot_ids[:5])
        self.message_post(
            body=self.env._(
                "%(count)s more units came under the recall and are held: %(serials)s",
                count=len(lot_ids),
                serials=", ".join(lots.mapped("name") + ["…"] * (len(lot_ids) > 5)),
            )
        )

    # ---- What is live ----

    @api.model
    def _get_live_scopes(self):
        """Return the rules of all live recalls, of whatever company: those that refuse
        and hold. One query; none of them in most databases.
        """
        # Stands in for reading recalls of a company that the user cannot see: a unit
        # that is dangerous is so for all.
        scopes = self.env["serial.recall.scope"].sudo()
        return scopes.search(
            [("recall_id.state", "in", LIVE), ("recall_id.kind", "!=", "mock")]
        )

    @api.model
    def _find_matching(self, lot_ids):
        """Return which of some lots a live recall is about whose hold does not stand on
        them yet.

        What a recall held and released again is free: it is known to the case.

        :return: ``{lot id: recall id}``.
        """
        return self.env["serial.recall.finder"]._find_new(lot_ids)

    # ---- Writing ----

    def write(self, vals):
        """Refuse to change what holds were placed for."""
        if not _ASKED_FIELDS.isdisjoint(vals):
            for recall in self.filtered(lambda each: each.state != "draft"):
                raise UserError(
                    self.env._(
                        "%(recall)s has begun: its kind, hold reason and company "
                        "stay. Draft another case.",
                        recall=recall.display_name,
                    )
                )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_drafts_only(self):
        for recall in self.filtered(lambda each: each.state != "draft"):
            raise UserError(
                self.env._(
                    "%(recall)s has begun and stays in the records. Cancel it instead.",
                    recall=recall.display_name,
                )
            )
