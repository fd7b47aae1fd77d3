from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..const import CHANGE_REASON, Document
from ..core import identity
from .serial_event import EventDraft


class SerialChange(models.AbstractModel):
    """Writes corrections of serials on the ledger, or refuses them.

    What identifies a serial that has history changes for a stated reason, by a
    quality manager, or in the course of a document that core runs.
    """

    _name = "serial.change"
    _description = "Corrections of Serials, for the Ledger"

    @api.model
    def _record(self, changes):
        """Write changes of sealed fields on the ledger, one event a company.

        :param changes: ``{serial: [(field name, old value, new value)]}``.
        :raises UserError: where there is no reason.
        :raises AccessError: where the user is not a quality manager.
        """
        changes = {lot: each for lot, each in changes.items() if each}
        if not changes:
            return
        lots = self.env["stock.lot"].browse(lot.id for lot in changes)
        self._check_allowed(lots)
        drafts = []
        for company, group in lots.grouped("company_id").items():
            lines = [
                self._get_line(lot, *change) for lot in group for change in changes[lot]
            ]
            drafts.append(self._get_draft(company or self.env.company, lines))
        self.env["serial.event"]._append(drafts)

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

    @api.model
    def _get_reason(self):
        """Return the reason the user gave, None where there is none."""
        reason = self.env.context.get(CHANGE_REASON)
        return (reason.strip() or None) if isinstance(reason, str) else None

    @api.model
    def _get_draft(self, company, lines):
        now = fields.Datetime.now()
        document = Document.current(self.env) or Document(None, None, None)
        return EventDraft(
            {
                "event_type": "change",
                "movement": "correction",
                "event_time": now,
                "event_time_zone_offset": self.env["serial.movement"]._offset(
                    company.id, now
                ),
                "company_id": company.id,
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
        expiration = lot.batch_id.expiration_date or (
            lot.expiration_date and lot.expiration_date.date()
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
        """Return a field's value as the text that the ledger keeps."""
        if isinstance(value, models.BaseModel):
            return value.name or None
        return str(value) if value else None
