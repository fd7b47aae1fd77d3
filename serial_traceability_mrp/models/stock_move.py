from odoo import models


class StockMove(models.Model):
    _inherit = "stock.move"

    def _action_done(self, cancel_backorder=False):
        """Note which components came out of units again."""
        moves = super()._action_done(cancel_backorder=cancel_backorder)
        done = moves.filtered(lambda move: move.state == "done")
        self.env["serial.genealogy"]._note_taken_out(done.move_line_ids)
        return moves

    def _swap_serials(self, chosen, absent):
        """Use up serials of those that are ``absent`` in place of such as were not
        ``chosen``, as many as the move needs; return them.
        """
        self.ensure_one()
        kept = self.lot_ids & chosen
        room = int(self.product_uom_qty) - len(kept)
        coming = absent.filtered(lambda lot: lot.product_id == self.product_id)[:room]
        if coming:
            spare = (self.lot_ids - kept)[: room - len(coming)]
            self.lot_ids = kept | coming | spare
        return coming

    def _get_document(self):
        """Name the manufacturing order, of what it makes and of what it uses up."""
        productions = self.production_id | self.raw_material_production_id
        if productions and not self.picking_id:
            return productions
        return super()._get_document()
