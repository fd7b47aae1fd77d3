from odoo import models

from odoo.addons.serial_traceability.core.movement import HELD


class StockMoveLine(models.Model):
    _inherit = "stock.move.line"

    def _check_issued_numbers(self):
        """Check what production made as receipts check what they bring."""
        result = super()._check_issued_numbers()
        picked = self.filtered(lambda line: line.picked)
        for production, lines in picked._group_by_production().items():
            production._check_made(lines)
        return result

    def _begin_lives(self):
        """Put in use the numbers that units now bear, the planned ones.

        The ledger tells of production that it commissioned them; units that were
        entered for an order and came in another way are commissioned first.
        """
        result = super()._begin_lives()
        coming = self.filtered(
            lambda line: (
                line.tracking == "serial"
                and line.location_id.usage not in HELD
                and line.location_dest_id.usage in HELD
            )
        )
        # Stands in for writing issued numbers, which only their use does.
        numbers = self.env["serial.number"].sudo()
        for production, lines in coming._group_by_production().items():
            numbers._note_production(production, lines.lot_id)
            coming -= lines
        came = min(coming.move_id.mapped("date"), default=None)
        numbers._commission_made(coming.lot_id, event_time=came)
        return result

    def _group_by_production(self):
        """Return ``{manufacturing order: lines by which it puts out serials}``."""
        made = self.filtered(
            lambda line: line.tracking == "serial" and line.move_id.production_id
        )
        return made.grouped(lambda line: line.move_id.production_id)
