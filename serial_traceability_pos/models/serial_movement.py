from odoo import api, models
from odoo.tools import SQL


class SerialMovement(models.AbstractModel):
    _inherit = "serial.movement"

    @api.model
    def _get_columns(self):
        """Name the till's order as the document of what it hands over; what is shipped
        later, and the one transfer of a session's orders, keep the transfer.
        """
        columns = super()._get_columns()
        own = {
            "document_model": SQL("'pos.order'"),
            "document_res_id": SQL("pos_order.id"),
            "document_key": SQL("pos_order.id::text"),
            "document_name": SQL("pos_order.name"),
            "origin": SQL("pos_order.pos_reference"),
        }
        is_own = SQL(
            "pos_order.id IS NOT NULL AND pos_order.shipping_date IS NULL "
            "AND scrap.id IS NULL"
        )
        for name, value in own.items():
            columns[name] = SQL(
                "CASE WHEN %s THEN %s ELSE %s END", is_own, value, columns[name]
            )
        return columns

    @api.model
    def _get_tables(self):
        return SQL(
            "%s LEFT JOIN pos_order ON pos_order.id = picking.pos_order_id",
            super()._get_tables(),
        )
