from odoo import api, fields, models
from odoo.tools import ormcache


class StockLocation(models.Model):
    _inherit = "stock.location"

    serial_keeping = fields.Selection(
        [("quarantine", "Quarantine"), ("repair", "Repair")],
        "Keeps Held Units For",
        help="Units on hold may be moved here and to what lies inside, where their "
        "reason allows it.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Forget which places keep held units, where a new one does."""
        locations = super().create(vals_list)
        if any(vals.get("serial_keeping") for vals in vals_list):
            self.env.registry.clear_cache()
        return locations

    def write(self, vals):
        """Forget which places keep held units, where that changes."""
        result = super().write(vals)
        if "serial_keeping" in vals:
            self.env.registry.clear_cache()
        return result

    def _get_serial_keeping(self):
        """Return what this place, or the nearest that it lies in, keeps held units
        for. Asked of every movement between two places, so without a query.
        """
        self.ensure_one()
        keeping = self._get_keeping_places()
        path = (self._origin.parent_path or "").split("/")
        places = [int(place) for place in path if place]
        return next(
            (keeping[place] for place in reversed(places) if place in keeping), None
        )

    @api.model
    @ormcache()
    def _get_keeping_places(self):
        """Return ``{location id: what it keeps held units for}``, of all companies."""
        # Stands in for seeing places of other companies, of which a transit between
        # two may be one.
        locations = self.sudo().with_context(active_test=False)
        found = locations.search([("serial_keeping", "!=", False)])
        return {location.id: location.serial_keeping for location in found}
