from odoo import fields, models


class SerialStocktakeIssue(models.TransientModel):
    """The batch of units that are about to get numbers of ours, at one place of a
    stocktake.

    Operators only.
    """

    _name = "serial.stocktake.issue"
    _description = "Numbers for a Place in a Stocktake"

    line_id = fields.Many2one(
        "serial.stocktake.line", "Place", required=True, ondelete="cascade"
    )
    product_id = fields.Many2one(related="line_id.product_id")
    difference = fields.Float("Units Without a Number", related="line_id.difference")
    batch_id = fields.Many2one(
        "serial.batch",
        required=True,
        ondelete="cascade",
        domain="[('product_id', '=', product_id)]",
        help="All units that get a number now come from it.",
    )

    def action_issue(self):
        """Issue the numbers.

        :raises AccessError: where the user is no operator.
        :raises UserError: as ``serial.stocktake.line.issue_numbers``.
        """
        self.ensure_one()
        return self.line_id._issue_and_tell(self.batch_id)
