from odoo import api, fields, models
from odoo.exceptions import UserError

_OPEN_STATES = ("draft", "waiting", "confirmed", "assigned")
#: Fields through which a form writes the lines of a transfer, one by one.
_LINE_FIELDS = frozenset({"move_ids", "move_line_ids"})


class StockPicking(models.Model):
    _name = "stock.picking"
    _inherit = ["serial.hold.transfer", "stock.picking", "serial.scan.target"]

    announced_ids = fields.One2many("serial.announced", "picking_id", readonly=True)
    announced_count = fields.Integer(
        "Announced Serials", compute="_compute_announced_counts"
    )
    announced_arrived_count = fields.Integer(
        "Announced and Here", compute="_compute_announced_counts"
    )
    announced_missing_count = fields.Integer(
        "Missing Serials", compute="_compute_announced_counts"
    )
    announced_surplus_count = fields.Integer(
        "Surplus Serials", compute="_compute_announced_counts"
    )
    can_scan_serials = fields.Boolean(compute="_compute_can_scan_serials")
    can_issue_numbers = fields.Boolean(compute="_compute_can_issue_numbers")

    # ---- Announced serials ----

    @api.model
    def _announced_count_fields(self):
        return [
            "announced_count",
            "announced_arrived_count",
            "announced_missing_count",
            "announced_surplus_count",
        ]

    @api.depends("announced_ids.state")
    def _compute_announced_counts(self):
        # Stands in for reading the list of a transfer that one may read.
        groups = (
            self.env["serial.announced"]
            .sudo()
            ._read_group(
                [("picking_id", "in", self.ids)], ["picking_id", "state"], ["__count"]
            )
        )
        counts = {(picking.id, state): count for picking, state, count in groups}
        for picking in self:
            expected, scanned, received, missing, surplus = (
                counts.get((picking._origin.id, state), 0)
                for state in ("expected", "scanned", "received", "missing", "surplus")
            )
            picking.announced_count = expected + scanned + received + missing
            picking.announced_arrived_count = scanned + received
            picking.announced_missing_count = expected + missing
            picking.announced_surplus_count = surplus

    def _get_announced_names(self):
        """Return ``{product id: serials announced}`` for the transfer.

        Once a product has been announced, what comes of it must be on the list.
        """
        # Stands in for reading the list of a transfer that one may scan on.
        groups = (
            self.env["serial.announced"]
            .sudo()
            ._read_group(
                [
                    ("picking_id", "in", self._get_announcing_pickings().ids),
                    ("state", "!=", "surplus"),
                ],
                ["product_id"],
                ["name:array_agg"],
            )
        )
        return {product.id: frozenset(names) for product, names in groups}

    def _must_be_announced(self):
        return self.location_id.usage == "supplier"

    def _get_announcing_pickings(self):
        """Return the transfers whose lists hold for these. Bridges add theirs."""
        return self

    def action_view_announced_serials(self):
        """Open the list of serials announced for the receipt."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Serials announced for %(receipt)s", receipt=self.name),
            "res_model": "serial.announced",
            "view_mode": "list",
            "domain": [("picking_id", "=", self.id)],
        }

    def _action_done(self):
        """Check off what the supplier announced."""
        result = super()._action_done()
        self.env["serial.announced"]._check_off(self)
        return result

    def action_cancel(self):
        """Tell announced serials of a cancelled receipt as missing."""
        result = super().action_cancel()
        self.env["serial.announced"]._check_off(self)
        return result

    # ---- Corrections ----

    def write(self, vals):
        """Write changes of the lines of done transfers on the ledger together."""
        told = self.env["stock.move"]
        if not _LINE_FIELDS.isdisjoint(vals):
            told = self.move_ids._get_told()
        if not told:
            return super().write(vals)
        before = self.env["serial.movement"]._read(told.move_line_ids.ids)
        result = super(StockPicking, told._told_together(self)).write(vals)
        told.move_line_ids._tell_changes(before)
        return result

    # ---- What scanning asks about the transfer ----

    @api.depends("state", "picking_type_id")
    @api.depends_context("uid")
    def _compute_can_scan_serials(self):
        allowed = self.env.user.has_group("serial_traceability.group_serial_operator")
        for picking in self:
            picking.can_scan_serials = allowed and picking.state in _OPEN_STATES

    def _get_scan_purpose(self):
        """Return what scanning does here: see :class:`..core.verdict.Situation`."""
        self.ensure_one()
        usage = self.location_id.usage
        if usage == "customer":
            return "give_back"
        if usage in ("internal", "transit") or not self.picking_type_id.use_create_lots:
            return "take"
        return "receive"

    def _get_scan_sender(self):
        """Return who sends the units of a receipt."""
        self.ensure_one()
        if self.location_id.usage != "supplier":
            return self.env["res.partner"]
        return self.partner_id.commercial_partner_id

    def _get_scan_demand(self):
        """Return ``{product id: units asked for}``, None where anything may come.

        A transfer without operations is filled by scanning.
        """
        self.ensure_one()
        moves = self.move_ids.filtered(lambda move: move.state != "cancel")
        if not any(move.product_uom_qty for move in moves):
            return None
        demand = {}
        for move in moves:
            demand.setdefault(move.product_id.id, 0)
            demand[move.product_id.id] += move.product_qty
        return demand

    def _get_scan_source(self):
        return self.location_id

    def _get_scanned_keys(self, names, *, announce=False):
        """Return the ``(product id, serial)`` that are picked here, or announced."""
        self.ensure_one()
        if announce:
            names = self._get_announced_names()
            return frozenset((key, name) for key in names for name in names[key])
        return frozenset(
            (line.product_id.id, line.lot_id.name or line.lot_name)
            for line in self.move_line_ids
            if line.picked and line.quantity and (line.lot_id or line.lot_name)
        )

    # ---- Scanning ----

    def _ensure_can_scan(self):
        """Refuse to scan on a transfer that is over, or without the right."""
        self.ensure_one()
        self.env["serial.resolver"]._check_operator()
        self.check_access("write")
        if self.state not in _OPEN_STATES:
            raise UserError(
                self.env._(
                    "Transfer %(transfer)s is done or cancelled, so nothing can be "
                    "scanned on it any more. Scan on a new transfer.",
                    transfer=self.name,
                )
            )

    # ---- Numbering what comes ----

    @api.depends("state", "move_ids.product_id", "move_line_ids.lot_name")
    @api.depends_context("uid")
    def _compute_can_issue_numbers(self):
        for picking in self:
            picking.can_issue_numbers = (
                picking.can_scan_serials
                and picking.picking_type_code == "incoming"
                and bool(picking.move_ids._get_unnumbered())
            )

    def action_issue_numbers(self):
        """Open an issue of numbers for the first product that waits for them.

        :raises UserError: where nothing of the transfer is numbered by us.
        """
        self._ensure_can_scan()
        move = self.move_ids._get_unnumbered()[:1]
        if not move:
            raise UserError(
                self.env._(
                    "No unit of %(transfer)s waits for a number of ours. Who numbers a "
                    "product says its serial policy.",
                    transfer=self.name,
                )
            )
        view = self.env.ref("serial_traceability.serial_issue_view_form_receipt")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Issue Numbers"),
            "res_model": "serial.issue",
            "views": [(view.id, "form")],
            "target": "new",
            "context": {
                "default_product_id": move.product_id.id,
                "default_company_id": self.company_id.id,
                "default_quantity": move._count_unnumbered(),
                "default_move_id": move.id,
            },
        }

    def action_scan_serials(self):
        """Open the dialog that takes pasted or uploaded scans."""
        self._ensure_can_scan()
        return self._open_scan_import("move")

    def action_announce_serials(self):
        """Open the dialog that takes the supplier's list of serials to come."""
        self._ensure_can_scan()
        return self._open_scan_import("announce")

    def _take_in_scans(self, results, purpose):
        if purpose == "announce":
            self.env["serial.announced"]._announce(self, results)
        else:
            self.env["serial.applier"]._apply(self, results)

    def _get_scan_import_title(self, purpose):
        if purpose == "announce":
            return self.env._("Announce serials for %(transfer)s", transfer=self.name)
        return self.env._("Scan serials on %(transfer)s", transfer=self.name)

    def _get_scan_import_field(self):
        return "picking_id"

    def serial_scan(self, text, scan_uuid):
        """Put the unit that a scanner read on the transfer.

        :param text: what the scanner returned.
        :param scan_uuid: the scanner's own name of this scan; sent a second time, it
            gets the first answer and moves nothing.
        :return: ``verdict``, ``level`` (good, warning, wrong), ``title``, ``message``.
        """
        self._ensure_can_scan()
        self._lock_for_scans()
        scans = self.env["serial.scan"]
        answer = scans._find(self, scan_uuid)
        if answer:
            return answer
        resolver = self.env["serial.resolver"]
        result = resolver._resolve(resolver._read_lines([text], typed=True), self)[0]
        if result["level"] != "wrong":
            self.env["serial.applier"]._apply(self, [result])
        self.env["serial.case"]._raise(self, [result])
        answer = self._get_scan_answer(result)
        scans._keep(self, scan_uuid, result["text"], answer)
        return answer

    def _get_scan_answer(self, result):
        """Return what the scanner's user is told."""
        product = self.env["product.product"].browse(result["product_id"] or ())
        return {
            "verdict": result["verdict"],
            "level": result["level"],
            "title": self._get_scan_title(result, product),
            "message": result["message"],
        }

    def _get_scan_title(self, result, product):
        if result["level"] == "wrong":
            return self.env._("Not accepted")
        moves = self.env["serial.applier"]._get_moves(self, product)
        picked = len(moves.move_line_ids.filtered("picked"))
        return self.env._(
            "%(product)s, serial %(serial)s: %(count)s of %(demand)s",
            product=product.display_name,
            serial=result["serial"],
            count=picked,
            demand=int(sum(moves.mapped("product_uom_qty"))),
        )
