from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..core.verdict import IssuedNumber

STATES = [
    ("issued", "Issued"),
    ("commissioned", "In Use"),
    ("decommissioned", "Out of Use"),
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
    # The product of the run, which holds it: once more as a plain id, by which a
    # number is unique. Another foreign key would be checked for each number.
    product_res_id = fields.Integer("Product (ID)", required=True, readonly=True)
    product_id = fields.Many2one(related="issue_id.product_id")
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
    block_id = fields.Many2one(related="issue_id.block_id")
    case_ids = fields.Many2many("serial.case", string="Cases", readonly=True)
    label_ids = fields.One2many(
        "serial.label.print", "number_id", "Printed Labels", readonly=True
    )
    company_id = fields.Many2one(related="issue_id.company_id")
    issue_time = fields.Datetime(related="issue_id.create_date", string="Issued On")

    # By number first: it also finds a number whatever its product.
    _name_unique = models.UniqueIndex("(name, product_res_id)")

    @api.model
    def _reserve(self, issue, names, state="issued"):
        """Issue those of ``names`` that nobody has used for the product before.

        PostgreSQL decides, so that two runs at once never issue the same number.

        :return: list of the names that are issued now, in the order of ``names``.
        """
        rows = self.env.execute_query(
            SQL(
                "INSERT INTO serial_number (name, product_res_id, issue_id, state) "
                "SELECT name, %(product)s, %(issue)s, %(state)s "
                "FROM unnest(%(names)s::text[]) AS name "
                "ON CONFLICT (name, product_res_id) DO NOTHING RETURNING name",
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
    def _get_used(self, product, names):
        """Return the set of those of ``names`` that were issued for a product, or that
        a serial of it has.
        """
        rows = self.env.execute_query(
            SQL(
                "SELECT name FROM serial_number "
                "WHERE product_res_id = %s AND name = ANY(%s::text[])",
                product.id,
                names,
            )
        )
        unused = self._get_unused(product, names)
        return {row[0] for row in rows} | (set(names) - set(unused))

    @api.model
    def _commission(self, lots):
        """Note which of new serials bear a number that we issued, and tell it on the
        ledger: the unit now exists. One query where none does.

        A serial may be there before its unit; what makes the unit commissions it then.

        :param lots: serials that were created by anything but a run of issuing.
        :raises UserError: where a number was returned or destroyed, or its block has
            expired.
        """
        made = lots._get_made()
        self._commission_made(made)
        self._note_plan(lots - made)

    @api.model
    def _commission_made(self, lots, event_time=None):
        """Do what :meth:`_commission` does, of serials whose units are there.

        :param event_time: naive, in UTC; now where it is left out.
        """
        found = self._note_use(lots)
        if found:
            self.env["serial.lifecycle"]._record(
                lots.browse(sorted(row["lot"] for row in found)),
                "commission",
                event_time=event_time,
            )

    @api.model
    def _note_plan(self, lots):
        """Note which numbers stand on serials whose units are still to be made. They
        stay unused until then.

        :raises UserError: as :meth:`_commission`.
        """
        found = self._find_borne(lots)
        self._check_usable(found)
        self._set_lots(found, SQL("state"))

    @api.model
    def _note_use(self, lots):
        """Note which of these serials bear a number that we issued, also those that
        got it by being renamed, of which the ledger tells as a correction.

        :return: rows of :meth:`_find_borne`.
        :raises UserError: as :meth:`_commission`.
        """
        found = self._find_borne(lots)
        if not found:
            return found
        self._check_usable(found)
        self._set_lots(found, SQL("'commissioned'"))
        return found

    @api.model
    def _set_lots(self, found, state):
        """Write which serials bear numbers.

        :param found: rows of :meth:`_find_borne`.
        :param state: SQL of the state that the numbers have then.
        """
        if not found:
            return
        self.env.cr.execute(
            SQL(
                "UPDATE serial_number SET lot_id = said.lot, state = %s "
                "FROM unnest(%s, %s) AS said(id, lot) "
                "WHERE serial_number.id = said.id",
                state,
                [row["id"] for row in found],
                [row["lot"] for row in found],
            )
        )
        self.browse(row["id"] for row in found).invalidate_recordset(flush=False)

    @api.model
    def _find_borne(self, lots):
        """Return the numbers that new serials bear and that nothing bore before."""
        if not lots:
            return []
        lots.flush_recordset(["name", "product_id"])
        self.env["serial.issue"].flush_model(["block_id"])
        self.env["serial.block"].flush_model(["name", "expiration_date"])
        self.env.cr.execute(
            SQL(
                "SELECT number.id, number.name, number.state, lot.id AS lot, "
                "block.name AS block, block.expiration_date AS last, "
                "run.company_id AS company "
                "FROM stock_lot lot JOIN serial_number number "
                "ON number.product_res_id = lot.product_id AND number.name = lot.name "
                "JOIN serial_issue run ON run.id = number.issue_id "
                "LEFT JOIN serial_block block ON block.id = run.block_id "
                "WHERE lot.id = ANY(%s) AND number.state <> 'commissioned'",
                list(lots.ids),
            )
        )
        return self.env.cr.dictfetchall()

    @api.model
    def _check_usable(self, found):
        """Refuse numbers that nothing may bear any more.

        :param found: rows of :meth:`_find_borne`.
        """
        today = self.env["serial.block"]._get_days(row["company"] for row in found)
        sentences = []
        for row in found:
            last = row["last"]
            over = last and last < today[row["company"]] and last
            number = IssuedNumber(row["state"], row["block"] or "", expired=over)
            if number.fault:
                verdicts = self.env["serial.verdict"]
                sentences.append(verdicts._say_fault(number, row["name"]))
        if sentences:
            raise UserError("\n".join(sentences[:5]))

    @api.model
    def _retire(self, issues, state, names=None):
        """End numbers of runs that nothing bears yet.

        :param state: ``returned`` or ``destroyed``.
        :param names: which ones, None for all.
        :return: pairs of id and number, in the order of issuing.
        """
        listed = SQL() if names is None else SQL("AND name = ANY(%s)", list(names))
        rows = self.env.execute_query(
            SQL(
                "UPDATE serial_number SET state = %s "
                "WHERE issue_id = ANY(%s) AND state = 'issued' %s RETURNING id, name",
                state,
                list(issues.ids),
                listed,
            )
        )
        self.invalidate_model(["state"], flush=False)
        return sorted(rows)

    @api.model
    def _retire_borne(self, lots, state):
        """Note that serials are out of use for good, where we issued their numbers.

        :param state: ``decommissioned`` or ``destroyed``.
        """
        rows = self.env.execute_query(
            SQL(
                "UPDATE serial_number SET state = %s WHERE lot_id = ANY(%s) "
                "RETURNING id",
                state,
                list(lots.ids),
            )
        )
        self.browse(row[0] for row in rows).invalidate_recordset(flush=False)
