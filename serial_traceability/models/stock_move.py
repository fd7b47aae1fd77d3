from odoo import models


class StockMove(models.Model):
    _inherit = "stock.move"

    def _action_done(self, cancel_backorder=False):
        """Write on the ledger what the moves did, after stock and valuation did it."""
        moves = super()._action_done(cancel_backorder=cancel_backorder)
        done = moves.filtered(lambda move: move.state == "done")
        tracked = done.filtered(lambda move: move.product_id.tracking != "none")
        self.env["serial.movement"]._record(tracked.move_line_ids.ids)
        return moves
