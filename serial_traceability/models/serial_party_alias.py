from odoo import api, fields, models


class SerialPartyAlias(models.Model):
    """A contact that was merged into another one, and into which.

    Events are sealed and keep naming the old id; who reads them finds the surviving
    contact here. Written when contacts are merged, by nobody else. ``partner_id`` is
    a real key, so that a later merge of the survivor carries the alias along.
    """

    _name = "serial.party.alias"
    _description = "Merged Contact in Histories of Serials"
    _rec_name = "partner_id"

    old_res_id = fields.Integer("Merged ID", required=True, readonly=True)
    partner_id = fields.Many2one(
        "res.partner", "Survivor", required=True, readonly=True, ondelete="cascade",
        index=True,
    )  # fmt: skip

    _old_res_id_unique = models.UniqueIndex(
        "(old_res_id)", "This contact has already been merged into another one."
    )

    @api.model
    def _add(self, old_ids, partner):
        """Remember that the contacts with ``old_ids`` live on in ``partner``."""
        self.env["stock.lot"].invalidate_model(["custodian_id"])
        # Stands in for a right that nobody has: aliases are written by merging alone.
        self.sudo().create(
            [{"old_res_id": old_id, "partner_id": partner.id} for old_id in old_ids]
        )

    @api.model
    def _get_survivors(self, partner_ids):
        """Return ``{id as an event names it: id of the contact it is now}``."""
        # Stands in for reading a table that says no more than the contacts do, whose
        # own access rules hold for the result.
        aliases = self.sudo().search([("old_res_id", "in", list(partner_ids))])
        survivors = {alias.old_res_id: alias.partner_id.id for alias in aliases}
        return {old_id: survivors.get(old_id, old_id) for old_id in partner_ids}

    @api.model
    def _get_all_ids(self, partners):
        """Return all ids that these contacts have had: theirs, and those of contacts
        that were merged into them.
        """
        # Stands in for the same as above.
        aliases = self.sudo().search([("partner_id", "in", partners.ids)])
        return [*partners.ids, *aliases.mapped("old_res_id")]
