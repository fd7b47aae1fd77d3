from collections import defaultdict

from odoo import api, fields, models
from odoo.tools import SQL

from ..const import Document
from ..core import identity
from ..core.clock import utc_offset
from ..core.epcis import BizTransaction, Event, event_hash_id
from ..core.lifecycle import get_stage
from .serial_event import EventDraft

#: Columns that one event has in common: what happens in two places is two events.
_EVENT_KEY = ("company_id", "source_location_res_id", "disposition")
#: The most numbers without a serial that one event tells of.
_PIECE = 5000


class SerialLifecycle(models.AbstractModel):
    """Writes on the ledger what happens to serials without moving them: made, label
    printed, taken out of use, destroyed.

    Callers check the user's right to do what they tell of.
    """

    _name = "serial.lifecycle"
    _description = "Stages of Serials' Lives, for the Ledger"

    @api.model
    def _record(
        self,
        lots,
        stage,
        *,
        document=None,
        reason=None,
        event_time=None,
        disposition=None,
    ):
        """Write that ``lots`` have reached a stage of their life.

        One event for each company and place that they stand in, whatever the number
        of lots; a constant number of queries.

        :param lots: serials or lots.
        :param stage: a name of ``core.lifecycle.STAGES``.
        :param document: the record in whose course it happened.
        :param reason: why, as text.
        :param event_time: naive, in UTC; now where it is left out.
        :param disposition: CBV disposition that they have from now on, one for all or
            as ``{lot id: disposition}``; the stage's where it is left out.
        :return: ids of the events.
        """
        rows = self._read(lots)
        for row in rows:
            row["disposition"] = (
                disposition.get(row["lot_id"])
                if isinstance(disposition, dict)
                else disposition
            )
        return self._record_rows(
            rows,
            stage,
            document=document,
            reason=reason,
            event_time=event_time,
        )

    @api.model
    def _record_issued(self, numbers, stage, *, document=None, reason=None):
        """Write that numbers without a unit have reached a stage of their life.

        Their lines name no serial, only its identity: the unit is not there yet. One
        event for each company, a constant number of queries.

        :param numbers: of ``serial.number``; see :meth:`_record` for the others.
        """
        return self._record_rows(
            self._read_issued(numbers), stage, document=document, reason=reason
        )

    @api.model
    def _record_packages(self, packages, stage, *, document=None, reason=None):
        """Write that packages, such as pallets, have reached a stage of their life.

        Their lines name the package, as EPCIS has it, and no serial: nothing happened
        to what it holds. One event for each company and place, a constant number of
        queries.

        :param packages: of ``stock.package``; see :meth:`_record` for the others.
        """
        return self._record_rows(
            self._read_packages(packages), stage, document=document, reason=reason
        )

    @api.model
    def _record_rows(self, rows, stage, *, document, reason, event_time=None):
        """Write one event for each company and place of the rows of :meth:`_read`."""
        groups = defaultdict(list)
        for row in rows:
            groups[tuple(row.get(column) for column in _EVENT_KEY)].append(row)
        common = {
            "event_time": event_time or fields.Datetime.now(),
            "reason": reason,
            **self._get_document(document),
        }
        drafts = [
            self._draft(
                get_stage(stage), rows[0], [self._get_line(row) for row in rows], common
            )
            for rows in groups.values()
        ]
        return self.env["serial.event"]._append(drafts)

    @api.model
    def _record_numbers(self, block, numbers, stage, *, reason=None):
        """Write that numbers which no serial bears have reached a stage.

        A line names the unit that there would have been by number and EPC alone. One
        event for each 5,000 numbers.

        :param block: the ``serial.block`` of the numbers; the document, too.
        :param numbers: pairs of id and number.
        :param stage: a name of ``core.lifecycle.STAGES``.
        :param reason: why, as text.
        :return: ids of the events.
        """
        row = self._read_block(block)
        common = {
            "event_time": fields.Datetime.now(),
            "reason": reason,
            **self._get_document(block),
        }
        events, ids = self.env["serial.event"], []
        for start in range(0, len(numbers), _PIECE):
            piece = numbers[start : start + _PIECE]
            lines = [self._get_number_line(row, *number) for number in piece]
            ids += events._next_ids(1)
            # No serial follows from it: nothing else is to be brought up to date.
            draft = self._draft(get_stage(stage), row, lines, common)
            events._write_rows(ids[-1:], [draft])
        return ids

    @api.model
    def _read_block(self, block):
        """Return what the event lines of a block's numbers have in common."""
        product = block.product_id.with_context(lang="en_US")
        # Stands in for the right to read one's own company's contact.
        zone = block.company_id.sudo().partner_id.tz
        return {
            "role": "unit",
            "lot_id": None,
            "uom": product.uom_id.name,
            "product_res_id": product.id,
            "product_name": product.product_tmpl_id.name,
            "gtin": identity.gtin_14(product.barcode),
            "batch_number": block.batch_id.name or None,
            "expiration_date": block.batch_id.expiration_date or None,
            "company_id": block.company_id.id,
            "zone": zone,
            "source_location_res_id": None,
            "source_location_name": None,
            "source_usage": None,
        }

    @api.model
    def _get_number_line(self, row, number_id, name):
        """Return the columns of the event line of a number that nothing bears."""
        if row["gtin"] and identity.is_gs1_serial(name):
            epc = identity.digital_link(row["gtin"], name)
        else:
            database = self.env["serial.movement"]._database_uuid()
            epc = identity.private_urn(database, "serial.number", number_id)
        return self._get_line({**row, "lot_name": name, "epc": epc})

    # ---- Reading ----

    @api.model
    def _read(self, lots):
        """Return one dictionary a lot, in order of their ids: what a line says, and
        where the lot is. One statement.
        """
        if not lots:
            return []
        self.env.flush_all()
        columns = self._get_columns()
        rows = self.env.execute_query(
            SQL(
                "SELECT %(columns)s FROM %(tables)s WHERE lot.id = ANY(%(lots)s) "
                "ORDER BY lot.id",
                columns=SQL(", ").join(columns.values()),
                tables=self._get_tables(),
                lots=list(lots.ids),
            )
        )
        movements = self.env["serial.movement"]
        database = movements._database_uuid()
        return [
            movements._identified(dict(zip(columns, row, strict=True)), database)
            for row in rows
        ]

    @api.model
    def _read_dispositions(self, lots):
        """Return ``{serial id: disposition}`` of what serials were said to be before
        they were held, as their own company saw it. One statement.
        """
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT ON (line.lot_id) line.lot_id, event.disposition
                FROM serial_event_line line
                JOIN serial_event event ON event.id = line.event_id
                JOIN stock_lot lot ON lot.id = line.lot_id
                WHERE line.lot_id = ANY(%(lots)s) AND line.role = 'unit'
                    AND event.disposition IS NOT NULL
                    AND event.movement NOT IN ('hold', 'release')
                    AND event.company_id = COALESCE(lot.company_id, %(company)s)
                ORDER BY line.lot_id, event.event_time DESC, event.id DESC
                """,
                lots=list(lots.ids),
                company=self.env.company.id,
            )
        )
        return dict(rows)

    @api.model
    def _read_packages(self, packages):
        """Return what :meth:`_read` returns, of packages."""
        database = self.env["serial.movement"]._database_uuid()
        # Stands in for the right to read one's own companies' contacts.
        zones = {
            company: company.sudo().partner_id.tz
            for company in packages.company_id | self.env.company
        }
        empty = dict.fromkeys(
            ("lot_id", "uom", "product_res_id", "product_name", "gtin",
             "batch_number", "expiration_date")
        )  # fmt: skip
        return [
            {
                **empty,
                "role": "unit",
                "lot_name": package.name,
                "epc": identity.package_uri(database, package.id, package.name),
                "company_id": company.id,
                "zone": zones[company],
                "source_location_res_id": package.location_id.id or None,
                "source_location_name": package.location_id.complete_name or None,
                "source_usage": package.location_id.usage or None,
            }
            for package in packages
            for company in [package.company_id or self.env.company]
        ]

    @api.model
    def _read_issued(self, numbers):
        """Return what :meth:`_read` returns, of numbers that no serial bears."""
        if not numbers:
            return []
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                SELECT NULL::int AS lot_id, number.name AS lot_name, tmpl.tracking,
                    uom.name->>'en_US' AS uom, product.id AS product_res_id,
                    tmpl.name->>'en_US' AS product_name, product.barcode,
                    batch.name AS batch_number,
                    batch.expiration_date AS batch_expiration_date,
                    NULL::timestamp AS lot_expiration_date,
                    issue.company_id, company_partner.tz AS zone,
                    NULL::int AS source_location_res_id,
                    NULL AS source_location_name, NULL AS source_usage
                FROM serial_number number
                JOIN serial_issue issue ON issue.id = number.issue_id
                JOIN res_company company ON company.id = issue.company_id
                JOIN res_partner company_partner
                    ON company_partner.id = company.partner_id
                JOIN product_product product ON product.id = issue.product_id
                JOIN product_template tmpl ON tmpl.id = product.product_tmpl_id
                JOIN uom_uom uom ON uom.id = tmpl.uom_id
                LEFT JOIN serial_batch batch ON batch.id = issue.batch_id
                WHERE number.id = ANY(%s) ORDER BY number.id
                """,
                list(numbers.ids),
            )
        )
        rows = self.env.cr.dictfetchall()
        movements = self.env["serial.movement"]
        database = movements._database_uuid()
        return [movements._identified(row, database) for row in rows]

    @api.model
    def _get_columns(self):
        """Return the columns of :meth:`_read`: name to SQL."""
        return {
            "lot_id": SQL("lot.id"),
            "lot_name": SQL("lot.name"),
            "tracking": SQL("tmpl.tracking"),
            "uom": SQL("uom.name->>'en_US'"),
            "product_res_id": SQL("product.id"),
            "product_name": SQL("tmpl.name->>'en_US'"),
            "barcode": SQL("product.barcode"),
            "batch_number": SQL("batch.name"),
            "batch_expiration_date": SQL("batch.expiration_date"),
            "lot_expiration_date": SQL("lot.expiration_date"),
            "company_id": SQL("company.id"),
            "company_partner_res_id": SQL("company.partner_id"),
            "zone": SQL("company_partner.tz"),
            "source_location_res_id": SQL("location.id"),
            "source_location_name": SQL("location.complete_name"),
            "source_usage": SQL("location.usage"),
        }

    @api.model
    def _get_tables(self):
        """Return the FROM clause of :meth:`_read`: the own company of a shared lot is
        that of who does something with it.
        """
        return SQL(
            """
            stock_lot lot
            JOIN res_company company ON company.id = COALESCE(lot.company_id, %s)
            JOIN res_partner company_partner ON company_partner.id = company.partner_id
            JOIN product_product product ON product.id = lot.product_id
            JOIN product_template tmpl ON tmpl.id = product.product_tmpl_id
            JOIN uom_uom uom ON uom.id = tmpl.uom_id
            LEFT JOIN stock_location location ON location.id = lot.location_id
            LEFT JOIN serial_batch batch ON batch.id = lot.batch_id
            """,
            self.env.company.id,
        )

    # ---- Writing ----

    @api.model
    def _draft(self, stage, row, lines, common):
        """Return the :class:`EventDraft` of one stage that lots reached in one place.

        :param row: of :meth:`_read`, of any of the lots.
        :param lines: those of all.
        :param common: columns of the event that do not come from the lots.
        """
        place = row["source_location_res_id"]
        place = place and self.env["serial.movement"]._location_uri(place)
        event = {
            **common,
            "event_type": "ObjectEvent",
            "movement": stage.name,
            "action": stage.action,
            "biz_step": stage.biz_step,
            "disposition": row.get("disposition") or stage.disposition,
            "company_id": row["company_id"],
            "source_location_res_id": row["source_location_res_id"],
            "source_location_name": row["source_location_name"],
            "source_usage": row["source_usage"],
            "read_point": place,
            "event_time_zone_offset": utc_offset(common["event_time"], row["zone"]),
        }
        event["event_hash"] = event_hash_id(self._get_epcis_event(event, lines))
        custodian = row["company_partner_res_id"] if stage.held else None
        return EventDraft(event, lines, custodian, stage.held)

    @api.model
    def _get_line(self, row):
        """Return the columns of the event line of one lot."""
        quantity = 1.0 if row["role"] == "unit" else None
        return self.env["serial.movement"]._line(
            {"quantity": quantity, "move_line_res_id": None, **row}
        )

    @api.model
    def _get_document(self, document):
        """Return the columns that name the document of an event."""
        if not document:
            return {}
        model, res_id, name = Document.of(document)
        return {
            "document_model": model,
            "document_res_id": res_id,
            "document_name": name,
        }

    @api.model
    def _get_epcis_event(self, event, lines):
        """Return the event as EPCIS has it."""
        units, quantities = self.env["serial.movement"]._what(lines)
        transactions = []
        if event.get("document_res_id"):
            key = (event["document_model"], event["document_res_id"])
            database = self.env["serial.movement"]._database_uuid()
            transactions = [BizTransaction(identity.private_urn(database, *key))]
        return Event(
            type=event["event_type"],
            action=event["action"],
            event_time=event["event_time"],
            event_time_zone_offset=event["event_time_zone_offset"],
            biz_step=event["biz_step"],
            disposition=event["disposition"],
            read_point=event["read_point"],
            epc_list=units,
            quantity_list=quantities,
            biz_transactions=transactions,
        )
