from collections import defaultdict
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ..core import identity, movement
from ..core.clock import local_date, utc_offset
from ..core.epcis import BizTransaction, Event, Party, Quantity, event_hash_id
from ..core.epcis.measure import Measure
from .serial_event import EventDraft

#: Columns of a movement row that one event has in common.
_EVENT_KEY = (
    "company_id",
    "document_model",
    "document_key",
    "source_location_res_id",
    "destination_location_res_id",
    "owner_res_id",
    "partner_res_id",
    "purpose",
    "event_time",
    "corrects_event_id",
)
#: Columns that one filling or emptying of a package has in common.
_PACKAGE_KEY = (
    "company_id",
    "document_model",
    "document_key",
    "event_time",
    "corrects_event_id",
)
_EVENT_COLUMNS = (
    "company_id",
    "event_time",
    "document_model",
    "document_res_id",
    "document_name",
    "origin",
    "source_location_res_id",
    "source_location_name",
    "source_usage",
    "destination_location_res_id",
    "destination_location_name",
    "destination_usage",
    "owner_res_id",
    "partner_res_id",
    "corrects_event_id",
    "error_reason",
)
_LINE_COLUMNS = (
    "lot_id",
    "role",
    "quantity",
    "uom",
    "epc",
    "lot_name",
    "product_res_id",
    "product_name",
    "gtin",
    "batch_number",
    "expiration_date",
    "move_line_res_id",
)
#: Columns that say what a line moved, from where to where.
_MOVED_COLUMNS = (
    "lot_id",
    "quantity",
    "owner_res_id",
    "source_location_res_id",
    "destination_location_res_id",
    "package_res_id",
    "result_package_res_id",
)
#: CBV business transaction types of the documents that an operation type makes.
_TRANSACTION_TYPES = {"incoming": "recadv", "outgoing": "desadv"}


class SerialMovement(models.AbstractModel):
    """Reads done stock move lines as movements and writes them on the ledger.

    The same reading serves what is happening now (:meth:`_record`), the correction of
    a done line (:meth:`_record_correction`) and a database's past.
    """

    _name = "serial.movement"
    _description = "Movements of Serials, for the Ledger"

    # ---- Reading move lines ----

    @api.model
    def _read(self, move_line_ids):
        """Return one dictionary a tracked line that moved something.

        :param move_line_ids: ids of stock move lines.
        """
        if not move_line_ids:
            return []
        self.env.flush_all()
        return self._fetch(SQL("ml.id IN %s", tuple(move_line_ids)))

    @api.model
    def _fetch(self, condition):
        """Return the movement rows of the lines that fulfil ``condition``.

        Raw SQL, one statement: reading the same through the ORM costs a query a
        model and a unit more time than writing the ledger does. What is not flushed
        is not seen.
        """
        columns = self._get_columns()
        rows = self.env.execute_query(
            SQL(
                "SELECT %(columns)s FROM %(tables)s "
                "WHERE ml.lot_id IS NOT NULL AND ml.quantity_product_uom <> 0 "
                "AND %(condition)s ORDER BY ml.id",
                columns=SQL(", ").join(columns.values()),
                tables=self._get_tables(),
                condition=condition,
            )
        )
        database = self._database_uuid()
        return [
            self._explained(
                self._identified(dict(zip(columns, row, strict=True)), database)
            )
            for row in rows
        ]

    @api.model
    def _get_columns(self):
        """Return the columns of a movement row: name to SQL. Bridges add theirs."""
        return {
            "move_line_res_id": SQL("ml.id"),
            "lot_id": SQL("ml.lot_id"),
            "lot_name": SQL("lot.name"),
            "quantity": SQL("round(ml.quantity_product_uom, 6)"),
            "uom": SQL("uom.name->>'en_US'"),
            "uom_id": SQL("uom.id"),
            "tracking": SQL("tmpl.tracking"),
            "product_res_id": SQL("ml.product_id"),
            "product_name": SQL("tmpl.name->>'en_US'"),
            "barcode": SQL("product.barcode"),
            "batch_number": SQL("batch.name"),
            "batch_expiration_date": SQL("batch.expiration_date"),
            "lot_expiration_date": SQL("lot.expiration_date"),
            "company_id": SQL("move.company_id"),
            "company_partner_res_id": SQL("company.partner_id"),
            "zone": SQL("company_partner.tz"),
            "event_time": SQL("move.date"),
            # When that was done which follows, where that was done first.
            "follower_time": SQL(
                "(SELECT min(follower.date) FROM stock_move_move_rel chain "
                "JOIN stock_move follower ON follower.id = chain.move_dest_id "
                "WHERE chain.move_orig_id = move.id AND follower.state = 'done')"
            ),
            "document_model": SQL(
                "CASE WHEN scrap.id IS NOT NULL THEN 'stock.scrap' "
                "WHEN picking.id IS NOT NULL THEN 'stock.picking' "
                "ELSE 'stock.move' END"
            ),
            "document_res_id": SQL("COALESCE(scrap.id, picking.id, move.id)"),
            # Moves without a document of their own, such as those of a count, are
            # one event where one reference made them.
            "document_key": SQL(
                "COALESCE(scrap.id::text, picking.id::text, move.reference)"
            ),
            # A count without a name of its own ends in the user's, whom the ledger
            # names by id alone.
            "document_name": SQL(
                "COALESCE(scrap.name, picking.name, CASE "
                "WHEN move.is_inventory AND move.inventory_name IS NULL "
                "THEN regexp_replace(move.reference, ' \\(.*\\)$', '') "
                "ELSE move.reference END)"
            ),
            "origin": SQL("COALESCE(scrap.origin, picking.origin, move.origin)"),
            # A dropship is the vendor's transfer; its moves name the customer.
            "partner_res_id": SQL(
                "CASE WHEN source.usage = 'supplier' AND destination.usage = 'customer'"
                " THEN COALESCE(move.partner_id, picking.partner_id)"
                " ELSE COALESCE(picking.partner_id, move.partner_id) END"
            ),
            "owner_res_id": SQL("ml.owner_id"),
            "source_location_res_id": SQL("ml.location_id"),
            "source_location_name": SQL("source.complete_name"),
            "source_usage": SQL("source.usage"),
            "source_is_shared": SQL("source.company_id IS NULL"),
            "destination_location_res_id": SQL("ml.location_dest_id"),
            "destination_location_name": SQL("destination.complete_name"),
            "destination_usage": SQL("destination.usage"),
            "destination_is_shared": SQL("destination.company_id IS NULL"),
            "to_stock": SQL(
                "COALESCE(destination.parent_path LIKE stock.parent_path || '%%', TRUE)"
            ),
            "is_scrap": SQL("move.scrap_id IS NOT NULL"),
            "is_inventory": SQL("COALESCE(move.is_inventory, FALSE)"),
            "operation": SQL(
                "CASE WHEN move.picking_type_id = warehouse.pick_type_id THEN 'pick' "
                "WHEN move.picking_type_id = warehouse.pack_type_id THEN 'pack' "
                "WHEN move.picking_type_id = warehouse.store_type_id THEN 'store' END"
            ),
            "picking_code": SQL(
                "CASE WHEN move.scrap_id IS NULL THEN operation.code END"
            ),
            "package_res_id": SQL("ml.package_id"),
            "package_name": SQL("package.name"),
            "result_package_res_id": SQL("ml.result_package_id"),
            "result_package_name": SQL("result_package.name"),
        }

    @api.model
    def _get_tables(self):
        """Return the FROM clause of :meth:`_fetch`. Bridges join theirs."""
        return SQL(
            """
            stock_move_line ml
            JOIN stock_move move ON move.id = ml.move_id
            JOIN res_company company ON company.id = move.company_id
            JOIN res_partner company_partner ON company_partner.id = company.partner_id
            JOIN stock_lot lot ON lot.id = ml.lot_id
            JOIN product_product product ON product.id = ml.product_id
            JOIN product_template tmpl ON tmpl.id = product.product_tmpl_id
            JOIN uom_uom uom ON uom.id = tmpl.uom_id
            JOIN stock_location source ON source.id = ml.location_id
            JOIN stock_location destination ON destination.id = ml.location_dest_id
            LEFT JOIN stock_warehouse warehouse
                ON warehouse.id = destination.warehouse_id
            LEFT JOIN stock_location stock ON stock.id = warehouse.lot_stock_id
            LEFT JOIN stock_picking picking
                ON picking.id = COALESCE(ml.picking_id, move.picking_id)
            LEFT JOIN stock_picking_type operation
                ON operation.id = move.picking_type_id
            LEFT JOIN stock_scrap scrap ON scrap.id = move.scrap_id
            LEFT JOIN serial_batch batch ON batch.id = lot.batch_id
            LEFT JOIN stock_package package ON package.id = ml.package_id
            LEFT JOIN stock_package result_package
                ON result_package.id = ml.result_package_id
            """
        )

    @api.model
    def _identified(self, row, database):
        """Add to a row what follows from it: GTIN, EPC, role, expiry."""
        is_serial = row["tracking"] == "serial"
        row["gtin"] = identity.gtin_14(row["barcode"])
        row["epc"] = identity.unit_uri(
            database, row["lot_id"], row["lot_name"], row["gtin"], is_serial=is_serial
        )
        row["role"] = "unit" if is_serial else "quantity"
        row["expiration_date"] = row["batch_expiration_date"] or (
            row["lot_expiration_date"]
            and local_date(row["lot_expiration_date"], row["zone"])
        )
        return row

    @api.model
    def _explained(self, row):
        """Add to a row what its movement was for."""
        row["corrects_event_id"] = row["error_reason"] = None
        row["purpose"] = movement.purpose(
            is_scrap=row["is_scrap"],
            is_inventory=row["is_inventory"],
            operation=row["operation"],
        )
        return row

    # ---- Recording ----

    @api.model
    def _record(self, move_line_ids):
        """Write on the ledger what the done lines moved.

        One event for each document, step, pair of locations, owner and company, and
        one for each package that was filled or emptied; a constant number of queries.
        """
        rows = [self._in_order(row) for row in self._read(move_line_ids)]
        return self.env["serial.event"]._append(self._drafts(rows))

    @api.model
    def _in_order(self, row):
        """Return a movement row dated before what followed it, where core did both at
        once and the later one first: a subcontractor's production with its receipt.
        Core itself dates the production a second earlier, but only afterwards.
        """
        follower_time = row["follower_time"]
        began = self.env.cr.now().replace(microsecond=0)
        if not follower_time or not began <= follower_time <= row["event_time"]:
            return row
        return row | {"event_time": follower_time - timedelta(seconds=1)}

    @api.model
    def _record_addition(self, move_line_ids):
        """Write on the ledger lines that were added to a done transfer, as of now."""
        now = {"event_time": fields.Datetime.now()}
        rows = [row | now for row in self._read(move_line_ids)]
        return self.env["serial.event"]._append(self._drafts(rows))

    @api.model
    def _record_correction(self, before, after):
        """Write on the ledger that done lines say something else than before.

        What a line no longer says is taken back, what it says now is told anew, both
        pointing to the event that told the old.

        :param before: rows of :meth:`_read` from before the change.
        :param after: the same lines' rows from after it.
        """
        changed = self._find_changed(before, after)
        before = {row["move_line_res_id"]: row for row in before}
        after = {row["move_line_res_id"]: row for row in after}
        told_by = self._ensure_recorded(
            [before[key] for key in changed & before.keys()]
        )
        undone, redone = (
            [
                self._corrected(rows[key], told_by.get(key))
                for key in sorted(changed & rows.keys())
            ]
            for rows in (before, after)
        )
        drafts = self._drafts(undone, undo=True) + self._drafts(redone)
        return self.env["serial.event"]._append(drafts)

    @api.model
    def _find_changed(self, before, after):
        """Return the ids of the move lines that move something else than before.

        The date of the movement is none of it: see :meth:`_record_new_date`.
        """
        facts = [
            {
                row["move_line_res_id"]: [row[column] for column in _MOVED_COLUMNS]
                for row in rows
            }
            for rows in (before, after)
        ]
        return {
            key for key in facts[0] | facts[1] if facts[0].get(key) != facts[1].get(key)
        }

    @api.model
    def _find_unchanged(self, before):
        """Return the ids of those lines that move what they moved before.

        :param before: rows of :meth:`_read` from before a change.
        """
        line_ids = {row["move_line_res_id"] for row in before}
        return line_ids - self._find_changed(before, self._read(line_ids))

    @api.model
    def _corrected(self, row, event_id):
        """Return a movement row as a correction of the event that told the line; a
        line that no event told was added now.

        By the clock that core dates moves by, so that a correction comes after what
        it corrects, also within one transaction.
        """
        return row | {
            "event_time": fields.Datetime.now(),
            "corrects_event_id": event_id,
            "error_reason": event_id and "incorrect_data",
        }

    @api.model
    def _record_new_date(self, before, date):
        """Write on the ledger that done lines were moved at another time than told.

        :param before: rows of :meth:`_read` from before the change.
        :param date: the new time, UTC, naive.
        """
        if not before:
            return []
        told_by = self._ensure_recorded(before)
        groups = defaultdict(list)
        for row in before:
            groups[told_by[row["move_line_res_id"]]].append(row)
        known = self._find_dated(groups, date)
        drafts = [
            self._date_draft(event_id, rows, date)
            for event_id, rows in groups.items()
            if event_id not in known
        ]
        return self.env["serial.event"]._append(drafts)

    @api.model
    def _find_dated(self, event_ids, date):
        """Return those of these events that this transaction wrote with that date."""
        rows = self.env.execute_query(
            SQL(
                "SELECT id FROM serial_event WHERE id IN %s AND event_time = %s "
                "AND record_time >= %s",
                tuple(event_ids),
                date,
                self.env.cr.now(),
            )
        )
        return {row[0] for row in rows}

    @api.model
    def _date_draft(self, event_id, rows, date):
        """Return the draft of a correction of an event's time, for its ``rows``."""
        now = fields.Datetime.now()
        lines = [
            self._line(row)
            | {
                "field_name": "event_line_ids.event_time",
                "old_value": fields.Datetime.to_string(row["event_time"]),
                "new_value": fields.Datetime.to_string(date),
            }
            for row in rows
        ]
        row = rows[0]
        event = {
            "event_type": "change",
            "movement": "correction",
            "event_time": now,
            "event_time_zone_offset": utc_offset(now, row["zone"]),
            "company_id": row["company_id"],
            "document_model": row["document_model"],
            "document_res_id": row["document_res_id"],
            "document_name": row["document_name"],
            "corrects_event_id": event_id,
            "error_reason": "incorrect_data",
            "reason": self.env["serial.change"]._get_reason(),
        }
        return EventDraft(event, lines, None, False)

    @api.model
    def _ensure_recorded(self, rows):
        """Return ``{move line id: event id}``, the latest that told of each line.

        A line from the past that no event tells of yet is written first, as imported,
        so that a correction never stands without what it corrects.
        """
        events = self._find_events({row["move_line_res_id"] for row in rows})
        missing = [row for row in rows if row["move_line_res_id"] not in events]
        if missing:
            self.env["serial.history.import"]._keep_out()
            self.env["serial.event"]._append(self._drafts(missing, imported=True))
            events = self._find_events({row["move_line_res_id"] for row in rows})
        return events

    @api.model
    def _find_events(self, move_line_ids):
        """Return ``{move line id: id of the last event that moved it}``."""
        rows = self.env.execute_query(
            SQL(
                "SELECT line.move_line_res_id, COALESCE(max(line.event_id) FILTER ("
                "WHERE event.event_type NOT IN ('AggregationEvent', "
                "'TransformationEvent')), max(line.event_id)) "
                "FROM serial_event_line line "
                "JOIN serial_event event ON event.id = line.event_id "
                "WHERE line.move_line_res_id IN %s AND event.event_type <> 'change' "
                "GROUP BY line.move_line_res_id",
                tuple(move_line_ids or [0]),
            )
        )
        return dict(rows)

    # ---- Events of movements ----

    @api.model
    def _drafts(self, rows, *, undo=False, imported=False):
        """Return the :class:`EventDraft` of movement rows.

        In the order in which it happens: out of a package, to another place, into a
        package. What only changes its package where it stands does not move.

        :param undo: the rows did not happen: tell that the units are back.
        :param imported: the rows are from a past that nobody recorded.
        """
        groups = defaultdict(list)
        for row in rows:
            if not _stays(row):
                groups[tuple(row[column] for column in _EVENT_KEY)].append(row)
        if undo:
            rows = [_reversed(row) for row in rows]
        return [
            *self._package_drafts(rows, "DELETE", imported=imported),
            *(
                self._movement_draft(group, undo=undo, imported=imported)
                for group in groups.values()
            ),
            *self._package_drafts(rows, "ADD", imported=imported),
        ]

    @api.model
    def _movement_draft(self, rows, *, undo, imported):
        """Return the draft of the movement that ``rows`` have in common."""
        row = rows[0]
        moved = movement.Movement(
            _kind(row, "source"), _kind(row, "destination"), row["purpose"],
            row["to_stock"],
        )  # fmt: skip
        rule = movement.classify(moved)
        if undo:
            rule, rows = movement.undo(moved, rule), [_reversed(row) for row in rows]
            row = rows[0]
        observed = row[f"{rule.read_point}_location_res_id"]
        event = {
            **{column: row[column] for column in _EVENT_COLUMNS},
            "event_type": "ObjectEvent",
            "action": rule.action,
            "movement": rule.name,
            "biz_step": rule.biz_step,
            "disposition": rule.disposition,
            "read_point": self._location_uri(observed),
            "biz_location": self._location_uri(row["destination_location_res_id"])
            if _kind(row, "destination") in movement.HELD
            else None,
            "imported": imported,
        }
        lines = [self._line(row) for row in rows]
        custodian = self._custodian(rule.holder, row)
        return self._sealed(EventDraft(event, lines, custodian, True), rows)

    @api.model
    def _package_drafts(self, rows, action, *, imported):
        """Return one aggregation event for each package filled or emptied.

        :param action: ``ADD`` for those that were filled, ``DELETE`` for the emptied.
        """
        column = "result_package" if action == "ADD" else "package"
        groups = defaultdict(list)
        for row in rows:
            package_id = row[f"{column}_res_id"]
            if package_id and row["package_res_id"] != row["result_package_res_id"]:
                key = tuple(row[name] for name in _PACKAGE_KEY)
                groups[key, action, package_id, row[f"{column}_name"]].append(row)
        return [
            self._package_draft(key, group, imported=imported)
            for key, group in groups.items()
        ]

    @api.model
    def _package_draft(self, key, rows, *, imported):
        _document, action, package_id, name = key
        row = rows[0]
        side = "destination" if action == "ADD" else "source"
        place = self._location_uri(row[f"{side}_location_res_id"])
        event = {
            **{column: row[column] for column in _EVENT_COLUMNS},
            "event_type": "AggregationEvent",
            "action": action,
            "movement": "pack_in" if action == "ADD" else "unpack",
            "biz_step": "packing" if action == "ADD" else "unpacking",
            "read_point": place,
            "biz_location": place,
            "package_res_id": package_id,
            "package_name": name,
            "parent_epc": identity.package_uri(self._database_uuid(), package_id, name),
            "imported": imported,
        }
        lines = [self._line(row) for row in rows]
        return self._sealed(EventDraft(event, lines, None, False), rows)

    @api.model
    def _line(self, row):
        """Return the columns of the event line of a movement row."""
        return {
            **{column: row[column] for column in _LINE_COLUMNS},
            "role": row["role"],
        }

    @api.model
    def _custodian(self, holder, row):
        """Return the id of the partner that has the units, None where nobody has."""
        held_by = {"company": "company_partner_res_id", "partner": "partner_res_id"}
        return row[held_by[holder]] if holder in held_by else None

    # ---- EPCIS ----

    @api.model
    def _sealed(self, draft, rows):
        """Add the time zone offset and the CBV event hash to a draft of ``rows``."""
        event, zone = draft.event, rows[0]["zone"]
        event["event_time_zone_offset"] = utc_offset(event["event_time"], zone)
        event["event_hash"] = event_hash_id(self._epcis_event(draft, rows))
        return draft

    @api.model
    def _epcis_event(self, draft, rows):
        """Return the event as EPCIS has it."""
        event, row = draft.event, rows[0]
        units, quantities = self._what(rows)
        names = (
            ("child_epcs", "child_quantity_list")
            if event["event_type"] == "AggregationEvent"
            else ("epc_list", "quantity_list")
        )
        ends = self._ends(row) if draft.moves else {}
        return Event(
            type=event["event_type"],
            action=event["action"],
            event_time=event["event_time"],
            event_time_zone_offset=event["event_time_zone_offset"],
            parent_epc=event.get("parent_epc"),
            biz_step=event["biz_step"],
            disposition=event.get("disposition"),
            read_point=event["read_point"],
            biz_location=event["biz_location"],
            biz_transactions=[self._biz_transaction(row)],
            **dict(zip(names, (units, quantities), strict=True)),
            **ends,
        )

    @api.model
    def _what(self, rows):
        """Return the EPCs of the units and the quantities of the lots in ``rows``; a
        lot without a quantity is named only.
        """
        units = [row["epc"] for row in rows if row["role"] == "unit"]
        lots = [row for row in rows if row["role"] == "quantity"]
        measures = self._get_measures(lots)
        totals = defaultdict(float)
        for row in lots:
            factor, code = measures.get(row.get("uom_id"), Measure())
            totals[row["epc"], code] += (row["quantity"] or 0) * factor
        quantities = [
            Quantity(epc, round(total, 6), code) if total else Quantity(epc)
            for (epc, code), total in totals.items()
        ]
        return list(dict.fromkeys(units)), quantities

    @api.model
    def _get_measures(self, rows):
        """Return ``{unit of measure id: how EPCIS says it}`` of what is not counted by
        the piece anyway.
        """
        unit_ids = {row.get("uom_id") for row in rows if row["quantity"]} - {None}
        if not unit_ids:
            return {}
        return self.env["uom.uom"].browse(unit_ids)._get_epcis_measures()

    @api.model
    def _ends(self, row):
        """Return sources and destinations of a transfer between two parties' places."""
        if row["source_usage"] == row["destination_usage"]:
            return {}
        return {
            f"{side}s": [
                Party("location", self._location_uri(row[f"{side}_location_res_id"]))
            ]
            for side in ("source", "destination")
        }

    @api.model
    def _biz_transaction(self, row):
        """Return the document of a movement as EPCIS has it."""
        return BizTransaction(
            identity.private_urn(
                self._database_uuid(), row["document_model"], row["document_res_id"]
            ),
            _TRANSACTION_TYPES.get(row["picking_code"]),
        )

    @api.model
    def _offset(self, company_id, moment):
        """Return a company's offset from UTC at a moment, as ``+01:00``."""
        company = self.env["res.company"].browse(company_id)
        # Stands in for the right to read one's own company's contact.
        return utc_offset(moment, company.sudo().partner_id.tz)

    @api.model
    def _location_uri(self, location_id):
        return identity.private_urn(
            self._database_uuid(), "stock.location", location_id
        )

    @api.model
    def _database_uuid(self):
        # Stands in for the right to read this one system parameter.
        return self.env["ir.config_parameter"].sudo().get_param("database.uuid")


def _reversed(row):
    """Return a movement row with its two ends exchanged."""
    turned = dict(row)
    for column in ("location_res_id", "location_name", "usage", "is_shared"):
        turned[f"source_{column}"] = row[f"destination_{column}"]
        turned[f"destination_{column}"] = row[f"source_{column}"]
    for column in ("res_id", "name"):
        turned[f"package_{column}"] = row[f"result_package_{column}"]
        turned[f"result_package_{column}"] = row[f"package_{column}"]
    return turned


def _kind(row, side):
    """Return the usage of one end of a movement, for the table of movements."""
    if row[f"{side}_usage"] == "transit" and row[f"{side}_is_shared"]:
        return movement.INTERCOMPANY
    return row[f"{side}_usage"]


def _stays(row):
    """Return whether a line only puts units into another package where they are."""
    return (
        row["source_location_res_id"] == row["destination_location_res_id"]
        and row["package_res_id"] != row["result_package_res_id"]
    )
