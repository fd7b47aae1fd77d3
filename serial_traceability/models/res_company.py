from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..core.gs1.check_digit import is_digits


class ResCompany(models.Model):
    _inherit = "res.company"

    gs1_company_prefix = fields.Char(
        "GS1 Company Prefix",
        size=12,
        help="The 4 to 12 digits that GS1 licensed to the company. It decides where a "
        "GTIN is divided in an EPC, and is never guessed.",
    )

    @api.constrains("gs1_company_prefix")
    def _check_gs1_company_prefix(self):
        for company in self.filtered("gs1_company_prefix"):
            prefix = company.gs1_company_prefix
            if not is_digits(prefix) or not 4 <= len(prefix) <= 12:
                raise ValidationError(
                    self.env._(
                        "GS1 company prefix %(prefix)s of %(company)s is not made of "
                        "4 to 12 digits. Enter it as it stands in your GS1 licence.",
                        prefix=prefix,
                        company=company.display_name,
                    )
                )
