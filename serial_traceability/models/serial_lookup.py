from odoo import api, fields, models
from odoo.fields import Domain

from ..core.lost_separator import possible_units
from ..core.scan import read_scan


class SerialLookup(models.AbstractModel):
    """Finds serials and lots by whatever somebody scanned, pasted or typed.

    What a symbol says is looked up by exact number, which an index answers however
    many serials there are; only what is no symbol is searched for as part of a
    number.
    """

    _name = "serial.lookup"
    _description = "Lookup of Serials by Scan"

    @api.model
    def _get_domain(self, text):
        """Return the domain of the lots that ``text`` names.

        :param text: a GS1 element string, Digital Link, EPC URI or hex, SSCC, GTIN, a
            number or a part of one.
        """
        symbol = self._get_symbol_domain(text)
        if symbol is not None:
            return symbol
        return Domain("name", "ilike", text) | Domain("ref", "ilike", text)

    @api.model
    def _get_symbol_domain(self, text):
        """Return the domain of the lots that the symbol ``text`` names, None if it is
        no symbol.

        A number may look like a symbol, so the lot of exactly that number fits too;
        and digits that name nothing we know are taken for part of a number.
        """
        today = fields.Date.context_today(self)
        # A scanner that types may have typed something else for the separator.
        scans = [read_scan(text, today, typed=typed) for typed in (False, True)]
        readings = [self._get_scan_domain(scan) for scan in scans]
        said = [domain for domain in readings if domain is not None]
        found = next(filter(self._finds_any, said), None)
        if found is None:
            found = self._get_lost_domain(text.strip())
        if found is None and scans[0].kind == "unit":
            found = readings[0]
        return None if found is None else found | Domain("name", "=", text.strip())

    @api.model
    def _finds_any(self, domain):
        return bool(self.env["stock.lot"].search_count(domain, limit=1))

    @api.model
    def _get_scan_domain(self, scan):
        """Return the domain of the lots that a scan names, None if it names none."""
        if scan.kind == "unit":
            return self._get_unit_domain(scan.gtin, [scan.serial])
        if scan.kind == "gtin":
            return self._get_product_domain(scan.gtin, scan.batch)
        if scan.kind == "sscc":
            packages = self.env["stock.package"].search([("name", "=", scan.value)])
            return Domain("quant_ids.package_id", "child_of", packages.ids)
        if scan.kind == "plain" and scan.serial != scan.text:
            return Domain("name", "=", scan.serial)
        return None

    @api.model
    def _get_unit_domain(self, gtin, serials):
        return Domain("product_id", "in", self._get_products(gtin).ids) & Domain(
            "name", "in", list(serials)
        )

    @api.model
    def _get_product_domain(self, gtin, batch):
        """Return the domain of a product's lots, or of those of a batch."""
        domain = Domain("product_id", "in", self._get_products(gtin).ids)
        if not batch:
            return domain
        as_lot = Domain("product_id.tracking", "=", "lot") & Domain("name", "=", batch)
        return domain & (Domain("batch_id.name", "=", batch) | as_lot)

    @api.model
    def _get_lost_domain(self, text):
        """Return the domain of the units that ``text`` may name where separators got
        lost, None if it names none that we know.
        """
        unit = possible_units(text)
        if not unit:
            return None
        domain = self._get_unit_domain(unit.gtin, unit.serials)
        return domain if self._finds_any(domain) else None

    @api.model
    def _get_products(self, gtin):
        """Return the products with a GTIN of 14 digits, archived ones too."""
        resolver = self.env["serial.resolver"].with_context(active_test=False)
        return resolver._get_products_by_gtin({gtin})[gtin]
