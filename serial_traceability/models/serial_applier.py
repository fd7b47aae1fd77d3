from collections import defaultdict
from itertools import islice

from odoo import api, models
from odoo.fields import Command
from odoo.tools import SQL
from psycopg2.errorcodes import SERIALIZATION_FAILURE
from psycopg2.errors import SerializationFailure, UniqueViolation

from ..core.clock import end_of_day


class _BatchCreatedMeanwhileError(SerializationFailure):
    """Another transaction has created a batch that this one cannot see: Odoo runs a
    request again that meets an error of this code.
    """

    pgcode = SERIALIZATION_FAILURE


class SerialApplier(models.AbstractModel):
    """Puts resolved units on a transfer: one picked move line a unit, in bulk.

    What the resolver said of the units is taken as it is; the caller has asked it in
    the same transaction, behind :meth:`_lock`.
    """

    _name = "serial.applier"
    _description = "Applier of Scanned Serials"

    @api.model
    def _lock(self, target):
        """Make whoever else scans for this target wait, and then look again.

        Writing the row, not only locking it: who waited fails with a serialization
        error, is run again by Odoo and sees what we did.
        """
        target.flush_recordset()
        self.env.cr.execute(
            SQL(
                "UPDATE %s SET write_date = %s, write_uid = %s WHERE id = %s",
                SQL.identifier(target._table),
                self.env.cr.now(),
                self.env.uid,
                target.id,
            )
        )
        target.invalidate_recordset(["write_date", "write_uid"])

    @api.model
    def _apply(self, picking, results):
        """Put units on a transfer and mark them picked.

        :param results: dictionaries of the resolver, none of them wrong.
        """
        if picking.state == "draft" and picking.move_ids:
            picking.action_confirm()
        receiving = picking._get_scan_purpose() == "receive"
        units = defaultdict(list)
        for result in results:
            units[result["product_id"]].append(result)
        for product_id, group in units.items():
            product = self.env["product.product"].browse(product_id)
            if receiving:
                self._receive(picking, product, group)
            else:
                self._take(picking, product, group)
        self.env["serial.announced"]._check_off(picking)

    # ---- Receiving ----

    @api.model
    def _receive(self, picking, product, units):
        """Fill the transfer's empty lines with new serials, then add lines."""
        moves = self._get_moves(picking, product)
        batches = self._find_or_create_batches(picking, product, units)
        planned = {
            line.lot_name or line.lot_id.name: line
            for line in moves.move_line_ids
            if not line.picked and (line.lot_name or line.lot_id)
        }
        empty = moves.move_line_ids.filtered(
            lambda line: not line.lot_name and not line.lot_id and not line.picked
        )
        targets = iter(empty)
        filled, new = [], []
        for unit in units:
            values = self._prepare_receipt_vals(product, unit, batches)
            line = planned.get(unit["serial"]) or next(targets, None)
            if line:
                filled.append((line, unit["serial"], values))
            else:
                new.append({"lot_name": unit["serial"], "quantity": 1, **values})
        self._fill_lines(filled)
        self._create_lines(picking, product, moves, new)
        self._complete_lots(units, batches)

    @api.model
    def _fill_lines(self, filled):
        """Write units into lines that are there.

        What lines have in common is written together: a line's own write costs more
        than a line's creation.

        :param filled: triples of line, serial and further values.
        """
        groups = defaultdict(list)
        for line, _serial, values in filled:
            groups[tuple(values.items())].append(line.id)
        lines = self.env["stock.move.line"]
        for values, line_ids in groups.items():
            lines.browse(line_ids).write(dict(values))
        for line, serial, _values in filled:
            if not line.lot_id and line.lot_name != serial:
                line.lot_name = serial

    @api.model
    def _prepare_receipt_vals(self, product, unit, batches):
        """Return what a move line must say of a unit beside its number."""
        values = {
            "picked": True,
            "serial_batch_id": batches.get(unit["batch"], False),
            "serial_production_date": unit["production_date"],
        }
        expiry = unit["expiration_date"]
        if expiry and product.use_expiration_date:
            values["expiration_date"] = self._end_of_day(expiry)
        return values

    @api.model
    def _end_of_day(self, day):
        """Return the last second of a day in the company's time zone, UTC, naive."""
        # Stands in for the right to read one's own company's contact.
        return end_of_day(day, self.env.company.sudo().partner_id.tz)

    @api.model
    def _find_or_create_batches(self, picking, product, units):
        """Return ``{batch number: batch id}`` of a product's units.

        A known batch of this supplier comes first, then any other of that number.
        """
        wanted = {}
        for unit in units:
            if unit["batch"]:
                known = wanted.setdefault(unit["batch"], {})
                for field in ("expiration_date", "production_date"):
                    known[field] = known.get(field) or unit[field]
        if not wanted:
            return {}
        supplier = picking.partner_id.commercial_partner_id
        found = self._find_batches(picking, product, wanted, supplier)
        new = [
            {
                "name": number,
                "product_id": product.id,
                "supplier_id": supplier.id,
                "company_id": product.company_id.id,
                **dates,
            }
            for number, dates in wanted.items()
            if number not in found
        ]
        for batch in self._create_batches(new):
            found[batch.name] = batch
        self._complete_batches(found, wanted)
        return {number: batch.id for number, batch in found.items()}

    @api.model
    def _create_batches(self, vals_list):
        """Create batches; where another operator's scan has just created one of them,
        have Odoo run this one again, which then finds it.
        """
        try:
            return self.env["serial.batch"].create(vals_list)
        except UniqueViolation as error:
            raise _BatchCreatedMeanwhileError(str(error)) from error

    @api.model
    def _find_batches(self, picking, product, wanted, supplier):
        batches = self.env["serial.batch"].search(
            [
                ("product_id", "=", product.id),
                ("name", "in", list(wanted)),
                ("company_id", "in", [False, product.company_id.id]),
            ]
        )
        batches = batches.sorted(
            lambda batch: (batch.supplier_id != supplier, batch.id)
        )
        found = {}
        for batch in batches:
            found.setdefault(batch.name, batch)
        return found

    @api.model
    def _complete_batches(self, found, wanted):
        """Add dates to batches that had none and whose serials have no history."""
        for number, dates in wanted.items():
            batch = found[number]
            missing = {
                field: value
                for field, value in dates.items()
                if value and not batch[field]
            }
            if missing and not batch.lot_count:
                batch.write(missing)

    @api.model
    def _complete_lots(self, units, batches):
        """Give serials what their label says that exist already but were never moved:
        batch and production date, where they have none.
        """
        lots = self.env["stock.lot"]
        found = lots.browse(unit["lot_id"] for unit in units if unit["lot_id"])
        fresh = found - found._with_history()
        groups = defaultdict(lots.browse)
        for unit in units:
            lot = lots.browse(unit["lot_id"] or ())
            if lot not in fresh:
                continue
            if unit["batch"] and not lot.batch_id:
                groups["batch_id", batches[unit["batch"]]] |= lot
            if unit["production_date"] and not lot.production_date:
                groups["production_date", unit["production_date"]] |= lot
        # A batch sets the date, too: what the label says of the unit comes after it.
        for (name, value), group in sorted(groups.items(), key=lambda item: item[0][0]):
            group[name] = value

    # ---- Taking ----

    @api.model
    def _take(self, picking, product, units):
        """Pick serials: the reserved ones as they are, others in their place."""
        moves = self._get_moves(picking, product)
        lines = moves.move_line_ids
        reserved = {line.lot_id.id: line for line in lines if line.lot_id}
        ready, new = lines.browse(), []
        for unit in units:
            line = reserved.get(unit["lot_id"])
            if line:
                ready |= line
            else:
                new.append(unit)
        ready.picked = True
        idle = (lines - ready).filtered(lambda line: not line.picked)
        cached = self._with_quants(picking, product)
        cached._make_room(moves, idle, len(new))
        bereft = cached._release(picking, new)
        quants = self._get_quants(picking, new)
        cached._create_lines(
            picking,
            product,
            moves,
            [self._prepare_take_vals(unit, quants) for unit in new],
        )
        bereft._action_assign()

    @api.model
    def _with_quants(self, picking, product):
        """Return this model with the product's quants at hand, as core validates.

        Reserving and unreserving otherwise look for them twice a line.
        """
        quants = self.env["stock.quant"]
        places = self.env["stock.location"].search(
            [("id", "child_of", picking.location_id.id)]
        )
        cache = quants._get_quants_by_products_locations(product, places)
        return self.with_context(quants_cache=cache)

    @api.model
    def _make_room(self, moves, idle, count):
        """Drop unpicked lines where units come that were not foreseen."""
        room = int(sum(moves.mapped("product_uom_qty"))) - len(moves.move_line_ids)
        count = max(0, count - max(0, room))
        empty_first = idle.sorted(lambda line: bool(line.lot_id))
        self.env["stock.move.line"].browse(empty_first[:count].ids).unlink()

    @api.model
    def _release(self, picking, units):
        """Take units from transfers that reserved but did not pick them.

        :return: the moves that now lack a unit; they look for another once ours are
            reserved.
        """
        lot_ids = [unit["lot_id"] for unit in units if unit["verdict"] == "reserved"]
        if not lot_ids:
            return self.env["stock.move"]
        # Stands in for changing another operator's transfer of the same company.
        lines = (
            self.env["stock.move.line"]
            .sudo()
            .search(
                [
                    ("lot_id", "in", lot_ids),
                    ("state", "not in", ("done", "cancel", "draft")),
                    ("picking_id", "!=", picking.id),
                    ("company_id", "=", picking.company_id.id),
                    ("picked", "=", False),
                ]
            )
        )
        moves = lines.move_id
        lines.unlink()
        # As core does where it takes a reservation away: the unit that the earlier
        # step brought is gone, any other will do.
        chained = moves.filtered("move_orig_ids")
        chained.write(
            {"procure_method": "make_to_stock", "move_orig_ids": [Command.clear()]}
        )
        return moves

    @api.model
    def _get_quants(self, picking, units):
        """Return ``{lot id: quant}`` of units at the transfer's source."""
        lot_ids = [unit["lot_id"] for unit in units if unit["lot_id"]]
        quants = self.env["stock.quant"].search(
            [
                ("lot_id", "in", lot_ids),
                ("location_id", "child_of", picking.location_id.id),
                ("quantity", ">", 0),
            ]
        )
        return {quant.lot_id.id: quant for quant in quants}

    @api.model
    def _prepare_take_vals(self, unit, quants):
        """Return what a move line must say of a unit that is taken as it stands."""
        values = {"quantity": 1, "picked": True, "lot_id": unit["lot_id"]}
        if not unit["lot_id"]:
            values["lot_name"] = unit["serial"]
        quant = quants.get(unit["lot_id"])
        if quant:
            values.update(
                location_id=quant.location_id.id,
                package_id=quant.package_id.id,
                owner_id=quant.owner_id.id,
            )
        return values

    # ---- Lines ----

    @api.model
    def _get_moves(self, picking, product):
        """Return the transfer's open moves of a product, in order."""
        return picking.move_ids.filtered(
            lambda move: (
                move.product_id == product and move.state not in ("done", "cancel")
            )
        ).sorted("id")

    @api.model
    def _create_lines(self, picking, product, moves, vals_list):
        """Create move lines on a product's moves: what each still asks for, the rest
        on the last, whose demand stays as it is.
        """
        if not vals_list:
            return
        lines = self.env["stock.move.line"]
        if not moves:
            first = self._prepare_line_vals(picking, product) | vals_list[0]
            lines = lines.create(first)
            moves, vals_list = lines.move_id, vals_list[1:]
        rest = iter(vals_list)
        complete = []
        for move in moves:
            frame = move._prepare_move_line_vals(quantity=1)
            room = move.product_uom_qty - len(move.move_line_ids)
            share = rest if move == moves[-1] else islice(rest, max(0, int(room)))
            complete += [frame | values for values in share]
        lines |= lines.create(complete)
        lines._apply_putaway_strategy()

    @api.model
    def _prepare_line_vals(self, picking, product):
        """Return a line for a product of which the transfer knew nothing; core makes
        its move.
        """
        return {
            "picking_id": picking.id,
            "product_id": product.id,
            "product_uom_id": product.uom_id.id,
            "location_id": picking.location_id.id,
            "location_dest_id": picking.location_dest_id.id,
        }
