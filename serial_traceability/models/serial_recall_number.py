from odoo import fields, models


class SerialRecallNumber(models.Model):
    """One number that a rule of a recall is about, or one line that names none.

    Read from what was pasted, scanned or uploaded. A number waits here for its unit,
    which may not be known yet; a line that could not be read stays with what is wrong
    with it, so that nothing is dropped unseen. Quality managers write a draft's.
    """

    _name = "serial.recall.number"
    _description = "Number Wanted by a Recall"
    _order = "scope_id, line_number, id"

    scope_id = fields.Many2one(
        "serial.recall.scope", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="scope_id.company_id", store=True)
    line_number = fields.Integer("Line", readonly=True, aggregator=None)
    text = fields.Char("Read", readonly=True)
    name = fields.Char("Number", readonly=True)
    gtin = fields.Char("GTIN", readonly=True, help="14 digits; empty for any product")
    is_batch = fields.Boolean(
        "Batch", readonly=True, help="The number of a batch or lot, not of one unit"
    )
    fault = fields.Char(readonly=True, index="btree_not_null")
    message = fields.Char("What Is Wrong", readonly=True)
    known = fields.Boolean(compute="_compute_known", help="A unit bears it already")

    _name_idx = models.Index("(name, scope_id) WHERE fault IS NULL")

    def _compute_known(self):
        names = self.filtered(lambda number: not number.fault).mapped("name")
        groups = self.env["stock.lot"]._read_group([("name", "in", names)], ["name"])
        found = {name for [name] in groups}
        for number in self:
            number.known = not number.fault and number.name in found
