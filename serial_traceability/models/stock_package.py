from odoo import fields, models
from odoo.exceptions import UserError

from ..core.identity import package_sscc


class StockPackage(models.Model):
    _inherit = "stock.package"

    locked_count = fields.Integer(
        "Locked Units",
        compute="_compute_locked_count",
        help="Serials and lots inside, in packages inside too, that may not leave.",
    )

    def _compute_locked_count(self):
        groups = self.env["stock.quant"]._read_group(
            [("package_id", "child_of", self.ids), ("lot_id.is_locked", "=", True)],
            ["package_id"],
            ["lot_id:count_distinct"],
        )
        for package in self:
            path = package._origin.parent_path or f"{package.id}/"
            package.locked_count = sum(
                count for each, count in groups if each.parent_path.startswith(path)
            )

    def action_give_sscc(self):
        """Give packages SSCCs of their company's GS1 prefix as their names.

        Each SSCC is given once, whatever becomes of the package.

        :raises AccessError: where the user is not an operator.
        :raises UserError: where one already has an SSCC, or there is no prefix.
        """
        self.env["serial.resolver"]._check_operator()
        self.check_access("write")
        self._check_without_sscc()
        prefixes = self.env["serial.company.prefix"]
        for company, packages in self.grouped("company_id").items():
            prefix = prefixes._get_default(company or self.env.company)
            ssccs = prefix._take_ssccs(len(packages))
            for package, sscc in zip(packages.sorted("id"), ssccs, strict=True):
                package.name = sscc

    def _check_without_sscc(self):
        """Refuse to replace an SSCC: the label may be on its way already."""
        named = self.filtered(lambda package: package_sscc(package.name))
        if named:
            raise UserError(
                self.env._(
                    "%(packages)s already bear an SSCC, which stays theirs. Leave "
                    "them out.",
                    packages=", ".join(named[:5].mapped("name")),
                )
            )
