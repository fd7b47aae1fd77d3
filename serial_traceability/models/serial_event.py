from collections import defaultdict, namedtuple
from datetime import datetime, timezone

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..core.epcis.vocabulary import BIZ_STEPS, DISPOSITIONS
from ..core.ledger.entry import FORM_VERSION, record_hash
from ..labels import biz_step_selection, disposition_selection

#: An event that is not written yet: its columns, those of its lines in order, and the
#: partner that has the units afterwards (an id, or None where nobody does or where
#: the event says nothing about it: ``moves`` tells).
EventDraft = namedtuple("EventDraft", ["event", "lines", "custodian", "moves"])


class SerialEvent(models.Model):
    """One thing that happened to serials: what, when, where, why, who, and in which
    document.

    A row is written once, with its lines, in the transaction of the stock move that
    it tells of, and never changes: no group may write or delete it, the ORM refuses,
    and so does PostgreSQL. Nothing that Odoo may merge or delete is referred to by
    key: ``*_res_id`` columns are plain ids, with the text needed to read them later
    beside them. People stand as ids only, never by name.
    """

    _name = "serial.event"
    _description = "Serial Event"
    _inherit = ["serial.event.seal"]
    _order = "event_time desc, id desc"
    _rec_name = "document_name"
    _log_access = False

    event_type = fields.Selection(
        [
            ("ObjectEvent", "Object"),
            ("AggregationEvent", "Aggregation"),
            ("TransactionEvent", "Transaction"),
            ("TransformationEvent", "Transformation"),
            ("AssociationEvent", "Association"),
            ("change", "Correction of a serial"),
        ],
        required=True,
        readonly=True,
    )
    action = fields.Selection(
        [("OBSERVE", "Observe"), ("ADD", "Add"), ("DELETE", "Delete")], readonly=True
    )
    movement = fields.Char(
        readonly=True, help="Line of the table of movements that this event falls under"
    )
    event_time = fields.Datetime(required=True, readonly=True)
    event_time_zone_offset = fields.Char(readonly=True)
    record_time = fields.Datetime(required=True, readonly=True)
    biz_step = fields.Selection(
        biz_step_selection(BIZ_STEPS), "Business Step", readonly=True
    )
    disposition = fields.Selection(disposition_selection(DISPOSITIONS), readonly=True)
    read_point = fields.Char(readonly=True)
    biz_location = fields.Char("Business Location", readonly=True)
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="restrict", index=True
    )
    source_location_res_id = fields.Integer(
        "Source Location ID", aggregator=None, readonly=True
    )
    source_location_name = fields.Char("From", readonly=True)
    source_usage = fields.Char(readonly=True)
    destination_location_res_id = fields.Integer(
        "Destination ID", aggregator=None, readonly=True
    )
    destination_location_name = fields.Char("To", readonly=True)
    destination_usage = fields.Char(readonly=True)
    partner_res_id = fields.Integer("Partner ID", aggregator=None, readonly=True)
    owner_res_id = fields.Integer("Owner ID", aggregator=None, readonly=True)
    user_res_id = fields.Integer("User ID", aggregator=None, readonly=True)
    document_model = fields.Char(readonly=True)
    document_res_id = fields.Integer("Document ID", aggregator=None, readonly=True)
    document_name = fields.Char("Document", readonly=True)
    origin = fields.Char("Source Document", readonly=True)
    package_res_id = fields.Integer("Package ID", aggregator=None, readonly=True)
    package_name = fields.Char("Package", readonly=True)
    parent_epc = fields.Char("Parent EPC", readonly=True)
    corrects_event_id = fields.Many2one(
        "serial.event", readonly=True, ondelete="restrict", index="btree_not_null"
    )
    error_reason = fields.Char(readonly=True)
    reason = fields.Text(readonly=True)
    unit_count = fields.Integer("Units", readonly=True)
    imported = fields.Boolean(
        readonly=True,
        help="Written from the past of the database, not witnessed when it happened",
    )
    form_version = fields.Integer(aggregator=None, required=True, readonly=True)
    event_hash = fields.Char("CBV Event Hash", readonly=True)
    record_hash = fields.Char(required=True, readonly=True)

    line_ids = fields.One2many("serial.event.line", "event_id", readonly=True)

    title = fields.Char("What Happened", compute="_compute_title")
    partner_id = fields.Many2one(
        "res.partner", compute="_compute_records", compute_sudo=False
    )
    user_id = fields.Many2one(
        "res.users", "By", compute="_compute_records", compute_sudo=False
    )

    _document_idx = models.Index("(document_res_id, document_model)")
    _event_time_idx = models.Index("(company_id, event_time, id)")
    _partner_idx = models.Index("(partner_res_id) WHERE partner_res_id IS NOT NULL")

    # ---- Writing ----

    @api.model
    def _append(self, drafts):
        """Write events with their lines, and what they make of each serial.

        Three statements for the rows and one for the serials, whatever the number
        of events and units.

        :param drafts: list of :class:`EventDraft`; columns that this method knows
            (ids, record time, form, hash) are left out.
        :return: the events' ids, in the order of ``drafts``.
        """
        if not drafts:
            return []
        ids = self._next_ids(len(drafts))
        self._write_rows(ids, drafts)
        # What is told of the past says nothing about now: see serial.history.import.
        self.env["stock.lot"]._apply_events(
            [
                (event_id, draft)
                for event_id, draft in zip(ids, drafts, strict=True)
                if not draft.event.get("imported")
            ]
        )
        return ids

    @api.model
    def _write_rows(self, ids, drafts):
        """Write events under ids of :meth:`_next_ids`, with their lines; the serials'
        state is the caller's.
        """
        events, lines = [], []
        for event_id, draft in zip(ids, drafts, strict=True):
            events.append(self._complete(event_id, draft))
            lines += [{"event_id": event_id, **line} for line in draft.lines]
        self._insert_rows(events)
        self.env["serial.event.line"]._insert_rows(lines)

    @api.model
    def _next_ids(self, count):
        """Take ``count`` ids: an entry's hash covers its id."""
        rows = self.env.execute_query(
            SQL(
                "SELECT nextval(%s) FROM generate_series(1, %s)",
                f"{self._table}_id_seq",
                count,
            )
        )
        return sorted(row[0] for row in rows)

    @api.model
    def _complete(self, event_id, draft):
        """Return all columns of an event, numbering its lines and sealing both."""
        for sequence, line in enumerate(draft.lines, 1):
            line["sequence"] = sequence
        imported = draft.event.get("imported", False)
        event = {
            **draft.event,
            "id": event_id,
            "record_time": self._get_record_time(),
            "user_res_id": None if imported else self.env.uid,
            "unit_count": len(draft.lines),
            "form_version": FORM_VERSION,
            "imported": imported,
        }
        event["record_hash"] = record_hash(event, draft.lines)
        return event

    @api.model
    def _get_record_time(self):
        """Return the time of writing, in UTC, naive.

        Not the cursor's ``now``: that is when the transaction began, and a move that
        took a while is dated after it.
        """
        return datetime.now(timezone.utc).replace(tzinfo=None)

    # ---- Reading ----

    def _compute_records(self):
        """Find the people an event names by id, as far as they still exist."""
        survivors = self.env["serial.party.alias"]._get_survivors(
            set(self.mapped("partner_res_id")) - {0}
        )
        partners = self.env["res.partner"].browse(survivors.values()).exists()
        users = self.env["res.users"].browse(set(self.mapped("user_res_id")) - {0})
        users = users.exists()
        for event in self:
            partner_id = survivors.get(event.partner_res_id, ())
            event.partner_id = partners & partners.browse(partner_id)
            event.user_id = users & users.browse(event.user_res_id or ())

    @api.depends_context("lang")
    def _compute_title(self):
        timeline = self.env["serial.timeline"]
        names = timeline._get_partner_names(self)
        for event in self:
            event.title = timeline._get_event_title(event, names)

    @api.depends_context("lang")
    def _compute_display_name(self):
        for event in self:
            event.display_name = event.document_name or event.title

    def _recompute_hashes(self):
        """Return ``{event id: record hash}`` as the rows stand in the database now.

        An event whose ``record_hash`` differs has been tampered with.
        """
        self.env.cr.execute(
            SQL("SELECT * FROM serial_event WHERE id IN %s", tuple(self.ids or [0]))
        )
        events = self.env.cr.dictfetchall()
        self.env.cr.execute(
            SQL(
                "SELECT * FROM serial_event_line WHERE event_id IN %s "
                "ORDER BY event_id, sequence",
                tuple(self.ids or [0]),
            )
        )
        lines = defaultdict(list)
        for line in self.env.cr.dictfetchall():
            lines[line["event_id"]].append(line)
        return {row["id"]: record_hash(row, lines[row["id"]]) for row in events}

    def action_open_document(self):
        """Open the document in whose course the event happened."""
        self.ensure_one()
        document = self._get_document()
        if not document:
            raise UserError(
                self.env._(
                    "Document %(name)s of this event no longer exists.",
                    name=self.document_name or "",
                )
            )
        return {
            "type": "ir.actions.act_window",
            "res_model": document._name,
            "res_id": document.id,
            "views": [(False, "form")],
        }

    def _get_document(self):
        """Return the event's document, an empty recordset where it is gone."""
        if not self.document_model or self.document_model not in self.env:
            return self.env["base"]
        return self.env[self.document_model].browse(self.document_res_id).exists()
