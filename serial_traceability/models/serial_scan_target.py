from odoo import models


class SerialScanTarget(models.AbstractModel):
    """What scans are taken in for: a transfer, a place in a stocktake, an order.

    The resolver asks it what is true there (``_get_scan_…``); the scan import asks
    whether it may, and hands over what was good (:meth:`_take_in_scans`).
    """

    _name = "serial.scan.target"
    _description = "Target of Scans"

    # ---- What the resolver asks ----

    def _get_scan_purpose(self):
        """Return what scanning does here: see :class:`..core.verdict.Situation`."""
        raise NotImplementedError

    def _get_scan_demand(self):
        """Return ``{product id: units asked for}``, None where anything may come."""
        raise NotImplementedError

    def _get_scanned_keys(self, names, *, announce=False):
        """Return the ``(product id, serial)`` that are scanned here, or announced.

        :param names: the serials that are asked about; more may be returned.
        """
        raise NotImplementedError

    def _get_scanned_counts(self):
        """Return ``{product id: units scanned}``, None where the keys tell it."""
        return None

    def _get_announced_names(self):
        """Return ``{product id: serials announced}``, without those not announced."""
        return {}

    def _must_be_announced(self):
        """Return whether units come from a supplier here, who may have to announce
        them.
        """
        return False

    def _get_issued_numbers(self, names, besides=()):
        """Return what is known here of numbers that we issued, see
        ``serial.block._get_issued``.

        :param names: numbers, of whatever product.
        :param besides: ids of move lines that do not count as an earlier receipt.
        """
        return self.env["serial.block"]._get_issued(
            names, self._get_scan_sender(), self.company_id, besides
        )

    def _get_held_products(self, products):
        """Return the products whose units bear none but issued numbers here, see
        ``serial.block._get_held``.
        """
        return self.env["serial.block"]._get_held(
            products, self._get_scan_sender(), self.company_id
        )

    def _get_held_back(self, lots):
        """Return ``{lot id: why}`` of lots that are on hold and may not go where the
        target takes them.
        """
        return {}

    def _get_counted_places(self, names):
        """Return ``{(product id, serial): place}`` where it was counted before.

        :param names: the serials that are asked about.
        """
        return {}

    def _get_scan_sender(self):
        """Return the partner whose units come in, an empty one where nobody sends."""
        return self.env["res.partner"]

    def _get_scan_source(self):
        """Return the location that units are taken from, an empty one for none."""
        return self.env["stock.location"]

    def _is_scanned_by_serial(self, product):
        """Return whether units of a product are scanned one by one here."""
        return product.tracking == "serial"

    def _get_scan_lines(self, lines):
        """Return the lines to be judged, perhaps with the product known here.

        :param lines: list of :class:`..core.verdict.Line`.
        """
        return lines

    # ---- What the scan import asks ----

    def _ensure_can_scan(self):
        """Refuse to scan where it is over, or without the right."""
        raise NotImplementedError

    def _lock_for_scans(self):
        """Make whoever else scans here wait, and then look again."""
        self.env["serial.applier"]._lock(self)

    def _take_in_scans(self, results, purpose):
        """Keep what was scanned.

        :param results: dictionaries of the resolver, none of them wrong.
        :param purpose: that of the scan import.
        """
        raise NotImplementedError

    def _get_scan_import_title(self, purpose):
        """Return the title of the dialog in which scans are taken in."""
        raise NotImplementedError

    def _get_scan_import_field(self):
        """Return the name of the scan import's field that holds this record."""
        raise NotImplementedError

    def _open_scan_import(self, purpose):
        """Return the action that opens the dialog for pasted and uploaded scans."""
        scan_import = self.env["serial.scan.import"].create(
            {self._get_scan_import_field(): self.id, "purpose": purpose}
        )
        return scan_import._open()
