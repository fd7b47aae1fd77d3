import logging
from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

_logger = logging.getLogger(__name__)

#: Verdicts on a number that we issued which somebody has to look into.
KINDS = [
    ("used_twice", "Used Twice"),
    ("in_stock", "Used Twice, One in Stock"),
    ("other_block", "Of Another's Block"),
    ("number_returned", "Returned Before"),
    ("number_destroyed", "Destroyed Before"),
    ("retired", "Taken Out of Use Before"),
]


class SerialCase(models.Model):
    """Numbers that we issued and that turned up where they must not be.

    Raised by scanning a transfer or a supplier's list: one open case a transfer and
    kind, whatever the number of units, and an activity for who answers for the block.
    A quality manager says what came out of it and closes it. Nobody deletes one.
    """

    _name = "serial.case"
    _description = "Case about Numbers"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "state desc, id desc"
    _rec_name = "kind"

    kind = fields.Selection(KINDS, required=True, readonly=True, index=True)
    state = fields.Selection(
        [("open", "Open"), ("closed", "Closed")],
        default="open",
        required=True,
        readonly=True,
        index=True,
        tracking=True,
    )
    number_ids = fields.Many2many("serial.number", string="Numbers", readonly=True)
    number_count = fields.Integer("Count", compute="_compute_number_count")
    block_ids = fields.Many2many("serial.block", string="Blocks", readonly=True)
    origin = fields.Char("Found On", readonly=True, help="The transfer or list")
    picking_id = fields.Many2one(
        "stock.picking", "Transfer", readonly=True, index="btree_not_null"
    )
    partner_id = fields.Many2one(
        "res.partner", "Sent By", readonly=True, index="btree_not_null"
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="restrict"
    )
    conclusion = fields.Text(
        help="What came out of it: a label printed twice, a copy, a wrong delivery."
    )

    @api.depends("number_ids")
    def _compute_number_count(self):
        groups = dict(
            self.env["serial.number"]._read_group(
                [("case_ids", "in", self.ids)], ["case_ids"], ["__count"]
            )
        )
        for case in self:
            case.number_count = groups.get(case._origin, 0)

    @api.depends("kind", "origin")
    @api.depends_context("lang")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for case in self:
            case.display_name = f"{kinds.get(case.kind, '')}: {case.origin or ''}"

    # ---- Raising ----

    @api.model
    def _raise(self, target, results):
        """Raise what the resolver's answers give cause for; few queries, none a unit.

        :param target: what was scanned for, see ``serial.scan.target``.
        :param results: dictionaries of the resolver.
        """
        kinds = dict(KINDS)
        wrong = defaultdict(list)
        for result in results:
            if result["verdict"] in kinds and result["serial"]:
                wrong[result["verdict"]].append(result)
        if not target._get_scan_sender():
            # Nobody sent it: somebody scanned a unit that is ours already.
            wrong.pop("in_stock", None)
        for kind, found in wrong.items():
            self._raise_kind(target, kind, self._find_numbers(found))

    @api.model
    def _raise_after(self, target, results):
        """Raise cases once this transaction is over, in one of their own: what is
        refused is taken back, and a case about it must stay.

        :param target: as for :meth:`_raise`; where it is taken back itself, nothing
            is told.
        """
        kinds = dict(KINDS)
        results = [result for result in results if result["verdict"] in kinds]
        if not target or not results:
            return
        pool, args = self.env.registry, (self.env.uid, self.env.context, self.env.su)
        name, pending = target._name, [target.id]

        def tell():
            # Whichever comes first, the rollback or a commit in spite of it.
            record_ids, pending[:] = list(pending), []
            if not record_ids:
                return
            try:
                with pool.cursor() as cr:
                    env = api.Environment(cr, *args)
                    found = env[name].browse(record_ids).exists()
                    if found:
                        env["serial.case"]._raise(found, results)
            except Exception:
                # The refusal itself has been said; it must not be lost over this.
                _logger.exception("A case about %s could not be raised.", target)

        self.env.cr.postrollback.add(tell)
        self.env.cr.postcommit.add(tell)

    @api.model
    def _find_numbers(self, results):
        """Return the numbers of blocks that wrong units bear."""
        keys = {(result["product_id"], result["serial"]) for result in results}
        # Stands in for reading numbers of a company that the user cannot see.
        numbers = (
            self.env["serial.number"]
            .sudo()
            .search_fetch(
                [
                    ("name", "in", [name for _product, name in keys]),
                    ("issue_id.block_id", "!=", False),
                ],
                ["name", "product_id", "issue_id"],
            )
        )
        return numbers.filtered(
            lambda number: (number.product_id.id, number.name) in keys
        )

    @api.model
    def _raise_kind(self, target, kind, numbers):
        if not numbers:
            return
        case = self._find_open(target, kind)
        new = not case
        # Stands in for the right to create cases, which nobody has: scanning does.
        cases = self.sudo()
        if new:
            case = cases.create(self._prepare_vals(target, kind))
        case._add_numbers(numbers)
        if new:
            case._schedule(numbers)

    @api.model
    def _find_open(self, target, kind):
        return self.sudo().search(
            [
                ("kind", "=", kind),
                ("state", "=", "open"),
                ("origin", "=", target.display_name),
                # Transfers of two companies may have one name.
                ("company_id", "=", target.company_id.id),
                ("partner_id", "=", target._get_scan_sender().id),
            ],
            limit=1,
        )

    @api.model
    def _prepare_vals(self, target, kind):
        is_picking = target._name == "stock.picking"
        return {
            # The context of a call may name defaults, too.
            "state": "open",
            "conclusion": False,
            "kind": kind,
            "origin": target.display_name,
            "picking_id": target.id if is_picking else False,
            "partner_id": target._get_scan_sender().id,
            "company_id": target.company_id.id,
        }

    def _add_numbers(self, numbers):
        """Add numbers and their blocks in two statements; there may be thousands."""
        self.flush_recordset()
        for name, records in (
            ("number_ids", numbers),
            ("block_ids", numbers.issue_id.block_id),
        ):
            field = self._fields[name]
            self.env.cr.execute(
                SQL(
                    "INSERT INTO %(table)s (%(own)s, %(other)s) "
                    "SELECT %(case)s, unnest(%(ids)s) ON CONFLICT DO NOTHING",
                    table=SQL.identifier(field.relation),
                    own=SQL.identifier(field.column1),
                    other=SQL.identifier(field.column2),
                    case=self.id,
                    ids=records.ids,
                )
            )
            self.invalidate_recordset([name])

    def _schedule(self, numbers):
        """Give an activity to who answers for the blocks."""
        for user in numbers.issue_id.block_id.user_id.filtered("active"):
            self.activity_schedule(
                "mail.mail_activity_data_warning",
                user_id=user.id,
                summary=self.display_name,
                note=self.env._(
                    "Numbers of a block that you answer for turned up on %(origin)s, "
                    "sent by %(partner)s. Keep the units aside and find out why.",
                    origin=self.origin,
                    partner=self.partner_id.display_name,
                ),
            )

    # ---- Closing ----

    def action_close(self):
        """Close cases that were looked into."""
        self._check_quality_manager()
        # Stands in for the right to write the state, which follows from closing.
        self.sudo().state = "closed"
        self.activity_feedback(["mail.mail_activity_data_warning"])

    def action_reopen(self):
        """Open cases again."""
        self._check_quality_manager()
        # As in action_close.
        self.sudo().state = "open"

    def _check_quality_manager(self):
        self.env["serial.block"]._check_quality_manager()
        self.check_access("write")

    def write(self, vals):
        """Let people say what came out of it; what was found stands fast."""
        found = {"kind", "state", "number_ids", "block_ids", "origin", "picking_id"}
        found |= {"partner_id", "company_id"}
        if not self.env.su and not found.isdisjoint(vals):
            raise AccessError(
                self.env._("What a case is about was found by scanning and stands.")
            )
        return super().write(vals)

    def action_open_numbers(self):
        """Open the list of the case's numbers."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.display_name,
            "res_model": "serial.number",
            "view_mode": "list",
            "domain": [("id", "in", self.number_ids.ids)],
            "context": {"create": False},
        }
