import tempfile

import xlsxwriter
from odoo import api, models
from odoo.exceptions import AccessError

from ..core.recall import cells

#: Columns of the sheet of units: field, and what is written of it.
_COLUMNS = (
    "lot_id",
    "product_id",
    "quantity",
    "place",
    "location_id",
    "partner_id",
    "picking_id",
    "order_name",
    "invoice_id",
    "consumed_in",
    "answer",
    "outcome",
    "outcome_time",
)
#: Rows that are read at a time.
_CHUNK = 5000


class SerialRecallExport(models.AbstractModel):
    """Writes the units of a recall as a workbook: all of them, in constant memory."""

    _name = "serial.recall.export"
    _description = "Export of Recalled Units"

    @api.model
    def _get_workbook(self, recall):
        """Return the workbook, as bytes.

        :raises AccessError: where the user may not read the recall or its units.
        """
        recall.check_access("read")
        if not self.env["serial.recall.unit"].has_access("read"):
            raise AccessError(
                self.env._(
                    "You may not read recalled units. Ask an administrator for a role "
                    "in Serial Traceability."
                )
            )
        with tempfile.TemporaryFile() as file:
            workbook = xlsxwriter.Workbook(
                file, {"constant_memory": True, "strings_to_urls": False}
            )
            sheet = workbook.add_worksheet()
            bold = workbook.add_format({"bold": True})
            sheet.write_row(0, 0, self._get_headers(), bold)
            sheet.freeze_panes(1, 1)
            sheet.set_column(0, len(_COLUMNS) - 1, 20)
            count = self._write_rows(sheet, recall)
            sheet.autofilter(0, 0, count, len(_COLUMNS) - 1)
            workbook.close()
            file.seek(0)
            return file.read()

    @api.model
    def _get_headers(self):
        units = self.env["serial.recall.unit"]
        return [units._fields[name]._description_string(self.env) for name in _COLUMNS]

    @api.model
    def _write_rows(self, sheet, recall):
        """Write one row a unit; return how many."""
        units, last, count = self.env["serial.recall.unit"], 0, 0
        while True:
            chunk = units.search(
                [("recall_id", "=", recall.id), ("id", ">", last)],
                order="id",
                limit=_CHUNK,
            )
            if not chunk:
                return count
            for row in self._get_rows(chunk):
                count += 1
                for column, value in enumerate(row):
                    if value == "":
                        continue
                    if isinstance(value, str):
                        sheet.write_string(count, column, value)
                    else:
                        sheet.write(count, column, value)
            last = chunk[-1].id
            # Nothing of a chunk is needed for the next one.
            self.env.invalidate_all(flush=False)

    @api.model
    def _get_rows(self, units):
        """Return the cells of units, names as the reader may see them."""
        names = {
            name: self._get_names(units[name])
            for name in _COLUMNS
            if units._fields[name].type == "many2one"
        }
        labels = {
            name: dict(units._fields[name]._description_selection(self.env))
            for name in _COLUMNS
            if units._fields[name].type == "selection"
        }
        for unit in units:
            values = []
            for name in _COLUMNS:
                value = unit[name]
                if name in names:
                    value = names[name].get(value.id)
                elif name in labels:
                    value = labels[name].get(value)
                elif name == "outcome_time":
                    value = value and value.isoformat(sep=" ")
                values.append(value or (0 if name == "quantity" else None))
            yield cells(values)

    @api.model
    def _get_names(self, records):
        """Return ``{id: name}`` of records, with one query a model.

        Stands in for reading the documents and places that a recall names, whose
        names whoever may read its units may see.
        """
        records = records.sudo()
        return {record.id: record.display_name for record in records}
