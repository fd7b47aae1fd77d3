from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class SerialGtinAllocation(models.TransientModel):
    """GTINs about to be given to products and their packagings, with a preview.

    The preview says what each would get now; the numbers are taken when they are
    given, under the lock of the prefix. Administrators only.
    """

    _name = "serial.gtin.allocation"
    _description = "GTIN Allocation"

    prefix_id = fields.Many2one(
        "serial.company.prefix",
        "GS1 Company Prefix",
        required=True,
        ondelete="cascade",
        domain=[("company_id", "!=", False)],
    )
    free_count = fields.Integer(related="prefix_id.free_count")
    product_ids = fields.Many2many("product.product", readonly=True)
    has_packagings = fields.Boolean(compute="_compute_has_packagings")
    with_packagings = fields.Boolean(
        "Packagings", default=True, help="Give GTINs to the packagings, too."
    )
    own_references = fields.Boolean(
        "Item References of Their Own",
        help="Otherwise a packaging shares the item reference of its product and is "
        "told apart by its indicator digit, 1 to 8.",
    )
    line_ids = fields.One2many(
        "serial.gtin.allocation.line",
        "allocation_id",
        compute="_compute_line_ids",
        store=True,
        readonly=False,
    )
    ready_count = fields.Integer(compute="_compute_counts")
    refused_count = fields.Integer(compute="_compute_counts")

    @api.depends("product_ids")
    def _compute_has_packagings(self):
        for allocation in self:
            allocation.has_packagings = bool(allocation.product_ids.uom_ids)

    @api.depends("prefix_id", "product_ids", "with_packagings", "own_references")
    def _compute_line_ids(self):
        for allocation in self:
            lines = allocation._preview() if allocation.prefix_id else []
            allocation.line_ids = [Command.clear(), *map(Command.create, lines)]

    @api.depends("line_ids.refusal")
    def _compute_counts(self):
        for allocation in self:
            refused = len(allocation.line_ids.filtered("refusal"))
            allocation.refused_count = refused
            allocation.ready_count = len(allocation.line_ids) - refused

    def _preview(self):
        """Return the values of the lines: what each product would get now."""
        answers = self.env["serial.gtin"]._plan(self.prefix_id, self._get_wishes())
        return [
            {
                "product_id": answer.wish.product.id,
                "uom_id": answer.wish.uom.id,
                "level": answer.wish.level,
                "own_reference": answer.wish.own,
                "gtin": answer.gtin,
                "refusal": answer.refusal,
            }
            for answer in answers
        ]

    def _get_wishes(self):
        """Return what shall get GTINs: products without one, then their packagings.

        A product that has a barcode is asked for only where nothing else of it is: it
        is then told why it gets none.
        """
        gtin = self.env["serial.gtin"]
        wishes = []
        for product in self.product_ids._origin:
            packagings = self._get_packaging_wishes(product)
            if not (product.barcode and packagings):
                wishes.append(gtin._wish(product))
            wishes += packagings
        return wishes

    def _get_packaging_wishes(self, product):
        if not self.with_packagings:
            return []
        numbered = product.product_uom_ids.uom_id
        levels = product._get_packaging_levels()
        return [
            self.env["serial.gtin"]._wish(product, uom, level, self.own_references)
            for uom, level in levels.items()
            if uom not in numbered
        ]

    def action_give(self):
        """Give the GTINs of the preview that nothing speaks against.

        :raises AccessError: where the user is no administrator.
        :raises UserError: where nothing can be given.
        """
        self.ensure_one()
        self.prefix_id._check_administrator()
        self.prefix_id.check_access("read")
        lines = self.line_ids.filtered(lambda line: not line.refusal)
        lines.product_id.check_access("read")
        if not lines:
            raise UserError(
                self.env._("None of these products can get a GTIN. See the reasons.")
            )
        self.prefix_id._give([line._get_wish() for line in lines])
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._("%(count)s GTINs given.", count=len(lines)),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }
