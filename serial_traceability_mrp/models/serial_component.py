from odoo import api, fields, models
from odoo.tools import SQL

_GUARD_FUNCTION = "serial_traceability_mrp_refuse_change"


class SerialComponent(models.Model):
    """One component in one unit: from when, until when, and how we know.

    A row is written when production is done, or when what a done order used up or made
    is corrected, and stays as it was. The one thing that changes, once, is its end: the
    unit was taken apart, the component taken out, or the order corrected.
    ``serial.genealogy`` alone writes; the ORM refuses all else, and so does PostgreSQL.

    Known *by unit* is what somebody said, and whatever went into an order's only
    unit. Known *by order* is that the component went into one of these units, in
    equal parts as far as anybody knows.
    """

    _name = "serial.component"
    _description = "Component of a Serial"
    _inherit = ["serial.event.seal"]
    _order = "from_time desc, id desc"
    _rec_name = "component_id"
    _log_access = False

    unit_id = fields.Many2one(
        "stock.lot", required=True, readonly=True, ondelete="restrict"
    )
    component_id = fields.Many2one(
        "stock.lot", required=True, readonly=True, ondelete="restrict"
    )
    quantity = fields.Float(
        digits=(16, 6),
        readonly=True,
        help="Of the component in the unit; of what is known by order only, the "
        "unit's even part.",
    )
    production_id = fields.Many2one(
        "mrp.production",
        "Manufacturing Order",
        required=True,
        readonly=True,
        ondelete="restrict",
    )
    known_by = fields.Selection(
        [("unit", "Unit"), ("order", "Order")],
        required=True,
        readonly=True,
        help="By unit: it was recorded for this unit. By order: the order used it up "
        "for one of its units, nobody said which.",
    )
    from_time = fields.Datetime("Built In", required=True, readonly=True)
    to_time = fields.Datetime("Until", readonly=True)
    ended_by = fields.Selection(
        [
            ("unbuild", "Unit taken apart"),
            ("removal", "Component taken out"),
            ("correction", "Order corrected"),
        ],
        readonly=True,
    )
    end_document = fields.Char("Ended In", readonly=True)
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="restrict", index=True
    )

    unit_product_id = fields.Many2one(related="unit_id.product_id", string="Product")
    component_product_id = fields.Many2one(
        related="component_id.product_id", string="Component Product"
    )
    component_uom_id = fields.Many2one(
        related="component_id.product_uom_id", string="Unit of Measure"
    )
    component_is_locked = fields.Boolean(
        related="component_id.is_locked", string="Component Locked"
    )
    unit_is_locked = fields.Boolean(related="unit_id.is_locked", string="Unit Locked")

    _production_idx = models.Index("(production_id, unit_id, component_id)")
    _unit_idx = models.Index("(unit_id, to_time)")
    _component_idx = models.Index("(component_id, to_time)")

    @api.depends("unit_id", "component_id")
    def _compute_display_name(self):
        for row in self:
            row.display_name = self.env._(
                "%(component)s in %(unit)s",
                component=row.component_id.name,
                unit=row.unit_id.name,
            )

    # ---- The guard ----

    def _seal_table(self):
        """Let PostgreSQL refuse all but the end of an open row, once."""
        names = {
            "table": SQL.identifier(self._table),
            "function": SQL.identifier(_GUARD_FUNCTION),
            "change": SQL.identifier(f"{self._table}_end_only"),
            "removal": SQL.identifier(f"{self._table}_append_only"),
            "refuse": SQL.identifier("serial_traceability_refuse_change"),
        }
        self.env.cr.execute(
            SQL(
                """
                CREATE OR REPLACE FUNCTION %(function)s() RETURNS trigger AS $$
                BEGIN
                    IF OLD.to_time IS NULL AND NEW.to_time IS NOT NULL
                       AND to_jsonb(OLD) - %(ends)s = to_jsonb(NEW) - %(ends)s THEN
                        RETURN NEW;
                    END IF;
                    RAISE EXCEPTION '%% on %%: a component only ends, once',
                        TG_OP, TG_TABLE_NAME
                        USING ERRCODE = 'restrict_violation', TABLE = TG_TABLE_NAME;
                END $$ LANGUAGE plpgsql;
                DROP TRIGGER IF EXISTS %(change)s ON %(table)s;
                CREATE TRIGGER %(change)s BEFORE UPDATE ON %(table)s
                    FOR EACH ROW EXECUTE FUNCTION %(function)s();
                ALTER TABLE %(table)s ENABLE ALWAYS TRIGGER %(change)s;
                DROP TRIGGER IF EXISTS %(removal)s ON %(table)s;
                CREATE TRIGGER %(removal)s BEFORE DELETE OR TRUNCATE ON %(table)s
                    FOR EACH STATEMENT EXECUTE FUNCTION %(refuse)s();
                ALTER TABLE %(table)s ENABLE ALWAYS TRIGGER %(removal)s
                """,
                ends=SQL("'{to_time,ended_by,end_document}'::text[]"),
                **names,
            )
        )

    @api.model
    def _drop_seal(self):
        """Take away the guard's function with its trigger; for uninstalling only."""
        self.env.cr.execute(
            SQL("DROP FUNCTION IF EXISTS %s() CASCADE", SQL.identifier(_GUARD_FUNCTION))
        )

    # ---- Writing, by serial.genealogy ----

    @api.model
    def _bring_up(self, order_ids, made):
        """Make the open rows of orders say what ``made`` says.

        Constant queries. What ended otherwise than by a correction stays ended.

        :param order_ids: of those orders of which rows are there.
        :param made: list of :class:`.serial_genealogy.Made`.
        :return: the positions in ``made`` of those of which something is new.
        """
        wanted = self._get_wanted(made)
        if order_ids:
            self._end_unwanted(list(order_ids), wanted)
        rows = self.env.execute_query(
            SQL(
                """
                WITH %(wanted)s, new AS (
                    INSERT INTO serial_component (unit_id, component_id, quantity,
                        production_id, known_by, from_time, company_id)
                    SELECT unit_id, component_id, quantity, production_id, known_by,
                        from_time, company_id
                    FROM wanted WHERE %(unknown)s
                    ORDER BY number, unit_id, component_id
                    RETURNING production_id, unit_id, component_id, known_by
                )
                SELECT DISTINCT production_id, known_by,
                    CASE known_by WHEN 'unit' THEN unit_id ELSE component_id END
                FROM new
                """,
                wanted=wanted,
                unknown=self._get_unknown() if order_ids else SQL("TRUE"),
            )
        )
        self.invalidate_model()
        return _find_shares(made, rows)

    @api.model
    def _get_unknown(self):
        """Return the SQL condition that the row ``wanted`` is not there yet."""
        return SQL(
            "NOT EXISTS (SELECT 1 FROM serial_component row "
            "WHERE row.production_id = wanted.production_id "
            "AND row.unit_id = wanted.unit_id "
            "AND row.component_id = wanted.component_id "
            "AND (row.ended_by <> 'correction' OR (row.to_time IS NULL "
            "AND row.known_by = wanted.known_by "
            "AND row.quantity = wanted.quantity)))"
        )

    @api.model
    def _get_wanted(self, made):
        """Return the common table expressions of the rows that should be there."""
        units = [(n, unit) for n, each in enumerate(made) for unit in each.share.units]
        parts = [
            (n, *part) for n, each in enumerate(made) for part in each.share.components
        ]
        return SQL(
            """
            share AS (
                SELECT * FROM unnest(%s::int[], %s::int[], %s::text[], %s::timestamp[],
                    %s::int[]) AS share(number, production_id, known_by, from_time,
                    units)
            ), wanted AS (
                SELECT share.number, unit_id, component_id, production_id, known_by,
                    round(part.quantity / share.units, 6) AS quantity, from_time,
                    production.company_id
                FROM share
                JOIN unnest(%s::int[], %s::int[]) AS unit(number, unit_id)
                    USING (number)
                JOIN unnest(%s::int[], %s::int[], %s::numeric[])
                    AS part(number, component_id, quantity) USING (number)
                JOIN mrp_production production ON production.id = production_id
            )
            """,
            list(range(len(made))),
            [each.production_id for each in made],
            ["unit" if each.share.exact else "order" for each in made],
            [each.from_time for each in made],
            [len(each.share.units) for each in made],
            *_columns(units, 2),
            *_columns(parts, 3),
        )

    @api.model
    def _end_unwanted(self, order_ids, wanted):
        """End the open rows of orders that are not wanted any more."""
        self.env.cr.execute(
            SQL(
                """
                WITH %(wanted)s
                UPDATE serial_component row SET to_time = %(now)s,
                    ended_by = 'correction', end_document = production.name
                FROM mrp_production production
                WHERE production.id = row.production_id AND row.id IN (
                    SELECT id FROM serial_component
                    WHERE production_id = ANY(%(orders)s) AND to_time IS NULL
                    EXCEPT
                    SELECT kept.id FROM wanted
                    JOIN serial_component kept
                        ON kept.production_id = wanted.production_id
                        AND kept.unit_id = wanted.unit_id
                        AND kept.component_id = wanted.component_id
                        AND kept.known_by = wanted.known_by
                        AND kept.quantity = wanted.quantity)
                """,
                wanted=wanted,
                now=fields.Datetime.now(),
                orders=order_ids,
            )
        )

    @api.model
    def _end(self, condition, ended_by, document):
        """End the open rows that fulfil ``condition``, in one statement.

        :param document: name of the document that ended them.
        """
        self.env.cr.execute(
            SQL(
                "UPDATE serial_component SET to_time = %s, ended_by = %s, "
                "end_document = %s WHERE to_time IS NULL AND %s",
                fields.Datetime.now(),
                ended_by,
                document or None,
                condition,
            )
        )
        self.invalidate_model()


def _columns(rows, width):
    """Return the columns of ``rows`` as lists."""
    return [[row[number] for row in rows] for number in range(width)]


def _find_shares(made, rows):
    """Return the positions in ``made`` of the shares that rows come from, sorted: of
    what is known by unit, a unit has one; of what is known by order, a component.

    Here, not in SQL: PostgreSQL takes what it has just inserted for a few rows, and
    would compare each with each.
    """
    numbers = {}
    for number, (order_id, share, _time) in enumerate(made):
        if share.exact:
            keys = [(order_id, "unit", unit) for unit in share.units]
        else:
            keys = [(order_id, "order", lot) for lot, _quantity in share.components]
        numbers.update(dict.fromkeys(keys, number))
    return sorted({numbers[row] for row in rows})
