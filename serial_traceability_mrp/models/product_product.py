from odoo import api, models
from odoo.tools import SQL


class ProductProduct(models.Model):
    _inherit = "product.product"

    def _compute_quantities_dict(
        self, lot_id, owner_id, package_id, from_date=False, to_date=False
    ):
        """Let kits be as many as their parts are without locked units.

        Odoo makes up kits from what their parts are before anything is left out, in
        part even where the parts are asked for by themselves. So the parts are asked
        first, and handed over as known.
        """
        dates = {"from_date": from_date, "to_date": to_date}
        boms = self._find_kits() if self._is_any_locked() else {}
        if not boms:
            return super()._compute_quantities_dict(
                lot_id, owner_id, package_id, **dates
            )
        kits = self.browse().concat(*boms)
        others = (self - kits) | self._get_kit_parts(boms)
        quantities = super(ProductProduct, others)._compute_quantities_dict(
            lot_id, owner_id, package_id, **dates
        )
        kits = kits.with_context(mrp_compute_quantities=dict(quantities))
        quantities |= super(ProductProduct, kits)._compute_quantities_dict(
            lot_id, owner_id, package_id, **dates
        )
        return {product.id: quantities[product.id] for product in self}

    @api.model
    def _is_any_locked(self):
        """Return whether any lot at all is locked: the rest is asked only then."""
        self.env["stock.lot"].flush_model(["is_locked"])
        rows = self.env.execute_query(
            SQL("SELECT 1 FROM stock_lot WHERE is_locked LIMIT 1")
        )
        return bool(rows)

    def _find_kits(self):
        """Return ``{kit: its bill of materials}`` of those of these that are kits."""
        boms = self.env["mrp.bom"]._bom_find(self, bom_type="phantom")
        # A single product it names even where there is none.
        return {product: bom for product, bom in boms.items() if bom}

    def _get_kit_parts(self, boms):
        """Return the storable parts of kits, those of kits within kits included."""
        parts = self.browse()
        for kit, bom in boms.items():
            _boms, lines = bom.explode(kit, 1)
            parts |= self.browse().concat(*(line.product_id for line, _data in lines))
        return parts.filtered("is_storable")

    def _get_with_locked(self):
        """Leave kits out: whatever is in stock of them is nothing to Odoo."""
        found = super()._get_with_locked()
        return found and found - self.browse().concat(*found._find_kits())
