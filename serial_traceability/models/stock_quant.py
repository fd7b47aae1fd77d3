from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..const import CHOOSING, Choice
from ..core.lock import ALWAYS_OPEN


class StockQuant(models.Model):
    """What stands where; of a locked unit all of it, and none of it available."""

    _inherit = "stock.quant"

    lot_locked = fields.Boolean("Locked", related="lot_id.is_locked")
    hold_summary = fields.Char(related="lot_id.hold_summary")

    @api.depends("lot_id.is_locked")
    @api.depends_context("formatted_display_name")
    def _compute_display_name(self):
        """Show in pickers what is locked."""
        result = super()._compute_display_name()
        if self.env.context.get("formatted_display_name"):
            for quant in self.filtered("lot_locked"):
                quant.display_name += self.env._("\t--Locked--")
        return result

    @api.depends("lot_id.is_locked")
    def _compute_available_quantity(self):
        result = super()._compute_available_quantity()
        # Stands in for reading lots: of another company's only this is seen.
        for quant in self.sudo():
            if quant.lot_id.is_locked:
                quant.available_quantity = 0
        return result

    def _read_group_select(self, aggregate_spec, query):
        """Leave locked units out of the sum, too, which core writes in SQL."""
        column = super()._read_group_select(aggregate_spec, query)
        if aggregate_spec != "available_quantity:sum":
            return column
        lot = query.left_join(
            query.table, "lot_id", "stock_lot", "id", "serial_locked_lot"
        )
        return SQL(
            "%(all)s - COALESCE(SUM(CASE WHEN %(locked)s "
            "THEN %(quantity)s - COALESCE(%(reserved)s, 0) ELSE 0 END), 0)",
            all=column,
            locked=SQL.identifier(lot, "is_locked"),
            quantity=SQL.identifier(query.table, "quantity"),
            reserved=SQL.identifier(query.table, "reserved_quantity"),
        )

    # ---- Held units are not chosen ----

    def _get_reserve_quantity(
        self,
        product_id,
        location_id,
        quantity,
        uom_id=None,
        lot_id=None,
        package_id=None,
        owner_id=None,
        strict=False,
    ):
        """Leave out units that may not take the way that they are chosen for."""
        quants = self
        if quantity > 0:
            quants = self._choosing()
        return super(StockQuant, quants)._get_reserve_quantity(
            product_id,
            location_id,
            quantity,
            uom_id=uom_id,
            lot_id=lot_id,
            package_id=package_id,
            owner_id=owner_id,
            strict=strict,
        )

    def _get_available_quantity(
        self,
        product_id,
        location_id,
        lot_id=None,
        package_id=None,
        owner_id=None,
        strict=False,
        allow_negative=False,
    ):
        """Leave out held units where it is asked what there is to reserve; core keeps
        its books by the same method, strictly or with negative quantities.
        """
        quants = self
        if not strict and not allow_negative:
            quants = self._choosing()
        return super(StockQuant, quants)._get_available_quantity(
            product_id,
            location_id,
            lot_id=lot_id,
            package_id=package_id,
            owner_id=owner_id,
            strict=strict,
            allow_negative=allow_negative,
        )

    def _choosing(self):
        """Return these quants for a look at what may be chosen, and for nothing else:
        quantities are kept by the same queries.
        """
        choice = Choice.current(self.env) or Choice("delivery", frozenset())
        return self.with_context(**{CHOOSING: choice})

    def _get_gather_domain(
        self,
        product_id,
        location_id,
        lot_id=None,
        package_id=None,
        owner_id=None,
        strict=False,
    ):
        """Leave out held units while stock is chosen, in SQL: the strategy of the
        fewest packages counts there.
        """
        domain = super()._get_gather_domain(
            product_id, location_id, lot_id, package_id, owner_id, strict
        )
        choice = Choice.current(self.env, CHOOSING)
        if not choice or choice.passage in ALWAYS_OPEN or not product_id:
            return domain
        barred = self.env["stock.lot"]._get_barred_domain(choice)
        # Without access rules, which know companies only; stock without a lot stays.
        barred &= Domain("product_id", "=", product_id.id)
        return domain & Domain("lot_id", "not any!", barred)

    def _gather(
        self,
        product_id,
        location_id,
        lot_id=None,
        package_id=None,
        owner_id=None,
        strict=False,
        qty=0,
    ):
        """Leave out held units where core takes quants from its cache, which no domain
        filters.
        """
        quants = super()._gather(
            product_id, location_id, lot_id, package_id, owner_id, strict, qty
        )
        choice = Choice.current(self.env, CHOOSING)
        if not choice or self.env.context.get("quants_cache") is None:
            return quants
        barred = quants.lot_id._get_barred(choice)
        return quants.filtered(lambda quant: quant.lot_id not in barred)
