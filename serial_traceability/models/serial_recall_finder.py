from odoo import api, models
from odoo.tools import SQL

from ..core.recall import alternatives


class SerialRecallFinder(models.AbstractModel):
    """Finds the units that recalls are about: their scope as one SQL statement.

    A scope concerns the lots of its company and those that companies share. Raw SQL
    passes by the record rules, so that a unit is found whoever looks.
    """

    _name = "serial.recall.finder"
    _description = "Finder of Units for Recalls"

    # ---- Questions ----

    @api.model
    def _find_new(self, lot_ids):
        """Return which of some lots live recalls are about that never held them.

        One query where no recall is live.

        :return: ``{lot id: recall id}``, of several recalls the first.
        """
        scopes = lot_ids and self.env["serial.recall"]._get_live_scopes()
        if not scopes:
            return {}
        self.env.flush_all()
        queries = [
            SQL(
                "SELECT found.id, %(recall)s AS recall_id FROM (%(query)s) found "
                "WHERE NOT EXISTS (SELECT 1 FROM serial_hold hold "
                "WHERE hold.lot_id = found.id AND hold.recall_id = %(recall)s)",
                recall=recall.id,
                query=self._get_query(rows, lot_ids),
            )
            for recall, rows in scopes.grouped("recall_id").items()
        ]
        rows = self.env.execute_query(
            SQL("%s ORDER BY recall_id DESC", SQL(" UNION ALL ").join(queries))
        )
        return dict(rows)

    @api.model
    def _find_unheld(self, recall):
        """Return the ids of all lots that a recall is about and never held, sorted."""
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                "SELECT found.id FROM (%(query)s) found "
                "WHERE NOT EXISTS (SELECT 1 FROM serial_hold hold "
                "WHERE hold.lot_id = found.id AND hold.recall_id = %(recall)s) "
                "ORDER BY found.id",
                recall=recall.id,
                query=self._get_query(recall.sudo().scope_ids),
            )
        )
        return [row[0] for row in rows]

    @api.model
    def _count(self, recall):
        """Return how many lots a recall is about, and how many its company has."""
        self.env.flush_all()
        [row] = self.env.execute_query(
            SQL(
                "SELECT (SELECT count(*) FROM (%s) found), (SELECT count(*) "
                "FROM stock_lot WHERE company_id IS NULL OR company_id = %s)",
                self._get_query(recall.scope_ids),
                recall.company_id.id,
            )
        )
        return row

    # ---- The scope as a query ----

    @api.model
    def _get_query(self, scopes, lot_ids=None):
        """Return the SQL query of ids and products of the lots that rules are about.

        :param scopes: rules of one recall; each that is empty fits nothing here.
        :param lot_ids: among which lots, None for all.
        """
        # Stands in for reading what a rule of another company names: it refuses for
        # all that share a unit.
        scopes = scopes.sudo()
        company = scopes.recall_id[:1].company_id or self.env.company
        common = [
            SQL("(lot.company_id IS NULL OR lot.company_id = %s)", company.id),
        ]
        if lot_ids is not None:
            common.append(SQL("lot.id = ANY(%s)", list(lot_ids)))
        ways = [
            way
            for scope in scopes
            for criteria in [self._get_criteria(scope)]
            if criteria
            for way in alternatives(criteria)
        ] or [(SQL("FALSE"),)]
        return SQL(" UNION ").join(
            SQL(
                "SELECT lot.id, lot.product_id FROM stock_lot lot WHERE %s",
                SQL(" AND ").join([*common, *way]),
            )
            for way in ways
        )

    @api.model
    def _get_criteria(self, scope):
        """Return, for each criterion of a rule, the SQL conditions of which one has to
        be true of the row ``lot``. Bridges add theirs.
        """
        criteria = [
            self._get_product(scope),
            self._get_batch(scope),
            self._get_number(scope),
            self._get_range(scope),
            self._get_production(scope),
            self._get_supplier(scope),
            self._get_receipt(scope),
            self._get_location(scope),
            self._get_component(scope),
        ]
        return [each for each in criteria if each]

    @api.model
    def _get_product(self, scope):
        ids = scope.product_ids.ids
        return ids and [SQL("lot.product_id = ANY(%s)", ids)]

    @api.model
    def _get_batch(self, scope):
        batches, lots = scope.batch_ids.ids, scope.lot_ids.ids
        return (batches or lots) and [
            SQL("(lot.batch_id = ANY(%s) OR lot.id = ANY(%s))", batches, lots)
        ]

    @api.model
    def _get_number(self, scope):
        """Return the conditions of the wanted numbers: a unit's own, its lot's where
        the product is tracked by lots, or its batch's.
        """
        numbers = scope.number_ids.filtered(lambda number: not number.fault)
        if not numbers:
            return []
        same_product = SQL(
            "(number.gtin IS NULL OR number.gtin = lpad(product.barcode, 14, '0'))"
        )
        ways = [
            SQL(
                "EXISTS (SELECT 1 FROM serial_recall_number number "
                "JOIN product_product product ON product.id = lot.product_id "
                "JOIN product_template tmpl ON tmpl.id = product.product_tmpl_id "
                "WHERE number.name = lot.name AND number.scope_id = %s "
                "AND number.fault IS NULL AND %s "
                "AND (number.is_batch IS NOT TRUE OR tmpl.tracking = 'lot'))",
                scope._origin.id,
                same_product,
            )
        ]
        if any(numbers.mapped("is_batch")):
            ways.append(
                SQL(
                    "lot.batch_id IN (SELECT batch.id FROM serial_recall_number number "
                    "JOIN serial_batch batch ON batch.name = number.name "
                    "JOIN product_product product ON product.id = batch.product_id "
                    "WHERE number.scope_id = %s AND number.is_batch "
                    "AND number.fault IS NULL AND %s)",
                    scope._origin.id,
                    same_product,
                )
            )
        return ways

    @api.model
    def _get_range(self, scope):
        """Return the condition of ``core.recall.in_range``."""
        first, last = scope.serial_from, scope.serial_to
        if not first or not last:
            return []
        first, last = first.strip(), last.strip()
        return [
            SQL(
                'length(lot.name) = %s AND lot.name COLLATE "C" BETWEEN %s AND %s',
                len(first),
                first,
                last,
            )
        ]

    @api.model
    def _get_production(self, scope):
        day = SQL(
            "COALESCE(lot.production_date, (SELECT batch.production_date "
            "FROM serial_batch batch WHERE batch.id = lot.batch_id))"
        )
        parts = []
        if scope.production_from:
            parts.append(SQL("%s >= %s", day, scope.production_from))
        if scope.production_to:
            parts.append(SQL("%s <= %s", day, scope.production_to))
        return parts and [SQL(" AND ").join(parts)]

    @api.model
    def _get_supplier(self, scope):
        """Return the conditions that the supplier sent the unit, or made its batch."""
        if not scope.supplier_id:
            return []
        partners = scope.supplier_id.with_context(active_test=False)
        ids = partners.search([("id", "child_of", scope.supplier_id.ids)]).ids
        return [
            SQL(
                "EXISTS (SELECT 1 FROM stock_move_line ml "
                "JOIN stock_move move ON move.id = ml.move_id "
                "JOIN stock_location source ON source.id = ml.location_id "
                "LEFT JOIN stock_picking picking ON picking.id = ml.picking_id "
                "WHERE ml.lot_id = lot.id AND ml.state = 'done' "
                "AND source.usage = 'supplier' AND move.company_id = %s "
                "AND COALESCE(picking.partner_id, move.partner_id) = ANY(%s))",
                scope.recall_id.company_id.id,
                ids,
            ),
            SQL(
                "lot.batch_id IN (SELECT batch.id FROM serial_batch batch "
                "WHERE batch.supplier_id = ANY(%s) OR batch.manufacturer_id = ANY(%s))",
                ids,
                ids,
            ),
        ]

    @api.model
    def _get_receipt(self, scope):
        ids = scope.picking_ids.ids
        return ids and [
            SQL(
                "EXISTS (SELECT 1 FROM stock_move_line ml WHERE ml.lot_id = lot.id "
                "AND ml.state = 'done' AND ml.quantity > 0 "
                "AND ml.picking_id = ANY(%s))",
                ids,
            )
        ]

    @api.model
    def _get_location(self, scope):
        path = scope.location_id.parent_path
        return path and [
            SQL(
                "EXISTS (SELECT 1 FROM stock_quant quant "
                "JOIN stock_location place ON place.id = quant.location_id "
                "WHERE quant.lot_id = lot.id AND quant.quantity > 0 "
                "AND place.parent_path LIKE %s)",
                f"{path}%",
            )
        ]

    @api.model
    def _get_component(self, scope):
        if not scope.component_batch_ids and not scope.component_lot_ids:
            return []
        return [scope._get_component_condition()]
