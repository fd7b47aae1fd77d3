from odoo import fields, models


class SerialScanImport(models.TransientModel):
    _inherit = "serial.scan.import"

    purchase_id = fields.Many2one(
        "purchase.order", "Purchase Order", readonly=True, ondelete="cascade"
    )

    def _get_target(self):
        return self.purchase_id or super()._get_target()
