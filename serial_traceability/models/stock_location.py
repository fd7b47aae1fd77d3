from odoo import fields, models


class StockLocation(models.Model):
    _inherit = "stock.location"

    serial_keeping = fields.Selection(
        [("quarantine", "Quarantine"), ("repair", "Repair")],
        "Keeps Held Units For",
        help="Units on hold may be moved here, where their reason allows it.",
    )
