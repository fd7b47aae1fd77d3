from odoo import fields, models
from odoo.exceptions import UserError


class ProductLabelLayout(models.TransientModel):
    """Odoo's choice of labels for products, with ours for their serials among them."""

    _inherit = "product.label.layout"

    print_format = fields.Selection(
        selection_add=[("gs1", "GS1 Labels of Serials")],
        ondelete={"gs1": "set default"},
    )

    def process(self):
        """Go on to our labels where they were chosen.

        :raises UserError: where no serials are known: a GS1 unit label names one.
        """
        if self.print_format != "gs1":
            return super().process()
        lines = self.move_ids.move_line_ids
        if not lines.lot_id:
            raise UserError(
                self.env._(
                    "GS1 labels name single units, and no serials are known here. "
                    "Choose the serials in the list of serials and print from there."
                )
            )
        return lines.lot_id._get_label_action(lines.picking_id)
