from odoo import fields, models


class LotLabelLayout(models.TransientModel):
    """Odoo's choice of labels for serials and lots, with ours among them."""

    _inherit = "lot.label.layout"

    print_format = fields.Selection(
        selection_add=[("gs1", "GS1 Labels")], ondelete={"gs1": "set default"}
    )

    def process(self):
        """Go on to our labels where they were chosen."""
        if self.print_format != "gs1":
            return super().process()
        return self.move_line_ids.lot_id._get_label_action(
            self.move_line_ids.picking_id
        )
