from odoo import api, fields, models
from odoo.tools import SQL

STATES = [
    ("issued", "Issued"),
    ("commissioned", "In Use"),
    ("returned", "Returned Unused"),
    ("destroyed", "Destroyed"),
]


class SerialNumber(models.Model):
    """A number that we issued for a product, for ever.

    It is issued by a run (``serial.issue``), for a unit that is made at once or later,
    here or by somebody who was given a block of numbers; it is in use once there is a
    serial that bears it. A row never goes, so that no number comes twice. Only the
    methods of issuing write it.
    """

    _name = "serial.number"
    _description = "Issued Number"
    _order = "id desc"
    _log_access = False

    name = fields.Char("Number", required=True, readonly=True)
    product_id = fields.Many2one(
        "product.product", required=True, readonly=True, ondelete="restrict"
    )
    issue_id = fields.Many2one(
        "serial.issue", required=True, readonly=True, ondelete="restrict", index=True
    )
    lot_id = fields.Many2one(
        "stock.lot",
        "Serial",
        readonly=True,
        ondelete="set null",
        index="btree_not_null",
    )
    state = fields.Selection(STATES, required=True, readonly=True, default="issued")
    scheme_id = fields.Many2one(related="issue_id.scheme_id")
    batch_id = fields.Many2one(related="issue_id.batch_id")
    company_id = fields.Many2one(related="issue_id.company_id")
    issue_time = fields.Datetime(related="issue_id.create_date", string="Issued On")

    # By number first: it also finds a number whatever its product.
    _name_unique = models.UniqueIndex("(name, product_id)")

    @api.model
    def _reserve(self, issue, names, state="issued"):
        """Issue those of ``names`` that nobody has used for the product before.

        PostgreSQL decides, so that two runs at once never issue the same number.

        :return: list of the names that are issued now, in the order of ``names``.
        """
        rows = self.env.execute_query(
            SQL(
                "INSERT INTO serial_number (name, product_id, issue_id, state) "
                "SELECT name, %(product)s, %(issue)s, %(state)s "
                "FROM unnest(%(names)s::text[]) AS name "
                "ON CONFLICT (product_id, name) DO NOTHING RETURNING name",
                names=self._get_unused(issue.product_id, names),
                product=issue.product_id.id,
                issue=issue.id,
                state=state,
            )
        )
        taken = {row[0] for row in rows}
        return [name for name in names if name in taken]

    @api.model
    def _get_unused(self, product, names):
        """Return those of ``names`` that no serial of a product has: numbers are not
        only issued here.

        A query of its own, by number alone: joined with the product, PostgreSQL may
        read all serials of the product once for each number.
        """
        self.env["stock.lot"].flush_model(["name", "product_id"])
        rows = self.env.execute_query(
            SQL(
                "SELECT name, product_id FROM stock_lot WHERE name = ANY(%s::text[])",
                names,
            )
        )
        used = {name for name, product_id in rows if product_id == product.id}
        return [name for name in names if name not in used]

    @api.model
    def _commission(self, lots):
        """Note which of new serials bear a number that we issued, and tell it on the
        ledger: the unit now exists. One query where none does.

        :param lots: serials that were created by anything but a run of issuing.
        """
        if not lots:
            return
        lots.flush_recordset(["name", "product_id"])
        rows = self.env.execute_query(
            SQL(
                "UPDATE serial_number SET lot_id = lot.id, state = 'commissioned' "
                "FROM stock_lot lot WHERE lot.id = ANY(%s) "
                "AND serial_number.product_id = lot.product_id "
                "AND serial_number.name = lot.name AND serial_number.state = 'issued' "
                "RETURNING serial_number.id, lot.id",
                list(lots.ids),
            )
        )
        if rows:
            self.browse(row[0] for row in rows).invalidate_recordset(flush=False)
            self.env["serial.lifecycle"]._record(
                lots.browse(sorted(row[1] for row in rows)), "commission"
            )
