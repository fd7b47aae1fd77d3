from odoo import fields, models


class SerialPolicy(models.Model):
    """The operating standard of a product or category: who numbers its units and how,
    and how its serials are taken in.

    A policy is set on a category, for everything below it, or on a product. Without
    one, scanning checks what GS1 asks for and no more. Administrators write it.
    """

    _name = "serial.policy"
    _description = "Serial Policy"
    _order = "sequence, name"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", help="Leave empty to share the policy between companies."
    )
    gs1_serials_only = fields.Boolean(
        "GS1 Serials Only",
        help="Refuse serials that GS1 does not allow in application identifier 21: "
        "more than 20 characters, or characters outside set 82.",
    )
    require_batch = fields.Boolean(
        help="A scanned unit must name its batch (application identifier 10)."
    )
    require_expiry = fields.Boolean(
        help="A scanned unit must name its expiry date (application identifier 17).",
    )
    unexpected_serial = fields.Selection(
        [("accept", "Accept"), ("warn", "Warn"), ("refuse", "Refuse")],
        "Serials Not Announced",
        default="warn",
        required=True,
        help="What scanning does with a serial that is not on the supplier's list, "
        "where there is such a list.",
    )
    scheme_id = fields.Many2one(
        "serial.scheme",
        "Numbering Scheme",
        check_company=True,
        index="btree_not_null",
        ondelete="restrict",
        help="How numbers look that we issue ourselves; where the supplier numbers, "
        "what form new numbers must have.",
    )
    numbered_by = fields.Selection(
        [
            ("scanned", "The supplier; scanned at receipt"),
            ("announced", "The supplier; announced with the purchase order"),
            ("ordered", "Us, before the goods come"),
            ("received", "Us, after the receipt"),
            ("produced", "Us, at production"),
        ],
        "Who Numbers",
        default="scanned",
        required=True,
    )
    category_ids = fields.One2many(
        "product.category", "serial_policy_id", readonly=True
    )
    product_tmpl_ids = fields.One2many(
        "product.template", "serial_policy_id", "Products", readonly=True
    )

    def _holds(self):
        """Return whether there is a policy, and it is no other company's."""
        return bool(self) and self.company_id <= self.env.companies

    def _get_foreign_form(self):
        """Return the form that numbers must have that a supplier made, None for any:
        that of the scheme, where there is one.
        """
        form = None
        if self.numbered_by in ("scanned", "announced"):
            # Stands in for reading the scheme, of which only its form is told.
            form = self.sudo().scheme_id.form or None
        if self.gs1_serials_only and form in (None, "plain"):
            return "ai21"
        return form

    def _leaves_numbers_to_supplier(self):
        """Return whether the policy says that units bear their supplier's own numbers,
        and names no scheme of ours.
        """
        return not self.scheme_id and self.numbered_by in ("scanned", "announced")
