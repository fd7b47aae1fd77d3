from odoo import fields, models


class ProductTemplate(models.Model):
    _inherit = "product.template"

    serial_policy_id = fields.Many2one(
        "serial.policy",
        index="btree_not_null",
        ondelete="restrict",
        help="Takes the place of the category's policy for this product.",
    )

    def _get_serial_policy(self):
        """Return the policy that serials of this product follow, empty for none."""
        self.ensure_one()
        if self.serial_policy_id or not self.categ_id:
            return self.serial_policy_id
        return self.categ_id._get_serial_policy()
