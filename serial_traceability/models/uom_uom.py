from odoo import models

from ..core.epcis.measure import find_measure


class UomUom(models.Model):
    _inherit = "uom.uom"

    def _get_epcis_measures(self):
        """Return ``{unit id: how EPCIS says it}``; a constant number of queries for
        units of the depth that Odoo's own have.

        :return: see :class:`..core.epcis.measure.Measure`.
        """
        # Stands in for reading units of measure, which are no secret, where a portal
        # user's doing moves goods.
        chains = {unit.id: unit._get_definition() for unit in self.sudo()}
        names = self.browse().union(*chains.values())._get_external_ids()
        return {
            unit_id: find_measure(
                (_get_core_name(names[unit.id]), unit.factor) for unit in chain
            )
            for unit_id, chain in chains.items()
        }

    def _get_definition(self):
        """Return this unit, the one that it is defined by, and so on."""
        chain = self
        while chain[-1:].relative_uom_id:
            chain += chain[-1:].relative_uom_id
        return chain


def _get_core_name(external_ids):
    """Return the name under which Odoo itself made a unit, None where it did not."""
    names = (each.partition(".") for each in external_ids)
    return next((name for module, _dot, name in names if module == "uom"), None)
