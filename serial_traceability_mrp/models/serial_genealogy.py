from collections import defaultdict, namedtuple

from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.serial_traceability.core.clock import utc_offset
from odoo.addons.serial_traceability.core.epcis import Event, event_hash_id
from odoo.addons.serial_traceability.core.genealogy import Consumption, share_out
from odoo.addons.serial_traceability.models.serial_event import EventDraft

#: What an order made of what: the order's id, a ``core.genealogy.Share`` and since
#: when, UTC, naive.
Made = namedtuple("Made", ["production_id", "share", "from_time"])
#: Columns of a movement row that the event of an assembly has in common with it.
_EVENT_COLUMNS = (
    "company_id",
    "event_time",
    "document_model",
    "document_res_id",
    "document_name",
    "origin",
)


class SerialGenealogy(models.AbstractModel):
    """Notes which component went into which unit, and when it came out.

    In bulk: a constant number of queries, whatever the number of orders and units.
    """

    _name = "serial.genealogy"
    _description = "Genealogy of Serials"

    @api.model
    def _note_made(self, orders):
        """Note what orders that were just done were made of, and tell the ledger.

        :param orders: manufacturing orders; some may have been done in part before.
        """
        rows = self._read(orders)
        made = self._get_made(orders, rows)
        if made:
            self._bring_up(made, rows, self._get_known(orders))

    @api.model
    def _note_corrected(self, orders):
        """End what is not so any more of done orders, and note what is so now.

        Of an order from before this addon was there nothing is known to be corrected.
        """
        known = orders and self._get_known(orders)
        if known:
            orders = orders.browse(known)
            rows = self._read(orders)
            self._bring_up(self._get_made(orders, rows), rows, known)

    @api.model
    def _bring_up(self, made, rows, known):
        """Write what is new and end what is not so any more; tell of what is new.

        :param known: ids of orders of which rows are there: what is new of them is so
            from now on.
        """
        now = fields.Datetime.now()
        made = [
            each._replace(from_time=now) if each.production_id in known else each
            for each in made
        ]
        new = self.env["serial.component"]._bring_up(known, made)
        self._tell([made[number] for number in new], rows)
        # An order of one unit has one share, and core's links are right.
        done = {each.production_id for each in made}
        if len(made) > len(done) and any(each.share.exact for each in made):
            self._correct_core(made, rows)
        units = {unit for number in new for unit in made[number].share.units}
        # When they came out of production, nobody knew what is in them.
        self.env["serial.recall.locker"]._catch(sorted(units))

    @api.model
    def _read(self, orders):
        """Return the movement rows of what the orders used up and made."""
        moves = orders.move_raw_ids | orders.move_finished_ids
        done = moves.filtered(
            lambda move: move.state == "done" and move.product_id.tracking != "none"
        )
        movements = self.env["serial.movement"]
        rows = movements._read(done.move_line_ids.ids)
        return [movements._in_order(row) for row in rows]

    @api.model
    def _get_made(self, orders, rows):
        """Return a list of :class:`Made` of movement rows of ``orders``."""
        units, used = defaultdict(dict), defaultdict(dict)
        for row in rows:
            if row["is_component"]:
                lots = used[row["production_id"]]
                before = lots.get(row["lot_id"])
                quantity = float(row["quantity"]) + (before.quantity if before else 0)
                lots[row["lot_id"]] = Consumption(row["product_res_id"], quantity)
            elif row["is_unit"]:
                units[row["production_id"]][row["lot_id"]] = row["event_time"]
        # Stands in for reading what was chosen for an order that one may finish.
        chosen = orders.sudo().assembly_ids.grouped("production_id")
        made = []
        for order in orders.filtered(lambda order: order.id in units):
            choices = {
                (choice.unit_id.id, choice.component_id.id): choice.quantity
                for choice in chosen.get(order.sudo(), ())
            }
            found = units[order.id]
            for share in share_out(tuple(found), used[order.id], choices):
                made.append(Made(order.id, share, max(found.values())))
        return made

    @api.model
    def _get_known(self, orders):
        """Return the ids of those orders of which rows are there."""
        rows = self.env.execute_query(
            SQL(
                "SELECT DISTINCT production_id FROM serial_component "
                "WHERE production_id = ANY(%s)",
                orders.ids,
            )
        )
        return {order_id for (order_id,) in rows}

    @api.model
    def _correct_core(self, made, rows):
        """Reduce core's links, which are all to all, to what went into what: its
        traceability report and unbuilding follow them.

        In arrays, not by joining tables: PostgreSQL does not know yet how many rows
        these have, and would look at each pair of units for each link.
        """
        lines = defaultdict(list)
        for row in rows:
            key = (row["production_id"], bool(row["is_component"]), row["lot_id"])
            lines[key].append(row["move_line_res_id"])
        units, used = [], []
        for number, each in enumerate(made):
            for lots, is_component, found in (
                (each.share.units, False, units),
                ([lot for lot, _quantity in each.share.components], True, used),
            ):
                for lot in lots:
                    ids = lines[each.production_id, is_component, lot]
                    found += [(number, line_id) for line_id in ids]
        self.env.flush_all()
        links = {
            "numbers": [number for number, _line in units],
            "units": [line for _number, line in units],
            "used_numbers": [number for number, _line in used],
            "used": [line for _number, line in used],
        }
        self.env.cr.execute(
            SQL(
                "DELETE FROM stock_move_line_consume_rel "
                "WHERE consume_line_id = ANY(%(units)s) "
                "AND produce_line_id = ANY(%(used)s)",
                **links,
            )
        )
        self.env.cr.execute(
            SQL(
                "INSERT INTO stock_move_line_consume_rel "
                "(consume_line_id, produce_line_id) "
                "SELECT unit.line, used.line "
                "FROM unnest(%(numbers)s, %(units)s) AS unit(number, line) "
                "JOIN unnest(%(used_numbers)s, %(used)s) AS used(number, line) "
                "USING (number) ON CONFLICT DO NOTHING",
                **links,
            )
        )
        self.env["stock.move.line"].invalidate_model(
            ["consume_line_ids", "produce_line_ids"]
        )

    # ---- Coming out again ----

    @api.model
    def _note_taken_apart(self, unbuild):
        """End the components of a unit that was taken apart; of a lot, some is left."""
        if unbuild.lot_id and unbuild.product_id.tracking == "serial":
            self.env["serial.component"]._end(
                SQL("unit_id = %s", unbuild.lot_id.id), "unbuild", unbuild.name
            )

    @api.model
    def _note_taken_out(self, lines):
        """End where serials were that came out of production again, not made anew."""
        out = lines.filtered(
            lambda line: (
                line.tracking == "serial"
                and line.location_id.usage == "production"
                and line.location_dest_id.usage != "production"
                and not line.move_id.production_id
            )
        )
        for move, found in out.grouped("move_id").items():
            unbuild = move.unbuild_id
            self.env["serial.component"]._end(
                SQL("component_id = ANY(%s)", found.lot_id.ids),
                "unbuild" if unbuild else "removal",
                unbuild.name or move.reference,
            )

    # ---- The ledger ----

    @api.model
    def _tell(self, made, rows):
        """Write one transformation a share on the ledger: what was used up, what was
        made of it.

        :param made: list of :class:`Made`.
        :param rows: of :meth:`_read`.
        """
        found = defaultdict(dict)
        for row in rows:
            role = "input" if row["is_component"] else "output"
            found[row["production_id"]].setdefault((role, row["lot_id"]), row)
        drafts = [self._draft(each, found[each.production_id]) for each in made]
        return self.env["serial.event"]._append(drafts)

    @api.model
    def _draft(self, made, rows):
        """Return the :class:`EventDraft` of what one share was made of.

        :param rows: movement rows by role and lot id.
        """
        outputs = [rows["output", unit] for unit in made.share.units]
        inputs = [
            rows["input", component] | {"quantity": quantity}
            for component, quantity in made.share.components
        ]
        row = outputs[0]
        movements = self.env["serial.movement"]
        event = {
            **{column: row[column] for column in _EVENT_COLUMNS},
            "event_type": "TransformationEvent",
            "movement": "assembly",
            "event_time": made.from_time,
            "biz_step": "assembling",
            "source_location_res_id": row["source_location_res_id"],
            "source_location_name": row["source_location_name"],
            "source_usage": row["source_usage"],
            "read_point": movements._location_uri(row["source_location_res_id"]),
            "event_time_zone_offset": utc_offset(made.from_time, row["zone"]),
        }
        event["event_hash"] = event_hash_id(self._get_epcis(event, inputs, outputs))
        lines = [
            movements._line(each) | {"role": role}
            for role, part in (("input", inputs), ("output", outputs))
            for each in part
        ]
        return EventDraft(event, lines, None, False)

    @api.model
    def _get_epcis(self, event, inputs, outputs):
        """Return the event as EPCIS has it."""
        movements = self.env["serial.movement"]
        used_units, used = movements._what(inputs)
        made_units, made = movements._what(outputs)
        return Event(
            type=event["event_type"],
            event_time=event["event_time"],
            event_time_zone_offset=event["event_time_zone_offset"],
            biz_step=event["biz_step"],
            read_point=event["read_point"],
            biz_transactions=[movements._biz_transaction(outputs[0])],
            input_epc_list=used_units,
            input_quantity_list=used,
            output_epc_list=made_units,
            output_quantity_list=made,
        )
