from collections import defaultdict
from itertools import islice

from odoo import api, models
from odoo.exceptions import ConcurrencyError
from odoo.fields import Command
from odoo.tools import SQL

from ..const import DOCUMENT, Document
from ..core.movement import HELD
from ..core.stocktake import is_whole

#: States of moves that are over.
_OVER = ("done", "cancel")


class SerialAssignment(models.AbstractModel):
    """Gives the units of a stocktake the numbers that were collected for them.

    Stock and the lines of open transfers are divided into one row a unit, each with
    its serial, in statements over all units: Odoo's own way would unreserve, move and
    reserve each unit. What a row says beside its quantity and serial stays as it is.
    """

    _name = "serial.assignment"
    _description = "Assignment of Serials to Stock"

    # ---- Keeping others out ----

    @api.model
    def _lock(self, stocktake):
        """Wait for who moves or scans the product now, and let others wait for us.

        What was committed while we waited, after our transaction had begun, is not
        seen by it. Rows that changed make PostgreSQL say so; for rows that are new we
        look with fresh eyes. Either way Odoo runs us again.

        :raises ConcurrencyError: where something changed meanwhile.
        """
        self.env.flush_all()
        for statement in (
            SQL(
                "SELECT id FROM serial_stocktake WHERE id = %s FOR UPDATE", stocktake.id
            ),
            SQL(
                "SELECT id FROM stock_quant WHERE product_id = ANY(%s) "
                "AND lot_id IS NULL ORDER BY id FOR UPDATE",
                self._get_product_ids(stocktake),
            ),
            SQL(
                "SELECT id FROM stock_move_line WHERE product_id = ANY(%s) "
                "AND state NOT IN %s ORDER BY id FOR UPDATE",
                self._get_product_ids(stocktake),
                _OVER,
            ),
        ):
            self.env.cr.execute(statement)
        with self.env.registry.cursor() as fresh:
            if self._get_picture(stocktake, fresh) != self._get_picture(
                stocktake, self.env.cr
            ):
                raise ConcurrencyError(
                    self.env._(
                        "%(product)s was moved or counted at the same moment. Try "
                        "again.",
                        product=stocktake.product_tmpl_id.display_name,
                    )
                )
        self.env.invalidate_all()
        self._get_quants(stocktake)._merge_quants()

    @api.model
    def _get_picture(self, stocktake, cursor):
        """Return what tells whether stock, lines or numbers changed."""
        cursor.execute(
            SQL(
                """
                SELECT
                    (SELECT (count(*), max(id), sum(quantity), sum(reserved_quantity))
                     FROM stock_quant WHERE product_id = ANY(%(products)s))::text,
                    (SELECT (count(*), max(id), sum(quantity))
                     FROM stock_move_line WHERE product_id = ANY(%(products)s)
                     AND state NOT IN %(over)s)::text,
                    (SELECT (count(*), max(id)) FROM serial_stocktake_number
                     WHERE stocktake_id = %(stocktake)s)::text
                """,
                products=self._get_product_ids(stocktake),
                over=_OVER,
                stocktake=stocktake.id,
            )
        )
        return cursor.fetchone()

    @api.model
    def _get_product_ids(self, stocktake):
        template = stocktake.product_tmpl_id.with_context(active_test=False)
        return template.product_variant_ids.ids

    @api.model
    def _get_quants(self, stocktake):
        """Return the untracked stock, of all companies."""
        # Stands in for seeing the stock of all companies that share the product.
        return (
            self.env["stock.quant"]
            .sudo()
            .search(
                [
                    ("product_id", "in", self._get_product_ids(stocktake)),
                    ("lot_id", "=", False),
                    ("location_id.usage", "in", tuple(HELD)),
                ],
                order="id",
            )
        )

    # ---- Transfers ----

    @api.model
    def _get_open_lines(self, stocktake):
        """Return the lines of open transfers that name no serial, in order."""
        # Stands in for seeing the transfers of all companies that share the product.
        return (
            self.env["stock.move.line"]
            .sudo()
            .search_fetch(
                [
                    ("product_id", "in", self._get_product_ids(stocktake)),
                    ("lot_id", "=", False),
                    ("state", "not in", _OVER),
                    ("quantity_product_uom", ">", 0),
                ],
                [
                    "product_id", "location_id", "package_id", "owner_id", "move_id",
                    "picking_id", "picked", "quantity_product_uom",
                ],
                order="id",
            )
        )  # fmt: skip

    @api.model
    def _reserves(self, line):
        """Return whether a line reserves stock."""
        return line.location_id.usage in HELD and not (
            line.move_id and line.move_id._should_bypass_reservation(line.location_id)
        )

    @api.model
    def _get_reserved(self, stocktake):
        """Return ``{place's key: units reserved by lines}``."""
        reserved = defaultdict(float)
        for line in self._get_open_lines(stocktake):
            if self._reserves(line):
                reserved[_place(line)] += line.quantity_product_uom
        return reserved

    @api.model
    def _get_transfer_faults(self, stocktake):
        """Return a sentence for each transfer that keeps the product untracked.

        What was picked is in somebody's hands: which numbers it bears, stock cannot
        know. Parts of units cannot bear a number at all.
        """
        lines = self._get_open_lines(stocktake)
        picked = lines.filtered(lambda line: line.picked and self._reserves(line))
        parts = lines.filtered(lambda line: not is_whole(line.quantity_product_uom))
        return [
            *(
                self.env._(
                    "%(transfer)s: goods are picked already. Validate the transfer "
                    "first, or take the picking back.",
                    transfer=name,
                )
                for name in self._get_transfer_names(picked)
            ),
            *(
                self.env._(
                    "%(transfer)s: its quantity is not a whole number of units. "
                    "Correct it first.",
                    transfer=name,
                )
                for name in self._get_transfer_names(parts)
            ),
        ]

    @api.model
    def _get_transfer_names(self, lines):
        own = self.env.companies
        return list(
            dict.fromkeys(
                (line.picking_id.name or line.move_id.reference or "")
                if line.company_id in own
                else self.env._("A transfer of another company")
                for line in lines
            )
        )

    # ---- Assigning ----

    @api.model
    def _assign(self, stocktake):
        """Give each unit its number, and track the product by serial.

        :param stocktake: locked and found to fit.
        :return: the serials.
        """
        # Stands in for the right to write products, which the quality manager needs
        # for this one switch alone.
        stocktake.product_tmpl_id.sudo().tracking = "serial"
        lots = self._create_lots(stocktake)
        places = self._get_lots_by_place(stocktake)
        reserved = self._divide_quants(stocktake, places)
        self._divide_lines(stocktake, reserved)
        self._release_chains(stocktake)
        self._tell(stocktake, lots)
        return lots

    @api.model
    def _create_lots(self, stocktake):
        """Make the numbers serials, with their batches."""
        # Stands in for seeing the numbers of all companies that share the product.
        numbers = stocktake.sudo().number_ids
        lots = self.env["stock.lot"]
        for product, group in numbers.grouped("product_id").items():
            product = product.sudo(False)
            units = [number._get_unit() for number in group]
            batches = self.env["serial.applier"]._find_or_create_batches(
                self.env["stock.picking"], product, units
            )
            known = {
                lot.name: lot
                for lot in lots.search(
                    [
                        ("product_id", "=", product.id),
                        ("name", "in", group.mapped("name")),
                    ]
                )
            }
            course = {DOCUMENT: Document.of(stocktake), "tracking_disable": True}
            new = lots.with_context(**course).create(
                [
                    {
                        "name": unit["serial"],
                        "product_id": product.id,
                        "batch_id": batches.get(unit["batch"], False),
                        "production_date": unit["production_date"],
                    }
                    for unit in units
                    if unit["serial"] not in known
                ]
            )
            known |= new.grouped("name")
            self._link(group, known)
            lots |= lots.union(*(known[number.name] for number in group))
        return lots

    @api.model
    def _link(self, numbers, lots):
        """Note on each number which serial it is, in one statement."""
        numbers.flush_recordset()
        self.env.cr.execute(
            SQL(
                "UPDATE serial_stocktake_number number SET lot_id = pair.lot_id "
                "FROM unnest(%s, %s) AS pair(id, lot_id) WHERE number.id = pair.id",
                numbers.ids,
                [lots[number.name].id for number in numbers],
            )
        )
        numbers.invalidate_recordset(["lot_id"])

    @api.model
    def _get_lots_by_place(self, stocktake):
        """Return ``{place's key: ids of serials, by number}``."""
        return {
            line._get_place_key(): line.number_ids.sorted("name").lot_id.ids
            for line in stocktake.sudo().line_ids
        }

    @api.model
    def _divide_quants(self, stocktake, places):
        """Divide stock into one quant a unit, each with its serial.

        The first units of a place are the reserved ones.

        :return: ``{place's key: ids of the serials that are reserved}``.
        """
        quants = self._get_quants(stocktake).filtered("quantity")
        units, reserved = [], {}
        for quant in quants:
            lot_ids = places[_place(quant)]
            reserved[_place(quant)] = lot_ids[: int(quant.reserved_quantity)]
            units += [
                (quant.id, number, lot_id) for number, lot_id in enumerate(lot_ids)
            ]
        divided = self._divide(
            quants,
            units,
            {
                "lot_id": SQL("unit.lot_id"),
                "quantity": SQL("1"),
                "reserved_quantity": SQL(
                    "CASE WHEN unit.number < row.reserved_quantity THEN 1 ELSE 0 END"
                ),
            },
        )
        divided.modified(["lot_id", "quantity", "reserved_quantity"])
        return reserved

    @api.model
    def _divide_lines(self, stocktake, reserved):
        """Divide the lines of open transfers into one line a unit.

        Lines that reserve get the serials that are reserved where they take from;
        the others, such as those of receipts, wait for theirs.
        """
        lines = self._get_open_lines(stocktake)
        waiting = {key: iter(lot_ids) for key, lot_ids in reserved.items()}
        units = []
        for line in lines:
            count = int(line.quantity_product_uom)
            lot_ids = [None] * count
            if self._reserves(line):
                lot_ids = islice(waiting[_place(line)], count)
            units += [
                (line.id, number, lot_id) for number, lot_id in enumerate(lot_ids)
            ]
        uom = stocktake.product_tmpl_id.uom_id
        divided = self._divide(
            lines,
            units,
            {
                "lot_id": SQL("unit.lot_id"),
                "quantity": SQL("1"),
                "quantity_product_uom": SQL("1"),
                "product_uom_id": SQL("%s", uom.id),
            },
        )
        divided.modified(["lot_id"])

    @api.model
    def _divide(self, records, units, values):
        """Make of each record as many as it has units, in two statements.

        :param units: triples of record id, number of the unit in it from 0, and the
            unit's serial.
        :param values: column to SQL of what differs; all else is as in the record.
        :return: the records, old and new.
        """
        if not units:
            return records
        records.env.flush_all()
        columns = [
            name
            for name, field in records._fields.items()
            if field.store and field.column_type and name != "id"
        ]
        names = SQL(", ").join(map(SQL.identifier, columns))
        taken = SQL(", ").join(
            values.get(name) or SQL("row.%s", SQL.identifier(name)) for name in columns
        )
        changes = SQL(", ").join(
            SQL("%s = %s", SQL.identifier(name), value)
            for name, value in values.items()
        )
        table = SQL.identifier(records._table)
        unnested = SQL(
            "unnest(%s, %s, %s::int[])", *map(list, zip(*units, strict=True))
        )
        new = records.env.execute_query(
            SQL(
                "INSERT INTO %(table)s (%(names)s) SELECT %(taken)s "
                "FROM %(unnested)s AS unit(row_id, number, lot_id) "
                "JOIN %(table)s row ON row.id = unit.row_id "
                "WHERE unit.number > 0 ORDER BY row.id, unit.number RETURNING id",
                table=table, names=names, taken=taken, unnested=unnested,
            )
        )  # fmt: skip
        records.env.cr.execute(
            SQL(
                "UPDATE %(table)s row SET %(changes)s "
                "FROM %(unnested)s AS unit(row_id, number, lot_id) "
                "WHERE row.id = unit.row_id AND unit.number = 0",
                table=table, changes=changes, unnested=unnested,
            )
        )  # fmt: skip
        records.env.invalidate_all(flush=False)
        return records | records.browse(row[0] for row in new)

    @api.model
    def _release_chains(self, stocktake):
        """Let moves take any unit that wait for goods which an earlier step brought
        without numbers: Odoo would look for just these, and find none.
        """
        # Stands in for writing the moves of all companies that share the product.
        moves = (
            self.env["stock.move"]
            .sudo()
            .search(
                [
                    ("product_id", "in", self._get_product_ids(stocktake)),
                    ("state", "not in", _OVER),
                    ("move_orig_ids.state", "=", "done"),
                ]
            )
        )
        for move in moves:
            done = move.move_orig_ids.filtered(lambda origin: origin.state == "done")
            values = {"move_orig_ids": [Command.unlink(origin.id) for origin in done]}
            if done == move.move_orig_ids:
                values["procure_method"] = "make_to_stock"
            move.write(values)

    @api.model
    def _tell(self, stocktake, lots):
        """Write on the ledger that the units were found, by company of their place."""
        groups = defaultdict(list)
        for number in stocktake.sudo().number_ids:
            groups[number.company_id or self.env.company].append(number.lot_id.id)
        # Stands in for telling of units that stand in another company.
        lifecycle = self.env["serial.lifecycle"].sudo()
        for company, lot_ids in groups.items():
            lifecycle.with_company(company)._record(
                lots.browse(lot_ids), "stocktake", document=stocktake
            )


def _place(record):
    """Return the key of the place of a quant or a line."""
    records = (
        record.product_id,
        record.location_id,
        record.package_id,
        record.owner_id,
    )
    return tuple(each.id for each in records)
