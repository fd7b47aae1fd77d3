from odoo import fields, models

from ..const import CHOICE, CORRECTION, DOCUMENT, Choice, Document, Moves
from .serial_gate import Passing

#: Fields through which a form writes the lines of a move, one by one.
_LINE_FIELDS = frozenset({"lot_ids", "move_line_ids"})


class StockMove(models.Model):
    _inherit = "stock.move"

    def _action_assign(self, force_qty=False):
        """Do not reserve units that get their numbers at this moment."""
        self._hold_off_stocktakes()
        return super()._action_assign(force_qty=force_qty)

    def _hold_off_stocktakes(self):
        """Keep untracked products from being switched to serials while they move."""
        untracked = self.product_id.filtered(
            lambda product: product.is_storable and product.tracking == "none"
        )
        self.env["serial.stocktake"]._hold_off(untracked.product_tmpl_id)

    def _action_done(self, cancel_backorder=False):
        """Write on the ledger what the moves did, after stock and valuation did it."""
        self._hold_off_stocktakes()
        free_ids = self._check_gate()
        self.move_line_ids._check_issued_numbers()
        document = Document.of(self._get_document())
        moves = super(
            StockMove, self.with_context(**{DOCUMENT: document})
        )._action_done(cancel_backorder=cancel_backorder)
        moves = moves.with_env(self.env)
        done = moves.filtered(lambda move: move.state == "done")
        tracked = done.filtered(lambda move: move.product_id.tracking != "none")
        tracked.move_line_ids._check_received_once()
        tracked.move_line_ids._check_not_retired()
        tracked.move_line_ids._check_announced()
        # Numbers that were typed are serials only now.
        late = done.move_line_ids.filtered(lambda line: line.lot_id.id not in free_ids)
        self.env["serial.gate"]._check_lines(late, lock=True)
        tracked.move_line_ids._begin_lives()
        self.env["serial.movement"]._record(tracked.move_line_ids.ids)
        # Before the units are told to be with us: who sends them back is known.
        self.env["serial.recall.collector"]._collect(tracked.move_line_ids)
        tracked.move_line_ids._meet_recalls()
        return moves

    # ---- Held units ----

    def _check_gate(self):
        """Refuse held units that the moves are about to move where they may not go.

        :return: the ids of the lots that may.
        """
        moving = self.filtered(lambda move: move.state not in ("done", "cancel"))
        lines = moving.move_line_ids.filtered("picked")
        return set(self.env["serial.gate"]._check_lines(lines, lock=True).ids)

    def _choosing(self):
        """Return this move, to choose stock that may go where it goes."""
        self.ensure_one()
        # Stands in for reading the other company's end of a transfer between two.
        move = self.sudo()
        passing = Passing(
            move,
            move.product_id,
            self.env["stock.lot"],
            None,
            move.location_id,
            move.location_dest_id,
            self.env["stock.package"],
        )
        passage = self.env["serial.gate"]._get_passage(passing)
        free = self.picking_id._get_overridden_lot_ids()
        return self.with_context(**{CHOICE: Choice(passage, free)})

    def _update_reserved_quantity_vals(
        self,
        need,
        location_id,
        lot_id=None,
        package_id=None,
        owner_id=None,
        strict=True,
    ):
        """Reserve no held units, unless they may go where the move goes."""
        return super(StockMove, self._choosing())._update_reserved_quantity_vals(
            need, location_id, lot_id, package_id, owner_id, strict
        )

    def _set_quantity_done_prepare_vals(self, qty):
        """Take no held units, unless they may go where the move goes."""
        return super(StockMove, self._choosing())._set_quantity_done_prepare_vals(qty)

    def _get_document(self):
        """Return the records in whose course these moves are done. Bridges name
        theirs.
        """
        return self.picking_id or self

    def _set_quantity(self):
        """Write the new quantity of done moves on the ledger as one correction.

        Core spreads a move's quantity over its lines one by one.
        """
        told = self._get_told()
        if not told:
            return super()._set_quantity()
        before = self.env["serial.movement"]._read(told.move_line_ids.ids)
        together = told._told_together(self)
        result = super(StockMove, together)._set_quantity()
        told.move_line_ids._tell_changes(before)
        return result

    def write(self, vals):
        """Write changes of the lines of done moves on the ledger as one correction,
        and another date of done moves as one, too.
        """
        edited = self.browse() if _LINE_FIELDS.isdisjoint(vals) else self._get_told()
        redated = self._get_redated(vals)
        if not edited and not redated:
            return super().write(vals)
        movements = self.env["serial.movement"]
        lines = movements._read(edited.move_line_ids.ids)
        dates = movements._read(redated.move_line_ids.ids)
        together = edited._told_together(self)
        result = super(StockMove, together).write(vals)
        if edited:
            edited.move_line_ids._tell_changes(lines)
            # What was taken back is told as of now, whatever the date.
            unchanged = movements._find_unchanged(dates)
            dates = [row for row in dates if row["move_line_res_id"] in unchanged]
        movements._record_new_date(dates, fields.Datetime.to_datetime(vals.get("date")))
        return result

    def _get_told(self):
        """Return the done moves of which the ledger tells, and of which nobody else is
        about to tell what changes.
        """
        together = Moves.told_together(self.env)
        return self.filtered(
            lambda move: (
                move.state == "done"
                and move.product_id.tracking != "none"
                and move.id not in together
            )
        )

    def _told_together(self, records):
        """Return ``records`` for a change of these moves that is told at its end."""
        moves = Moves(self.ids) | Moves.told_together(self.env)
        return records.with_context(**{CORRECTION: Moves(moves)})

    def _get_redated(self, vals):
        """Return the done moves that ``vals`` give another date than the ledger told.

        Core dates a move while it does it and again, with its document, some moments
        later: a date that stays within this transaction says nothing new.
        """
        date = fields.Datetime.to_datetime(vals.get("date"))
        if not date:
            return self.browse()
        began, now = self.env.cr.now().replace(microsecond=0), fields.Datetime.now()
        is_fresh = began <= date <= now
        return self.filtered(
            lambda move: (
                move.state == "done"
                and move.product_id.tracking != "none"
                and move.date != date
                and not (is_fresh and began <= move.date <= now)
            )
        )

    # ---- Numbering what comes ----

    def _get_unnumbered(self):
        """Return those moves of receipts whose units we number, and are not yet."""
        return self.filtered(
            lambda move: (
                move.product_id.tracking == "serial"
                and move.state not in ("done", "cancel")
                and move.picking_code == "incoming"
                and move.product_id.product_tmpl_id._get_serial_policy().numbered_by
                in ("ordered", "received")
                and move._count_unnumbered()
            )
        )

    def _count_unnumbered(self):
        """Return how many units of the move have neither a serial on their line nor a
        number that is expected.
        """
        self.ensure_one()
        if self.state in ("done", "cancel"):
            return 0
        numbered = self.move_line_ids.filtered(
            lambda line: line.lot_name or line.lot_id
        )
        names = set(numbered.mapped(lambda line: line.lot_id.name or line.lot_name))
        expected = self.picking_id.announced_ids.filtered(
            lambda row: row.product_id == self.product_id and row.state == "expected"
        )
        names.update(expected.mapped("name"))
        return max(0, int(self.product_qty) - len(names))
