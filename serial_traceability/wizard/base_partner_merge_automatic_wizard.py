from odoo import api, models


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    @api.model
    def _update_foreign_keys(self, src_partners, dst_partner):
        """Let sealed events, which keep the old ids, find the surviving contact.

        Batches of one number that different manufacturers had become one first: core
        knows nothing of the index that keeps them apart.
        """
        self.env["serial.batch"]._merge_manufacturers(src_partners, dst_partner)
        result = super()._update_foreign_keys(src_partners, dst_partner)
        self.env["serial.party.alias"]._add(src_partners.ids, dst_partner)
        return result
