from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..core.errors import RuleError
from ..core.gs1 import build_digital_link, parse_digital_link
from ..core.gs1.digital_link import CANONICAL_DOMAIN
from ..core.label import (
    Label,
    LabelLayout,
    Level,
    Sheet,
    Symbology,
    compose,
)

#: Width and height of a page, in millimetres.
_PAGES = {"a4": (210.0, 297.0), "letter": (215.9, 279.4)}
SYMBOLOGIES = [
    ("datamatrix", "GS1 DataMatrix"),
    ("qr", "QR Code with GS1 Digital Link"),
    ("gs1_128", "GS1-128"),
]
_SAMPLE_UNIT = (
    ("01", "09520001100017"),
    ("21", "K7M2X9QPA4TR"),
    ("10", "B17A"),
    ("17", "301231"),
)
_SAMPLE_PACKAGE = (
    ("00", "395200010000000011"),
    ("02", "09520001100017"),
    ("37", "24"),
    ("10", "B17A"),
    ("17", "301231"),
)


class SerialLabelLayout(models.Model):
    """A size of label and what stands on it.

    Those of the sizes sold everywhere come with the addon; administrators change them
    and add their own. One with a report of its own is drawn by that QWeb report. All
    lengths are in millimetres.
    """

    _name = "serial.label.layout"
    _description = "Label Layout"
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", help="Leave empty to share the layout between companies."
    )
    level = fields.Selection(
        [("unit", "Unit"), ("case", "Case"), ("pallet", "Pallet")],
        "Label For",
        default="unit",
        required=True,
    )
    symbology = fields.Selection(
        SYMBOLOGIES, "Symbol", default="datamatrix", required=True
    )
    width = fields.Float(default=50, required=True, digits=(7, 3))
    height = fields.Float(default=25, required=True, digits=(7, 3))
    margin = fields.Float(default=1.5, required=True, digits=(7, 3))
    page = fields.Selection(
        [
            ("roll", "Labels on a roll"),
            ("a4", "A4 sheets"),
            ("letter", "Letter sheets"),
            ("custom", "Other sheets"),
        ],
        "Paper",
        default="roll",
        required=True,
    )
    page_width = fields.Float(default=210, digits=(7, 3))
    page_height = fields.Float(default=297, digits=(7, 3))
    columns = fields.Integer(default=1)
    rows = fields.Integer(default=1)
    left = fields.Float("Left Edge", digits=(7, 3), help="From the page's left edge.")
    top = fields.Float("Upper Edge", digits=(7, 3), help="From the page's upper edge.")
    pitch_x = fields.Float(
        "Step to the Right",
        digits=(7, 3),
        help="From the left edge of a label to that of the next one.",
    )
    pitch_y = fields.Float(
        "Step Down",
        digits=(7, 3),
        help="From the upper edge of a label to that of the next one.",
    )
    show_title = fields.Boolean("Product Name", default=True)
    show_notes = fields.Boolean("Batch and Dates in Words", default=True)
    show_sender = fields.Boolean("Company Name")
    encode_batch = fields.Boolean("Batch in the Symbol", default=True)
    encode_expiry = fields.Boolean("Expiry in the Symbol", default=True)
    encode_production = fields.Boolean("Production Date in the Symbol")
    link_domain = fields.Char(
        "Web Address of Links",
        default=CANONICAL_DOMAIN,
        required=True,
        help="Where the Digital Link in a QR code leads: your own web address that "
        "answers such links, or GS1's.",
    )
    report_id = fields.Many2one(
        "ir.actions.report",
        "Own Report",
        domain="[('report_type', '=', 'qweb-pdf'), ('model', '=', report_model)]",
        help="A QWeb report that draws the labels instead of this layout.",
    )
    report_model = fields.Char(compute="_compute_report_model")
    preview = fields.Char(compute="_compute_preview")
    preview_fault = fields.Char(compute="_compute_preview")

    @api.depends("level")
    def _compute_report_model(self):
        for layout in self:
            is_unit = layout.level == "unit"
            layout.report_model = "stock.lot" if is_unit else "stock.package"

    @api.depends(
        "level", "symbology", "width", "height", "margin", "page", "page_width",
        "page_height", "columns", "rows", "left", "top", "pitch_x", "pitch_y",
        "show_title", "show_notes", "show_sender", "encode_batch", "encode_expiry",
        "encode_production", "link_domain",
    )  # fmt: skip
    def _compute_preview(self):
        for layout in self:
            layout.preview = layout.preview_fault = False
            try:
                drawing = layout._compose(layout._get_sample())
            except RuleError as error:
                layout.preview_fault = self.env["serial.label"]._get_fault(error)
            else:
                layout.preview = self.env["serial.label"]._get_preview(drawing)

    def _get_sample(self):
        """Return a label that shows what the layout looks like."""
        is_unit = self.level == "unit"
        elements = _SAMPLE_UNIT if is_unit else _SAMPLE_PACKAGE
        hidden = self._get_hidden_elements()
        return Label(
            tuple(element for element in elements if element[0] not in hidden),
            self.env._("Product"),
            (
                (self.env._("Expiry"), "2030-12-31"),
                (self.env._("Batch"), "B17A"),
                *(() if is_unit else ((self.env._("Count"), "24"),)),
            ),
            self.env.company.name,
        )

    def _get_hidden_elements(self):
        """Return the application identifiers that the symbol leaves out."""
        choices = {
            "10": self.encode_batch,
            "17": self.encode_expiry,
            "11": self.encode_production,
        }
        return {ai for ai, shown in choices.items() if not shown}

    # ---- What the core needs ----

    def _get_core_layout(self, symbology=None):
        """Return the layout as the core has it.

        :param symbology: another symbol than the layout's own.
        """
        return LabelLayout(
            width=self.width,
            height=self.height,
            symbology=Symbology(symbology or self.symbology),
            level=Level(self.level),
            sheet=self._get_sheet(),
            margin=self.margin,
            show_title=self.show_title,
            show_notes=self.show_notes,
            show_sender=self.show_sender,
        )

    def _get_sheet(self):
        """Return the grid of a sheet, None for a roll."""
        if self.page == "roll":
            return None
        width, height = _PAGES.get(self.page, (self.page_width, self.page_height))
        return Sheet(
            width, height, self.columns, self.rows, self.left, self.top,
            self.pitch_x, self.pitch_y,
        )  # fmt: skip

    def _compose(self, label, symbology=None, **options):
        """Return the drawing of one label.

        :param options: as for ``core.label.compose``.
        :raises RuleError: where GS1 or the label's size does not allow it.
        """
        return compose(
            label,
            self._get_core_layout(symbology),
            fonts=self.env["serial.label"]._get_fonts(),
            domain=self.link_domain or CANONICAL_DOMAIN,
            **options,
        )

    # ---- Checks ----

    @api.constrains(
        "width", "height", "margin", "page", "page_width", "page_height", "columns",
        "rows", "left", "top", "pitch_x", "pitch_y",
    )  # fmt: skip
    def _check_size(self):
        for layout in self:
            try:
                layout._get_core_layout().check()
            except RuleError as error:
                raise ValidationError(
                    self.env._(
                        "Label layout %(layout)s: %(fault)s",
                        layout=layout.name,
                        fault=self.env["serial.label"]._get_fault(error),
                    )
                ) from error

    @api.constrains("link_domain")
    def _check_link_domain(self):
        for layout in self:
            try:
                link = build_digital_link(_SAMPLE_UNIT, domain=layout.link_domain)
                parse_digital_link(link)
            except RuleError as error:
                raise ValidationError(
                    self.env._(
                        "%(address)s of label layout %(layout)s cannot begin a Digital "
                        "Link. Write it as https://id.example.com, with nothing after "
                        "the path.",
                        address=layout.link_domain,
                        layout=layout.name,
                    )
                ) from error

    @api.constrains("report_id", "level")
    def _check_report(self):
        for layout in self:
            if layout.report_id and layout.report_id.model != layout.report_model:
                raise ValidationError(
                    self.env._(
                        "Report %(report)s of label layout %(layout)s does not print "
                        "what the layout is for. Choose one that prints %(model)s.",
                        report=layout.report_id.display_name,
                        layout=layout.name,
                        model=self.env["ir.model"]._get(layout.report_model).name,
                    )
                )
