from dataclasses import replace

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from odoo.addons.serial_traceability.const import DOCUMENT, Document
from odoo.addons.serial_traceability.models.serial_issue import AT_ONCE

#: States of orders whose units may get numbers.
_OPEN_STATES = ("confirmed", "progress", "to_close")


class MrpProduction(models.Model):
    _name = "mrp.production"
    _inherit = ["mrp.production", "serial.scan.target", "serial.assembled"]

    serial_batch_id = fields.Many2one(
        "serial.batch",
        "Batch",
        copy=False,
        check_company=True,
        index="btree_not_null",
        ondelete="restrict",
        domain="[('product_id', '=', product_id)]",
        help="Production batch of the units that the order makes.",
    )
    is_numbered_here = fields.Boolean(compute="_compute_is_numbered_here")
    serial_source = fields.Char(
        "Numbers From",
        compute="_compute_is_numbered_here",
        help="The block of numbers, or the scheme, that serials are taken from.",
    )

    # ---- Where numbers come from ----

    @api.depends(
        "product_id", "state", "serial_batch_id", "workorder_ids.workcenter_id"
    )
    def _compute_is_numbered_here(self):
        for order in self:
            blocks = order._get_serial_blocks()
            scheme = order._get_serial_scheme()
            order.is_numbered_here = bool(
                order._is_numbered_at_production() and (blocks or scheme)
            )
            source = blocks or scheme
            order.serial_source = order.is_numbered_here and ", ".join(
                source.mapped("display_name")
            )

    def _is_numbered_at_production(self):
        template = self.product_id.product_tmpl_id
        return bool(template) and template._is_numbered_at_production()

    def _get_serial_scheme(self):
        """Return the scheme of the product's policy, an empty one for none."""
        template = self.product_id.product_tmpl_id
        policy = template and template._get_serial_policy()
        return (policy or self.env["serial.policy"]).scheme_id

    def _get_serial_blocks(self):
        """Return the open blocks of numbers for the order's line or contract
        manufacturer, the oldest first.
        """
        self.ensure_one()
        if not self._is_numbered_at_production():
            return self.env["serial.block"].sudo()
        batches = [False, self.serial_batch_id.id]
        domain = Domain.AND(
            [
                self.env["serial.block"]._get_production_domain(
                    self.workorder_ids.workcenter_id, self._get_serial_maker()
                ),
                Domain("product_id", "=", self.product_id.id),
                Domain("company_id", "=", self.company_id.id),
                Domain("state", "=", "open"),
                Domain("batch_id", "in", batches)
                if self.serial_batch_id
                else Domain.TRUE,
            ]
        )
        # Stands in for reading the blocks of an order that one may read.
        return self.env["serial.block"].sudo().search(domain, order="id")

    def _get_serial_maker(self):
        """Return the contract manufacturer, who sends the units by a receipt; an empty
        partner where we make them.
        """
        receipts = self.move_finished_ids.move_dest_ids.picking_id.filtered(
            lambda picking: picking.picking_type_code == "incoming"
        )
        return receipts.partner_id[:1].commercial_partner_id

    # ---- Taking numbers ----

    def action_generate_serial(self, workorder=False):
        """Give the one unit its number at once; several get theirs in Odoo's dialog."""
        self.ensure_one()
        if not self.is_numbered_here or self.product_qty != 1 or self.lot_producing_ids:
            return super().action_generate_serial(workorder=workorder)
        dialog = self.env["mrp.production.serials"].create(
            {
                "production_id": self.id,
                "workorder_id": workorder.id if workorder else False,
                "serial_numbers": "\n".join(self._take_numbers(1)),
            }
        )
        return dialog.action_apply()

    def _take_numbers(self, count, besides=()):
        """Return numbers of ours for units of the order, and note that it took them.

        First those that it took before and does not use, then those of its blocks,
        where it has some, else new ones of the scheme.

        :param count: how many.
        :param besides: numbers that the order has already.
        :raises AccessError: where the user may not write the order.
        :raises UserError: where the order takes no numbers, or there are not so many.
        """
        self.check_access("write")
        self._check_can_number(count, len(besides))
        # Whoever numbers the same units at this moment comes first.
        self._lock_for_scans()
        # Stands in for taking numbers, which producing what they are for includes.
        numbers = self.env["serial.number"].sudo()
        names = numbers._take_back(self, count, besides)
        missing = count - len(names)
        if not missing:
            return names
        blocks = self._get_serial_blocks()
        if blocks:
            return names + self._take_from_blocks(blocks, missing, [*besides, *names])
        return names + self._issue_numbers(missing)

    def _check_can_number(self, count, numbered):
        """Refuse numbers for units that the order does not make."""
        if self.state not in _OPEN_STATES:
            raise UserError(
                self.env._(
                    "%(order)s is not open, so its units get no numbers. Confirm it "
                    "first; if it is done already, make a new order.",
                    order=self.name,
                )
            )
        if count > AT_ONCE or count + numbered > self.product_uom_qty:
            raise UserError(
                self.env._(
                    "%(order)s makes %(units)s units, of which %(numbered)s have a "
                    "number, and at most %(most)s get one at once. Generate fewer, or "
                    "change the order's quantity.",
                    order=self.name,
                    units=int(self.product_uom_qty),
                    numbered=numbered,
                    most=AT_ONCE,
                )
            )

    def _take_from_blocks(self, blocks, count, besides):
        """Return unused numbers of blocks, and follow their batch.

        :raises UserError: where so many are not left.
        """
        if blocks[0].batch_id and not self.serial_batch_id:
            self.serial_batch_id = blocks[0].batch_id
            blocks = self._get_serial_blocks()
        numbers = self.env["serial.number"].sudo()
        names = numbers._take_from_blocks(self, blocks, count, besides)
        if len(names) < count:
            raise UserError(
                self.env._(
                    "Of the numbers in %(blocks)s, %(left)s are left for %(order)s, "
                    "and %(wanted)s are wanted. Ask a quality manager for another "
                    "block.",
                    blocks=", ".join(blocks.mapped("name")),
                    left=len(names),
                    order=self.name,
                    wanted=count,
                )
            )
        return names

    def _issue_numbers(self, count):
        """Issue numbers for units of the order; return them."""
        # Stands in for the right to issue, as in _take_numbers.
        run = (
            self.env["serial.issue"]
            .sudo()
            .create(
                {
                    "product_id": self.product_id.id,
                    "batch_id": self.serial_batch_id.id,
                    "company_id": self.company_id.id,
                    "quantity": count,
                    "commission": False,
                }
            )
        )
        run.action_start()
        numbers = run.env["serial.number"].search([("issue_id", "=", run.id)])
        numbers._set_production(self)
        return run._get_numbers()

    def _get_backorder_mo_vals(self):
        return super()._get_backorder_mo_vals() | {
            "serial_batch_id": self.serial_batch_id.id
        }

    # ---- The batch ----

    @api.constrains("serial_batch_id", "product_id")
    def _check_serial_batch(self):
        for order in self:
            batch = order.serial_batch_id
            if batch and batch.product_id != order.product_id:
                raise ValidationError(
                    self.env._(
                        "Batch %(batch)s is one of %(other)s. Choose a batch of "
                        "%(product)s for %(order)s.",
                        batch=batch.name,
                        other=batch.product_id.display_name,
                        product=order.product_id.display_name,
                        order=order.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        orders = super().create(vals_list)
        orders._give_batch()
        return orders

    def write(self, vals):
        """Let serials follow the batch, which stays once numbers were issued for it."""
        if "serial_batch_id" in vals:
            self._check_batch_free(vals["serial_batch_id"])
        result = super().write(vals)
        if not {"lot_producing_ids", "serial_batch_id"}.isdisjoint(vals):
            self._give_batch()
        return result

    def _check_batch_free(self, batch_id):
        """Refuse another batch than the one that numbers were issued for."""
        changed = self.filtered(
            lambda order: order.serial_batch_id.id != (batch_id or False)
        )
        # Stands in for reading the numbers of an order that one may write.
        taken = (
            self.env["serial.number"]
            .sudo()
            .search(
                [
                    ("production_id", "in", changed.ids),
                    ("issue_id.batch_id", "not in", [False, batch_id]),
                ],
                limit=1,
            )
        )
        if taken:
            raise UserError(
                self.env._(
                    "Numbers of batch %(batch)s were taken for %(order)s, so its batch "
                    "cannot change. Make another order for the other batch.",
                    batch=taken.batch_id.name,
                    order=taken.production_id.name,
                )
            )

    def _give_batch(self):
        """Give the order's batch to those of its serials that have none."""
        for order in self.filtered("serial_batch_id"):
            lots = order.lot_producing_ids.filtered(lambda lot: not lot.batch_id)
            if lots:
                course = {DOCUMENT: Document.of(order)}
                lots.with_context(**course).batch_id = order.serial_batch_id

    # ---- Checking what is typed, scanned and made ----

    def _get_scan_purpose(self):
        return "receive"

    def _get_scan_sender(self):
        """Return whose units they are: the contract manufacturer's, else our own."""
        # Stands in for reading one's own company's contact.
        return self._get_serial_maker() or self.company_id.sudo().partner_id

    def _get_scan_demand(self):
        return {self.product_id.id: self.product_uom_qty}

    def _get_scanned_keys(self, names, *, announce=False):
        return frozenset()

    def _get_scan_lines(self, lines):
        """Take a plain number for one of the order's product, and all for its batch."""
        batch = self.serial_batch_id
        return [
            replace(
                line,
                product_id=line.product_id
                or (not line.scan.gtin and self.product_id.id)
                or None,
                scan=replace(
                    line.scan,
                    batch=line.scan.batch or batch.name or None,
                    expiry=line.scan.expiry or batch.expiration_date or None,
                ),
            )
            for line in lines
        ]

    def _get_held_products(self, products):
        """Return the product that the order numbers: its units bear nothing else."""
        held = super()._get_held_products(products)
        if self.is_numbered_here and self.product_id in products:
            held[self.product_id.id] = self.serial_source
        return held

    def _get_issued_numbers(self, names, besides=()):
        """Return what is known of numbers: those of blocks of this line or contract
        manufacturer are the order's own, all others of blocks are somebody else's.
        """
        issued = super()._get_issued_numbers(names, besides)
        blocks = {number.block for number in issued.values()} - {""}
        own = set(self._find_own_blocks(blocks)) if blocks else ()
        return {
            key: replace(number, others=bool(number.block) and number.block not in own)
            for key, number in issued.items()
        }

    def _find_own_blocks(self, names):
        """Return those of these blocks that the order's units may bear numbers of: a
        line without a work center may be any.
        """
        blocks = self.env["serial.block"]
        any_line = Domain("holder_kind", "=", "line") & Domain(
            "workcenter_id", "=", False
        )
        domain = any_line | blocks._get_production_domain(
            self.workorder_ids.workcenter_id, self._get_serial_maker()
        )
        domain &= Domain("name", "in", list(names))
        domain &= Domain("company_id", "=", self.company_id.id)
        # Stands in for reading whose a block is, of which only that is told.
        return blocks.sudo().search(domain).mapped("name")

    def _resolve_numbers(self, texts):
        """Return what the resolver says of numbers that were typed or scanned for the
        order; a component that is made anew stays what it is.
        """
        resolver = self.env["serial.resolver"]
        results = resolver._resolve(resolver._read_lines(texts), self)
        rework = set(self.move_raw_ids.lot_ids.ids)
        for result in results:
            if result["lot_id"] in rework:
                result["level"] = "good"
        return self._put_in_own_words(results)

    def _check_made(self, lines):
        """Refuse units that the order makes with numbers which they may not bear.

        :param lines: move lines of serials, about to be done.
        """
        faults = self._put_in_own_words(lines._find_faults(self))
        if faults:
            self.env["serial.case"]._raise_after(self, faults)
            raise UserError("\n".join(fault["message"] for fault in faults[:5]))

    def _put_in_own_words(self, results):
        """Return the resolver's results with what is said of orders only."""
        for result in results:
            if result["verdict"] == "not_issued":
                result["message"] = self.env._(
                    "%(order)s takes only numbers that were issued for %(product)s, "
                    "and %(serial)s is none. Clear it and generate one.",
                    order=self.name,
                    product=self.product_id.display_name,
                    serial=result["serial"],
                )
        return results

    # ---- Components by unit ----

    def _post_inventory(self, cancel_backorder=False):
        """Note which component went into which unit."""
        result = super()._post_inventory(cancel_backorder=cancel_backorder)
        self.env["serial.genealogy"]._note_made(self)
        return result

    # ---- Labels ----

    def action_print_serial_labels(self):
        """Open the dialog that prints labels of the order's serials.

        :raises UserError: where the order has none yet.
        """
        self.check_access("read")
        if not self.lot_producing_ids:
            raise UserError(
                self.env._(
                    "%(orders)s has no serials yet. Generate them first.",
                    orders=", ".join(self.mapped("name")),
                )
            )
        return self.lot_producing_ids._get_label_action()
