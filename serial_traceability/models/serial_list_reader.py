from odoo import api, fields, models

from ..core.scan import read_row
from ..core.scan_file import split_rows


class SerialListReader(models.AbstractModel):
    """Finds the serials and lots that a pasted or scanned list names, whatever they
    are: GS1 symbols, Digital Links, EPCs, plain numbers, or a product with its batch.
    """

    _name = "serial.list.reader"
    _description = "Reader of Lists of Serials"

    @api.model
    def _find(self, text):
        """Return the lots that the lines of ``text`` name, and what is wrong with the
        other lines: one sentence each, with the line's number. Constant queries.
        """
        self.env["serial.resolver"]._check_texts([text])
        rows = split_rows(text.rstrip("\r\n \t")) if text.strip() else []
        self.env["serial.resolver"]._check_line_count(len(rows))
        today = fields.Date.context_today(self)
        scans = [
            (row.number, read_row(row.text, row.columns, today))
            for row in rows
            if row.text.strip() or row.columns
        ]
        known = self._get_known([scan for _number, scan in scans])
        found, problems = self.env["stock.lot"], []
        ids = set()
        for number, scan in scans:
            lots, problem = self._match(scan, *known)
            ids.update(lots.ids)
            if problem:
                problems.append(
                    self.env._(
                        "Line %(number)s: %(problem)s", number=number, problem=problem
                    )
                )
        return found.browse(sorted(ids)), problems

    @api.model
    def _get_known(self, scans):
        """Return the lots by name, those of batches by name of batch, and the products
        by GTIN, of all that scans may name.
        """
        lots = self.env["stock.lot"]
        names = {scan.serial or scan.batch for scan in scans} - {None}
        batches = {scan.batch for scan in scans if not scan.serial} - {None}
        by_name = lots.search([("name", "in", list(names))]).grouped("name")
        of_batches = lots
        if batches:
            of_batches = lots.search([("batch_id.name", "in", list(batches))])
        gtins = {scan.gtin for scan in scans} - {None}
        resolver = self.env["serial.resolver"].with_context(active_test=False)
        return (
            by_name,
            of_batches.grouped(lambda lot: lot.batch_id.name),
            resolver._get_products_by_gtin(gtins),
        )

    @api.model
    def _match(self, scan, by_name, by_batch, by_gtin):
        """Return the lots that one scan names, and what is wrong with it, "" for
        nothing.
        """
        none = self.env["stock.lot"]
        name = scan.serial or scan.batch
        fault, message = self.env["serial.recall.number"]._get_fault(scan, name)
        if fault:
            return none, f"{scan.text[:40]}: {message}" if scan.text else message
        lots = by_name.get(name, none)
        if not scan.serial:
            lots |= by_batch.get(name, none)
        if scan.gtin:
            lots = lots.filtered(lambda lot: lot.product_id in by_gtin[scan.gtin])
        if not lots:
            return none, self.env._("%(serial)s is not known.", serial=name)
        if scan.serial and len(lots) > 1:
            return none, self.env._(
                "%(serial)s is the number of several units: %(products)s. Scan the "
                "whole symbol, or choose the unit from the list of serials.",
                serial=name,
                products=", ".join(lots.product_id.mapped("display_name")),
            )
        return lots, ""
