from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from .serial_label_layout import SYMBOLOGIES

MEDIA = [
    ("pdf", "PDF"),
    ("zpl", "ZPL for thermal printers"),
    ("png", "PNG image"),
    ("svg", "SVG image"),
]


#: Which field of a row names what the label is of.
FIELDS = {
    "stock.lot": "lot_id",
    "serial.number": "number_id",
    "stock.package": "package_id",
}


class SerialLabelPrint(models.Model):
    """One label that was printed, of a serial, a lot, a package, or a number that no
    serial bore yet.

    Written with the file, in one transaction with the event on the ledger; never
    changed. What it names stays readable when serial, package or layout are gone.
    """

    _name = "serial.label.print"
    _description = "Printed Label"
    _order = "id desc"

    name = fields.Char("Number", required=True, readonly=True, index="trigram")
    lot_id = fields.Many2one(
        "stock.lot",
        "Serial",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    number_id = fields.Many2one(
        "serial.number",
        "Issued Number",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    package_id = fields.Many2one(
        "stock.package", readonly=True, index="btree_not_null", ondelete="set null"
    )
    product_id = fields.Many2one("product.product", readonly=True, ondelete="set null")
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    layout_id = fields.Many2one(
        "serial.label.layout", readonly=True, ondelete="set null"
    )
    layout_name = fields.Char("Label Layout", readonly=True)
    symbology = fields.Selection(SYMBOLOGIES, "Symbol", readonly=True)
    medium = fields.Selection(MEDIA, "Printed As", readonly=True)
    copies = fields.Integer(readonly=True)
    is_reprint = fields.Boolean("Reprint", readonly=True)
    reason = fields.Text("Reason of the Reprint", readonly=True)
    is_commissioned = fields.Boolean(
        "Commissioned",
        compute="_compute_is_commissioned",
        search="_search_is_commissioned",
        help="Whether the ledger tells of the unit more than that its label was "
        "printed: that it was commissioned, received or moved.",
    )

    # ---- Writing ----

    @api.model
    def _get_printed(self, records):
        """Return those of serials, numbers or packages that have had a label before.

        A serial has also had the label of its number.
        """
        # Stands in for seeing labels that another company printed of a shared serial.
        rows = self.sudo()
        path = FIELDS[records._name]
        found = rows._read_group([(path, "in", records.ids)], [path])
        ids = {record.id for (record,) in found}
        if records._name == "stock.lot":
            found = rows.search_fetch(
                [("number_id.lot_id", "in", records.ids)], ["number_id"]
            )
            ids.update(found.number_id.lot_id.ids)
        return records.filtered(lambda record: record.id in ids)

    @api.model
    def _printed_sql(self, model):
        """Return the SELECT of the ids of ``model`` that have had a label of theirs."""
        column = SQL.identifier(FIELDS[model])
        return SQL(
            "(SELECT %(column)s FROM serial_label_print WHERE %(column)s IS NOT NULL)",
            column=column,
        )

    @api.model
    def _log(self, records, printed, values):
        """Write a row for each label.

        :param records: serials, lots, numbers or packages.
        :param printed: those of them that had a label before.
        :param values: fields that the rows have in common.
        """
        field = FIELDS[records._name]
        again = set(printed.ids)
        has_product = "product_id" in records._fields
        rows = [
            {
                **values,
                field: record.id,
                "name": record.name,
                "product_id": has_product and record.product_id.id,
                "company_id": (record.company_id or self.env.company).id,
                "is_reprint": record.id in again,
                "reason": values["reason"] if record.id in again else False,
            }
            for record in records
        ]
        # Stands in for the right to write these rows, which nobody has: the wizard
        # has checked that the user may print.
        return self.sudo().create(rows)

    def write(self, vals):  # pylint: disable=method-required-super
        """Refuse: what was printed was printed."""
        raise UserError(
            self.env._("Printed labels stay recorded as they were and do not change.")
        )

    # ---- Commissioned or not ----

    @api.model
    def _commissioned_sql(self):
        """Return the SELECT of the ids of rows whose unit is known to exist.

        Packages are there when their label is printed. A serial is there once it was
        moved or the ledger tells more of it than encodings, a number once it is in
        use; one that was returned or destroyed is not missing either.
        """
        return SQL(
            """(
            SELECT label.id FROM serial_label_print label
            LEFT JOIN serial_number number ON number.id = label.number_id
            WHERE label.lot_id IS NULL AND number.id IS NULL
            OR number.state <> 'issued'
            OR EXISTS (
                SELECT 1 FROM serial_event_line line
                JOIN serial_event event ON event.id = line.event_id
                WHERE line.lot_id = label.lot_id
                AND event.biz_step IS DISTINCT FROM 'encoding'
                AND event.event_type <> 'change'
            )
            OR EXISTS (
                SELECT 1 FROM stock_move_line ml
                WHERE ml.lot_id = label.lot_id AND ml.state = 'done'
            )
            )"""
        )

    def _compute_is_commissioned(self):
        found = self.search(
            Domain("id", "in", self.ids) & Domain("is_commissioned", "=", True)
        )
        for row in self:
            row.is_commissioned = row in found

    @api.model
    def _search_is_commissioned(self, operator, value):
        """Find rows by whether their unit was commissioned."""
        if operator != "in":
            return NotImplemented
        self.env["stock.move.line"].flush_model(["lot_id", "state"])
        self.env["serial.number"].flush_model(["state"])
        found = Domain("id", "in", self._commissioned_sql())
        return Domain.OR(found if choice else ~found for choice in value)
