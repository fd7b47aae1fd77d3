from odoo import api, fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    gs1_prefix_ids = fields.One2many(
        "serial.company.prefix", "company_id", "GS1 Company Prefixes"
    )
    gs1_company_prefix = fields.Char(
        "GS1 Company Prefix",
        compute="_compute_gs1_company_prefix",
        inverse="_inverse_gs1_company_prefix",
        compute_sudo=True,
        help="The first of the company's GS1 prefixes: the one that it gives GTINs and "
        "SSCCs of. Entering another one puts that first, emptying it archives it.",
    )

    @api.depends(
        "gs1_prefix_ids.active", "gs1_prefix_ids.name", "gs1_prefix_ids.sequence"
    )
    def _compute_gs1_company_prefix(self):
        for company in self:
            prefixes = company.gs1_prefix_ids.filtered("active").sorted()
            company.gs1_company_prefix = prefixes[:1].name

    def _inverse_gs1_company_prefix(self):
        """Make what was entered a record, see ``serial.company.prefix``."""
        for company in self:
            entered = (company.gs1_company_prefix or "").strip()
            prefixes = self.env["serial.company.prefix"].with_context(active_test=False)
            own = prefixes.search([("company_id", "=", company.id)])
            active = own.filtered("active")
            wanted = own.filtered(lambda prefix, name=entered: prefix.name == name)
            if not entered:
                active[:1].active = False
            elif not wanted:
                prefixes.create(
                    {
                        "name": entered,
                        "company_id": company.id,
                        "sequence": min(active.mapped("sequence"), default=11) - 1,
                    }
                )
            elif wanted != active[:1]:
                sequence = min(active.mapped("sequence"), default=11) - 1
                wanted.write({"active": True, "sequence": sequence})
