from odoo import api, models


class SerialIssue(models.Model):
    _inherit = "serial.issue"

    @api.onchange("product_id")
    def _onchange_product_id(self):
        """Propose to set numbers aside for units that production makes: finishing
        their order commissions them.
        """
        template = self.product_id.product_tmpl_id
        if template and template._is_numbered_at_production():
            self.commission = False
