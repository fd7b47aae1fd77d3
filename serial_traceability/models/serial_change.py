from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from ..const import CHANGE_REASON, Document
from ..core import identity
from ..core.clock import local_date
from .serial_event import EventDraft


class SerialChange(models.AbstractModel):
    """Writes corrections of serials on the ledger, or refuses them.

    What identifies a serial that has history changes for a stated reason, by a
    quality manager, or in the course of a document that core runs.
    """

    _name = "serial.change"
    _description = "Corrections of Serials, for the Ledger"

    # ---- Before the change ----

    @api.model
    def _get_changing(self, records, vals, names):
        """Return those of ``records`` of which ``vals`` would change a field.

        :param names: the fields that count.
        """

        def changes(record, name):
            convert = record._fields[name].convert_to_cache
            new = convert(vals[name], record, False)
            return new != convert(record[name], record, False)

        names = [name for name in names if name in vals]
        return records.filtered(
            lambda record: any(changes(record, name) for name in names)
        )

    @api.model
    def _begin(self, lots, vals):
        """Prepare a change of serials that have history, before it is written.

        What happened to them before the addon came is told first, as they were then.

        :param vals: what will be written, on them or on their batch.
        :raises UserError: where there is no reason, no number any more, or a text that
            cannot be kept.
        :raises AccessError: where the user is not a quality manager.
        """
        if not lots:
            return
        self._check_texts([self._get_reason(), *vals.values()])
        self._check_allowed(lots)
        self._check_number(vals)
        # Core runs documents while their moves are done and not told yet.
        if not Document.current(self.env):
            self.env["serial.history.import"]._tell_past(lots)

    @api.model
    def _check_texts(self, values):
        """Refuse texts that PostgreSQL or the ledger's canonical form cannot keep."""
        for value in values:
            if isinstance(value, str) and not _is_plain(value):
                raise UserError(
                    self.env._(
                        "The text “%(text)s” contains characters that cannot be "
                        "stored. Type it anew instead of pasting or scanning it.",
                        text="".join(
                            each if _is_plain(each) else "�" for each in value
                        ),
                    )
                )

    @api.model
    def _check_number(self, vals):
        """Refuse to leave a serial or batch without a number: core takes blanks."""
        if "name" in vals and not (vals["name"] or "").strip():
            raise UserError(
                self.env._(
                    "A serial or batch that has a history needs a number. Enter the "
                    "one that stands on the label."
                )
            )

    @api.model
    def _check_allowed(self, lots):
        """Refuse a change without reason or right.

        The right is the user's own, also where code works as superuser on their
        behalf.
        """
        if not lots or Document.current(self.env):
            return
        names = ", ".join(lots[:5].mapped("name"))
        if not self._get_reason():
            raise UserError(
                self.env._(
                    "%(serials)s already has a history, so its number, batch and "
                    "dates cannot change without a reason. Use Correct on the serial "
                    "and say why.",
                    serials=names,
                )
            )
        if not self.env.user.has_group(
            "serial_traceability.group_serial_quality_manager"
        ):
            raise AccessError(
                self.env._(
                    "Only a quality manager may correct a serial that has a history. "
                    "Ask one to correct %(serials)s.",
                    serials=names,
                )
            )

    # ---- After the change ----

    @api.model
    def _record(self, changes):
        """Write changes of sealed fields on the ledger, one event a company.

        A serial that companies share changes in the history that each of them has of
        it.

        :param changes: ``{serial: [(field name, old value, new value)]}``.
        :raises UserError: where there is no reason.
        :raises AccessError: where the user is not a quality manager.
        """
        changes = {lot: each for lot, each in changes.items() if each}
        if not changes:
            return
        lots = self.env["stock.lot"].browse(lot.id for lot in changes)
        self._check_allowed(lots)
        companies = self._get_companies(changes)
        lines = {
            lot: [self._get_line(lot, *change) for change in each]
            for lot, each in changes.items()
        }
        drafts = [
            self._get_draft(
                company_id,
                # Each event numbers its lines.
                [dict(line) for lot in group for line in lines[lot]],
            )
            for company_id, group in companies.items()
        ]
        self.env["serial.event"]._append(drafts)

    @api.model
    def _get_companies(self, lots):
        """Return ``{company id: [serial]}``: its own company and whose events tell of
        it; the own company of a shared serial is that of who changes it.
        """
        rows = self.env.execute_query(
            SQL(
                "SELECT DISTINCT line.lot_id, event.company_id "
                "FROM serial_event_line line "
                "JOIN serial_event event ON event.id = line.event_id "
                "WHERE line.lot_id = ANY(%s)",
                [lot.id for lot in lots],
            )
        )
        told = defaultdict(set)
        for lot_id, company_id in rows:
            told[lot_id].add(company_id)
        companies = defaultdict(list)
        for lot in lots:
            own = lot.company_id.id or self.env.company.id
            for company_id in sorted(told[lot.id] | {own}):
                companies[company_id].append(lot)
        return companies

    @api.model
    def _get_reason(self):
        """Return the reason the user gave, None where there is none."""
        reason = self.env.context.get(CHANGE_REASON)
        return (reason.strip() or None) if isinstance(reason, str) else None

    @api.model
    def _get_draft(self, company_id, lines):
        now = fields.Datetime.now()
        document = Document.current(self.env)
        # Another company's documents are none of this one's business.
        if not document or company_id not in self.env.companies.ids:
            document = Document(None, None, None)
        return EventDraft(
            {
                "event_type": "change",
                "movement": "correction",
                "event_time": now,
                "event_time_zone_offset": self.env["serial.movement"]._offset(
                    company_id, now
                ),
                "company_id": company_id,
                "document_model": document.model,
                "document_res_id": document.res_id,
                "document_name": document.name,
                "reason": self._get_reason(),
            },
            lines,
            None,
            False,
        )

    @api.model
    def _get_line(self, lot, name, old, new):
        """Return the event line that tells of one changed field of a serial."""
        is_serial = lot.product_id.tracking == "serial"
        gtin = identity.gtin_14(lot.product_id.barcode)
        database = self.env["serial.movement"]._database_uuid()
        company = lot.company_id or self.env.company
        # Stands in for the right to read the contact of a serial's company.
        zone = company.sudo().partner_id.tz
        expiration = lot.batch_id.expiration_date or (
            lot.expiration_date and local_date(lot.expiration_date, zone)
        )
        return {
            "lot_id": lot.id,
            "role": "unit" if is_serial else "quantity",
            "epc": identity.unit_uri(
                database, lot.id, lot.name, gtin, is_serial=is_serial
            ),
            "lot_name": lot.name,
            "product_res_id": lot.product_id.id,
            "product_name": lot.product_id.with_context(lang="en_US").name,
            "gtin": gtin,
            "batch_number": lot.batch_id.name or None,
            "expiration_date": expiration or None,
            "field_name": name,
            "old_value": self._get_text(old),
            "new_value": self._get_text(new),
        }

    @api.model
    def _get_text(self, value):
        """Return a field's value as the text that the ledger keeps: people as ids."""
        if isinstance(value, models.BaseModel):
            value = value.id if value._name == "res.partner" else value.name
        return str(value) if value else None


def _is_plain(text):
    """Return whether a text has neither NUL nor lone surrogates."""
    return not any(each == "\0" or "\ud800" <= each <= "\udfff" for each in text)
