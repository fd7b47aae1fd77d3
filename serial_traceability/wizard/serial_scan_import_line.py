import json

from odoo import api, fields, models
from odoo.tools import SQL

from ..core.scan import corrected_scan, read_row, visible
from ..core.verdict import Line
from ..models.serial_verdict import VERDICTS

#: What a user may correct of a unit; the rest follows from it.
_CORRECTIONS = frozenset(
    {"product_id", "serial", "batch", "expiration_date", "production_date"}
)
_CORRECTION_FIELDS = tuple(sorted(_CORRECTIONS))
#: Columns that the resolver's answer fills, with their PostgreSQL types.
_RESULT_COLUMNS = (
    "kind",
    "product_id",
    "serial",
    "batch",
    "expiration_date",
    "production_date",
    "lot_id",
    "verdict",
    "level",
    "message",
)


class SerialScanImportLine(models.TransientModel):
    """One line of a scan import: what came, what it is, what is wrong with it.

    Its text can be corrected, and is then read again; or the unit that was read, and
    then that counts instead of the text.
    """

    _name = "serial.scan.import.line"
    _description = "Scan Import Line"
    _order = "number, id"

    import_id = fields.Many2one(
        "serial.scan.import", required=True, index=True, ondelete="cascade"
    )
    number = fields.Integer("Line", readonly=True)
    text = fields.Char("Scan", help="The group separator (GS) is shown as ␝")
    columns = fields.Json(readonly=True)
    corrected = fields.Boolean(
        readonly=True, help="The unit was corrected and counts instead of the scan"
    )
    kind = fields.Char(readonly=True)
    product_id = fields.Many2one("product.product", ondelete="cascade")
    serial = fields.Char()
    batch = fields.Char()
    expiration_date = fields.Date("Expiry")
    production_date = fields.Date("Produced")
    lot_id = fields.Many2one("stock.lot", readonly=True, ondelete="set null")
    verdict = fields.Selection(VERDICTS, readonly=True)
    level = fields.Selection(
        [("good", "Good"), ("warning", "Warning"), ("wrong", "Wrong")], readonly=True
    )
    message = fields.Char("Remark", readonly=True)

    def write(self, vals):
        """Note whether the unit counts from now on, or the text."""
        if "text" in vals:
            vals = {"corrected": False, "columns": False, **vals}
        elif not _CORRECTIONS.isdisjoint(vals):
            vals = {**vals, "corrected": True}
        return super().write(vals)

    @api.onchange("text")
    def _onchange_text(self):
        self.corrected = False
        self.columns = False
        self._show_result()

    @api.onchange(*_CORRECTION_FIELDS)
    def _onchange_unit(self):
        self.corrected = True
        self._show_result()

    def _show_result(self):
        """Check the line while it is edited, apart from the other lines."""
        scan_import = self.import_id._origin
        if not scan_import:
            return
        scan_import._ensure_may_scan()
        result = self.env["serial.resolver"]._resolve(
            self._get_resolver_lines(),
            scan_import._get_target(),
            announce=scan_import.purpose == "announce",
        )[0]
        for name in _RESULT_COLUMNS:
            if not (self.corrected and name in _CORRECTIONS):
                self[name] = result[name]

    def _get_resolver_lines(self):
        """Return the lines as the resolver takes them, read from text or unit."""
        today = fields.Date.context_today(self)
        return [
            Line(
                line.number,
                line._get_scan(today),
                line.product_id.id if line.corrected else None,
            )
            for line in self
        ]

    def _get_scan(self, today):
        self.ensure_one()
        if not self.corrected:
            return read_row(self.text or "", self.columns or {}, today)
        return corrected_scan(
            self.text or "",
            serial=self.serial or "",
            batch=self.batch or "",
            expiry=self.expiration_date or None,
            production=self.production_date or None,
        )

    @api.model
    def _insert(self, scan_import, rows, offset):
        """Add one line for each row of a file, in one statement.

        Raw SQL, because creating thousands of lines that the next step fills costs
        more than that step. The creator is set as ``create`` would: imports are
        their creator's alone.

        :param rows: list of :class:`..core.scan_file.ScanRow`.
        :param offset: number of the last line that is there.
        """
        values = [
            {
                "number": offset + row.number,
                "text": visible(row.text),
                "columns": {name: visible(value) for name, value in row.columns.items()}
                or None,
            }
            for row in rows
        ]
        self.env.cr.execute(
            SQL(
                "INSERT INTO serial_scan_import_line (import_id, number, text, "
                "columns, create_uid, write_uid, create_date, write_date) "
                "SELECT %(import)s, row.number, row.text, row.columns, %(user)s, "
                "%(user)s, %(now)s, %(now)s "
                "FROM jsonb_to_recordset(%(rows)s::jsonb) "
                "AS row(number int4, text varchar, columns jsonb)",
                **{"import": scan_import.id},
                user=self.env.uid,
                now=self.env.cr.now(),
                rows=json.dumps(values),
            )
        )
        scan_import.invalidate_recordset(
            ["line_ids", "wrong_line_ids", "ready_line_ids"]
        )

    def _store_results(self, results):
        """Write what the resolver said of these lines, in order, in one statement.

        Raw SQL: thousands of lines each get values of their own.
        """
        rows = [
            {"id": line.id} | {name: result[name] or None for name in _RESULT_COLUMNS}
            for line, result in zip(self, results, strict=True)
        ]
        if not rows:
            return
        self.flush_model()
        self.env.cr.execute(
            SQL(
                "UPDATE serial_scan_import_line line SET %(values)s "
                "FROM jsonb_populate_recordset("
                "NULL::serial_scan_import_line, %(rows)s::jsonb) AS result "
                "WHERE line.id = result.id",
                values=SQL(", ").join(
                    SQL("%s = result.%s", SQL.identifier(name), SQL.identifier(name))
                    for name in _RESULT_COLUMNS
                ),
                rows=json.dumps(rows, default=str),
            )
        )
        self.invalidate_recordset(list(_RESULT_COLUMNS))
        self.import_id.invalidate_recordset(["wrong_line_ids", "ready_line_ids"])
