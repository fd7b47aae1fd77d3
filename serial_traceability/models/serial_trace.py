from collections import defaultdict

from odoo import api, models
from odoo.fields import Datetime

from ..core import trace

#: How many rows of the list a screen gets; an export has all.
ROW_LIMIT = 50_000
#: How many boxes of a kind a column of the graph may have.
MOST_BOXES = 200


class SerialTrace(models.AbstractModel):
    """Tells where goods came from and where they went: as graph, list and table.

    Reads only, see ``serial.trace.reader``.
    """

    _name = "serial.trace"
    _description = "Trace of Serials"

    @api.model
    @api.readonly
    def get_trace(self, model, res_ids, direction="both", per_column=12):
        """Return where goods came from and where they went, as graph and list.

        Only events of the user's companies count, and only serials and lots that the
        user may read.

        :param model: ``stock.lot``, ``serial.batch`` or ``stock.picking``.
        :param res_ids: ids of records of ``model``, or one id; of transfers one only.
        :param direction: ``back`` (where from), ``forward`` (where to) or ``both``.
        :param per_column: how many boxes of a kind a column of the graph has before
            the smallest of them are drawn as one; 1 to 200.
        :return: a dictionary of ``subject``, ``direction``, the graph's ``nodes`` and
            ``edges``, the list's ``rows`` (lot, event, quantity, unit of measure,
            package; at most 50,000 of the ``row_count`` there are) with the ``lots``
            and ``events`` that they point into by position, ``totals``, and how far
            the ``import`` of the past has come (``state``, ``percent``). Times are
            in UTC.
        :raises AccessError: the user is no reader of serial traceability or may not
            read a record.
        :raises UserError: the model has no trace, or there is nothing to trace.
        """
        reading = self.env["serial.trace.reader"]._read(model, res_ids, direction)
        graph = trace.build_graph(reading.groups)
        trace.assign_columns(graph)
        totals = self._get_totals(reading, graph)
        boxes = max(1, min(int(per_column), MOST_BOXES))
        graph = trace.collapse(graph, boxes)
        return {
            "subject": self._get_subject_values(reading),
            "direction": direction,
            **self._get_graph_values(reading, graph),
            **self._get_list_values(reading),
            "totals": totals,
            "import": self._get_import_progress(),
        }

    @api.model
    def _get_subject_values(self, reading):
        records = reading.records
        if len(records) == 1:
            name = records.display_name
        else:
            name = self.env._("%(count)s serials", count=len(records))
        return {"model": records._name, "ids": records.ids, "name": name}

    @api.model
    def _get_import_progress(self):
        """Return how far the past is on the ledger: state and per cent."""
        progress = self.env["serial.history.import"]._get_progress()
        return {"state": progress["state"], "percent": progress["percent"]}

    @api.model
    def open_trace(self, model, res_ids):
        """Return the action that shows the trace of these records."""
        action = self.env["ir.actions.actions"]._for_xml_id(
            "serial_traceability.serial_trace_action"
        )
        return action | {"context": {"active_model": model, "active_ids": res_ids}}

    # ---- The graph ----

    @api.model
    def _get_graph_values(self, reading, graph):
        rows = {}
        for row in reading.details.values():
            if row["moves"]:
                rows.setdefault(row["document"], row)
        return {
            "nodes": [
                self._get_node_values(reading, node, rows)
                for node in graph.nodes.values()
            ],
            "edges": [
                {
                    "source": source,
                    "target": target,
                    "units": flow.units,
                    "quantities": flow.quantities,
                }
                for (source, target), flow in graph.edges.items()
            ],
        }

    @api.model
    def _get_node_values(self, reading, node, rows):
        """Return one box; ``res_model`` and ``res_id`` where a click may open it."""
        values = {
            "key": node.key,
            "kind": node.kind,
            "stage": trace.STAGES[node.stage],
            "round": node.round,
            "column": node.column,
            "merged": node.merged,
            "label": "",
            "detail": "",
            "is_subject": False,
            "res_model": False,
            "res_id": False,
        }
        if node.merged > 1:
            return values
        if node.kind == "units":
            return values | self._get_units_values(reading, node)
        if node.kind == "document":
            return values | self._get_document_values(reading, rows[node.subject])
        return values | self._get_place_values(reading, node.subject)

    @api.model
    def _get_units_values(self, reading, node):
        lots = [reading.lots[lot_id] for lot_id in node.subject]
        first, last = lots[0].name, lots[-1].name
        return {
            "label": first if len(lots) == 1 else f"{first} … {last}",
            "detail": lots[0].product,
            "first": first,
            "last": last,
            "count": len(lots),
            "lot_ids": [lot.id for lot in lots],
            "is_subject": not reading.subject.document
            and lots[0].id in reading.subject.lots,
            **self._get_link("stock.lot", len(lots) == 1 and lots[0].id),
        }

    @api.model
    def _get_document_values(self, reading, row):
        document = row["document"]
        return {
            "label": row["document_name"] or self.env._("without document"),
            "detail": self._get_step_label(row),
            "time": Datetime.to_string(row["happened"]),
            "event_id": row["id"],
            "is_subject": document == reading.subject.document,
            **self._get_link(document.model, document.id),
        }

    @api.model
    def _get_place_values(self, reading, place):
        if place.partner_id:
            partner_id = place.partner_id
            return {
                "label": self._get_partner_name(reading, partner_id),
                "detail": place.name,
                **self._get_link(
                    "res.partner", partner_id in reading.partners and partner_id
                ),
            }
        return {
            "label": place.name,
            **self._get_link("stock.location", place.location_id),
        }

    @api.model
    def _get_partner_name(self, reading, partner_id):
        """Return a partner's name, its number where it is gone or not readable."""
        if not partner_id:
            return ""
        return reading.partners.get(partner_id) or self.env._(
            "contact no. %(number)s", number=partner_id
        )

    @api.model
    def _get_link(self, model, res_id):
        """Return what a click opens; nothing where the user has no right to it."""
        can_open = bool(
            res_id and model in self.env and self.env[model].has_access("read")
        )
        return {"res_model": can_open and model, "res_id": can_open and res_id}

    @api.model
    def _get_step_label(self, row):
        field = self.env["serial.event"]._fields["biz_step"]
        return dict(field._description_selection(self.env)).get(row["biz_step"], "")

    # ---- The list ----

    @api.model
    def _get_list_values(self, reading):
        """Return the list: lots and events once, rows that point to them."""
        steps = reading.steps[:ROW_LIMIT]
        lot_at, event_at = {}, {}
        rows = [
            [
                lot_at.setdefault(step.line.lot_id, len(lot_at)),
                event_at.setdefault(step.event.id, len(event_at)),
                step.line.quantity,
                step.line.uom,
                self._get_package(reading, step),
            ]
            for step in steps
        ]
        return {
            "rows": rows,
            "row_count": len(reading.steps),
            "lots": [self._get_lot_values(reading.lots[lot_id]) for lot_id in lot_at],
            "events": [
                self._get_event_values(reading, reading.details[event_id])
                for event_id in event_at
            ],
        }

    @api.model
    def _get_package(self, reading, step):
        row = reading.details[step.event.id]
        return row["packages"].get(step.line.lot_id, "")

    @api.model
    def _get_lot_values(self, lot):
        return {
            "id": lot.id,
            "name": lot.name,
            "product": lot.product,
            "batch": lot.batch,
        }

    @api.model
    def _get_event_values(self, reading, row):
        return {
            "id": row["id"],
            "time": Datetime.to_string(row["happened"]),
            "step": self._get_step_label(row),
            "document": row["document_name"] or "",
            "origin": row["origin"] or "",
            "source": row["source_location_name"] or "",
            "destination": row["destination_location_name"] or "",
            "partner": self._get_partner_name(reading, row["partner_id"]),
            "imported": bool(row["imported"]),
            **self._get_link(*row["document"]),
        }

    @api.model
    def _get_totals(self, reading, graph):
        """Return how many of what the whole trace holds, collapsed boxes included."""
        serials = sum(len(group.lots) for group in reading.groups if group.is_serial)
        partners = defaultdict(set)
        for node in graph.nodes.values():
            if node.kind == "partner":
                partners[node.subject.usage].add(node.subject.partner_id)
        documents = {
            node.subject for node in graph.nodes.values() if node.kind == "document"
        }
        return {
            "serials": serials,
            "lots": sum(not group.is_serial for group in reading.groups),
            "suppliers": len(partners["supplier"]),
            "customers": len(partners["customer"]),
            "documents": len(documents),
            "steps": len(reading.steps),
        }

    # ---- Export ----

    @api.model
    def _get_export(self, model, ids, direction):
        """Return a trace as a table: its name, headers and all rows.

        :return: ``(name, list of headers, list of rows)``; cells are text, numbers,
            truth values, dates and datetimes in the user's time zone, naive.
        """
        reading = self.env["serial.trace.reader"]._read(model, ids, direction)
        events = {
            event_id: self._get_export_event(reading, row)
            for event_id, row in reading.details.items()
            if row["moves"]
        }
        rows = [
            self._get_export_row(reading, step, events[step.event.id])
            for step in reading.steps
        ]
        return self._get_subject_values(reading)["name"], self._get_headers(), rows

    @api.model
    def _get_headers(self):
        return [
            self.env._("Serial/Lot"),
            self.env._("Product"),
            self.env._("Batch"),
            self.env._("Produced"),
            self.env._("Date"),
            self.env._("Step"),
            self.env._("Document"),
            self.env._("Source Document"),
            self.env._("From"),
            self.env._("To"),
            self.env._("Partner"),
            self.env._("Package"),
            self.env._("Quantity"),
            self.env._("Unit of Measure"),
            self.env._("Imported from the Past"),
        ]

    @api.model
    def _get_export_event(self, reading, row):
        """Return the cells of an event: those before, and the one after a unit's."""
        local = Datetime.context_timestamp(self, row["happened"])
        return [
            local.replace(tzinfo=None, microsecond=0),
            self._get_step_label(row),
            row["document_name"] or "",
            row["origin"] or "",
            row["source_location_name"] or "",
            row["destination_location_name"] or "",
            self._get_partner_name(reading, row["partner_id"]),
        ], bool(row["imported"])

    @api.model
    def _get_export_row(self, reading, step, event):
        lot = reading.lots[step.line.lot_id]
        cells, imported = event
        return [
            lot.name,
            lot.product,
            lot.batch,
            lot.production_date or "",
            *cells,
            self._get_package(reading, step),
            step.line.quantity,
            step.line.uom,
            imported,
        ]
