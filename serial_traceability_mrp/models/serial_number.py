from odoo import api, fields, models
from odoo.tools import SQL


class SerialNumber(models.Model):
    _inherit = "serial.number"

    production_id = fields.Many2one(
        "mrp.production",
        "Manufacturing Order",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        help="The order that took the number for a unit, or made the unit.",
    )

    @api.model
    def _note_production(self, production, lots):
        """Note that a manufacturing order made units, and put their numbers in use.

        :raises UserError: as :meth:`_commission`.
        """
        found = self._note_use(lots)
        self.browse(row["id"] for row in found)._set_production(production)

    def _set_production(self, production):
        """Note which order took numbers; one statement, there may be thousands."""
        if not self:
            return
        self.env.cr.execute(
            SQL(
                "UPDATE serial_number SET production_id = %s WHERE id = ANY(%s)",
                production.id,
                list(self.ids),
            )
        )
        self.invalidate_recordset(["production_id"], flush=False)

    @api.model
    def _take_back(self, production, count, besides):
        """Return numbers that an order or its backorders took and do not use yet.

        :param count: how many at most.
        :param besides: list of numbers that are not wanted.
        """
        orders = production.production_group_id.production_ids | production
        return self._find_free(
            production,
            SQL("number.production_id = ANY(%s)", list(orders.ids)),
            count,
            besides,
        ).mapped("name")

    @api.model
    def _take_from_blocks(self, production, blocks, count, besides):
        """Give an order unused numbers of blocks; return them in order of issuing.

        What an order took that is over is free for the next one.
        """
        numbers = self._find_free(
            production,
            SQL(
                "run.block_id = ANY(%s) AND (taker.id IS NULL "
                "OR taker.state IN ('done', 'cancel'))",
                list(blocks.ids),
            ),
            count,
            besides,
        )
        numbers._set_production(production)
        return numbers.mapped("name")

    @api.model
    def _find_free(self, production, condition, count, besides):
        """Return numbers of an order's product that no unit bears and no other open
        order has on its list, locked: who looks at the same time finds the next ones.
        """
        orders = self.env["mrp.production"]
        orders.flush_model(["lot_producing_ids", "state"])
        self.env["serial.issue"].flush_model(["block_id"])
        field = orders._fields["lot_producing_ids"]
        rows = self.env.execute_query(
            SQL(
                """
                SELECT number.id FROM serial_number number
                JOIN serial_issue run ON run.id = number.issue_id
                LEFT JOIN mrp_production taker ON taker.id = number.production_id
                WHERE number.product_res_id = %(product)s AND number.state = 'issued'
                  AND number.name <> ALL(%(besides)s) AND %(condition)s
                  AND NOT EXISTS (SELECT 1 FROM %(listed)s listed
                    JOIN mrp_production other ON other.id = listed.%(order)s
                    WHERE listed.%(lot)s = number.lot_id
                      AND other.id <> %(production)s
                      AND other.state NOT IN ('done', 'cancel'))
                ORDER BY number.id LIMIT %(count)s FOR UPDATE OF number SKIP LOCKED
                """,
                product=production.product_id.id,
                production=production.id,
                condition=condition,
                besides=list(besides),
                listed=SQL.identifier(field.relation),
                order=SQL.identifier(field.column1),
                lot=SQL.identifier(field.column2),
                count=count,
            )
        )
        return self.browse(row[0] for row in rows)
