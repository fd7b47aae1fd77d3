from odoo import models

from ..const import BY_THE_MOVE, CORRECTION, DOCUMENT, Document


class StockMove(models.Model):
    _inherit = "stock.move"

    def _action_done(self, cancel_backorder=False):
        """Write on the ledger what the moves did, after stock and valuation did it."""
        document = Document.of(self.picking_id or self)
        moves = super(
            StockMove, self.with_context(**{DOCUMENT: document})
        )._action_done(cancel_backorder=cancel_backorder)
        moves = moves.with_env(self.env)
        done = moves.filtered(lambda move: move.state == "done")
        tracked = done.filtered(lambda move: move.product_id.tracking != "none")
        tracked.move_line_ids._check_received_once()
        self.env["serial.movement"]._record(tracked.move_line_ids.ids)
        return moves

    def _set_quantity(self):
        """Write the new quantity of done moves on the ledger as one correction.

        Core spreads a move's quantity over its lines one by one.
        """
        told = self.filtered(
            lambda move: move.state == "done" and move.product_id.tracking != "none"
        )
        if not told:
            return super()._set_quantity()
        movements = self.env["serial.movement"]
        before = movements._read(told.move_line_ids.ids)
        collecting = self.with_context(**{CORRECTION: BY_THE_MOVE})
        result = super(StockMove, collecting)._set_quantity()
        told.move_line_ids._check_received_once()
        movements._record_correction(before, told.move_line_ids.ids)
        return result
