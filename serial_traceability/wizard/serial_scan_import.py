import base64
import csv
import io

from odoo import fields, models
from odoo.exceptions import UserError

from ..core.errors import RuleError
from ..core.scan_file import OWN_HEADER, decode, split_rows
from ..core.spreadsheet import guarded


class SerialScanImport(models.TransientModel):
    """Scans being taken in: pasted or uploaded, previewed, applied.

    They are for one target, mostly a transfer. Each line of the preview shows what
    the resolver says of it. Applying hands the good ones to the target, in one
    transaction, and leaves the wrong ones in the preview. Operators only.
    """

    _name = "serial.scan.import"
    _description = "Scan Import"

    picking_id = fields.Many2one(
        "stock.picking", "Transfer", readonly=True, ondelete="cascade"
    )
    stocktake_line_id = fields.Many2one(
        "serial.stocktake.line", "Place", readonly=True, ondelete="cascade"
    )
    purpose = fields.Selection(
        [("move", "Scan units"), ("announce", "Announce units")],
        required=True,
        readonly=True,
        default="move",
    )
    state = fields.Selection(
        [("input", "Input"), ("preview", "Preview")], default="input", readonly=True
    )
    scan_text = fields.Text("Scans", help="One scan a line, as the scanner returns it")
    scan_file = fields.Binary(
        "File", attachment=False, help="Text or CSV, one scan a line"
    )
    scan_file_name = fields.Char()
    line_ids = fields.One2many("serial.scan.import.line", "import_id")
    wrong_line_ids = fields.One2many(
        "serial.scan.import.line",
        "import_id",
        "Wrong Lines",
        domain=[("level", "=", "wrong")],
    )
    ready_line_ids = fields.One2many(
        "serial.scan.import.line",
        "import_id",
        "Ready Lines",
        domain=[("level", "!=", "wrong")],
    )
    wrong_count = fields.Integer(compute="_compute_summary")
    ready_count = fields.Integer(compute="_compute_summary")
    warning_count = fields.Integer(compute="_compute_summary")
    summary = fields.Char(compute="_compute_summary")
    applied_count = fields.Integer(readonly=True)
    export_file = fields.Binary(attachment=False, readonly=True)

    def _compute_summary(self):
        """Count the lines as they are stored, by verdict, the most frequent first."""
        labels = dict(
            self.env["serial.scan.import.line"]
            ._fields["verdict"]
            ._description_selection(self.env)
        )
        for record in self:
            groups = self.env["serial.scan.import.line"]._read_group(
                [("import_id", "=", record._origin.id)],
                ["verdict", "level"],
                ["__count"],
                order="__count DESC",
            )
            totals = {"good": 0, "warning": 0, "wrong": 0}
            for _verdict, level, count in groups:
                totals[level] += count
            record.wrong_count = totals["wrong"]
            record.warning_count = totals["warning"]
            record.ready_count = totals["good"] + totals["warning"]
            record.summary = " · ".join(
                f"{labels[verdict]}: {count}" for verdict, _level, count in groups
            )

    # ---- Reading ----

    def action_read(self):
        """Read what was pasted and uploaded, add it to the preview, show that."""
        self._ensure_may_scan()
        rows = self._read_rows()
        if not rows:
            raise UserError(
                self.env._("There is nothing to read. Paste scans or upload a file.")
            )
        resolver = self.env["serial.resolver"]
        known = self.line_ids
        resolver._check_line_count(len(rows) + len(known))
        offset = max(known.mapped("number"), default=0)
        known._insert(self, rows, offset)
        self.write({"state": "preview", "scan_text": False, "scan_file": False})
        self._check_lines()
        return self._open()

    def _read_rows(self):
        """Return the rows of the file, or else of the text."""
        text = self.scan_text or ""
        if self.scan_file:
            try:
                text = decode(base64.b64decode(self.scan_file))
            except RuleError as error:
                raise UserError(
                    self.env._(
                        "%(file)s is a spreadsheet, an archive or an image. Save it "
                        "as text or CSV and upload that.",
                        file=self.scan_file_name or self.env._("The file"),
                    )
                ) from error
        return split_rows(text.rstrip("\r\n \t") if text.strip() else "")

    # ---- Checking ----

    def _ensure_may_scan(self):
        self.ensure_one()
        self.check_access("write")
        self._get_target()._ensure_can_scan()

    def _get_target(self):
        """Return what the scans are for: see ``serial.scan.target``."""
        return self.stocktake_line_id or self.picking_id

    def action_check(self):
        """Check all lines again, after some were corrected."""
        self._ensure_may_scan()
        self._check_lines()
        return self._open()

    def _check_lines(self):
        """Ask the resolver about all lines and store what it says.

        :return: pairs of line and result, in order.
        """
        lines = self.line_ids.sorted(lambda line: (line.number, line.id))
        results = self.env["serial.resolver"]._resolve(
            lines._get_resolver_lines(),
            self._get_target(),
            announce=self.purpose == "announce",
        )
        lines._store_results(results)
        self.env["serial.case"]._raise(self._get_target(), results)
        return list(zip(lines, results, strict=True))

    # ---- Applying ----

    def action_apply(self):
        """Hand the good lines to the target and keep the wrong ones in the preview.

        All lines are checked again first: somebody may have received a unit since.
        """
        self._ensure_may_scan()
        self._get_target()._lock_for_scans()
        checked = self._check_lines()
        good = [pair for pair in checked if pair[1]["level"] != "wrong"]
        if not good:
            raise UserError(
                self.env._(
                    "No line is good, so there is nothing to apply. Correct the "
                    "lines or drop them."
                )
            )
        results = [result for _line, result in good]
        self._get_target()._take_in_scans(results, self.purpose)
        self.line_ids.browse(line.id for line, _result in good).unlink()
        self.applied_count += len(good)
        return self._finish(len(good))

    def _finish(self, count):
        """Tell what was applied; close, or stay where lines are left."""
        left = len(self.line_ids)
        message = (
            self.env._("%(count)s units announced.", count=count)
            if self.purpose == "announce"
            else self.env._("%(count)s units scanned in.", count=count)
        )
        if left:
            message += " " + self.env._(
                "%(count)s wrong lines are left to correct.", count=left
            )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning" if left else "success",
                "message": message,
                "next": self._open()
                if left
                else {"type": "ir.actions.act_window_close"},
            },
        }

    def action_drop_wrong(self):
        """Drop the wrong lines."""
        self._ensure_may_scan()
        self.wrong_line_ids.unlink()
        return self._open()

    def action_add_more(self):
        """Go back to pasting; what is read next is added to the preview."""
        self._ensure_may_scan()
        self.state = "input"
        return self._open()

    def action_back(self):
        """Go to the preview without reading anything."""
        self._ensure_may_scan()
        self.state = "preview"
        return self._open()

    def action_export_wrong(self):
        """Download the wrong lines as CSV, which can be corrected and uploaded.

        What would be a formula to a spreadsheet is guarded; reading takes that off.
        """
        self._ensure_may_scan()
        output = io.StringIO()
        writer = csv.writer(output)
        writer.writerow(OWN_HEADER)
        labels = dict(self.line_ids._fields["verdict"]._description_selection(self.env))
        for line in self.wrong_line_ids.sorted("number"):
            verdict = labels.get(line.verdict, "")
            texts = (line.text or "", verdict, line.message or "")
            writer.writerow([line.number, *map(guarded, texts)])
        self.export_file = base64.b64encode(output.getvalue().encode("utf-8-sig"))
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self._name}/{self.id}/export_file"
            "?download=true&filename=wrong_scans.csv",
            "target": "download",
        }

    def _open(self):
        """Return the action that shows this import in a dialog."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self._get_target()._get_scan_import_title(self.purpose),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
            "context": {"dialog_size": "extra-large"},
        }
