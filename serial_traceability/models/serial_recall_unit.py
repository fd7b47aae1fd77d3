from odoo import fields, models


class SerialRecallUnit(models.Model):
    """One unit, or the quantity of a lot in one place, that a recall is about.

    Entered at stop-ship and whenever a unit comes to fall under the recall; says where
    the unit is and who has it, what its holder answered, and what became of it. Its
    recall's steps write it; nobody deletes one.
    """

    _name = "serial.recall.unit"
    _description = "Unit of a Recall"
    _order = "id"
    _rec_name = "lot_id"

    recall_id = fields.Many2one(
        "serial.recall", required=True, readonly=True, index=True, ondelete="restrict"
    )
    lot_id = fields.Many2one(
        "stock.lot",
        "Serial",
        required=True,
        readonly=True,
        ondelete="restrict",
    )
    product_id = fields.Many2one(
        "product.product", required=True, readonly=True, ondelete="restrict"
    )
    quantity = fields.Float(readonly=True, digits="Product Unit", default=1.0)
    place = fields.Selection(
        [
            ("on_hand", "On Hand"),
            ("reserved", "Reserved"),
            ("in_transit", "In Transit"),
            ("delivered", "Delivered"),
            ("consumed", "Consumed"),
            ("scrapped", "Scrapped"),
            ("supplier", "At the Supplier"),
            ("unknown", "Unknown"),
        ],
        required=True,
        readonly=True,
        default="unknown",
    )
    location_id = fields.Many2one("stock.location", readonly=True)
    # Who has it; the contact itself, not its company, as transfers name it.
    partner_id = fields.Many2one("res.partner", "Holder", readonly=True)
    picking_id = fields.Many2one(
        "stock.picking", "Transfer", readonly=True, help="That reserves or delivered it"
    )
    invoice_id = fields.Many2one("account.move", readonly=True)
    consumed_in = fields.Char(readonly=True, help="The document that used it up")
    position = fields.Char(
        required=True,
        readonly=True,
        default="unit",
        help="Which row of a lot it is, of one a place or holder.",
    )
    order_name = fields.Char("Order", readonly=True, help="That it is reserved for")
    notice_id = fields.Many2one(
        "serial.recall.notice", readonly=True, index="btree_not_null"
    )
    mailing_id = fields.Many2one(
        "serial.recall.mailing",
        "Told By",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    told_time = fields.Datetime("Told", readonly=True)
    answer_ids = fields.One2many(
        "serial.recall.answer", "unit_id", "All Answers", readonly=True
    )
    answer = fields.Selection(
        [
            ("has", "Has It"),
            ("sold_on", "Sold On"),
            ("destroyed", "Destroyed"),
            ("unknown", "Does Not Know"),
        ],
        readonly=True,
    )
    answer_time = fields.Datetime("Answered", readonly=True)
    answer_note = fields.Text(readonly=True)
    outcome = fields.Selection(
        [
            ("returned", "Returned"),
            ("destroyed", "Destroyed"),
            ("corrected", "Corrected"),
            ("refunded", "Refunded"),
            ("not_recovered", "Not Recovered"),
        ],
        readonly=True,
    )
    outcome_time = fields.Datetime("Ended", readonly=True)
    outcome_note = fields.Text(readonly=True)
    witness = fields.Char(readonly=True, help="Who saw it destroyed")
    returned_quantity = fields.Float(
        readonly=True,
        digits="Product Unit",
        help="Of a lot of many, what came back from this holder",
    )
    return_picking_id = fields.Many2one(
        "stock.picking", "Came Back With", readonly=True, index="btree_not_null"
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="restrict"
    )

    # The place is brought up to date under this key.
    _once = models.UniqueIndex("(recall_id, lot_id, position)")
    _lot_idx = models.Index("(lot_id, recall_id)")
