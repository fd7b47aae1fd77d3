from odoo import models


class ProductTemplate(models.Model):
    _inherit = "product.template"

    def _is_numbered_at_production(self):
        """Return whether units of the product get our numbers when they are made."""
        self.ensure_one()
        return (
            self.tracking == "serial"
            and self._get_serial_policy().numbered_by == "produced"
        )
