from odoo import api, models
from odoo.tools import SQL


class SerialAnnounced(models.Model):
    _inherit = "serial.announced"

    @api.model
    def _check_may_withdraw(self):
        """Let buyers withdraw, who may announce."""
        if self.env["purchase.order"]._may_announce():
            return None
        return super()._check_may_withdraw()

    @api.model
    def _check_off(self, pickings):
        """Take over what was expected on another receipt of the order and came here."""
        pairs = [
            (picking.id, sibling.id)
            for picking in pickings
            for sibling in picking._get_sibling_receipts()
        ]
        if pairs:
            self.env.flush_all()
            self._take_over(pairs)
            self.invalidate_model(["picking_id", "company_id"])
        return super()._check_off(pickings)

    @api.model
    def _take_over(self, pairs):
        """Move rows to the receipts on whose lines their serials are.

        :param pairs: ids of a receipt, and of another one that expects the same goods.
        """
        came = SQL(
            """
            unnest(%s, %s) AS pair(receipt_id, sibling_id)
            JOIN stock_move_line line ON line.picking_id = pair.receipt_id
                AND line.quantity > 0 AND (line.picked OR line.state = 'done')
            LEFT JOIN stock_lot lot ON lot.id = line.lot_id
            JOIN serial_announced expected ON expected.picking_id = pair.sibling_id
                AND expected.product_id = line.product_id
                AND expected.name = COALESCE(lot.name, line.lot_name)
                AND expected.state = 'expected'
            """,
            *map(list, zip(*pairs, strict=True)),
        )
        # It was taken for surplus where it was scanned before it was announced.
        self.env.cr.execute(
            SQL(
                "DELETE FROM serial_announced row USING %s WHERE row.state = 'surplus' "
                "AND row.picking_id = pair.receipt_id "
                "AND row.product_id = line.product_id AND row.name = expected.name",
                came,
            )
        )
        self.env.cr.execute(
            SQL(
                "UPDATE serial_announced row SET picking_id = pair.receipt_id FROM %s "
                "WHERE row.id = expected.id AND NOT EXISTS (SELECT 1 "
                "FROM serial_announced own WHERE own.picking_id = pair.receipt_id "
                "AND own.product_id = row.product_id AND own.name = row.name)",
                came,
            )
        )
