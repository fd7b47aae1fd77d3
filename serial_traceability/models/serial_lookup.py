from odoo import api, models
from odoo.fields import Domain


class SerialLookup(models.AbstractModel):
    """Finds serials and lots by whatever somebody scanned, pasted or typed."""

    _name = "serial.lookup"
    _description = "Lookup of Serials by Scan"

    @api.model
    def _get_domain(self, text):
        """Return the domain of the lots that ``text`` names."""
        return Domain("name", "ilike", text) | Domain("ref", "ilike", text)
