from collections import defaultdict

from odoo import api, models
from odoo.tools import SQL

from ..core.recall import total

#: What brings a unit's row up to date: all that says where it is.
_COLUMNS = (
    "position",
    "place",
    "quantity",
    "location_id",
    "partner_id",
    "picking_id",
    "invoice_id",
    "consumed_in",
    "order_name",
)
#: What stays of an earlier place where the new one says nothing: the delivery of a unit
#: that came back, the order that a held unit was taken from.
_KEPT = frozenset({"picking_id", "invoice_id", "order_name"})


class SerialRecallImpact(models.AbstractModel):
    """Says where units are and who has them, in bulk: one statement, whatever the
    number of units.

    A serial is in one place. The quantity of a lot is spread over several: one row a
    location, order and holder. Of what another company did with a shared unit, the
    place is told and no name.
    """

    _name = "serial.recall.impact"
    _description = "Impact of Recalls"

    @api.model
    def _count_places(self, recall):
        """Return the number of units by place that a recall's scope is about now.

        :return: ``{place: count, "total": count}``.
        """
        self.env.flush_all()
        query = self.env["serial.recall.finder"]._get_query(recall.scope_ids)
        rows = self.env.execute_query(
            SQL(
                "%s SELECT place, sum(quantity)::float FROM position GROUP BY place",
                self._get_positions(query, recall.company_id),
            )
        )
        return total(rows)

    @api.model
    def _count_entered(self, recalls):
        """Return ``{recall id: counts}`` of the units that are entered, as
        :meth:`_count_places` does.
        """
        groups = self.env["serial.recall.unit"]._read_group(
            [("recall_id", "in", recalls.ids)],
            ["recall_id", "place"],
            ["quantity:sum"],
        )
        counts = defaultdict(list)
        for recall, place, quantity in groups:
            counts[recall.id].append((place, quantity))
        return {recall_id: total(counts[recall_id]) for recall_id in recalls.ids}

    @api.model
    def _enter(self, recall, lot_ids=None):
        """Enter the units of a recall, or bring their rows up to date.

        :param lot_ids: of which lots; None for all that the scope is about now.
        """
        self.env.flush_all()
        if lot_ids is None:
            query = self.env["serial.recall.finder"]._get_query(recall.scope_ids)
        else:
            query = SQL(
                "SELECT id, product_id FROM stock_lot WHERE id = ANY(%s)", list(lot_ids)
            )
        self.env.cr.execute(self._get_upsert(recall, query))
        self._forget()

    @api.model
    def _refresh(self, recall):
        """Bring the rows of all units of a recall up to date."""
        self.env.flush_all()
        query = SQL(
            "SELECT DISTINCT lot.id, lot.product_id FROM serial_recall_unit unit "
            "JOIN stock_lot lot ON lot.id = unit.lot_id WHERE unit.recall_id = %s",
            recall.id,
        )
        self.env.cr.execute(self._get_upsert(recall, query))
        self._forget()

    @api.model
    def _forget(self):
        """Forget what was read of units before."""
        self.env["serial.recall.unit"].invalidate_model(flush=False)
        self.env["serial.recall"].invalidate_model(flush=False)

    @api.model
    def _get_upsert(self, recall, query):
        """Return the statement that writes rows of units: what is new is inserted,
        what changed is written, what a lot has no more in a place becomes zero.

        No user stands on the rows: they follow from stock, and PostgreSQL would look
        the user up for each.
        """
        columns = SQL(", ").join(SQL.identifier(name) for name in _COLUMNS)
        return SQL(
            """
            %(positions)s, written AS (
                INSERT INTO serial_recall_unit AS unit (recall_id, company_id, lot_id,
                    product_id, %(columns)s, create_date, write_date)
                SELECT %(recall)s, %(company)s, lot_id, product_id, %(columns)s,
                    now() at time zone 'UTC', now() at time zone 'UTC'
                FROM position ORDER BY lot_id
                ON CONFLICT (recall_id, lot_id, position) DO UPDATE SET %(changes)s
                WHERE (%(old)s) IS DISTINCT FROM (%(new)s)
            )
            UPDATE serial_recall_unit unit SET quantity = 0
            FROM subject
            WHERE unit.recall_id = %(recall)s AND unit.lot_id = subject.id
                AND NOT subject.is_serial AND unit.quantity <> 0
                AND NOT EXISTS (SELECT 1 FROM position
                    WHERE position.lot_id = unit.lot_id
                    AND position.position = unit.position)
            """,
            positions=self._get_positions(query, recall.company_id),
            columns=columns,
            recall=recall.id,
            company=recall.company_id.id,
            changes=SQL(", ").join(
                SQL("%s = %s", SQL.identifier(name), self._get_new(name))
                for name in _COLUMNS
            ),
            old=SQL(", ").join(SQL.identifier("unit", name) for name in _COLUMNS),
            new=SQL(", ").join(map(self._get_new, _COLUMNS)),
        )

    @api.model
    def _get_new(self, name):
        new = SQL.identifier("excluded", name)
        if name in _KEPT:
            return SQL("COALESCE(%s, %s)", new, SQL.identifier("unit", name))
        return new

    # ---- Where units are ----

    @api.model
    def _get_positions(self, query, company):
        """Return the WITH clause whose last part, ``position``, has the columns of a
        unit's row for each place of each lot.

        :param query: SQL query of ids and products of lots.
        """
        return SQL(
            """
            WITH subject AS MATERIALIZED (
                SELECT found.id, found.product_id,
                    tmpl.tracking = 'serial' AS is_serial
                FROM (%(query)s) found
                JOIN product_product product ON product.id = found.product_id
                JOIN product_template tmpl ON tmpl.id = product.product_tmpl_id
            ), reserved AS MATERIALIZED (%(reserved)s
            ), kept AS MATERIALIZED (%(kept)s
            ), gone AS MATERIALIZED (%(gone)s
            ), placed AS MATERIALIZED (
                SELECT * FROM (
                    SELECT DISTINCT ON (id) * FROM kept WHERE is_serial
                    ORDER BY id, place DESC
                ) serial
                UNION ALL SELECT * FROM kept WHERE NOT is_serial
                UNION ALL SELECT * FROM gone
            ), position AS MATERIALIZED (%(named)s)
            """,
            query=query,
            reserved=self._get_reserved(company),
            kept=self._get_kept(company),
            gone=self._get_gone(company),
            named=self._get_named(),
        )

    @api.model
    def _get_reserved(self, company):
        """Return the query of what orders have reserved, picked units included."""
        return SQL(
            """
                SELECT subject.id, subject.is_serial, ml.location_id,
                    CASE WHEN ml.company_id = %(company)s THEN ml.picking_id END
                        AS picking_id,
                    CASE WHEN ml.company_id = %(company)s
                        THEN COALESCE(picking.origin, move.reference) END AS order_name,
                    sum(ml.quantity_product_uom) AS quantity
                FROM subject
                JOIN stock_move_line ml ON ml.lot_id = subject.id
                JOIN stock_move move ON move.id = ml.move_id
                JOIN stock_location place ON place.id = ml.location_id
                LEFT JOIN stock_picking picking ON picking.id = ml.picking_id
                WHERE ml.state NOT IN ('done', 'cancel', 'draft')
                    AND ml.quantity_product_uom > 0 AND place.usage = 'internal'
                GROUP BY 1, 2, 3, 4, 5
            """,
            company=company.id,
        )

    @api.model
    def _get_kept(self, company):
        """Return the query of what stands with us or is on its way between places."""
        return SQL(
            """
                SELECT id, is_serial, 'reserved' AS place, quantity, location_id,
                    NULL::int AS partner_id, picking_id, NULL::int AS sale_line_id,
                    NULL AS consumed_in, order_name
                FROM reserved
                UNION ALL
                SELECT stock.id, stock.is_serial,
                    CASE WHEN stock.usage = 'transit' THEN 'in_transit'
                        ELSE 'on_hand' END,
                    stock.quantity - COALESCE(taken.quantity, 0), stock.location_id,
                    NULL, NULL, NULL, NULL, NULL
                FROM (
                    SELECT subject.id, subject.is_serial, place.usage,
                        CASE WHEN COALESCE(place.company_id, %(company)s) = %(company)s
                            THEN place.id END AS location_id,
                        place.id AS place_id, sum(quant.quantity) AS quantity
                    FROM subject
                    JOIN stock_quant quant ON quant.lot_id = subject.id
                    JOIN stock_location place ON place.id = quant.location_id
                    WHERE place.usage IN ('internal', 'transit') AND quant.quantity > 0
                    GROUP BY 1, 2, 3, 4, 5
                ) stock
                LEFT JOIN (
                    SELECT id, location_id, sum(quantity) AS quantity
                    FROM reserved GROUP BY 1, 2
                ) taken ON taken.id = stock.id AND taken.location_id = stock.place_id
                WHERE stock.quantity > COALESCE(taken.quantity, 0)
            """,
            company=company.id,
        )

    @api.model
    def _get_gone(self, company):
        """Return the query of what is not with us: of serials where the last movement
        brought them, of lots what has gone there and not come back.
        """
        return SQL(
            """
                SELECT last.id, TRUE AS is_serial, side.*
                FROM (
                    SELECT DISTINCT ON (subject.id) subject.id, ml.id AS line_id
                    FROM subject
                    JOIN stock_move_line ml ON ml.lot_id = subject.id
                        AND ml.state = 'done' AND ml.quantity_product_uom > 0
                    WHERE subject.is_serial
                        AND subject.id NOT IN (SELECT id FROM kept WHERE is_serial)
                    ORDER BY subject.id, ml.date DESC, ml.id DESC
                ) last
                JOIN stock_move_line ml ON ml.id = last.line_id
                %(joins)s
                CROSS JOIN LATERAL (SELECT %(reached)s AS place) came
                CROSS JOIN LATERAL (
                    SELECT came.place, 1 AS quantity, NULL::int AS location_id,
                        %(columns)s
                ) side
                WHERE came.place <> 'elsewhere'
                UNION ALL
                SELECT id, FALSE, place, sum(quantity), NULL, partner_id,
                    (array_agg(picking_id ORDER BY date DESC, line_id DESC)
                        FILTER (WHERE quantity > 0))[1],
                    (array_agg(sale_line_id ORDER BY date DESC, line_id DESC)
                        FILTER (WHERE quantity > 0))[1],
                    consumed_in,
                    (array_agg(order_name ORDER BY date DESC, line_id DESC)
                        FILTER (WHERE quantity > 0))[1]
                FROM (
                    SELECT subject.id, ml.date, ml.id AS line_id, came.place,
                        came.sign * ml.quantity_product_uom AS quantity, %(columns)s
                    FROM subject
                    JOIN stock_move_line ml ON ml.lot_id = subject.id
                        AND ml.state = 'done' AND ml.quantity_product_uom > 0
                    %(joins)s
                    CROSS JOIN LATERAL (VALUES
                        (%(reached)s, 1), (%(left)s, -1)) came(place, sign)
                    WHERE NOT subject.is_serial
                ) side
                WHERE place <> 'elsewhere'
                GROUP BY id, place, partner_id, consumed_in
                HAVING sum(quantity) > 0
            """,
            joins=self._get_joins(company),
            columns=self._get_holder(),
            reached=self._get_place(SQL("destination")),
            left=self._get_place(SQL("source")),
        )

    @api.model
    def _get_joins(self, company):
        """Return what a done line is joined with; ``own`` tells whether a name may be
        told.
        """
        return SQL(
            """
                JOIN stock_move move ON move.id = ml.move_id
                JOIN stock_location source ON source.id = ml.location_id
                JOIN stock_location destination ON destination.id = ml.location_dest_id
                LEFT JOIN stock_picking picking ON picking.id = ml.picking_id
                CROSS JOIN LATERAL (SELECT move.company_id = %s AS is_own) own
            """,
            company.id,
        )

    @api.model
    def _get_holder(self):
        """Return the columns that name who has what came to a place, and by which
        document. A dropship names the customer on the move.
        """
        return SQL(
            """
                CASE WHEN own.is_own AND came.place IN ('delivered', 'supplier',
                    'in_transit') THEN CASE
                    WHEN source.usage = 'supplier' AND destination.usage = 'customer'
                    THEN COALESCE(move.partner_id, picking.partner_id)
                    ELSE COALESCE(picking.partner_id, move.partner_id) END
                END AS partner_id,
                CASE WHEN own.is_own THEN ml.picking_id END AS picking_id,
                CASE WHEN own.is_own THEN move.sale_line_id END AS sale_line_id,
                CASE WHEN own.is_own AND came.place IN ('consumed', 'scrapped')
                    THEN move.reference END AS consumed_in,
                CASE WHEN own.is_own THEN picking.origin END AS order_name
            """
        )

    @api.model
    def _get_place(self, end):
        """Return the SQL of the place that an end of a movement is."""
        return SQL(
            """
            CASE %(end)s.usage WHEN 'customer' THEN 'delivered'
                WHEN 'production' THEN 'consumed' WHEN 'supplier' THEN 'supplier'
                WHEN 'inventory' THEN CASE WHEN move.scrap_id IS NULL THEN 'unknown'
                    ELSE 'scrapped' END
                WHEN 'transit' THEN CASE WHEN %(end)s.company_id IS NULL
                    THEN 'in_transit' ELSE 'elsewhere' END
                ELSE 'elsewhere' END
            """,
            end=end,
        )

    @api.model
    def _get_named(self):
        """Return the query of the rows: what was placed with its key and invoice, and
        what nothing is known of.
        """
        return SQL(
            """
                SELECT subject.id AS lot_id, subject.product_id,
                    CASE WHEN subject.is_serial THEN 'unit'
                        ELSE concat_ws(':', COALESCE(placed.place, 'unknown'),
                            placed.location_id, placed.partner_id, placed.consumed_in,
                            CASE WHEN placed.place = 'reserved'
                                THEN COALESCE(placed.picking_id::text,
                                    placed.order_name) END)
                    END AS position,
                    COALESCE(placed.place, 'unknown') AS place,
                    COALESCE(CASE WHEN subject.is_serial THEN 1 ELSE placed.quantity
                        END, 0) AS quantity,
                    placed.location_id, placed.partner_id, placed.picking_id,
                    invoiced.invoice_id, placed.consumed_in, placed.order_name
                FROM subject
                LEFT JOIN placed ON placed.id = subject.id
                LEFT JOIN (
                    SELECT rel.order_line_id, max(bill.id) AS invoice_id
                    FROM sale_order_line_invoice_rel rel
                    JOIN account_move_line line ON line.id = rel.invoice_line_id
                    JOIN account_move bill ON bill.id = line.move_id
                    WHERE bill.state = 'posted' AND bill.move_type = 'out_invoice'
                        AND rel.order_line_id IN (SELECT sale_line_id FROM placed)
                    GROUP BY 1
                ) invoiced ON invoiced.order_line_id = placed.sale_line_id
            """
        )
