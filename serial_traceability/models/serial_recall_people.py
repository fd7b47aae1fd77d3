from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from .serial_recall import SerialRecall

#: Where a unit is accounted for without anything further being said of it.
ACCOUNTED_PLACES = ("on_hand", "reserved", "scrapped", "supplier")
#: What counts as recovered.
RECOVERED = ("returned", "destroyed", "corrected", "refunded")
_COUNTS = ("total", "found", "out", "contacted", "answered", "recovered", "open")


class SerialRecallPeople(models.Model):
    """What a recall does towards people: notices, reminders, checks, approvals, and
    how well it works.
    """

    _inherit = "serial.recall"
    _beginning = SerialRecall._beginning | {"staff_told_time": False}

    instruction = fields.Text(
        "What to Do",
        translate=True,
        help="What customers are asked to do; stands in the notice.",
    )
    reminder_days = fields.Integer(
        "Remind After",
        default=7,
        help="Days after which a customer who has not answered is reminded; 0 for "
        "never.",
    )
    reminder_limit = fields.Integer("Reminders at Most", default=2)
    staff_told_time = fields.Datetime("Staff Told", readonly=True, copy=False)
    sample_ids = fields.One2many("serial.recall.sample", "recall_id", readonly=True)
    check_ids = fields.One2many("serial.recall.check", "recall_id")
    approval_ids = fields.One2many("serial.recall.approval", "recall_id", readonly=True)
    notice_count = fields.Integer("Notices", compute="_compute_notice_counts")
    unreachable_count = fields.Integer(compute="_compute_notice_counts")
    letter_count = fields.Integer("Letters Due", compute="_compute_notice_counts")
    unnamed_count = fields.Integer(
        "Delivered to Nobody Known", compute="_compute_notice_counts"
    )
    total_quantity = fields.Float("All Units", compute="_compute_effect")
    found_quantity = fields.Float("Found", compute="_compute_effect")
    out_quantity = fields.Float("With Customers", compute="_compute_effect")
    contacted_quantity = fields.Float("Contacted", compute="_compute_effect")
    answered_quantity = fields.Float("Answered", compute="_compute_effect")
    recovered_quantity = fields.Float("Recovered", compute="_compute_effect")
    open_quantity = fields.Float("Not Accounted For", compute="_compute_effect")
    found_percent = fields.Float(compute="_compute_effect")
    contacted_percent = fields.Float(compute="_compute_effect")
    answered_percent = fields.Float(compute="_compute_effect")
    recovered_percent = fields.Float(compute="_compute_effect")
    check_count = fields.Integer("Checks", compute="_compute_checks")
    called_count = fields.Integer("Called", compute="_compute_checks")
    acted_percent = fields.Float("Acted", compute="_compute_checks")

    # ---- How well it works ----

    @api.depends("unit_ids")
    def _compute_effect(self):
        counts = self._count_effect()
        for recall in self:
            values = counts.get(recall._origin.id, dict.fromkeys(_COUNTS, 0))
            for name in _COUNTS:
                recall[f"{name}_quantity"] = values[name]
            whole, out = values["total"], values["out"]
            recall.found_percent = _percent(values["found"], whole)
            for name in ("contacted", "answered", "recovered"):
                recall[f"{name}_percent"] = _percent(values[name], out)

    def _count_effect(self):
        """Return ``{recall id: {name of _COUNTS: quantity}}``. One query.

        Contacted, answered and recovered are of the units that had reached customers.
        """
        self.env["serial.recall.unit"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT recall_id, sum(quantity),
                    sum(quantity) FILTER (WHERE place <> 'unknown'),
                    sum(given) FILTER (WHERE is_out),
                    sum(given) FILTER (WHERE is_out
                        -- Who answers was told, even where the mail came back.
                        AND (told_time IS NOT NULL OR answer IS NOT NULL)),
                    sum(given) FILTER (WHERE is_out AND answer IS NOT NULL),
                    sum(CASE WHEN outcome IN %(recovered)s THEN given ELSE back END)
                        FILTER (WHERE is_out),
                    sum(quantity) FILTER (WHERE outcome IS NULL
                        AND place NOT IN %(accounted)s)
                FROM (SELECT *, place = 'delivered' OR notice_id IS NOT NULL AS is_out,
                    COALESCE(returned_quantity, 0) AS back,
                    quantity + COALESCE(returned_quantity, 0) AS given
                    FROM serial_recall_unit WHERE recall_id = ANY(%(recalls)s)) unit
                GROUP BY recall_id
                """,
                recovered=RECOVERED,
                accounted=ACCOUNTED_PLACES,
                recalls=list(self.ids),
            )
        )
        return {
            recall_id: dict(zip(_COUNTS, (n or 0 for n in numbers), strict=True))
            for recall_id, *numbers in rows
        }

    @api.depends("check_ids.outcome")
    def _compute_checks(self):
        groups = self.env["serial.recall.check"]._read_group(
            [("recall_id", "in", self.ids)], ["recall_id", "outcome"], ["__count"]
        )
        counts = {(recall.id, outcome): count for recall, outcome, count in groups}
        for recall in self:
            of_recall = {
                outcome: count
                for (recall_id, outcome), count in counts.items()
                if recall_id == recall._origin.id
            }
            recall.check_count = sum(of_recall.values())
            recall.called_count = recall.check_count - of_recall.get("open", 0)
            recall.acted_percent = _percent(
                of_recall.get("acted", 0), recall.called_count
            )

    @api.depends("notice_ids.state", "notice_ids.channel")
    def _compute_notice_counts(self):
        notices = self.env["serial.recall.notice"]
        groups = notices._read_group(
            [("recall_id", "in", self.ids)], ["recall_id", "state"], ["__count"]
        )
        letters = dict(
            notices._read_group(
                [
                    ("recall_id", "in", self.ids),
                    ("channel", "=", "letter"),
                    ("mailing_ids.state", "=", "due"),
                ],
                ["recall_id"],
                ["__count"],
            )
        )
        unnamed = dict(
            self.env["serial.recall.unit"]._read_group(
                [
                    ("recall_id", "in", self.ids),
                    ("place", "=", "delivered"),
                    ("partner_id", "=", False),
                ],
                ["recall_id"],
                ["__count"],
            )
        )
        for recall in self:
            of_recall = [group for group in groups if group[0] == recall._origin]
            recall.notice_count = sum(count for *_key, count in of_recall)
            recall.unreachable_count = sum(
                count for _recall, state, count in of_recall if state == "unreachable"
            )
            recall.letter_count = letters.get(recall._origin, 0)
            recall.unnamed_count = unnamed.get(recall._origin, 0)

    def _after_step(self):
        """Tell people, once the recall has begun."""
        result = super()._after_step()
        if self.state == "recalling":
            self.env["serial.recall.notifier"]._prepare(self)
        elif self.state == "cancelled":
            self.env["serial.recall.notifier"]._withdraw(self)
        return result

    # ---- What users do ----

    def action_remind(self):
        """Remind all customers who were told and are silent, now.

        :raises AccessError: where the user is not a quality manager.
        """
        notifier = self.env["serial.recall.notifier"]
        notifier._check_manager()
        self.check_access("write")
        for recall in self:
            notifier._remind(recall)

    def action_close(self):
        """Open the approval of closing; with the second person's, the recall closes.

        :raises AccessError: where the user is not a quality manager.
        :raises UserError: where the recall is not running.
        """
        self.env["serial.recall.closer"]._check_closable(self)
        return self._open_dialog("serial.recall.closing", self.env._("Close"))

    def action_draw_sample(self):
        """Open the dialog to draw customers who are called.

        :raises AccessError: where the user is not a quality manager.
        """
        return self._open_dialog("serial.recall.sampling", self.env._("Draw a Sample"))

    def _open_dialog(self, model, name):
        self.ensure_one()
        self.env["serial.recall.notifier"]._check_manager()
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": model,
            "view_mode": "form",
            "target": "new",
            "context": {"default_recall_id": self.id},
        }

    def action_print_letters(self):
        """Return all letters of the recall that are due as one document.

        :raises AccessError: where the user is not a quality manager.
        :raises UserError: where none is due.
        """
        self.ensure_one()
        return self.notice_ids.action_print_letters()

    def action_quarantine(self):
        """Create the transfers that bring units in stock to quarantine; open them.

        :raises AccessError: where the user is not a quality manager.
        :raises UserError: where there is no quarantine, or nothing to bring there.
        """
        self.ensure_one()
        self.env["serial.recall.notifier"]._check_manager()
        pickings = self.env["serial.recall.collector"]._quarantine(self.unit_ids)
        return self._open("stock.picking", self.env._("To Quarantine"), pickings.ids)

    def _open(self, model, name, ids=None, **values):
        """Return what opens the records of a model that belong to this recall."""
        domain = [("recall_id", "=", self.id)] if ids is None else [("id", "in", ids)]
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": model,
            "view_mode": "list,form",
            "domain": domain,
            **values,
        }

    def action_open_notices(self):
        """Open the recall's notices."""
        return self._open(
            "serial.recall.notice", self.env._("Notices"), view_mode="list,kanban,form"
        )

    def action_open_checks(self):
        """Open the calls of the recall's samples."""
        return self._open("serial.recall.check", self.env._("Effectiveness Checks"))

    def action_open_returns(self):
        """Open the transfers with which units came back."""
        pickings = self.unit_ids.return_picking_id
        return self._open("stock.picking", self.env._("Returns"), pickings.ids)

    def action_open_progress(self):
        """Open the chart of how far the recall got, over time."""
        return self._open(
            "serial.recall.progress",
            self.env._("Progress"),
            view_mode="graph,pivot,list",
        )

    def action_open_report(self):
        """Return the recall's report: as PDF, or as a page where no program that makes
        PDFs is installed.
        """
        self.ensure_one()
        self.check_access("read")
        report = self.env.ref("serial_traceability.action_report_serial_recall")
        if report.get_wkhtmltopdf_state() in ("ok", "upgrade", "workers"):
            return report.report_action(self)
        return {
            "type": "ir.actions.act_url",
            "url": f"/report/html/{report.report_name}/{self.id}",
            "target": "new",
        }

    def _get_open_domain(self):
        """Return the domain of the units that are not accounted for."""
        return [
            ("recall_id", "in", self.ids),
            ("outcome", "=", False),
            ("place", "not in", ACCOUNTED_PLACES),
            ("quantity", ">", 0),
        ]

    def action_open_unaccounted(self):
        """Open the units that are not accounted for."""
        return self._open(
            "serial.recall.unit",
            self.env._("Not Accounted For"),
            domain=self._get_open_domain(),
        )

    def action_open_events(self):
        """Open what the recall did on the ledger."""
        return self._open("serial.event", self.env._("Ledger"), self._get_events().ids)

    def _get_events(self):
        """Return the events of the case: those that name it as their document, the
        returns under it, and the ends of serials that name it as their reason.
        """
        returns = self.unit_ids.return_picking_id
        domain = Domain("document_model", "=", self._name) & Domain(
            "document_res_id", "in", self.ids
        )
        domain |= Domain("document_model", "=", "stock.picking") & Domain(
            "document_res_id", "in", returns.ids
        )
        destroyed = self.unit_ids.filtered(lambda unit: unit.outcome == "destroyed")
        if destroyed:
            domain |= Domain("movement", "=", "destroy") & Domain(
                "line_ids.lot_id", "in", destroyed.lot_id.ids
            )
        return self.env["serial.event"].search(domain, order="event_time, id")


def _percent(part, whole):
    return 100 * part / whole if whole else 0
