import json

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL, ormcache

from ..const import CHANGE_REASON, DOCUMENT
from ..core import identity
from ..core.epc import sgtin
from ..core.epcis.vocabulary import DISPOSITIONS
from ..labels import disposition_selection
from .serial_event import EventDraft

#: Fields of a serial that may not change unseen once it has history.
_SEALED_FIELDS = (
    "name",
    "ref",
    "batch_id",
    "expiration_date",
    "use_date",
    "removal_date",
    "alert_date",
)
_GUARD = "stock_lot_serial_unique"


class StockLot(models.Model):
    """A serial, where its product is tracked by unique serial number; else a lot.

    Disposition, custodian and last event follow the ledger and are written by it
    alone, for serials only. They are company-dependent: each company sees of a shared
    serial what its own events say.
    """

    _inherit = "stock.lot"

    tracking = fields.Selection(related="product_id.tracking")
    batch_id = fields.Many2one(
        "serial.batch",
        "Batch",
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
    custodian_id = fields.Many2one(
        "res.partner",
        company_dependent=True,
        index=False,
        readonly=True,
        help="Who has the unit, as far as this company's events tell.",
    )
    last_event_id = fields.Many2one(
        "serial.event",
        company_dependent=True,
        index=False,
        readonly=True,
        groups="serial_traceability.group_serial_reader",
    )
    event_line_ids = fields.One2many(
        "serial.event.line",
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
        help="Empty as long as the company's GS1 prefix is not known.",
    )

    # ---- Identity ----

    @api.depends("name", "product_id.barcode", "product_id.tracking", "company_id")
    @api.depends_context("company")
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
        """Return the SGTIN URI, False where the GTIN is not of the known prefix."""
        company = self.company_id or self.env.company
        prefix = company.gs1_company_prefix
        if not prefix or not gtin[1:].startswith(prefix):
            return False
        return sgtin(gtin, name, company_prefix=prefix).uri

    # ---- History ----

    def _compute_has_history(self):
        with_history = self._with_history()
        for lot in self:
            lot.has_history = lot._origin in with_history

    def _with_history(self):
        """Return those of these serials that an event tells of."""
        if not self.ids:
            return self.browse()
        rows = self.env.execute_query(
            SQL(
                "SELECT lot.id FROM unnest(%s) AS lot(id) WHERE EXISTS ("
                "SELECT 1 FROM serial_event_line line WHERE line.lot_id = lot.id)",
                list(self.ids),
            )
        )
        return self.browse(row[0] for row in rows)

    @api.model
    def _apply_events(self, events):
        """Bring serials up to what events say: disposition, custodian, last event.

        One UPDATE, sorted by id so that two transactions take the rows in one order.
        Rows of lots are left alone: many moves share them, and writing them would
        make those moves wait for each other.

        :param events: pairs of event id and :class:`EventDraft`, in order; of several
            events of a serial the last counts.
        """
        states = {}
        for event_id, draft in events:
            for line in draft.lines:
                if line["role"] == "unit":
                    key = (line["lot_id"], draft.event["company_id"])
                    states[key] = states.get(key, {}) | self._get_state(event_id, draft)
        if not states:
            return
        rows = [
            {"id": lot_id, "company": str(company_id), **state}
            for (lot_id, company_id), state in sorted(states.items())
        ]
        self._update_states(rows)

    @api.model
    def _get_state(self, event_id, draft):
        """Return what an event says of its serials; a package says only itself."""
        state = {"last_event_id": event_id}
        if draft.moves:
            state["disposition"] = draft.event["disposition"]
            state["custodian_id"] = draft.custodian
        return state

    @api.model
    def _update_states(self, rows):
        """Write states of serials, each under its company, and forget the cache."""
        columns = ("disposition", "custodian_id", "last_event_id")
        changes = SQL(", ").join(
            SQL(
                "%(column)s = CASE WHEN rows.state ? %(name)s "
                "THEN COALESCE(lot.%(column)s, '{}') || jsonb_build_object("
                "rows.state->>'company', rows.state->%(name)s) "
                "ELSE lot.%(column)s END",
                column=SQL.identifier(column),
                name=column,
            )
            for column in columns
        )
        self.env.cr.execute(
            SQL(
                "UPDATE stock_lot lot SET %(changes)s "
                "FROM jsonb_array_elements(%(rows)s::jsonb) AS rows(state) "
                "WHERE lot.id = (rows.state->>'id')::int",
                changes=changes,
                rows=json.dumps(rows),
            )
        )
        self.browse(row["id"] for row in rows).invalidate_recordset(
            columns, flush=False
        )

    @api.model_create_multi
    def create(self, vals_list):
        """Take the expiry over from the batch, and guard uniqueness at once."""
        lots = super().create([self._follow_batch(vals) for vals in vals_list])
        lots._check_uniqueness_guard()
        return lots

    @api.model
    def _follow_batch(self, vals):
        """Return ``vals`` with the expiration date that the batch decides."""
        if not vals.get("batch_id") or vals.get("expiration_date"):
            return vals
        product = self.env["product.product"].browse(vals.get("product_id"))
        if not product.use_expiration_date:
            return vals
        batch = self.env["serial.batch"].browse(vals["batch_id"])
        expiration = batch._get_expiration_datetime()
        return {**vals, "expiration_date": expiration} if expiration else vals

    # ---- Corrections ----

    def write(self, vals):
        """Seal what identifies a serial that has history: see :meth:`correct`."""
        sealed = [name for name in _SEALED_FIELDS if name in vals]
        told = self._with_history() if sealed else self.browse()
        if not told:
            return self._write_guarded(vals)
        before = {lot: [lot[name] for name in sealed] for lot in told}
        result = self._write_guarded(vals)
        changes = {
            lot: [
                (name, value, lot[name])
                for name, value in zip(sealed, old, strict=True)
                if value != lot[name]
            ]
            for lot, old in before.items()
        }
        self._record_changes({lot: each for lot, each in changes.items() if each})
        return result

    def _write_guarded(self, vals):
        result = super().write(vals)
        if not {"name", "product_id", "company_id"}.isdisjoint(vals):
            self._check_uniqueness_guard()
        return result

    def correct(self, values, reason):
        """Change sealed fields of serials that have history.

        The old and the new value stand on the ledger with the reason and the user.

        :param values: field name to new value.
        :param reason: why, as text.
        :raises UserError: where there is no reason.
        :raises AccessError: where the user is not a quality manager.
        """
        return self.with_context(**{CHANGE_REASON: reason}).write(values)

    def _record_changes(self, changes):
        """Write changes of sealed fields on the ledger, or refuse them.

        :param changes: ``{serial: [(field name, old value, new value)]}``.
        """
        if not changes:
            return
        lots = self.browse(lot.id for lot in changes)
        lots._check_change_allowed()
        drafts = []
        for company, group in lots.grouped("company_id").items():
            lines = [
                lot._get_change_line(*change)
                for lot in group
                for change in changes[lot]
            ]
            drafts.append(self._get_change_draft(company or self.env.company, lines))
        self.env["serial.event"]._append(drafts)

    def _record_batch_changes(self, changes):
        """Write on the ledger what changed in the batch of these serials."""
        told = self._with_history()
        self._record_changes(
            {
                lot: [(f"batch_id.{name}", old, new) for name, old, new in changes]
                for lot in told
            }
        )

    def _check_change_allowed(self):
        """Refuse a change of a sealed field without reason or right.

        What core changes in the course of a document has that document as reason.
        """
        if self.env.context.get(DOCUMENT):
            return
        if not (self.env.context.get(CHANGE_REASON) or "").strip():
            raise UserError(
                self.env._(
                    "%(serials)s already has a history, so its number, batch and "
                    "dates cannot change without a reason. Use Correct on the serial "
                    "and say why.",
                    serials=", ".join(self[:5].mapped("name")),
                )
            )
        if not self.env.su and not self.env.user.has_group(
            "serial_traceability.group_serial_quality_manager"
        ):
            raise AccessError(
                self.env._(
                    "Only a quality manager may correct a serial that has a history. "
                    "Ask one to correct %(serials)s.",
                    serials=", ".join(self[:5].mapped("name")),
                )
            )

    def _get_change_draft(self, company, lines):
        document = self.env.context.get(DOCUMENT) or (None, None, None)
        return EventDraft(
            {
                "event_type": "change",
                "movement": "correction",
                "event_time": self.env.cr.now(),
                "event_time_zone_offset": self.env["serial.movement"]._offset(
                    company.id, self.env.cr.now()
                ),
                "company_id": company.id,
                "document_model": document[0],
                "document_res_id": document[1],
                "document_name": document[2],
                "reason": self.env.context.get(CHANGE_REASON),
            },
            lines,
            None,
            False,
        )

    def _get_change_line(self, name, old, new):
        """Return the event line that tells of one changed field."""
        return {
            **self._get_event_line(),
            "field_name": name,
            "old_value": self._get_change_text(old),
            "new_value": self._get_change_text(new),
        }

    def _get_event_line(self):
        """Return the columns of an event line about this serial, whole."""
        is_serial = self.product_id.tracking == "serial"
        gtin = identity.gtin_14(self.product_id.barcode)
        database = self.env["serial.movement"]._database_uuid()
        expiration = self.batch_id.expiration_date or (
            self.expiration_date and self.expiration_date.date()
        )
        return {
            "lot_id": self.id,
            "role": "unit" if is_serial else "quantity",
            "epc": identity.unit_uri(
                database, self.id, self.name, gtin, is_serial=is_serial
            ),
            "lot_name": self.name,
            "product_res_id": self.product_id.id,
            "product_name": self.product_id.with_context(lang="en_US").name,
            "gtin": gtin,
            "batch_number": self.batch_id.name or None,
            "expiration_date": expiration or None,
        }

    @api.model
    def _get_change_text(self, value):
        """Return a field's value as the text that the ledger keeps."""
        if isinstance(value, models.BaseModel):
            return value.name or None
        return str(value) if value else None

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
        super().init()
        self._add_uniqueness_guard()

    @api.model
    def _add_uniqueness_guard(self):
        """Make PostgreSQL refuse a second serial of one product, number and company.

        Deferred, so that core's own readable check comes first, and an exclusion
        constraint, because a unique constraint takes no expression and counts two
        empty companies as different.

        :return: whether the guard stands.
        """
        self.env.registry.clear_cache()
        if self._has_uniqueness_guard():
            return True
        if self._find_duplicates():
            return False
        self.env.cr.execute(
            SQL(
                "ALTER TABLE stock_lot ADD CONSTRAINT %s EXCLUDE USING btree ("
                "product_id WITH =, name WITH =, COALESCE(company_id, 0) WITH =) "
                "DEFERRABLE INITIALLY DEFERRED",
                SQL.identifier(_GUARD),
            )
        )
        self.env.registry.clear_cache()
        return True

    @api.model
    @ormcache()
    def _has_uniqueness_guard(self):
        self.env.cr.execute(
            SQL("SELECT 1 FROM pg_constraint WHERE conname = %s", _GUARD)
        )
        return bool(self.env.cr.rowcount)

    @api.model
    def _check_uniqueness_guard(self):
        """Let PostgreSQL check the guard now.

        Only now: at the commit, where a deferred constraint speaks by itself, nobody
        would translate its words. A transaction that is creating the same serial at
        this moment is waited for.
        """
        if self._has_uniqueness_guard():
            guard = SQL.identifier(_GUARD)
            self.flush_model(["name", "product_id", "company_id"])
            self.env.cr.execute(SQL("SET CONSTRAINTS %s IMMEDIATE", guard))
            self.env.cr.execute(SQL("SET CONSTRAINTS %s DEFERRED", guard))

    @api.model
    def _drop_uniqueness_guard(self):
        self.env.cr.execute(
            SQL(
                "ALTER TABLE stock_lot DROP CONSTRAINT IF EXISTS %s",
                SQL.identifier(_GUARD),
            )
        )

    @api.model
    def _find_duplicates(self):
        """Return ``[(product id, name, company id or 0)]`` of doubled serials."""
        return self.env.execute_query(
            SQL(
                "SELECT product_id, name, COALESCE(company_id, 0) FROM stock_lot "
                "GROUP BY 1, 2, 3 HAVING count(*) > 1"
            )
        )
