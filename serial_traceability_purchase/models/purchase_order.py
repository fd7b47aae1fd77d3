from collections import Counter
from dataclasses import replace

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

#: Usages of the places from which a receipt of a purchase comes.
_SOURCES = ("supplier", "transit")
_CAME = ("scanned", "received")


class PurchaseOrder(models.Model):
    _name = "purchase.order"
    _inherit = ["purchase.order", "serial.scan.target"]

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
    can_announce_serials = fields.Boolean(compute="_compute_can_announce_serials")

    # ---- Counts ----

    @api.depends("picking_ids.announced_ids.state")
    def _compute_announced_counts(self):
        counts = self._count_announced()
        for order in self:
            states = counts.get(order._origin.id, Counter())
            order.announced_surplus_count = states["surplus"]
            order.announced_count = states.total() - states["surplus"]
            order.announced_arrived_count = sum(states[state] for state in _CAME)
            order.announced_missing_count = states["expected"] + states["missing"]

    def _count_announced(self):
        """Return ``{order id: {state: serials}}`` of all receipts together.

        A serial that one receipt missed and another expects or brought counts once.
        """
        orders = {
            picking.id: order.id for order in self for picking in order.picking_ids
        }
        # Stands in for reading the list of an order that one may read.
        rows = (
            self.env["serial.announced"]
            .sudo()
            .search_fetch(
                [("picking_id", "in", list(orders))],
                ["picking_id", "product_id", "name", "state"],
            )
        )
        states = {}
        for row in rows:
            key = (orders[row.picking_id.id], row.product_id.id, row.name)
            if states.get(key, "missing") == "missing":
                states[key] = row.state
        counts = {}
        for (order_id, _product, _name), state in states.items():
            counts.setdefault(order_id, Counter())[state] += 1
        return counts

    @api.depends("state", "picking_ids.state", "order_line.product_id")
    @api.depends_context("uid")
    def _compute_can_announce_serials(self):
        allowed = self._may_announce()
        for order in self:
            tracked = "serial" in order.order_line.product_id.mapped("tracking")
            order.can_announce_serials = (
                allowed and tracked and bool(order._get_open_receipts())
            )

    def _get_open_receipts(self):
        """Return the orders' receipts that may still bring goods, the next first."""
        return self.picking_ids.filtered(
            lambda picking: (
                picking.state not in ("done", "cancel")
                and picking.location_id.usage in _SOURCES
            )
        ).sorted(lambda picking: (picking.scheduled_date, picking.id))

    # ---- Announcing ----

    @api.model
    def _may_announce(self):
        return self.env.user.has_group(
            "purchase.group_purchase_user"
        ) or self.env.user.has_group("serial_traceability.group_serial_operator")

    def _ensure_can_scan(self):
        """Refuse to announce for an order that nothing can come of any more."""
        self.ensure_one()
        if not self.env.su and not self._may_announce():
            raise AccessError(
                self.env._(
                    "Only purchase users and operators of Serial Traceability may "
                    "announce serials. Ask an administrator for one of these roles."
                )
            )
        self.check_access("read")
        if not self._get_open_receipts():
            raise UserError(
                self.env._(
                    "Order %(order)s has no open receipt, so no serials can be "
                    "announced for it. Confirm it first; if it is received already, "
                    "make a new order.",
                    order=self.name,
                )
            )

    def action_announce_serials(self):
        """Open the dialog that takes the supplier's list, pasted or uploaded."""
        self._ensure_can_scan()
        return self._open_scan_import("announce")

    def announce_serials(self, serials, product_id=None):
        """Announce what the supplier will send for the order; wrong ones are left out.

        :param serials: one text a unit: GS1 symbols, Digital Links, plain numbers.
        :param product_id: id of the product whose numbers they are, where the texts do
            not say it and the order has several.
        :return: what was said of each, in order, as ``serial.resolver.resolve`` returns
            it: ``verdict``, ``level`` (good, warning, wrong), ``message`` and so on.
        :raises AccessError: where the user is neither a purchase user nor an operator.
        :raises UserError: where the order has no open receipt.
        """
        self._ensure_can_scan()
        self._lock_for_scans()
        resolver = self.env["serial.resolver"]
        lines = resolver._read_lines(serials)
        if product_id:
            product = self.order_line.product_id.filtered(
                lambda each: each.id == product_id
            )
            self._check_ordered(product)
            lines = [
                replace(line, product_id=product.id) if not line.scan.gtin else line
                for line in lines
            ]
        results = resolver._resolve(lines, self, announce=True)
        good = [result for result in results if result["level"] != "wrong"]
        self._take_in_scans(good, "announce")
        self.env["serial.case"]._raise(self, results)
        return results

    def _check_ordered(self, product):
        if not product:
            raise UserError(
                self.env._(
                    "That product is not on order %(order)s. Announce serials of what "
                    "was ordered.",
                    order=self.name,
                )
            )

    def action_view_announced_serials(self):
        """Open the list of serials announced for the order."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Serials announced for %(order)s", order=self.name),
            "res_model": "serial.announced",
            "view_mode": "list,kanban",
            "domain": [("picking_id", "in", self.picking_ids.ids)],
            "context": {"search_default_group_by_receipt": len(self.picking_ids) > 1},
        }

    # ---- What the resolver asks ----

    def _get_scan_purpose(self):
        return "announce"

    def _get_scan_sender(self):
        """Return the supplier, whose units the order is for."""
        return self.partner_id.commercial_partner_id

    def _get_scan_demand(self):
        demand = Counter()
        for line in self.order_line.filtered("product_id"):
            demand[line.product_id.id] += line.product_uom_id._compute_quantity(
                line.product_qty, line.product_id.uom_id
            )
        return demand

    def _get_scanned_keys(self, names, *, announce=False):
        """Return what is announced: what a receipt missed may be announced anew."""
        # Stands in for reading the list of an order that one may announce for.
        rows = (
            self.env["serial.announced"]
            .sudo()
            .search_fetch(
                [
                    ("picking_id", "in", self.picking_ids.ids),
                    ("state", "in", ("expected", *_CAME)),
                ],
                ["product_id", "name"],
            )
        )
        return frozenset((row.product_id.id, row.name) for row in rows)

    # ---- What the scan import asks ----

    def _take_in_scans(self, results, purpose):
        """Put serials on the lists of the receipts: as many as each asks for, the rest
        on the last.
        """
        receipts = self._get_open_receipts()
        room = {receipt: receipt._get_announcing_room() for receipt in receipts}
        shares = {receipt: [] for receipt in receipts}
        for result in results:
            product_id = result["product_id"]
            receipt = next(
                (each for each in receipts if room[each].get(product_id, 0) > 0),
                receipts[-1],
            )
            room[receipt][product_id] = room[receipt].get(product_id, 0) - 1
            shares[receipt].append(result)
        for receipt, share in shares.items():
            self.env["serial.announced"]._announce(receipt, share)

    def _get_scan_import_title(self, purpose):
        return self.env._("Announce serials for %(order)s", order=self.name)

    def _get_scan_import_field(self):
        return "purchase_id"
