from odoo import models
from odoo.tools import SQL

#: Documents of which the genealogy says what went into what.
_DOCUMENTS = ("mrp.production", "mrp.unbuild")


class SerialRecallScope(models.Model):
    _inherit = "serial.recall.scope"

    def _get_made_query(self, besides=()):
        """Return the SQL query of what the lot of the row ``built`` is in: by the
        genealogy, and by what the order used up where it was done before there was
        one.

        What was taken out again is in no unit.
        """
        return SQL(
            "%(others)s UNION ALL %(known)s UNION ALL %(unknown)s",
            others=super()._get_made_query([*besides, *_DOCUMENTS]),
            known=SQL(
                "SELECT row.unit_id FROM serial_component row "
                "WHERE row.component_id = built.lot_id AND row.to_time IS NULL "
                "AND row.company_id = %s",
                self.recall_id.company_id.id,
            ),
            unknown=self._get_unknown_query(),
        )

    def _get_unknown_query(self):
        """Return the SQL query of the units of orders without a genealogy that used up
        the lot of the row ``built``.
        """
        return SQL(
            """
            SELECT unit.lot_id
            FROM stock_move_line used
            JOIN stock_move use ON use.id = used.move_id
            JOIN stock_location used_at ON used_at.id = used.location_dest_id
                AND used_at.usage = 'production'
            JOIN mrp_production production
                ON production.id = use.raw_material_production_id
            JOIN stock_move making ON making.production_id = production.id
                AND making.product_id = production.product_id
            JOIN stock_move_line unit ON unit.move_id = making.id
            JOIN stock_location made_at ON made_at.id = unit.location_id
                AND made_at.usage = 'production'
            WHERE used.lot_id = built.lot_id AND used.lot_id <> unit.lot_id
            AND used.state = 'done' AND used.quantity_product_uom > 0
            AND unit.state = 'done' AND unit.quantity_product_uom > 0
            AND production.company_id = %(company)s AND NOT EXISTS (
                SELECT 1 FROM serial_component told
                WHERE told.production_id = production.id)
            """,
            company=self.recall_id.company_id.id,
        )
