from odoo import models


class StockPicking(models.Model):
    _inherit = "stock.picking"

    def _create_move_from_pos_order_lines(self, lines):
        """Let pass what is sold and gone although it is on hold, and list it.

        Refused, the transfer would stay undone without a word, or the session could
        not be closed; the unit is at the customer all the same.
        """
        if len(lines.order_id) == 1:
            # Odoo names the order afterwards; the ledger is told before.
            self.pos_order_id = lines.order_id
        self._pass_sold_units(lines)
        return super()._create_move_from_pos_order_lines(lines)

    def _pass_sold_units(self, lines):
        """Override the holds of units that these lines sold, and raise exceptions."""
        places = self.location_id, self.location_dest_id
        is_sale = all(line.qty > 0 for line in lines)
        units = lines._find_stopped_units(*(places if is_sale else places[::-1]))
        if not units:
            return
        lots = self.env["stock.lot"].union(*(lot for _line, lot, _why in units))
        # The ledger has one language for all.
        reason = self.with_context(lang="en_US").env._(
            "Handed over at the point of sale before it could be refused."
        )
        self._let_pass(lots, reason, document=self.pos_order_id)
        self.env["serial.pos.exception"]._raise(self, units)
