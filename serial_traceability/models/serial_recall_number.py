import base64

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from ..core.errors import RuleError
from ..core.scan import read_row
from ..core.scan_file import decode, split_rows
from ..core.verdict import Verdict

#: The most lines of one rule: a recall of more units names a batch or a range.
MOST_LINES = 200_000


class SerialRecallNumber(models.Model):
    """One number that a rule of a recall is about, or one line that names none.

    Read from what was pasted, scanned or uploaded. A number waits here for its unit,
    which may not be known yet; a line that could not be read stays with what is wrong
    with it, so that nothing is dropped unseen. Reading writes them; quality managers
    delete a draft's.
    """

    _name = "serial.recall.number"
    _description = "Number Wanted by a Recall"
    _order = "scope_id, line_number, id"

    scope_id = fields.Many2one(
        "serial.recall.scope", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="scope_id.company_id", store=True)
    line_number = fields.Integer("Line", readonly=True, aggregator=None)
    text = fields.Char("Read", readonly=True)
    name = fields.Char("Number", readonly=True)
    gtin = fields.Char("GTIN", readonly=True, help="14 digits; empty for any product")
    is_batch = fields.Boolean(
        "Batch", readonly=True, help="The number of a batch or lot, not of one unit"
    )
    fault = fields.Char(readonly=True, index="btree_not_null")
    message = fields.Char("What Is Wrong", readonly=True)
    known = fields.Boolean(compute="_compute_known", help="A unit bears it already")

    _name_idx = models.Index("(name, scope_id) WHERE fault IS NULL")

    def _compute_known(self):
        names = self.filtered(lambda number: not number.fault).mapped("name")
        groups = self.env["stock.lot"]._read_group([("name", "in", names)], ["name"])
        found = {name for [name] in groups}
        for number in self:
            number.known = not number.fault and number.name in found

    # ---- Reading ----

    @api.model
    def _read_into(self, scope, text, file=False):
        """Add what a text and a file say to the numbers of a rule, line by line.

        A number that the rule names already is added as a line that says so.

        :param file: base64 of a text or CSV file.
        """
        rows = split_rows(self._get_text(text, file).rstrip("\r\n \t"))
        known = {
            (number.gtin, number.name, number.is_batch)
            for number in scope.number_ids
            if not number.fault
        }
        first = max(scope.number_ids.mapped("line_number"), default=0)
        if len(rows) + len(scope.number_ids) > MOST_LINES:
            raise UserError(
                self.env._(
                    "%(count)s lines are more than one row of a scope takes. Name a "
                    "batch or a range, or spread them over several rows.",
                    count=len(rows),
                )
            )
        today = fields.Date.context_today(self)
        lines = [self._prepare(scope, row, today, known, first) for row in rows]
        self._insert(scope, lines)

    @api.model
    def _get_text(self, text, file):
        """Return the pasted text with that of the file behind it."""
        if not file:
            return text
        try:
            said = decode(base64.b64decode(file))
        except RuleError as error:
            raise UserError(
                self.env._(
                    "The file is a spreadsheet, an archive or an image. Save it as "
                    "text or CSV and upload that."
                )
            ) from error
        return f"{text.rstrip()}\n{said}" if text.strip() else said

    @api.model
    def _prepare(self, scope, row, today, known, first):
        """Return the columns of one line."""
        scan = read_row(row.text, row.columns, today)
        name, is_batch = scan.serial, False
        if not name and scan.kind == "gtin" and scan.batch:
            name, is_batch = scan.batch, True
        fault, message = self._get_fault(scan, name)
        key = (scan.gtin or False, name, is_batch)
        if not fault and key in known:
            fault = "repeated"
            message = self.env._("The row names %(number)s already.", number=name)
        known.add(key)
        return {
            "line_number": first + row.number,
            "text": scan.text or None,
            "name": name or None,
            "gtin": scan.gtin or None,
            "is_batch": is_batch,
            "fault": fault,
            "message": message,
        }

    @api.model
    def _get_fault(self, scan, name):
        """Return a word and a sentence for what is wrong with a line, None for
        nothing.
        """
        if scan.fault:
            details = {
                "value": scan.value,
                "expected": scan.expected,
                "position": scan.position,
            }
            said = Verdict(scan.fault, "wrong", details)
            return scan.fault, self.env["serial.verdict"]._get_message(said)
        if name:
            return None, None
        if scan.kind == "gtin":
            return "no_serial", self.env._(
                "It names a product and no unit. Choose the product in the row instead."
            )
        return "no_unit", self.env._(
            "It names no unit, serial or batch. Scan the unit itself."
        )

    @api.model
    def _insert(self, scope, lines):
        """Insert lines in bulk: a list may have 100,000."""
        if not lines:
            return
        scope.flush_recordset()
        columns = list(lines[0])
        self.env.cr.execute(
            SQL(
                "INSERT INTO serial_recall_number (scope_id, company_id, %s, "
                "create_uid, create_date, write_uid, write_date) "
                "SELECT %s, %s, line.*, %s, %s, %s, %s FROM unnest(%s) AS line",
                SQL(", ").join(map(SQL.identifier, columns)),
                scope.id,
                scope.company_id.id or None,
                self.env.uid,
                self.env.cr.now(),
                self.env.uid,
                self.env.cr.now(),
                SQL(", ").join(
                    SQL("%s::%s", [line[name] for line in lines], _TYPES[name])
                    for name in columns
                ),
            )
        )
        self.invalidate_model()
        scope.invalidate_recordset(["number_ids"])

    # ---- Writing ----

    @api.model_create_multi
    def create(self, vals_list):
        """Refuse what was not read: see :meth:`_read_into`."""
        if not self.env.su:
            raise AccessError(
                self.env._(
                    "Wanted numbers are read from text or a file. Paste them into the "
                    "row of the scope."
                )
            )
        return super().create(vals_list)

    def write(self, vals):
        """Refuse to change what was read."""
        if not self.env.su:
            raise AccessError(
                self.env._(
                    "What was read stays as it is. Delete the line and paste the right "
                    "number."
                )
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_drafts_only(self):
        self.scope_id._check_draft()


#: Types of the columns that reading writes.
_TYPES = {
    "line_number": SQL("int[]"),
    "text": SQL("varchar[]"),
    "name": SQL("varchar[]"),
    "gtin": SQL("varchar[]"),
    "is_batch": SQL("boolean[]"),
    "fault": SQL("varchar[]"),
    "message": SQL("varchar[]"),
}
