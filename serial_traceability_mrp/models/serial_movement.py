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
        return columns

    @api.model
    def _get_tables(self):
        return SQL(
            "%s LEFT JOIN mrp_production production ON production.id = "
            "COALESCE(move.production_id, move.raw_material_production_id)",
            super()._get_tables(),
        )

    @api.model
    def _biz_transaction(self, row):
        transaction = super()._biz_transaction(row)
        if row["document_model"] != "mrp.production":
            return transaction
        return replace(transaction, type=_PRODUCTION_ORDER)
