from dataclasses import replace

from odoo import api, models
from odoo.tools import SQL

#: CBV business transaction type of a manufacturing order.
_PRODUCTION_ORDER = "prodorder"


class SerialMovement(models.AbstractModel):
    _inherit = "serial.movement"

    @api.model
    def _get_columns(self):
        """Name the manufacturing order as the document of its movements."""
        columns = super()._get_columns()
        own = {
            "document_model": SQL("'mrp.production'"),
            "document_res_id": SQL("production.id"),
            "document_key": SQL("production.id::text"),
            "document_name": SQL("production.name"),
            "origin": SQL("production.origin"),
        }
        is_own = SQL(
            "production.id IS NOT NULL AND picking.id IS NULL AND scrap.id IS NULL"
        )
        for name, value in own.items():
            columns[name] = SQL(
                "CASE WHEN %s THEN %s ELSE %s END", is_own, value, columns[name]
            )
        return columns | {
            "production_id": SQL("production.id"),
            # What is scrapped in the course of an order names it, too.
            "is_component": SQL(
                "move.raw_material_production_id IS NOT NULL "
                "AND destination.usage = 'production'"
            ),
            "is_unit": SQL(
                "move.production_id IS NOT NULL AND source.usage = 'production' "
                "AND ml.product_id = production.product_id"
            ),
        }

    @api.model
    def _get_tables(self):
        return SQL(
            "%s LEFT JOIN mrp_production production ON production.id = "
            "COALESCE(move.production_id, move.raw_material_production_id)",
            super()._get_tables(),
        )

    @api.model
    def _record_addition(self, move_line_ids):
        """Note what the order was made of now, too."""
        result = super()._record_addition(move_line_ids)
        moves = self.env["stock.move.line"].browse(move_line_ids).move_id
        orders = moves.production_id | moves.raw_material_production_id
        self.env["serial.genealogy"]._note_corrected(orders)
        return result

    @api.model
    def _record_correction(self, before, after):
        """Note what the corrected orders were made of."""
        result = super()._record_correction(before, after)
        order_ids = {row["production_id"] for row in [*before, *after]} - {None}
        orders = self.env["mrp.production"].browse(order_ids)
        self.env["serial.genealogy"]._note_corrected(orders)
        return result

    @api.model
    def _biz_transaction(self, row):
        transaction = super()._biz_transaction(row)
        if row["document_model"] != "mrp.production":
            return transaction
        return replace(transaction, type=_PRODUCTION_ORDER)
