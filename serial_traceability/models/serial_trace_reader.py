from collections import defaultdict, namedtuple

from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from ..core import trace

_READER = "serial_traceability.group_serial_reader"
_DIRECTIONS = ("back", "forward", "both")

#: What one trace read: the records it is about and their ``core.trace.Subject``; the
#: steps in the order in which they happened; the rows of their events, serials and
#: lots, and names of partners, each by id; the groups of units.
Reading = namedtuple(
    "Reading", ["records", "subject", "steps", "details", "lots", "groups", "partners"]
)
#: A serial or lot, as ``core.trace`` and the screens name it.
Lot = namedtuple(
    "Lot",
    [
        "id",
        "name",
        "product_id",
        "is_serial",
        "product",
        "batch",
        "production_date",
    ],
)


class SerialTraceReader(models.AbstractModel):
    """Reads what a trace is made from, as the user.

    A constant number of queries, whatever the number of units: the ledger by three
    SQL statements, names by one search a model.
    """

    _name = "serial.trace.reader"
    _description = "Reader of Traces"

    @api.model
    def _read(self, model, ids, direction):
        """Check the question and read the ledger for it."""
        self._check_reader()
        if direction not in _DIRECTIONS:
            raise UserError(
                self.env._(
                    "%(direction)s is no direction of a trace. Use back, forward or "
                    "both.",
                    direction=direction,
                )
            )
        records = self._get_records(model, ids)
        subject = self._get_subject(records)
        lines, events, details = self._read_ledger(subject, direction)
        steps = trace.select(lines, events, subject, direction)
        lots = self._read_lots({step.line.lot_id for step in steps})
        steps = [step for step in steps if step.line.lot_id in lots]
        groups = trace.group_units(steps, lots)
        return Reading(
            records, subject, steps, details, lots, groups,
            self._get_partner_names(details),
        )  # fmt: skip

    @api.model
    def _check_reader(self):
        # A public method is reachable by RPC, whatever the screens show.
        if not (self.env.su or self.env.user.has_group(_READER)):
            raise AccessError(
                self.env._(
                    "You may not trace serials. Ask an administrator for a role in "
                    "Serial Traceability."
                )
            )

    @api.model
    def _get_records(self, model, ids):
        """Return the records that are traced, checked for the user's right to them."""
        if model not in self._get_models():
            raise UserError(
                self.env._(
                    "%(model)s cannot be traced. Trace a serial, a lot, a batch or a "
                    "transfer.",
                    model=model,
                )
            )
        ids = [ids] if isinstance(ids, int) else ids
        records = self.env[model].browse(ids).exists()
        if not records or (model == "stock.picking" and len(records) > 1):
            raise UserError(
                self.env._(
                    "There is nothing to trace. Choose one transfer or batch, or some "
                    "serials."
                )
            )
        records.check_access("read")
        return records

    @api.model
    def _get_models(self):
        """Return the models that can be traced. Bridges add theirs."""
        return ["stock.lot", "serial.batch", "stock.picking"]

    @api.model
    def _get_subject(self, records):
        """Return the lots, and the document, that a trace of ``records`` is about."""
        if records._name == "stock.lot":
            return trace.Subject(frozenset(records.ids))
        if records._name == "serial.batch":
            lots = self.env["stock.lot"].search([("batch_id", "in", records.ids)])
            return trace.Subject(frozenset(lots.ids))
        document = trace.Document(records._name, records.id)
        return trace.Subject(self._find_lots(document), document)

    # ---- Reading the ledger ----

    @api.model
    def _get_company_condition(self):
        """Return the condition on ``event`` that the record rules ask for.

        Raw SQL passes by them, so each statement here carries it: events of the
        companies that the user works in, as in ``serial_event_rule_company``.
        """
        return SQL("event.company_id IN %s", tuple(self.env.companies.ids))

    @api.model
    def _find_lots(self, document):
        rows = self.env.execute_query(
            SQL(
                "SELECT DISTINCT line.lot_id FROM serial_event event "
                "JOIN serial_event_line line ON line.event_id = event.id "
                "WHERE event.document_res_id = %s AND event.document_model = %s "
                "AND event.event_type <> 'change' AND %s",
                document.id,
                document.model,
                self._get_company_condition(),
            )
        )
        return frozenset(lot_id for (lot_id,) in rows)

    @api.model
    def _read_ledger(self, subject, direction):
        """Return lines, events and details of all that a trace may need.

        :return: list of :class:`TraceLine`; ``{event id: TraceEvent}``; and
            ``{event id: row}`` with what a reader wants to know besides, to which
            ``packages`` by lot and document is added.
        """
        if not subject.lots:
            return [], {}, {}
        rows = self.env.execute_query(self._get_line_query(subject.lots, direction))
        details = self._read_events({row[1] for row in rows})
        # Lines of events that the user may not read go no further.
        rows = [row for row in rows if row[1] in details]
        packed = [row for row in rows if not details[row[1]]["moves"]]
        lines = [trace.TraceLine(*row) for row in rows if details[row[1]]["moves"]]
        events = {
            event_id: self._get_event(row)
            for event_id, row in details.items()
            if row["moves"]
        }
        self._add_packages(packed, details)
        return lines, events, details

    @api.model
    def _get_line_query(self, lot_ids, direction):
        """Return the query of the lines of ``lot_ids`` and of all linked lots.

        Lots are linked by an event that used up the one and made the other; UNION
        leaves out what is there already, so that circles end. OFFSET 0 keeps PostgreSQL
        from reading the whole ledger: it takes each lot to have as many lines as the
        average one, and a lot in a warehouse may have thousands.
        """
        ways = {"back": ("output", "input"), "forward": ("input", "output")}
        chosen = ways if direction == "both" else (direction,)
        return SQL(
            """
            WITH RECURSIVE %(walks)s
            SELECT line.*
              FROM (%(found)s) lot
             CROSS JOIN LATERAL (
                    SELECT lot_id, event_id, role, quantity::float,
                           COALESCE(uom, ''), move_line_res_id
                      FROM serial_event_line WHERE lot_id = lot.lot_id OFFSET 0
                   ) line
            """,
            walks=SQL(", ").join(
                self._get_walk(way, lot_ids, *ways[way]) for way in chosen
            ),
            found=SQL(" UNION ").join(
                SQL("SELECT lot_id FROM %s", SQL.identifier(way)) for way in chosen
            ),
        )

    @api.model
    def _get_walk(self, way, lot_ids, here, there):
        """Return the recursive part that walks from role ``here`` to ``there``."""
        return SQL(
            """
            %(way)s (lot_id) AS (
                SELECT unnest(%(lots)s)
                UNION
                SELECT other.lot_id
                  FROM %(way)s walked
                  JOIN serial_event_line line
                    ON line.lot_id = walked.lot_id AND line.role = %(here)s
                  JOIN serial_event event
                    ON event.id = line.event_id AND %(company)s
                  JOIN serial_event_line other
                    ON other.event_id = event.id AND other.role = %(there)s
            )
            """,
            way=SQL.identifier(way),
            lots=sorted(lot_ids),
            company=self._get_company_condition(),
            here=here,
            there=there,
        )

    @api.model
    def _read_events(self, event_ids):
        """Return ``{id: row}`` of the events that the user may read and a trace needs;
        ``moves`` says whether goods moved.

        The new telling of a corrected line happened when the old one did.
        """
        if not event_ids:
            return {}
        self.env.cr.execute(
            SQL(
                """
                SELECT event.id, event.event_type, event.movement, event.biz_step,
                       event.event_time, event.document_model, event.document_res_id,
                       event.document_name, event.origin, event.partner_res_id,
                       event.source_usage, event.source_location_res_id,
                       event.source_location_name, event.destination_usage,
                       event.destination_location_res_id,
                       event.destination_location_name, event.package_name,
                       event.action, event.imported,
                       event.movement LIKE 'undo\\_%%' AS is_undo,
                       event.event_type <> 'AggregationEvent' AS moves,
                       COALESCE(corrected.event_time, event.event_time) AS happened
                  FROM serial_event event
                  LEFT JOIN serial_event corrected
                    ON corrected.id = event.corrects_event_id
                 WHERE event.id = ANY(%s) AND %s
                   AND (event.source_usage IS NOT NULL
                        OR event.event_type = 'TransformationEvent')
                   AND event.event_type <> 'change'
                """,
                sorted(event_ids),
                self._get_company_condition(),
            )
        )
        rows = self.env.cr.dictfetchall()
        survivors = self.env["serial.party.alias"]._get_survivors(
            {row["partner_res_id"] for row in rows} - {None}
        )
        for row in rows:
            row["document"] = self._get_document(row)
            row["partner_id"] = survivors.get(row["partner_res_id"])
        return {row["id"]: row for row in rows}

    @api.model
    def _get_event(self, row):
        """Return an event's row as the rules of tracing want it."""
        return trace.TraceEvent(
            row["id"],
            row["happened"],
            row["document"],
            self._get_place(row, "source"),
            self._get_place(row, "destination"),
            bool(row["is_undo"]),
        )

    @api.model
    def _get_document(self, row):
        if row["document_model"]:
            return trace.Document(row["document_model"], row["document_res_id"])
        return trace.Document("serial.event", row["id"])

    @api.model
    def _get_place(self, row, side):
        """Return one end of a movement, None where the event moved nothing."""
        usage = row[f"{side}_usage"]
        if not usage or row["event_type"] == "TransformationEvent":
            return None
        # The ledger names one partner: whoever is outside, of two the one that gets
        # the goods.
        outside = usage in trace.PARTNERS and (
            side == "destination" or row["destination_usage"] not in trace.PARTNERS
        )
        return trace.Place(
            usage,
            row[f"{side}_location_res_id"] or 0,
            row[f"{side}_location_name"] or "",
            (outside and row["partner_id"]) or None,
        )

    @api.model
    def _add_packages(self, packed, details):
        """Note in each event's row into which package its document put which lot."""
        packages = defaultdict(dict)
        for lot_id, event_id, *_rest in packed:
            row = details[event_id]
            if row["action"] == "ADD":
                packages[row["document"]][lot_id] = row["package_name"]
        for row in details.values():
            row["packages"] = packages.get(row["document"], {})

    # ---- Names ----

    @api.model
    def _read_lots(self, lot_ids):
        """Return ``{id: Lot}`` of those that the user may read.

        The search brings the record rules; its rows are not made into records, which
        would cost more than all the rest of a trace.
        """
        lots = self.env["stock.lot"]
        lots.flush_model(["name", "product_id", "batch_id", "production_date"])
        query = lots._search([("id", "in", list(lot_ids))])
        columns = ("id", "name", "product_id", "batch_id", "production_date")
        rows = self.env.execute_query(
            query.select(*(SQL.identifier(query.table, name) for name in columns))
        )
        products = self._read_products({row[2] for row in rows})
        batches = self.env["serial.batch"].search_fetch(
            [("id", "in", list({row[3] for row in rows} - {None}))], ["name"]
        )
        batch_names = {batch.id: batch.name for batch in batches}
        return {
            lot_id: Lot(
                lot_id, name, product_id, *products[product_id],
                batch_names.get(batch_id, ""), production_date,
            )
            for lot_id, name, product_id, batch_id, production_date in rows
        }  # fmt: skip

    @api.model
    def _read_products(self, product_ids):
        """Return ``{id: (whether tracked by serial, name)}``."""
        products = self.env["product.product"].browse(product_ids)
        # Stands in for reading the product of a serial that one may read.
        return {
            product.id: (product.tracking == "serial", product.display_name)
            for product in products.sudo()
        }

    @api.model
    def _get_partner_names(self, details):
        """Return ``{id: name}`` of the partners that the user may read."""
        ids = {row["partner_id"] for row in details.values()} - {None}
        partners = (
            self.env["res.partner"]
            .with_context(active_test=False)
            .search([("id", "in", list(ids))])
        )
        return {partner.id: partner.display_name for partner in partners}
