from itertools import filterfalse

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import SQL

from ..core import block_file
from ..core.identity import gtin_14, is_gs1_serial
from ..core.verdict import IssuedNumber

#: What only issuing, handing over, closing and the calendar write.
#: What stands fast once numbers were issued, and once they were handed over.
_ISSUED_FIELDS = frozenset({"product_id", "batch_id", "scheme_id", "company_id"})
_HANDED_FIELDS = frozenset({"holder_kind", "partner_id", "line_name"})
_COUNTS = {
    "issued": "unused_count",
    "commissioned": "used_count",
    "decommissioned": "retired_count",
    "returned": "returned_count",
    "destroyed": "destroyed_count",
}


class SerialBlock(models.Model):
    """Numbers set aside for somebody who puts them on units: a supplier, a contract
    manufacturer, a production line.

    A quality manager opens a block: its numbers are issued and none is in use. It is
    handed over as a file; receipts and production put its numbers in use. What is
    left is returned or destroyed, and no number of it is ever given again. A block
    whose last day is over takes no unit until it gets more time. An open block is
    never deleted, and what was handed over stays its holder's.
    """

    _name = "serial.block"
    _description = "Block of Numbers"
    _inherit = ["serial.steps", "mail.thread", "mail.activity.mixin"]
    _order = "id desc"
    _check_company_auto = True
    _beginning = {"name": False, "state": "draft", "export_time": False}

    name = fields.Char("Block", readonly=True, copy=False, index="trigram")
    holder_kind = fields.Selection(
        [
            ("supplier", "Supplier"),
            ("manufacturer", "Contract Manufacturer"),
            ("line", "Production Line"),
        ],
        "For",
        required=True,
        default="supplier",
        tracking=True,
    )
    partner_id = fields.Many2one(
        "res.partner",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        tracking=True,
    )
    line_name = fields.Char("Line", tracking=True)
    holder = fields.Char(compute="_compute_holder")
    product_id = fields.Many2one(
        "product.product",
        required=True,
        index=True,
        check_company=True,
        ondelete="restrict",
        domain=[("tracking", "=", "serial")],
    )
    batch_id = fields.Many2one(
        "serial.batch",
        index="btree_not_null",
        check_company=True,
        ondelete="restrict",
        domain="[('product_id', '=', product_id)]",
    )
    scheme_id = fields.Many2one(
        "serial.scheme",
        compute="_compute_scheme_id",
        store=True,
        readonly=False,
        precompute=True,
        index=True,
        check_company=True,
        ondelete="restrict",
        help="Taken from the product's policy.",
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
        ondelete="restrict",
    )
    user_id = fields.Many2one(
        "res.users",
        "Responsible",
        default=lambda self: self.env.user,
        index="btree_not_null",
        help="Gets an activity when the block expires or a number of it is misused.",
    )
    quantity = fields.Integer("How Many", default=100, required=True)
    expiration_date = fields.Date(
        "Valid Until",
        tracking=True,
        help="Last day on which numbers of the block may be put in use.",
    )
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("open", "Open"),
            ("expired", "Expired"),
            ("closed", "Closed"),
        ],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
    )
    export_time = fields.Datetime("Handed Over", readonly=True, copy=False)
    issue_ids = fields.One2many("serial.issue", "block_id", readonly=True)
    is_issuing = fields.Boolean(compute="_compute_is_issuing")
    unused_count = fields.Integer("Unused", compute="_compute_counts")
    used_count = fields.Integer("In Use", compute="_compute_counts")
    retired_count = fields.Integer("Out of Use", compute="_compute_counts")
    returned_count = fields.Integer("Returned", compute="_compute_counts")
    destroyed_count = fields.Integer("Destroyed", compute="_compute_counts")
    issued_count = fields.Integer("Issued", compute="_compute_counts")
    used_percent = fields.Float("Used", compute="_compute_counts")
    case_ids = fields.Many2many("serial.case", compute="_compute_case_ids")
    case_count = fields.Integer("Cases", compute="_compute_case_ids")

    _name_unique = models.UniqueIndex("(name)")
    _expiration_idx = models.Index("(expiration_date) WHERE state = 'open'")

    # ---- What it is ----

    @api.depends("holder_kind", "partner_id", "line_name")
    def _compute_holder(self):
        for block in self:
            of_partner = block.holder_kind != "line"
            name = block.partner_id.display_name if of_partner else block.line_name
            block.holder = name or ""

    @api.depends("product_id")
    def _compute_scheme_id(self):
        for block in self:
            template = block.product_id.product_tmpl_id
            policy = template and template._get_serial_policy()
            block.scheme_id = (policy and policy.scheme_id) or block.scheme_id

    @api.depends("name", "product_id", "quantity")
    def _compute_display_name(self):
        for block in self:
            block.display_name = block.name or self.env._("New block")
            if not block.name and block.product_id:
                block.display_name = self.env._(
                    "%(quantity)s of %(product)s",
                    quantity=block.quantity,
                    product=block.product_id.display_name,
                )

    @api.depends("issue_ids.state")
    def _compute_is_issuing(self):
        for block in self:
            states = set(block.issue_ids.mapped("state"))
            block.is_issuing = not states <= {"done", "stopped"}

    @api.depends("issue_ids.done_count", "state")
    def _compute_counts(self):
        counts = self._count_numbers()
        for block in self:
            total = 0
            for state, name in _COUNTS.items():
                block[name] = counts.get((block._origin.id, state), 0)
                total += block[name]
            block.issued_count = total
            block.used_percent = 100 * block.used_count / total if total else 0

    def _count_numbers(self):
        """Return ``{(block id, state of numbers): how many}``."""
        if not self.ids:
            return {}
        self.env["serial.issue"].flush_model(["block_id"])
        rows = self.env.execute_query(
            SQL(
                "SELECT run.block_id, number.state, count(*) FROM serial_issue run "
                "JOIN serial_number number ON number.issue_id = run.id "
                "WHERE run.block_id = ANY(%s) GROUP BY run.block_id, number.state",
                list(self.ids),
            )
        )
        return {(block_id, state): count for block_id, state, count in rows}

    def _compute_case_ids(self):
        cases = self.env["serial.case"]
        for block in self:
            block.case_ids = cases.search([("block_ids", "in", block.ids)])
            block.case_count = len(block.case_ids)

    @api.onchange("holder_kind")
    def _onchange_holder_kind(self):
        if self.holder_kind == "line":
            self.partner_id = False
        else:
            self.line_name = False

    @api.constrains("holder_kind", "partner_id", "line_name")
    def _check_holder(self):
        for block in self:
            if not block.holder:
                raise ValidationError(
                    self.env._(
                        "The block of numbers of %(product)s is for nobody. Enter the "
                        "partner or the production line that gets it.",
                        product=block.product_id.display_name,
                    )
                )

    # ---- Guarding what was handed over ----

    def write(self, vals):
        """Keep what was issued and handed over as it was."""
        begun = self.filtered(lambda block: block.state != "draft")
        begun._check_unchanged(vals, _ISSUED_FIELDS | {"quantity"})
        handed = self.filtered("export_time")
        handed._check_unchanged(vals, self._get_handed_fields())
        result = super().write(vals)
        if "expiration_date" in vals:
            self._follow_calendar()
        return result

    @api.model
    def _get_handed_fields(self):
        """Return the fields that say who has the numbers. Bridges add theirs."""
        return _HANDED_FIELDS

    def _check_unchanged(self, vals, names):
        """Refuse to change fields of blocks for which that is too late."""
        for block in self:
            kept = block.read([name for name in names if name in vals], load="")[0]
            if any(kept[name] != (vals[name] or False) for name in names & vals.keys()):
                raise UserError(
                    self.env._(
                        "Numbers of block %(block)s are out already, so what they are "
                        "for and who has them cannot change. Return what is unused and "
                        "open another block.",
                        block=block.name,
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_open(self):
        begun = self.filtered(lambda block: block.state != "draft")
        if begun:
            raise UserError(
                self.env._(
                    "Numbers were issued for block %(block)s and must stay known. "
                    "Close it instead.",
                    block=begun[0].name,
                )
            )

    @api.model
    def _check_quality_manager(self):
        """Refuse who may not hand out numbers."""
        if not self.env.su and not self.env.user.has_group(
            "serial_traceability.group_serial_quality_manager"
        ):
            raise AccessError(
                self.env._(
                    "Only a quality manager of Serial Traceability may hand out blocks "
                    "of numbers. Ask one of them."
                )
            )

    # ---- Opening ----

    def action_open(self):
        """Issue the numbers of draft blocks; more than 5,000 in the background.

        :raises AccessError: where the user is no quality manager.
        :raises UserError: where the scheme does not allow it.
        """
        self._check_quality_manager()
        self.check_access("write")
        for block in self.filtered(lambda block: block.state == "draft"):
            block._check_can_open()
            sequence = self.env["ir.sequence"].with_company(block.company_id)
            # Stands in for the right to count on, which opening a block includes.
            name = sequence.sudo().next_by_code("serial.block")
            block._note({"name": name, "state": "open"})
            # Stands in for adding numbers to a block, which opening it does.
            run = self.env["serial.issue"].sudo().create(block._prepare_issue_vals())
            run.sudo(False).action_start()
            block._check_started(run)

    def _check_can_open(self):
        if not self.scheme_id:
            raise UserError(
                self.env._(
                    "%(product)s has no numbering scheme. Choose one on the block, or "
                    "on the policy of the product or its category.",
                    product=self.product_id.display_name,
                )
            )
        if self.expiration_date and self.expiration_date < self._today(self.company_id):
            raise UserError(
                self.env._(
                    "The block would have expired on %(date)s already. Enter a later "
                    "day.",
                    date=self.expiration_date,
                )
            )

    def _check_started(self, run):
        """Refuse where the run stopped at once: the block would be an empty one."""
        if run.state == "stopped" and not run.done_count:
            raise UserError(run.message)

    def _prepare_issue_vals(self):
        return {
            "product_id": self.product_id.id,
            "batch_id": self.batch_id.id,
            "scheme_id": self.scheme_id.id,
            "company_id": self.company_id.id,
            "quantity": self.quantity,
            "commission": False,
            "block_id": self.id,
        }

    # ---- Handing over ----

    def action_export(self, file_format):
        """Hand the block over: download its unused numbers as a file.

        :param file_format: ``csv``, ``json`` or ``epcis``.
        :raises UserError: where the numbers are still being issued, or the format
            needs a GTIN that the product lacks.
        """
        self.ensure_one()
        self._check_can_export(file_format)
        if not self.export_time:
            self._note({"export_time": fields.Datetime.now()})
        self.message_post(
            body=self.env._(
                "%(count)s numbers exported as %(format)s.",
                count=self.unused_count,
                format=file_format.upper(),
            )
        )
        return {
            "type": "ir.actions.act_url",
            "url": f"/serial_traceability/block/{self.id}/{file_format}",
            "target": "download",
        }

    def action_export_csv(self):
        """Hand the block over as CSV."""
        return self.action_export("csv")

    def action_export_json(self):
        """Hand the block over as JSON."""
        return self.action_export("json")

    def action_export_epcis(self):
        """Hand the block over as an EPCIS document."""
        return self.action_export("epcis")

    def _check_can_export(self, file_format):
        """Refuse a file that nobody may have, or that would be wrong."""
        self._check_quality_manager()
        self.check_access("read")
        if file_format not in block_file.FORMS:
            raise UserError(
                self.env._(
                    "%(format)s is no format of a block. Choose csv, json or epcis.",
                    format=file_format,
                )
            )
        if self.state not in ("open", "expired") or self.is_issuing:
            raise UserError(
                self.env._(
                    "Block %(block)s cannot be handed over: it is not open, or its "
                    "numbers are still being issued. Open it, wait until they are, and "
                    "try again.",
                    block=self.display_name,
                )
            )
        if file_format == "epcis":
            self._check_named_by_gs1()

    def _check_named_by_gs1(self):
        """Refuse an EPCIS document of units that GS1 has no name for."""
        if not gtin_14(self.product_id.barcode):
            raise UserError(
                self.env._(
                    "Block %(block)s cannot be exported as EPCIS: %(product)s has no "
                    "GTIN, by which EPCIS names units. Give it one (Actions ‣ Give "
                    "GTINs on the product), or export CSV or JSON.",
                    block=self.name,
                    product=self.product_id.display_name,
                )
            )
        strange = next(filterfalse(is_gs1_serial, self._get_unused()), None)
        if strange:
            raise UserError(
                self.env._(
                    "Block %(block)s cannot be exported as EPCIS: GS1 does not allow "
                    "%(number)s as a serial, so the unit would have no name. Export "
                    "CSV or JSON, or open a block with a scheme for GS1 serials.",
                    block=self.name,
                    number=strange,
                )
            )

    def _get_file(self, file_format):
        """Return the pieces of the file, its name and its media type.

        :raises AccessError: where the user may not hand out this block.
        :raises UserError: as :meth:`action_export`, and where that was not done.
        """
        self._check_can_export(file_format)
        if not self.export_time:
            raise UserError(
                self.env._(
                    "Block %(block)s was not handed over yet. Export it on its form, "
                    "so that it is known who got it when.",
                    block=self.name,
                )
            )
        write, suffix, media_type = block_file.FORMS[file_format]
        numbers = self._get_unused()
        return write(self._describe(), numbers), f"{self.name}.{suffix}", media_type

    def _get_unused(self):
        """Return the numbers that nothing bears yet, in the order of issuing; one that
        production took is a unit's already.
        """
        rows = self.env.execute_query(
            SQL(
                "SELECT number.name FROM serial_number number "
                "JOIN serial_issue run ON run.id = number.issue_id "
                "WHERE run.block_id = %s AND number.state = 'issued' "
                "AND number.lot_id IS NULL ORDER BY number.id",
                self.id,
            )
        )
        return [row[0] for row in rows]

    def _describe(self):
        """Return the block as :class:`..core.block_file.Block`."""
        gtin = gtin_14(self.product_id.barcode)
        prefix = gtin and self.env["serial.company.prefix"]._match(gtin)
        return block_file.Block(
            name=self.name,
            holder=self.holder,
            product=self.product_id.display_name,
            issue_time=self.issue_ids[:1].create_date,
            gtin=gtin,
            prefix_length=len(prefix) if prefix else None,
            batch=self.batch_id.name or "",
            expiry=self.batch_id.expiration_date or None,
            valid_until=self.expiration_date or None,
        )

    # ---- Closing ----

    def action_retire(self):
        """Open the dialog that returns or destroys numbers that nothing bears."""
        self.ensure_one()
        self._check_quality_manager()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Unused Numbers of %(block)s", block=self.name),
            "res_model": "serial.block.retire",
            "view_mode": "form",
            "target": "new",
            "context": {"default_block_id": self.id},
        }

    def action_close(self):
        """Close blocks of which no number is left to use."""
        self._check_quality_manager()
        self.check_access("write")
        for block in self:
            reason = block._get_reason_to_stay_open()
            if reason:
                raise UserError(reason)
        self._note({"state": "closed"})

    def _get_reason_to_stay_open(self):
        """Return the sentence why the block cannot be closed, None where it can."""
        if self.state == "draft":
            return self.env._(
                "The block “%(block)s” was never opened, so there is nothing to close. "
                "Delete it if nobody needs it.",
                block=self.display_name,
            )
        if self.is_issuing:
            return self.env._(
                "Numbers of block %(block)s are still being issued. Wait until they "
                "are, or stop that; then return or destroy the unused ones.",
                block=self.name,
            )
        if self.unused_count:
            return self.env._(
                "Block %(block)s still has unused numbers. Return or destroy them "
                "first.",
                block=self.name,
            )
        return None

    def _retire(self, state, names=None, reason=None):
        """Take unused numbers out of use, for ever; tell it on the ledger.

        :param state: ``returned`` or ``destroyed``.
        :param names: numbers, None for all that are unused.
        :return: how many.
        :raises UserError: where one is none of this block's unused numbers.
        """
        self.ensure_one()
        if self.is_issuing:
            raise UserError(
                self.env._(
                    "Numbers of block %(block)s are still being issued. Stop that or "
                    "wait until they are.",
                    block=self.name,
                )
            )
        # Stands in for writing numbers, which only their use and their end do.
        numbers = self.env["serial.number"].sudo()
        retired = numbers._retire(self.issue_ids, state, names)
        if names is not None:
            self._check_all_retired(names, {name for _id, name in retired})
        self.env["serial.lifecycle"]._record_numbers(
            self, retired, _STAGES[state], reason=reason
        )
        self.invalidate_recordset(list(_COUNTS.values()))
        self._tell_retired(state, len(retired), reason)
        return len(retired)

    def _check_all_retired(self, names, retired):
        others = [name for name in names if name not in retired]
        if others:
            raise UserError(
                self.env._(
                    "%(numbers)s: none of the unused numbers of block %(block)s. Check "
                    "them; numbers in use end with their units.",
                    numbers=", ".join(others[:5]),
                    block=self.name,
                )
            )

    def _tell_retired(self, state, count, reason):
        what = (
            self.env._("%(count)s numbers returned unused.", count=count)
            if state == "returned"
            else self.env._("%(count)s numbers destroyed.", count=count)
        )
        self.message_post(body=f"{what} {reason or ''}".strip())

    # ---- The calendar ----

    @api.model
    def _today(self, company):
        """Return the day where a company is, whoever asks."""
        return self.env["serial.scheme"]._get_today(company)

    def _follow_calendar(self):
        """Let open blocks expire whose last day is over, and others open again."""
        for block in self.filtered(lambda block: block.state in ("open", "expired")):
            today = block._today(block.company_id)
            over = block.expiration_date and block.expiration_date < today
            state = "expired" if over else "open"
            if state != block.state:
                block._note({"state": state})
                if over:
                    block._tell_expired()

    def _tell_expired(self):
        if not self.unused_count:
            return
        self.activity_schedule(
            "mail.mail_activity_data_todo",
            user_id=(self.user_id or self.env.user).id,
            summary=self.env._("Block %(block)s has expired", block=self.name),
            note=self.env._(
                "%(count)s numbers are unused. Give the block more time, or return "
                "them.",
                count=self.unused_count,
            ),
        )

    @api.model
    def _cron_expire(self):
        """Let blocks expire whose last day is over where their company is."""
        # No place on earth is a day ahead of all others by more than one.
        soon = fields.Date.add(fields.Date.today(), days=1)
        self.search(
            [("state", "=", "open"), ("expiration_date", "<", soon)]
        )._follow_calendar()

    # ---- What a scan asks ----

    @api.model
    def _get_issued(self, names, sender, company=None, besides=()):
        """Return what is known of numbers that we issued; no query a number.

        :param names: numbers, of whatever product.
        :param sender: the partner who sends the units, empty where nobody does.
        :param company: the company that receives them.
        :param besides: ids of move lines that do not count as an earlier receipt.
        :return: ``{(product id, number): IssuedNumber}``.
        """
        if not names:
            return {}
        self.env["serial.issue"].flush_model(["block_id"])
        self.flush_model()
        partner = sender.commercial_partner_id.id
        rows = self._read_issued(names, besides)
        today = self._get_days(row[-2] for row in rows)
        senders = self._get_ids_of(sender) if any(row[-1] for row in rows) else ()
        # What another of our companies numbered and sent us is no second unit.
        ours = (company or self.env.company).sudo().partner_id.ids
        return {
            (product_id, name): IssuedNumber(
                state,
                block or "",
                others=bool(block and partner) and holder != partner,
                expired=last if last and last < today[numbering] else None,
                moved=moved,
                sent_back=custodian in senders
                or (company and company.id != numbering and custodian in ours)
                or False,
            )
            for product_id, name, state, block, holder, last, moved, numbering, (
                custodian
            ) in rows
        }

    @api.model
    def _get_days(self, company_ids):
        """Return ``{company id: the day there}``."""
        companies = self.env["res.company"].browse(set(company_ids))
        return {company.id: self._today(company) for company in companies}

    @api.model
    def _get_held(self, products, sender, company):
        """Return the products whose units the sender numbers from blocks of ours.

        A policy without a scheme that lets the supplier number is the exception.

        :param company: the company that receives the units.
        :return: ``{product id: names of the blocks}``.
        """
        partner = sender.commercial_partner_id
        if not partner or not products:
            return {}
        self.flush_model(["partner_id", "product_id", "state", "company_id", "name"])
        rows = self.env.execute_query(
            SQL(
                "SELECT block.product_id, string_agg(block.name, ', ' ORDER BY "
                "block.id) FROM serial_block block "
                "JOIN res_partner holder ON holder.id = block.partner_id "
                "WHERE holder.commercial_partner_id = %s AND block.company_id = %s "
                "AND block.state IN ('open', 'expired') "
                "AND block.product_id = ANY(%s) GROUP BY block.product_id",
                partner.id,
                company.id,
                list(products.ids),
            )
        )
        return {
            product_id: names
            for product_id, names in rows
            if not products.browse(product_id)
            .product_tmpl_id._get_serial_policy()
            ._leaves_numbers_to_supplier()
        }

    @api.model
    def _get_ids_of(self, sender):
        """Return the ids under which the ledger knows the sender's company and its
        contacts.
        """
        if not sender:
            return frozenset()
        # Stands in for reading who a unit is with: only whether it is the sender.
        partners = self.env["res.partner"].sudo().with_context(active_test=False)
        company = sender.commercial_partner_id
        contacts = partners.search([("id", "child_of", company.id)])
        return frozenset(self.env["serial.party.alias"]._get_all_ids(contacts))

    @api.model
    def _read_issued(self, names, besides):
        """Return what :meth:`_get_issued` asks about, holders as commercial entities.

        A number is guarded whatever company issued it.
        """
        return self.env.execute_query(
            SQL(
                """
                SELECT number.product_res_id, number.name, number.state, block.name,
                    holder.commercial_partner_id, block.expiration_date,
                    lot.id IS NOT NULL AND %(moved)s, run.company_id,
                    (lot.custodian_res_id->>(run.company_id::text))::int
                FROM serial_number number
                JOIN serial_issue run ON run.id = number.issue_id
                LEFT JOIN serial_block block ON block.id = run.block_id
                LEFT JOIN res_partner holder ON holder.id = block.partner_id
                LEFT JOIN stock_lot lot ON lot.id = number.lot_id
                WHERE number.name = ANY(%(names)s)
                """,
                names=list(names),
                moved=self.env["stock.lot"]._was_moved_sql(besides),
            )
        )

    # ---- Seeing it ----

    def action_open_numbers(self):
        """Open the list of the block's numbers."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Numbers of %(block)s", block=self.display_name),
            "res_model": "serial.number",
            "view_mode": "list,kanban",
            "domain": [("issue_id.block_id", "=", self.id)],
            "context": {"create": False},
        }

    def action_open_cases(self):
        """Open the list of what was wrong with numbers of the block."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Cases of %(block)s", block=self.display_name),
            "res_model": "serial.case",
            "view_mode": "list,form",
            "domain": [("id", "in", self.case_ids.ids)],
        }


#: The stage of life at which numbers end, see ``core.lifecycle``.
_STAGES = {"returned": "decommission", "destroyed": "destroy"}
