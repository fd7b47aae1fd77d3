from collections import defaultdict

from odoo import api, models
from odoo.tools import SQL

from ..core.lock import ALWAYS_OPEN


class SerialUnreserver(models.AbstractModel):
    """Takes held units off the transfers that they are reserved for or picked on.

    Core's own way takes a look at the stock for each line and passes over what is
    picked; here the quants of all lines are brought up to date together, and then core
    deletes lines that reserve nothing any more.
    """

    _name = "serial.unreserver"
    _description = "Breaking of Reservations"

    @api.model
    def _free(self, lots):
        """Take lots off all transfers on which they may not go, and have substitutes
        sought after the commit.

        :param lots: held ones.
        :return: the moves that lost some.
        """
        lines = self._find_lines(lots)
        moves = lines.move_id
        if lines:
            self.env["serial.substitution"]._note_lost(lines)
            self._free_quants(lines)
            self._remove(lines)
        return moves

    @api.model
    def _find_lines(self, lots):
        """Return the lines that reserve these lots for a way that is closed to them."""
        # Stands in for the right to other companies' transfers, and to transfers at
        # all: whoever may hold a unit stops it wherever it is.
        lines = self.env["stock.move.line"].sudo()
        lines = lines.search(
            [
                ("lot_id", "in", lots.ids),
                ("state", "not in", ("done", "cancel")),
                ("quantity", ">", 0),
            ]
        )
        passing = {
            picking: picking._get_overridden_lot_ids() for picking in lines.picking_id
        }
        lines = lines.filtered(
            lambda line: line.lot_id.id not in passing.get(line.picking_id, ())
        )
        ways = defaultdict(list)
        for line in lines:
            way = line.location_id, line.location_dest_id, bool(line.move_id.scrap_id)
            ways[way].append(line.id)
        return lines.browse().concat(
            *(self._get_barred(lines.browse(ids)) for ids in ways.values())
        )

    @api.model
    def _get_barred(self, lines):
        """Return those of these lines, which go one way, whose lots may not go it."""
        gate = self.env["serial.gate"]
        passage = gate._get_passage(gate._get_line_passing(lines[0]))
        if passage in ALWAYS_OPEN:
            return lines.browse()
        closed = set(lines.lot_id._get_closed(passage).ids)
        return lines.filtered(lambda line: line.lot_id.id in closed)

    # ---- Quants ----

    @api.model
    def _free_quants(self, lines):
        """Take off the quants what lines reserve of them.

        Raw SQL, grouped: core reads and writes each quant by itself. A reservation
        stands on the quants of the same product, place, lot, package and owner, of
        which two transactions at once may have made several; then it is taken off one
        after the other.
        """
        reserving = lines.filtered(
            lambda line: (
                line.move_id
                and not line.move_id._should_bypass_reservation(line.location_id)
            )
        )
        self.env["stock.move.line"].flush_model()
        self.env["stock.quant"].flush_model()
        self._lock_quants(reserving)
        self._update_quants(reserving)

    @api.model
    def _lock_quants(self, lines):
        """Wait for who reserves or moves these quants now; sorted, so that two who
        hold do not wait for each other.
        """
        self.env.cr.execute(
            SQL(
                """
                SELECT id FROM stock_quant WHERE id IN (
                    SELECT quant.id FROM stock_move_line ml
                    JOIN stock_quant quant ON quant.lot_id = ml.lot_id
                        AND quant.location_id = ml.location_id
                    WHERE ml.id = ANY(%s)
                ) ORDER BY id FOR NO KEY UPDATE
                """,
                list(lines.ids),
            )
        )

    @api.model
    def _update_quants(self, lines):
        """Take off what lines reserve; what core had reserved of stock without a lot
        for want of the lot's own, core takes off.
        """
        rows = self.env.execute_query(
            SQL(
                """
                WITH freed AS (
                    SELECT row_number() OVER () AS key, product_id, location_id, lot_id,
                        package_id, owner_id, sum(quantity_product_uom) AS quantity
                    FROM stock_move_line WHERE id = ANY(%s)
                    GROUP BY product_id, location_id, lot_id, package_id, owner_id
                ),
                found AS (
                    SELECT freed.key, quant.id, quant.reserved_quantity AS reserved,
                        freed.quantity - sum(quant.reserved_quantity) OVER (
                            PARTITION BY freed.key ORDER BY quant.id
                        ) + quant.reserved_quantity AS wanted
                    FROM freed
                    JOIN stock_quant quant ON quant.lot_id = freed.lot_id
                        AND quant.location_id = freed.location_id
                        AND quant.product_id = freed.product_id
                    WHERE quant.package_id IS NOT DISTINCT FROM freed.package_id
                        AND quant.owner_id IS NOT DISTINCT FROM freed.owner_id
                ),
                updated AS (
                    UPDATE stock_quant quant SET reserved_quantity = found.reserved
                        - LEAST(found.reserved, GREATEST(found.wanted, 0))
                    FROM found WHERE quant.id = found.id
                )
                SELECT freed.product_id, freed.location_id, freed.lot_id,
                    freed.package_id, freed.owner_id,
                    freed.quantity - COALESCE(sum(found.reserved), 0)
                FROM freed LEFT JOIN found ON found.key = freed.key
                GROUP BY freed.key, freed.product_id, freed.location_id, freed.lot_id,
                    freed.package_id, freed.owner_id, freed.quantity
                HAVING freed.quantity - COALESCE(sum(found.reserved), 0) > 0.000001
                """,
                list(lines.ids),
            )
        )
        self.env["stock.quant"].invalidate_model(flush=False)
        for product, location, _lot, package, owner, quantity in rows:
            self._free_untracked(product, location, package, owner, quantity)

    @api.model
    def _free_untracked(self, product_id, location_id, package_id, owner_id, quantity):
        """Take a reservation off stock without a lot, as far as it stands there."""
        # Stands in for writing quants, which comes with holding what they reserve.
        quants = self.env["stock.quant"].sudo()
        quants = quants.search(
            [
                ("product_id", "=", product_id),
                ("location_id", "=", location_id),
                ("lot_id", "=", False),
                ("package_id", "=", package_id or False),
                ("owner_id", "=", owner_id or False),
                ("reserved_quantity", ">", 0),
            ],
            order="id",
        )
        for quant in quants:
            taken = min(quantity, quant.reserved_quantity)
            quant.reserved_quantity -= taken
            quantity -= taken

    # ---- Lines ----

    @api.model
    def _remove(self, lines):
        """Delete lines whose quants are up to date, and bring moves, packages and
        transfers up to what is left.
        """
        moves = lines.move_id
        packages = lines.filtered("result_package_id").package_id
        # Core would take each line off its quants, one by one: it reserves nothing
        # any more.
        self.env.cr.execute(
            SQL(
                "UPDATE stock_move_line SET quantity = 0, quantity_product_uom = 0 "
                "WHERE id = ANY(%s)",
                list(lines.ids),
            )
        )
        lines.invalidate_recordset(["quantity", "quantity_product_uom"], flush=False)
        lines.unlink()
        self._unpick(moves)
        self._open_packages(moves, packages)

    @api.model
    def _unpick(self, moves):
        """Let moves that have nothing left be reserved again: core passes over what is
        picked.
        """
        moves.filtered(
            lambda move: move.picked and not any(move.move_line_ids.mapped("picked"))
        ).picked = False

    @api.model
    def _open_packages(self, moves, packages):
        """Have what is left of packages taken out of them: a package that loses a unit
        cannot go as a whole.
        """
        if not packages:
            return
        left = moves.picking_id.move_line_ids.filtered(
            lambda line: (
                line.package_id in packages
                and line.package_id == line.result_package_id
            )
        )
        left.write({"result_package_id": False, "is_entire_pack": False})
