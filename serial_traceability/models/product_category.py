from odoo import fields, models


class ProductCategory(models.Model):
    _inherit = "product.category"

    serial_policy_id = fields.Many2one(
        "serial.policy",
        index="btree_not_null",
        ondelete="restrict",
        help="How serials of this category's products are received and checked; "
        "categories below it follow unless they have one of their own.",
    )

    def _get_serial_policy(self):
        """Return the policy of this category: its own or the nearest above it that
        holds for who asks.
        """
        self.ensure_one()
        # Stands in for the right to read the categories above, which follow from
        # being allowed to read this one.
        category = self.sudo()
        while category and not category.serial_policy_id._holds():
            category = category.parent_id
        return category.serial_policy_id
