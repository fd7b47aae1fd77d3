import json

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

from ..const import CHANGE_REASON, Document
from ..core import identity
from ..core.epc import sgtin
from ..core.epcis.vocabulary import DISPOSITIONS
from ..core.movement import HELD
from ..labels import disposition_selection
from .serial_label import symbol_url

#: Fields of a serial that may not change unseen once it has history.
_SEALED_FIELDS = (
    "name",
    "ref",
    "batch_id",
    "production_date",
    "expiration_date",
    "use_date",
    "removal_date",
    "alert_date",
)
#: Fields that follow the ledger and that nothing else may write.
_STATE_FIELDS = (
    "disposition",
    "custodian_res_id",
    "custodian_id",
    "last_event_id",
    "retired",
    "is_locked",
)
#: By which a recall may be about a serial, besides what moves it.
_RECALLED_FIELDS = frozenset(
    {"name", "batch_id", "production_date", "product_id", "company_id"}
)
#: SQL: whether ``state`` comes after the serial's last event, or is its first.
_IS_NEWEST = SQL(
    "(last.id IS NULL OR (last.event_time, last.id) "
    "< (state.event_time, state.event_id))"
)
#: What the guard of ``serial.duplicate`` holds unique.
_GUARDED_FIELDS = frozenset({"name", "product_id", "company_id"})


class StockLot(models.Model):
    """A serial, where its product is tracked by unique serial number; else a lot.

    Disposition, custodian and last event follow the ledger and are written by it
    alone, for serials only. They are company-dependent: each company sees of a shared
    serial what its own events say.
    """

    _name = "stock.lot"
    _inherit = ["stock.lot", "serial.holdable"]

    tracking = fields.Selection(related="product_id.tracking")
    batch_id = fields.Many2one(
        "serial.batch",
        index="btree_not_null",
        check_company=True,
        ondelete="restrict",
        domain="[('product_id', '=', product_id)]",
    )
    disposition = fields.Selection(
        disposition_selection(DISPOSITIONS),
        company_dependent=True,
        index=False,
        readonly=True,
    )
    # A plain id, as events have it: of a company-dependent many2one Odoo rewrites every
    # row of the table whenever two contacts are merged, whoever they are.
    custodian_res_id = fields.Integer(
        "Custodian ID",
        company_dependent=True,
        index=False,
        readonly=True,
        aggregator=None,
    )
    custodian_id = fields.Many2one(
        "res.partner",
        compute="_compute_custodian",
        search="_search_custodian",
        help="Who has the unit, as far as this company's events tell.",
    )
    last_event_id = fields.Many2one(
        "serial.event",
        company_dependent=True,
        index=False,
        readonly=True,
        groups="serial_traceability.group_serial_reader",
    )
    retired = fields.Boolean(
        "Out of Use for Good",
        readonly=True,
        copy=False,
        help="The number was taken out of use, or the unit was destroyed. For every "
        "company that shares the serial.",
    )
    is_locked = fields.Boolean(
        "Locked",
        readonly=True,
        copy=False,
        help="A hold stands on it: it may not leave.",
    )
    hold_ids = fields.One2many(
        "serial.hold",
        "lot_id",
        readonly=True,
        groups="serial_traceability.group_serial_reader",
    )
    event_line_ids = fields.One2many(
        "serial.event.line",
        "lot_id",
        readonly=True,
        groups="serial_traceability.group_serial_reader",
    )
    issued_number_ids = fields.One2many(
        "serial.number",
        "lot_id",
        readonly=True,
        groups="serial_traceability.group_serial_reader",
    )
    has_history = fields.Boolean(compute="_compute_has_history")
    gtin = fields.Char("GTIN", compute="_compute_identity")
    digital_link = fields.Char(compute="_compute_identity")
    epc_uri = fields.Char(
        "EPC URI",
        compute="_compute_identity",
        help="Empty as long as the GS1 company prefix of the GTIN is not known.",
    )
    symbol_url = fields.Char(
        "Symbol",
        compute="_compute_symbol_url",
        help="Address of the unit's GS1 DataMatrix, for views and reports.",
    )
    label_print_ids = fields.One2many(
        "serial.label.print",
        "lot_id",
        "Printed Labels",
        readonly=True,
        groups="serial_traceability.group_serial_reader",
    )
    production_date = fields.Date(
        help="When the unit was made: as its own label says, else as its batch does.",
    )
    event_count = fields.Integer(
        "Events",
        compute="_compute_event_count",
        groups="serial_traceability.group_serial_reader",
    )
    last_seen_time = fields.Datetime(
        "Last Seen",
        compute="_compute_last_seen",
        groups="serial_traceability.group_serial_reader",
    )
    last_seen_place = fields.Char(
        "Last Seen At",
        compute="_compute_last_seen",
        groups="serial_traceability.group_serial_reader",
    )
    last_seen_by = fields.Char(
        compute="_compute_last_seen",
        groups="serial_traceability.group_serial_reader",
    )
    # Searched together with the number, which has such an index.
    ref = fields.Char(index="trigram")
    scanned = fields.Char(
        store=False,
        search="_search_scanned",
        help="Finds a unit by what a scanner reads from it",
    )

    _name_idx = models.Index("(name, id)")
    # Few are locked: what leaves them out of reservations and quantities looks here.
    _locked_idx = models.Index("(product_id) WHERE is_locked")

    @api.depends("is_locked")
    @api.depends_context("formatted_display_name")
    def _compute_display_name(self):
        """Show in pickers what is locked, before anything else that is said there."""
        locked = self.browse()
        if self.env.context.get("formatted_display_name"):
            locked = self.filtered("is_locked")
        for lot in locked:
            lot.display_name = (lot.name or "") + self.env._("\t--Locked--")
        return super(StockLot, self - locked)._compute_display_name()

    # ---- Identity ----

    @api.depends("name", "product_id.barcode", "product_id.tracking")
    def _compute_identity(self):
        for lot in self:
            gtin = identity.gtin_14(lot.product_id.barcode)
            name = lot.name or ""
            usable = bool(gtin) and identity.is_gs1_serial(name)
            is_serial = lot.product_id.tracking == "serial"
            ai = identity.SERIAL_AI if is_serial else identity.BATCH_AI
            lot.gtin = gtin
            lot.digital_link = usable and identity.digital_link(gtin, name, ai)
            lot.epc_uri = usable and is_serial and lot._get_epc_uri(gtin, name)

    def _get_epc_uri(self, gtin, name):
        """Return the SGTIN URI, False where the GTIN is of no known prefix."""
        prefix = self.env["serial.company.prefix"]._match(gtin)
        if not prefix:
            return False
        # A prefix of 4 or 5 digits stands for all those of 6 that begin with it: an
        # EPC has no shorter ones (TDS, GS1 Company Prefix of fewer than 6 digits).
        return sgtin(gtin, name, prefix_length=max(6, len(prefix))).uri

    @api.depends("digital_link")
    def _compute_symbol_url(self):
        for lot in self:
            ai = identity.SERIAL_AI if lot.tracking == "serial" else identity.BATCH_AI
            elements = [("01", lot.gtin), (ai, lot.name)]
            lot.symbol_url = lot.digital_link and symbol_url(elements)

    # ---- Labels ----

    def _get_label_action(self, pickings=None):
        """Return the action that prints labels of these serials.

        :param pickings: the transfers in whose course they are printed.
        """
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "serial_traceability.serial_label_wizard_action_lot"
        )
        values = {"default_lot_ids": self.ids, "default_target": "unit"}
        if pickings and len(pickings) == 1:
            values["default_picking_id"] = pickings.id
        return {**action, "context": values}

    # ---- History ----

    def _compute_has_history(self):
        with_history = self._with_history()
        for lot in self:
            lot.has_history = lot._origin in with_history

    def _with_history(self):
        """Return those of these serials that an event tells of, or has yet to tell of:
        what was moved before the addon came has a history, too.
        """
        if not self.ids:
            return self.browse()
        rows = self.env.execute_query(
            SQL(
                "SELECT lot.id FROM unnest(%s) AS lot(id) WHERE %s",
                list(self.ids),
                self._has_history_sql(),
            )
        )
        return self.browse(row[0] for row in rows)

    @api.model
    def _has_history_sql(self):
        """Return the SQL condition that the row ``lot`` has a history.

        Nothing needs to be flushed for it: the past is in the database for long, and
        events are written there at once.
        """
        return SQL(
            "(EXISTS (SELECT 1 FROM serial_event_line line WHERE line.lot_id = lot.id) "
            "OR EXISTS (SELECT 1 FROM stock_move_line ml "
            "WHERE ml.lot_id = lot.id AND ml.state = 'done'))"
        )

    def _get_moved(self, besides=()):
        """Return those of these serials whose units were moved before, in one query.

        :param besides: ids of move lines that do not count.
        """
        rows = self.env.execute_query(
            SQL(
                "SELECT lot.id FROM unnest(%s::int[]) AS lot(id) WHERE %s",
                list(self.ids),
                self._was_moved_sql(besides),
            )
        )
        return self.browse(row[0] for row in rows)

    @api.model
    def _was_moved_sql(self, besides=()):
        """Return the SQL condition that the unit of the row ``lot`` was moved.

        Nothing needs to be flushed for it: what is done was told on the ledger, which
        read it from the database.
        """
        return SQL(
            "EXISTS (SELECT 1 FROM stock_move_line ml WHERE ml.lot_id = lot.id "
            "AND ml.state = 'done' AND ml.quantity > 0 AND ml.id <> ALL(%s::int[]))",
            list(besides),
        )

    @api.model
    def _apply_events(self, events):
        """Bring serials up to what events say: disposition, custodian, last event.

        Rows of lots are left alone: many moves share them, and writing them would
        make those moves wait for each other. What an event of a later time has
        already said stands, so that the past may be told after the present.

        :param events: pairs of event id and :class:`EventDraft`.
        """
        states = {}
        for event_id, draft in sorted(
            events, key=lambda pair: (pair[1].event["event_time"], pair[0])
        ):
            state = self._get_state(event_id, draft)
            for line in draft.lines:
                # A number whose label was printed may have no serial yet.
                if line["role"] == "unit" and line["lot_id"]:
                    key = (line["lot_id"], draft.event["company_id"])
                    states[key] = {**states.get(key, {}), **state}
        if states:
            self._update_states(
                [
                    {"id": lot_id, "company": company_id, **state}
                    for (lot_id, company_id), state in sorted(states.items())
                ]
            )

    @api.model
    def _get_state(self, event_id, draft):
        """Return what an event says of its serials; a package says only itself, and
        what moves nothing leaves the serials with whom they are.
        """
        state = {"event_id": event_id, "event_time": draft.event["event_time"]}
        disposition = draft.event.get("disposition")
        if draft.moves or disposition:
            state["disposes"] = True
            state["disposition"] = disposition
        if draft.moves:
            state["moves"] = True
            state["custodian"] = draft.custodian
        if draft.event.get("movement") == "hold":
            # With the rest: each writing of a serial's row writes all its indexes.
            state["locks"] = True
        return state

    @api.model
    def _update_states(self, rows):
        """Write states of serials, each under its company, and forget the cache.

        :param rows: one dictionary a serial and company, see :meth:`_get_state`.
        """
        self.env.cr.execute(
            SQL(
                """
                UPDATE stock_lot lot SET
                    disposition = %(disposition)s,
                    custodian_res_id = %(custodian)s,
                    last_event_id = %(event)s,
                    is_locked = CASE WHEN said.locks THEN TRUE ELSE lot.is_locked END
                FROM (
                    SELECT state.id,
                        jsonb_object_agg(state.company, state.disposition)
                            FILTER (WHERE state.disposes AND NOT later.disposes)
                            AS disposition,
                        jsonb_object_agg(state.company, state.custodian)
                            FILTER (WHERE state.moves AND NOT later.moves)
                            AS custodian_res_id,
                        jsonb_object_agg(state.company, state.event_id)
                            FILTER (WHERE %(newest)s) AS last_event_id,
                        bool_or(state.locks) AS locks
                    FROM jsonb_to_recordset(%(rows)s::jsonb) AS state (
                        id int, company int, event_id int, event_time timestamp,
                        moves boolean, disposes boolean, disposition text,
                        custodian int, locks boolean
                    )
                    JOIN stock_lot old ON old.id = state.id
                    LEFT JOIN serial_event last ON last.id =
                        (old.last_event_id->>(state.company::text))::int
                    CROSS JOIN LATERAL (%(later)s) later
                    WHERE %(newest)s
                    OR (state.moves AND NOT later.moves
                        OR state.disposes AND NOT later.disposes)
                    -- What moved a serial last has said it all already: the import of
                    -- the past need not say it again.
                    AND NOT (last.id = state.event_id AND last.event_type =
                        'ObjectEvent' AND last.destination_location_res_id IS NOT NULL)
                    GROUP BY state.id
                ) said
                WHERE lot.id = said.id
                """,
                disposition=self._merged_json("disposition"),
                custodian=self._merged_json("custodian_res_id"),
                event=self._merged_json("last_event_id"),
                newest=_IS_NEWEST,
                later=self._get_later_query(),
                rows=json.dumps(rows, default=str),
            )
        )
        self.browse({row["id"] for row in rows}).invalidate_recordset(
            _STATE_FIELDS, flush=False
        )

    @api.model
    def _get_later_query(self):
        """Return the query of what events after ``state`` say of its serial: a
        correction or a packing that is dated later moves nothing. It looks for none
        where ``state`` is the newest, as it nearly always is.
        """
        return SQL(
            """
            SELECT COALESCE(bool_or(event.disposition IS NOT NULL), FALSE) AS disposes,
                COALESCE(bool_or(event.event_type = 'ObjectEvent'
                    AND event.destination_location_res_id IS NOT NULL), FALSE) AS moves
            FROM serial_event_line line
            JOIN serial_event event ON event.id = line.event_id
            WHERE NOT %(newest)s AND line.lot_id = state.id AND line.role = 'unit'
                AND event.company_id = state.company
                AND (event.event_time, event.id) > (state.event_time, state.event_id)
            """,
            newest=_IS_NEWEST,
        )

    @api.model
    def _merged_json(self, column):
        """Return the SQL of a company-dependent column with what was said anew."""
        return SQL(
            "NULLIF(jsonb_strip_nulls(COALESCE(lot.%(column)s, '{}') "
            "|| COALESCE(said.%(column)s, '{}')), '{}')",
            column=SQL.identifier(column),
        )

    @api.model_create_multi
    def create(self, vals_list):
        """Take the dates over from the batch, guard uniqueness at once, and note which
        numbers are now in use that were issued before.
        """
        for vals in vals_list:
            self._check_state_untouched(vals, is_new=True)
        context = {
            key: value
            for key, value in self.env.context.items()
            if key.removeprefix("default_") not in _STATE_FIELDS
        }
        # Keys are left out, which no keyword argument does.
        called = self.with_context(context)  # pylint: disable=context-overridden
        lots = super(StockLot, called).create(
            [self._follow_batch(vals) for vals in vals_list]
        )
        self.env["serial.duplicate"]._check_guard()
        # Stands in for writing issued numbers, which only their use does.
        self.env["serial.number"].sudo()._commission(lots)
        # What a document makes, its movement brings under a recall.
        if not Document.current(self.env):
            self.env["serial.recall.locker"]._catch(lots._get_made().ids)
        return lots

    def _get_made(self):
        """Return those of these new serials whose units are there. Bridges leave out
        what is still to be made.
        """
        return self

    @api.model
    def _follow_batch(self, vals, *, keep_production_date=False):
        """Return ``vals`` with the dates of the batch, where they name no others.

        :param keep_production_date: the serials have one of their own.
        """
        if not vals.get("batch_id"):
            return vals
        batch = self.env["serial.batch"].browse(vals["batch_id"])
        dates = {}
        if not keep_production_date:
            dates["production_date"] = batch.production_date
        if batch.product_id.use_expiration_date:
            dates["expiration_date"] = batch._get_expiration_datetime()
        return vals | {
            name: date for name, date in dates.items() if date and not vals.get(name)
        }

    @api.constrains("batch_id", "product_id")
    def _check_batch_product(self):
        for lot in self:
            batch = lot.batch_id
            if batch and batch.product_id != lot.product_id:
                raise ValidationError(
                    self.env._(
                        "Batch %(batch)s is one of %(batch_product)s, and %(serial)s "
                        "is one of %(product)s. Choose a batch of %(product)s.",
                        batch=batch.name,
                        batch_product=batch.product_id.display_name,
                        serial=lot.name,
                        product=lot.product_id.display_name,
                    )
                )

    # ---- Who has it ----

    @api.depends("custodian_res_id")
    @api.depends_context("company")
    def _compute_custodian(self):
        """Find who has each serial: the contact of that id, or the one into which it
        was merged, as far as it still exists.
        """
        survivors = self.env["serial.party.alias"]._get_survivors(
            set(self.mapped("custodian_res_id")) - {0}
        )
        partners = self.env["res.partner"].browse(survivors.values()).exists()
        found = set(partners.ids)
        for lot in self:
            partner_id = survivors.get(lot.custodian_res_id)
            lot.custodian_id = partner_id if partner_id in found else False

    @api.model
    def _search_custodian(self, operator, value):
        """Find serials by who has them, under each id that this contact has had."""
        if operator in Domain.NEGATIVE_OPERATORS or operator == "any!":
            return NotImplemented
        partners = self.env["res.partner"].with_context(active_test=False)
        if operator == "in":
            partners = partners.browse(each for each in value if each)
        elif operator == "any":
            partners = partners.search(value)
        else:
            partners = partners.search([("display_name", operator, value)])
        ids = self.env["serial.party.alias"]._get_all_ids(partners)
        domain = Domain("custodian_res_id", "in", ids)
        if operator == "in" and False in value:
            domain |= Domain.custom(to_sql=self._get_nobody_sql)
        return domain

    @api.model
    def _get_nobody_sql(self, lots, alias, query):
        """Return the SQL condition that nobody who still exists has a lot."""
        return SQL("%s IS NULL", lots._field_to_sql(alias, "custodian_id", query))

    def _field_to_sql(self, alias, field_expr, query=None):
        """Let lists be grouped by who has the serials."""
        if field_expr != "custodian_id":
            return super()._field_to_sql(alias, field_expr, query)
        told = super()._field_to_sql(alias, "custodian_res_id", query)
        merged = query.make_alias(alias, "custodian_alias")
        partner = query.make_alias(alias, "custodian")
        query.add_join(
            "LEFT JOIN",
            merged,
            "serial_party_alias",
            SQL("%s = %s", SQL.identifier(merged, "old_res_id"), told),
        )
        query.add_join(
            "LEFT JOIN",
            partner,
            "res_partner",
            SQL(
                "%s = COALESCE(%s, %s)",
                SQL.identifier(partner, "id"),
                SQL.identifier(merged, "partner_id"),
                told,
            ),
        )
        return SQL.identifier(partner, "id")

    # ---- Seeing it ----

    @api.depends_context("allowed_company_ids")
    def _compute_event_count(self):
        counts = dict(
            self.env["serial.event.line"]._read_group(
                [("lot_id", "in", self.ids)], ["lot_id"], ["event_id:count_distinct"]
            )
        )
        for lot in self:
            lot.event_count = counts.get(lot._origin, 0)

    @api.depends_context("allowed_company_ids", "lang")
    def _compute_last_seen(self):
        timeline = self.env["serial.timeline"]
        seen = timeline._get_last_seen(self)
        names = timeline._get_user_names(self.env["serial.event"].union(*seen.values()))
        for lot in self:
            event = seen.get(lot._origin.id, self.env["serial.event"])
            lot.last_seen_time = event.event_time
            lot.last_seen_place = timeline._get_observed_place(event)
            lot.last_seen_by = names.get(event.user_res_id)

    @api.readonly
    def get_timeline(self, offset=0, limit=20):
        """Return a page of the serial's history in words, newest first.

        :param offset: how many of the newest events to leave out.
        :param limit: how many to return, at most 200.
        :return: ``{"entries": [...], "has_older": bool, "notice": text}``; for an
            entry see ``serial.timeline``, the notice says what is not told yet.
        :raises AccessError: where the user may not read histories or this serial.
        """
        self.ensure_one()
        self._check_history_access()
        timeline = self.env["serial.timeline"]
        entries, has_older = timeline._read_page(
            self, max(int(offset), 0), min(max(int(limit), 1), 200)
        )
        return {
            "entries": entries,
            "has_older": has_older,
            "notice": timeline._get_notice(self),
        }

    def _check_history_access(self):
        """Refuse who may not read histories, or not these serials."""
        if not self.env.user.has_group("serial_traceability.group_serial_reader"):
            raise AccessError(
                self.env._(
                    "The history of serials is for users of Serial Traceability. Ask "
                    "an administrator for one of its roles."
                )
            )
        self.check_access("read")

    @api.model
    def _search_scanned(self, operator, value):
        """Find serials by what was scanned or typed, see ``serial.lookup``."""
        if operator in Domain.NEGATIVE_OPERATORS:
            return NotImplemented
        texts = [value] if isinstance(value, str) else value
        lookup = self.env["serial.lookup"]
        # PostgreSQL takes no NUL, which binary rubbish has.
        clean = [text.replace("\0", "") for text in texts if text]
        return Domain.OR(lookup._get_domain(text) for text in clean if text)

    @api.model
    def _search_display_name(self, operator, value):
        """Let pickers find the unit of a scanned symbol, too."""
        if operator == "ilike" and isinstance(value, str):
            symbol = self.env["serial.lookup"]._get_symbol_domain(value)
            if symbol is not None:
                return symbol
        return super()._search_display_name(operator, value)

    def action_open_events(self):
        """Open the list of the serial's events."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Events of %(serial)s", serial=self.name),
            "res_model": "serial.event",
            "view_mode": "list,form,pivot,graph",
            "domain": [("line_ids.lot_id", "=", self.id)],
        }

    def action_open_batch(self):
        """Open the batch that the serial comes from."""
        self.ensure_one()
        return self.batch_id._get_records_action()

    def action_open_history(self):
        """Open the printable history as a page of its own, without a PDF."""
        self._check_history_access()
        ids = ",".join(str(lot_id) for lot_id in self.ids)
        return {
            "type": "ir.actions.act_url",
            "url": f"/report/html/serial_traceability.report_serial_history/{ids}",
            "target": "new",
        }

    # ---- The end of a life ----

    def retire(self, kind, reason_id, note=""):
        """Take serials out of use or destroy them, for good.

        :param kind: ``decommission`` takes the number of a unit that is not in stock;
            ``destroy`` ends the unit, and scraps it where it is in stock.
        :param reason_id: id of a ``serial.retirement.reason``.
        :param note: text to stand behind the reason in the history.
        :raises AccessError: where the user is not a quality manager.
        :raises UserError: where a serial cannot be retired: it is retired already,
            reserved, in stock, or a lot.
        """
        reason = self.env["serial.retirement.reason"].browse(reason_id).exists()
        parts = [reason.name, (note or "").strip()]
        self.env["serial.retirer"]._retire(
            self, kind, ": ".join(part for part in parts if part) if reason else ""
        )

    def _check_not_retired(self):
        """Refuse that a number is used again whose life has ended."""
        retired = self.filtered("retired")
        if retired:
            raise ValidationError(
                self.env._(
                    "%(serials)s of %(product)s is out of use for good: the number was "
                    "taken out of use, or the unit destroyed. Give the unit that you "
                    "have another number.",
                    serials=", ".join(retired[:5].mapped("name")),
                    product=retired[0].product_id.display_name,
                )
            )

    # ---- Corrections ----

    def write(self, vals):
        """Seal what identifies a serial that has history: see :meth:`correct`."""
        self._check_state_untouched(vals)
        labelled = self.browse()
        if vals.get("batch_id") and not vals.get("production_date"):
            labelled = self._with_own_production_date()
        if labelled and labelled != self:
            return labelled.write(vals) and (self - labelled).write(vals)
        vals = self._follow_batch(vals, keep_production_date=bool(labelled))
        told = self.browse()
        if not vals.keys().isdisjoint(_SEALED_FIELDS):
            told = self._with_history()
            # Before anything is written: some callers swallow errors and go on.
            change = self.env["serial.change"]
            change._begin(change._get_changing(told, vals, _SEALED_FIELDS), vals)
        before = told._read_sealed()
        renamed = self._get_renamed(vals)
        # Its number would be free for another unit.
        renamed._check_not_retired()
        result = super().write(vals)
        # Stands in for writing issued numbers, which only their use does.
        self.env["serial.number"].sudo()._note_use(renamed)
        if not vals.keys().isdisjoint(_GUARDED_FIELDS):
            self.env["serial.duplicate"]._check_guard()
        told._tell_sealed(before)
        if not vals.keys().isdisjoint(_RECALLED_FIELDS):
            self.env["serial.recall.locker"]._catch(self.ids)
        return result

    def _tell_sealed(self, before):
        """Write on the ledger what has changed of the sealed fields of these serials.

        :param before: see :meth:`_read_sealed`.
        """
        after = self._read_sealed()
        self.env["serial.change"]._record(
            {
                lot: [
                    (name, old, new)
                    for name, old, new in zip(
                        _SEALED_FIELDS, before[lot], after[lot], strict=True
                    )
                    if old != new
                ]
                for lot in self
            }
        )

    def _get_renamed(self, vals):
        """Return those of these serials that ``vals`` give another number."""
        if not vals.get("name"):
            return self.browse()
        return self.filtered(lambda lot: lot.name != vals["name"])

    def _with_own_production_date(self):
        """Return those of these serials that were not made when their batch says."""
        return self.filtered(
            lambda lot: (
                lot.production_date
                and lot.production_date != lot.batch_id.production_date
            )
        )

    @api.model
    def _check_state_untouched(self, vals, *, is_new=False):
        """Refuse to be told what only the ledger tells: see :meth:`_update_states`.

        An empty value counts, too: it would take away what the ledger said. Of a new
        serial it says nothing.
        """
        told = [
            name
            for name in _STATE_FIELDS
            if name in vals and (vals[name] or not is_new)
        ]
        if told:
            raise UserError(
                self.env._(
                    "%(fields)s of a serial follow its history and cannot be set. "
                    "Record what happened to the unit, by a transfer for example.",
                    fields=", ".join(
                        self._fields[name]._description_string(self.env)
                        for name in told
                    ),
                )
            )

    def _read_sealed(self):
        """Return ``{serial: [value]}`` of the sealed fields; dates follow others."""
        return {lot: [lot[name] for name in _SEALED_FIELDS] for lot in self}

    def correct(self, values, reason):
        """Change sealed fields of serials that have history.

        The old and the new value stand on the ledger with the reason and the user.

        :param values: field name to new value.
        :param reason: why, as text.
        :raises UserError: where there is no reason.
        :raises AccessError: where the user is not a quality manager.
        """
        return self.with_context(**{CHANGE_REASON: reason}).write(values)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_with_history(self):
        told = self._with_history()
        if told:
            raise UserError(
                self.env._(
                    "%(serials)s already has a history and cannot be deleted: what "
                    "happened to it must stay readable.",
                    serials=", ".join(told[:5].mapped("name")),
                )
            )

    # ---- Uniqueness ----

    def init(self):
        """Put the uniqueness guard on the table, unless serials stand in its way."""
        result = super().init()
        self.env["serial.duplicate"]._add_guard()
        return result

    def _write_multi(self, vals_list):
        """Check the guard before the commit, where core computes what it guards."""
        if any(not vals.keys().isdisjoint(_GUARDED_FIELDS) for vals in vals_list):
            self.env["serial.duplicate"]._check_guard_before_commit()
        return super()._write_multi(vals_list)

    @api.model
    def _sql_error_to_message(self, exc):
        """Name the serial and the product that the guard refused."""
        message = self.env["serial.duplicate"]._get_guard_message(exc)
        return message or super()._sql_error_to_message(exc)

    def _check_one_place(self):
        """Refuse that one unit stands in two places: it was received twice.

        Core refuses two in one location and only warns of two locations. Asked where
        units come in, and not of counts, which find a unit before it is missed.
        """
        if not self:
            return
        self.env["stock.quant"].flush_model(["lot_id", "location_id", "quantity"])
        rows = self.env.execute_query(
            SQL(
                "SELECT quant.lot_id FROM stock_quant quant "
                "JOIN stock_location place ON place.id = quant.location_id "
                "WHERE quant.lot_id IN %s AND place.usage IN %s "
                "GROUP BY quant.lot_id HAVING sum(quant.quantity) > 1",
                tuple(self.ids),
                tuple(HELD),
            )
        )
        doubled = self.browse(row[0] for row in rows)
        if doubled:
            raise ValidationError(
                self.env._(
                    "%(serials)s of %(product)s is already in stock and cannot be "
                    "received again. Check the number on the unit; if it is right, "
                    "look up where the other one is.",
                    serials=", ".join(doubled[:5].mapped("name")),
                    product=doubled.product_id[0].display_name,
                )
            )
