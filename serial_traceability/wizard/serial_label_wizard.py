import base64

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command, Domain

from ..core.errors import RuleError
from ..models.serial_label_layout import SYMBOLOGIES
from ..models.serial_label_print import MEDIA

#: Labels that one file can have: more take a server longer than it lets a request.
_MAXIMUM = 5000
_RESOLUTIONS = [("203", "203 dpi"), ("300", "300 dpi"), ("600", "600 dpi")]


class SerialLabelWizard(models.TransientModel):
    """Labels about to be printed: of what, on what, and why again.

    Operators fill it in. Printing makes the file, writes the ledger's encoding event
    and a ``serial.label.print`` for each label, in one transaction.
    """

    _name = "serial.label.wizard"
    _description = "Print Labels"

    lot_ids = fields.Many2many("stock.lot", string="Serials", readonly=True)
    number_ids = fields.Many2many("serial.number", string="Numbers", readonly=True)
    package_ids = fields.Many2many("stock.package", readonly=True)
    batch_id = fields.Many2one("serial.batch", readonly=True)
    picking_id = fields.Many2one("stock.picking", readonly=True)
    issue_id = fields.Many2one("serial.issue", readonly=True)
    target = fields.Selection(
        [
            ("unit", "Units"),
            ("number", "Numbers without a unit yet"),
            ("package", "Packages"),
        ],
        "Labels For",
        default="unit",
        required=True,
    )
    layout_id = fields.Many2one(
        "serial.label.layout",
        required=True,
        compute="_compute_layout_id",
        store=True,
        readonly=False,
        precompute=True,
        domain="[('level', '!=' if target == 'package' else '=', 'unit')]",
    )
    report_id = fields.Many2one(related="layout_id.report_id")
    symbology = fields.Selection(
        SYMBOLOGIES,
        "Symbol",
        required=True,
        compute="_compute_symbology",
        store=True,
        readonly=False,
        precompute=True,
    )
    medium = fields.Selection(MEDIA, "Print As", default="pdf", required=True)
    resolution = fields.Selection(
        _RESOLUTIONS, default="203", required=True, help="Of the printer."
    )
    copies = fields.Integer("Copies of Each", default=1, required=True)
    on_sheets = fields.Boolean(compute="_compute_on_sheets")
    skip = fields.Integer(
        "Labels Used Already",
        help="How many places of the first sheet are empty already, row by row.",
    )
    is_part = fields.Boolean(readonly=True)
    label_count = fields.Integer("Labels", compute="_compute_counts")
    printed_count = fields.Integer("Printed Before", compute="_compute_counts")
    reprint_count = fields.Integer("Printed Again", compute="_compute_counts")
    leave_out_printed = fields.Boolean(
        "Leave Those Out", help="Print only labels that were not printed before."
    )
    reason = fields.Text(
        "Reason of the Reprint", help="Stands in the history of each serial."
    )
    preview = fields.Char(compute="_compute_preview")
    fault = fields.Char(compute="_compute_preview")
    data = fields.Binary("File", readonly=True, attachment=True)
    filename = fields.Char(readonly=True)

    # ---- What it starts from ----

    @api.model
    def default_get(self, fields):
        """Start from the serials, batch, transfers or packages that were chosen."""
        values = super().default_get(fields)
        model = self.env.context.get("active_model")
        ids = self.env.context.get("active_ids") or []
        sources = {
            "stock.lot": self._start_from_lots,
            "serial.batch": self._start_from_batches,
            "serial.block": self._start_from_blocks,
            "serial.issue": self._start_from_issues,
            "serial.number": self._start_from_numbers,
            "stock.picking": self._start_from_transfers,
            "stock.package": self._start_from_packages,
        }
        if model in sources and not (
            values.get("lot_ids") or values.get("package_ids")
        ):
            values |= sources[model](self.env[model].browse(ids))
        return values

    @api.model
    def _start_from_lots(self, lots):
        return {"lot_ids": [Command.set(lots.ids)]}

    @api.model
    def _start_from_batches(self, batches):
        values = self._take_lots([("batch_id", "in", batches.ids)])
        return {**values, "batch_id": batches.id} if len(batches) == 1 else values

    @api.model
    def _start_from_blocks(self, blocks):
        """Start from the numbers that wait for units: their labels go to the holder."""
        values = self._start_from_issues(blocks.issue_ids)
        return values | ({"target": "number"} if values["number_ids"][0][2] else {})

    @api.model
    def _start_from_issues(self, issues):
        """Start from the serials of the runs, and from numbers that have none."""
        lots = self._take_lots([("issued_number_ids.issue_id", "in", issues.ids)])
        numbers, is_part = self._take_part(
            "serial.number", [("issue_id", "in", issues.ids), ("state", "=", "issued")]
        )
        values = {
            **lots,
            **self._choose_numbers(numbers, lots["lot_ids"][0][2]),
            "is_part": lots["is_part"] or is_part,
        }
        return {**values, "issue_id": issues.id} if len(issues) == 1 else values

    @api.model
    def _start_from_numbers(self, numbers):
        """Start from issued numbers: from their serials, where they have them."""
        waiting = numbers.filtered(lambda number: number.state == "issued")
        values = self._start_from_lots(numbers.lot_id)
        return {**values, **self._choose_numbers(waiting, numbers.lot_id)}

    @api.model
    def _choose_numbers(self, numbers, lots):
        return {
            "number_ids": [Command.set(numbers.ids)],
            "target": "number" if numbers and not lots else "unit",
        }

    @api.model
    def _take_lots(self, domain):
        lots, is_part = self._take_part("stock.lot", domain)
        return {**self._start_from_lots(lots), "is_part": is_part}

    @api.model
    def _take_part(self, model, domain):
        """Return as many records as one file holds, and whether there are more.

        Where there are more, those come first that have had no label, so that printing
        again and again gets through all of them.
        """
        records, domain = self.env[model], Domain(domain)
        if records.search_count(domain, limit=_MAXIMUM + 1) <= _MAXIMUM:
            return records.search(domain, order="id"), False
        printed = self.env["serial.label.print"]._printed_sql(model)
        fresh = domain & Domain("id", "not in", printed)
        part = records.search(fresh, order="id", limit=_MAXIMUM)
        return part or records.search(domain, order="id", limit=_MAXIMUM), True

    @api.model
    def _start_from_transfers(self, pickings):
        """Start from what is moved, and from numbers that were issued for what is to
        come.
        """
        lines = pickings.move_line_ids
        numbers, is_part = self._take_part(
            "serial.number",
            [
                ("issue_id.move_id.picking_id", "in", pickings.ids),
                ("state", "=", "issued"),
            ],
        )
        packages = lines.result_package_id
        values = {
            **self._start_from_lots(lines.lot_id),
            **self._choose_numbers(numbers, lines.lot_id),
            "is_part": is_part,
            "package_ids": [Command.set(packages.ids)],
        }
        if packages and not lines.lot_id and not numbers:
            values["target"] = "package"
        return {**values, "picking_id": pickings.id} if len(pickings) == 1 else values

    @api.model
    def _start_from_packages(self, packages):
        return {"package_ids": [Command.set(packages.ids)], "target": "package"}

    @api.depends("target")
    def _compute_layout_id(self):
        for wizard in self:
            is_package = wizard.target == "package"
            levels = ["case", "pallet"] if is_package else ["unit"]
            if wizard.layout_id.level not in levels:
                domain = [("level", "in", levels)]
                company = self.env["serial.label.layout"]._check_company_domain(
                    self.env.company
                )
                wizard.layout_id = self.env["serial.label.layout"].search(
                    [*domain, *company], limit=1
                )

    @api.depends("layout_id")
    def _compute_symbology(self):
        for wizard in self:
            wizard.symbology = wizard.layout_id.symbology or "datamatrix"

    @api.depends("layout_id", "medium")
    def _compute_on_sheets(self):
        for wizard in self:
            wizard.on_sheets = (
                wizard.medium == "pdf" and wizard.layout_id.page != "roll"
            )

    @api.depends("lot_ids", "number_ids", "package_ids", "target", "leave_out_printed")
    def _compute_counts(self):
        for wizard in self:
            records = wizard._get_chosen()
            wizard.label_count = len(records)
            printed = self.env["serial.label.print"]._get_printed(records)
            wizard.printed_count = wizard.reprint_count = len(printed)
            if wizard.leave_out_printed:
                wizard.label_count -= len(printed)
                wizard.reprint_count = 0

    def _get_records(self):
        """Return what gets a label: what was chosen, less what is to be left out."""
        records = self._get_chosen()
        if self.leave_out_printed:
            records -= self.env["serial.label.print"]._get_printed(records)
        return records

    def _get_chosen(self):
        """Return what a label was asked for: serials and lots, numbers, or packages."""
        fields = {"unit": "lot_ids", "number": "number_ids", "package": "package_ids"}
        records = self[fields[self.target]]._origin
        # Numbers are listed newest first, and printed in the order of their issue.
        return records.sorted("id") if self.target == "number" else records

    # ---- Preview ----

    @api.depends(
        "lot_ids", "number_ids", "package_ids", "target", "layout_id", "symbology",
        "medium", "resolution", "leave_out_printed",
    )  # fmt: skip
    def _compute_preview(self):
        for wizard in self:
            wizard.preview = wizard.fault = False
            record = wizard._get_records()[:1]
            if not record or not wizard.layout_id:
                continue
            try:
                wizard.preview = wizard._get_preview(record)
            except UserError as error:
                wizard.fault = error.args[0]

    def _get_preview(self, record):
        """Return the first label as an image, with the dots of the chosen printer."""
        labels = self.env["serial.label"]
        (label,) = labels._get_labels(record, self.layout_id)
        try:
            drawing = self.layout_id._compose(
                label, self.symbology, dot=self._get_dot()
            )
        except RuleError as error:
            raise UserError(labels._get_fault(error)) from error
        return labels._get_preview(drawing)

    # ---- Printing ----

    def action_print(self):
        """Make the file, record that the labels were printed, and download it.

        :raises AccessError: where the user is not an operator.
        :raises UserError: where there is nothing to print, too much, no reason for a
            reprint, or a label cannot be made.
        """
        self.ensure_one()
        self._check_may_print()
        records = self._get_records()
        records.check_access("read")
        printed = self.env["serial.label.print"]._get_printed(records)
        self._check_request(records, printed)
        action = self._make(records)
        self._record(records, printed)
        return action

    @api.model
    def _check_may_print(self):
        if not self.env.user.has_group("serial_traceability.group_serial_operator"):
            raise AccessError(
                self.env._(
                    "Printing labels is for operators of Serial Traceability. Ask an "
                    "administrator for that role."
                )
            )

    def _check_request(self, records, printed):
        """Refuse what cannot be printed, before anything is made."""
        self._check_count(records)
        if records._name == "stock.lot":
            records._check_not_retired()
        self._check_numbers_issued(records)
        self._check_skip()
        if printed and not (self.reason or "").strip():
            raise UserError(
                self.env._(
                    "%(count)s of the labels were printed before, such as that of "
                    "%(name)s. Enter the reason why they are printed again.",
                    count=len(printed),
                    name=printed[0].display_name,
                )
            )

    def _check_count(self, records):
        if not records:
            raise UserError(
                self.env._(
                    "There is nothing to print a label for. Choose serials, numbers, a "
                    "batch, a transfer with serials, or packages."
                )
            )
        if len(records) * self.copies > _MAXIMUM or self.copies < 1:
            raise UserError(
                self.env._(
                    "%(count)s labels, each %(copies)s times, are not possible: one "
                    "file has 1 to %(maximum)s labels. Print them in parts.",
                    count=len(records),
                    copies=self.copies,
                    maximum=_MAXIMUM,
                )
            )

    def _check_skip(self):
        sheet = self.layout_id._get_sheet()
        if self.on_sheets and not 0 <= self.skip < sheet.count:
            raise UserError(
                self.env._(
                    "A sheet of %(layout)s has %(count)s labels: as many or more "
                    "cannot be used already.",
                    layout=self.layout_id.name,
                    count=sheet.count,
                )
            )

    @api.model
    def _check_numbers_issued(self, records):
        """Refuse labels for numbers that are not to be used any more."""
        if records._name != "serial.number":
            return
        other = records.filtered(lambda number: number.state != "issued")
        if other:
            raise UserError(
                self.env._(
                    "Number %(number)s does not wait for a unit: it is in use, was "
                    "returned or destroyed. Print the label of its serial, if it has "
                    "one.",
                    number=other[0].name,
                )
            )

    def _make(self, records):
        """Make the file and return the action that hands it over."""
        if self.report_id and self.medium == "pdf" and self.target != "number":
            return self.report_id.report_action(records.ids, config=False)
        self.filename, content = self.env["serial.label"]._make_file(
            records,
            self.layout_id,
            self.symbology,
            self.medium,
            dpi=self.resolution,
            copies=self.copies,
            skip=self.skip if self.on_sheets else 0,
        )
        self.data = base64.b64encode(content)
        return {
            "type": "ir.actions.client",
            "tag": "serial_label_download",
            "params": {
                "url": f"/web/content/{self._name}/{self.id}/data?download=true"
                "&filename_field=filename"
            },
        }

    def _record(self, records, printed):
        """Write on the ledger and in the list of labels that they were printed."""
        document = self.picking_id or self.batch_id or self.issue_id
        reason = (self.reason or "").strip()
        lifecycle = self.env["serial.lifecycle"]
        tell = {
            "stock.lot": lifecycle._record,
            "stock.package": lifecycle._record_packages,
            "serial.number": lifecycle._record_issued,
        }[records._name]
        tell(records - printed, "encode", document=document)
        tell(printed, "encode", document=document, reason=reason)
        self.env["serial.label.print"]._log(
            records,
            printed,
            {
                "layout_id": self.layout_id.id,
                "layout_name": self.layout_id.name,
                "symbology": self.symbology,
                "medium": self.medium,
                "copies": self.copies,
                "reason": self.reason,
            },
        )

    def _get_dot(self):
        """Return a dot of the chosen printer, in millimetres."""
        return self.env["serial.label"]._get_dot(self.medium, int(self.resolution))
