from odoo import api, models
from odoo.tools import SQL

#: How many units are named of those that a component is in.
_NAMED = 10


class SerialRecallImpact(models.AbstractModel):
    _inherit = "serial.recall.impact"

    @api.model
    def _get_named(self):
        """Say of what was used up in which units of its order it is, as text."""
        return SQL(
            """
            SELECT named.lot_id, named.product_id, named.position, named.place,
                named.quantity, named.location_id, named.partner_id, named.picking_id,
                named.invoice_id,
                CASE WHEN built.units IS NULL THEN named.consumed_in
                    WHEN built.more > 0 THEN format('%%s: %%s, +%%s',
                        named.consumed_in, built.units, built.more)
                    ELSE format('%%s: %%s', named.consumed_in, built.units)
                END AS consumed_in,
                named.order_name
            FROM (%(named)s) named
            LEFT JOIN LATERAL (
                SELECT string_agg(unit.name, ', ' ORDER BY unit.name)
                        FILTER (WHERE unit.place <= %(most)s) AS units,
                    count(*) - %(most)s AS more
                FROM (
                    SELECT lot.name, row_number() OVER (ORDER BY lot.name) AS place
                    FROM serial_component row
                    JOIN mrp_production production ON production.id = row.production_id
                        AND production.name = named.consumed_in
                    JOIN stock_lot lot ON lot.id = row.unit_id
                    WHERE row.component_id = named.lot_id AND row.to_time IS NULL
                ) unit
            ) built ON named.place = 'consumed'
            """,
            named=super()._get_named(),
            most=_NAMED,
        )
