from odoo import fields, models


class SerialAssemblyWizardLine(models.TransientModel):
    """One component for one unit, in the dialog that asks for them."""

    _name = "serial.assembly.wizard.line"
    _description = "Component in the Dialog"
    _order = "id"

    wizard_id = fields.Many2one(
        "serial.assembly.wizard", required=True, index=True, ondelete="cascade"
    )
    unit_id = fields.Many2one("stock.lot", required=True, ondelete="cascade")
    component_id = fields.Many2one("stock.lot", required=True, ondelete="cascade")
    component_product_id = fields.Many2one(
        related="component_id.product_id", string="Product"
    )
    quantity = fields.Float(digits="Product Unit", default=1.0, required=True)
