from odoo import api, models
from odoo.fields import Datetime
from odoo.tools import format_datetime

#: Units that are listed; the workbook of the recall has them all.
_LISTED = 500


class ReportSerialRecall(models.AbstractModel):
    """The closing report of a recall: what it was about, what was done when, how far
    it got, what is left, and who approved its end. Prints what the user may read.
    """

    _name = "report.serial_traceability.report_serial_recall"
    _description = "Closing Report of a Recall"

    @api.model
    def _get_report_values(self, docids, data=None):
        recalls = self.env["serial.recall"].browse(docids)
        recalls.check_access("read")
        return {
            "doc_ids": recalls.ids,
            "doc_model": recalls._name,
            "docs": recalls,
            "scopes": {recall: self._get_scopes(recall) for recall in recalls},
            "numbers": {recall: self._get_numbers(recall) for recall in recalls},
            "timeline": {recall: self._get_timeline(recall) for recall in recalls},
            "left": {recall: self._get_left(recall) for recall in recalls},
            "listed": _LISTED,
            "printed_at": format_datetime(self.env, Datetime.now()),
        }

    @api.model
    def _get_scopes(self, recall):
        """Return each rule of the scope as ``[(criterion, what it asks for)]``."""
        return [
            [
                (scope._fields[name]._description_string(self.env), text)
                for name, text in scope._get_criteria_texts()
            ]
            for scope in recall.scope_ids
        ]

    @api.model
    def _get_numbers(self, recall):
        """Return tables of units by place, answer and outcome, of notices by state, and
        of calls by outcome: ``[(title, [(label, number)])]``.
        """
        units, mine = "serial.recall.unit", [("recall_id", "=", recall.id)]
        told = [*mine, ("notice_id", "!=", False)]
        tables = [
            (self.env._("Where the units are"), units, "place", "quantity:sum", mine),
            (self.env._("What customers said"), units, "answer", "quantity:sum", told),
            (self.env._("What became of units"), units, "outcome", "__count", mine),
            (
                self.env._("Notices"),
                "serial.recall.notice",
                "state",
                "__count",
                mine,
            ),
            (
                self.env._("Customers called"),
                "serial.recall.check",
                "outcome",
                "__count",
                mine,
            ),
        ]
        return [
            (title, self._count(model, field, measure, domain))
            for title, model, field, measure, domain in tables
        ]

    @api.model
    def _count(self, model, field, measure, domain):
        records = self.env[model]
        labels = dict(records._fields[field]._description_selection(self.env))
        return [
            (labels.get(value) or self.env._("None"), f"{number or 0:g}")
            for value, number in records._read_group(domain, [field], [measure])
            if number
        ]

    @api.model
    def _get_timeline(self, recall):
        """Return what the ledger says of the case, oldest first."""
        return [
            {
                "time": format_datetime(self.env, event.event_time),
                "title": event.title,
                "document": event.document_name,
                "user": event.user_id.display_name or "",
                "hash": event.record_hash[:12],
            }
            for event in recall._get_events()
        ]

    @api.model
    def _get_left(self, recall):
        """Return the units that are not accounted for, the first of them."""
        units = self.env["serial.recall.unit"]
        return units.search(recall._get_open_domain(), limit=_LISTED)
