from odoo import api, fields, models


class SerialEventLine(models.Model):
    """One unit, or a quantity of a lot, in an event.

    A row is written with its event and shares its seal: see ``serial.event``. What a
    reader needs later (number, product, GTIN, batch, expiry) stands as text, because
    the records it was taken from may be renamed or deleted.
    """

    _name = "serial.event.line"
    _description = "Serial Event Line"
    _inherit = ["serial.event.seal"]
    _order = "event_id desc, sequence"
    _rec_name = "lot_name"
    _log_access = False

    event_id = fields.Many2one(
        "serial.event", required=True, readonly=True, ondelete="restrict", index=True
    )
    sequence = fields.Integer(required=True, readonly=True)
    lot_id = fields.Many2one(
        "stock.lot", readonly=True, ondelete="restrict", index="btree_not_null"
    )
    role = fields.Selection(
        [
            ("unit", "Unit"),
            ("quantity", "Quantity of a lot"),
            ("input", "Used up"),
            ("output", "Made"),
            ("scheme", "Rule of a numbering scheme"),
            ("recall", "Step of a recall"),
        ],
        required=True,
        readonly=True,
    )
    quantity = fields.Float(digits=(16, 6), readonly=True)
    uom = fields.Char("Unit of Measure", readonly=True)
    epc = fields.Char("EPC", readonly=True)
    lot_name = fields.Char("Serial/Lot", readonly=True)
    product_res_id = fields.Integer("Product ID", readonly=True)
    product_name = fields.Char("Product", readonly=True)
    gtin = fields.Char("GTIN", readonly=True)
    batch_number = fields.Char("Batch", readonly=True)
    expiration_date = fields.Date(readonly=True)
    move_line_res_id = fields.Integer("Move Line ID", readonly=True)
    field_name = fields.Char("Field Path", readonly=True)
    old_value = fields.Char(readonly=True)
    new_value = fields.Char(readonly=True)

    field_label = fields.Char("Field", compute="_compute_field_label")
    event_time = fields.Datetime(related="event_id.event_time")
    biz_step = fields.Selection(related="event_id.biz_step")
    document_name = fields.Char(related="event_id.document_name")
    company_id = fields.Many2one(related="event_id.company_id")

    _lot_idx = models.Index("(lot_id, event_id)")
    # Few lines link lots; a trace must find that a lot has none without reading on.
    _link_idx = models.Index("(lot_id, event_id) WHERE role IN ('input', 'output')")
    _move_line_idx = models.Index(
        "(move_line_res_id) WHERE move_line_res_id IS NOT NULL"
    )

    @api.depends_context("lang")
    def _compute_field_label(self):
        timeline = self.env["serial.timeline"]
        for line in self:
            path = line.field_name
            line.field_label = path and timeline._get_label(path)
