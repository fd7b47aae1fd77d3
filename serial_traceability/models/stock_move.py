from odoo import models

from ..const import DOCUMENT, Document


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
