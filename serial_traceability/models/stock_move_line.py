from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..const import Moves
from ..core import numbering
from ..core.movement import HELD
from ..core.verdict import Verdict

#: What a done line says of a movement; a change of one of these is a correction.
_MOVEMENT_FIELDS = frozenset(
    {
        "location_dest_id",
        "location_id",
        "lot_id",
        "owner_id",
        "package_id",
        "product_uom_id",
        "quant_id",
        "quantity",
        "result_package_id",
    }
)
#: What decides whether a line takes a unit where it may not go.
_PASSING_FIELDS = frozenset(
    {
        "location_dest_id",
        "location_id",
        "lot_id",
        "lot_name",
        "move_id",
        "product_uom_id",
        "quant_id",
        "quantity",
    }
)
#: The parts of a passing that a write may change, with their fields.
_PASSING_PARTS = {
    "move": "move_id",
    "lot": "lot_id",
    "source": "location_id",
    "destination": "location_dest_id",
}
#: Usages of the locations from which units come in.
_OUTSIDE = frozenset({"supplier", "customer", "production"})


class StockMoveLine(models.Model):
    _inherit = "stock.move.line"

    serial_batch_id = fields.Many2one(
        "serial.batch",
        "Batch",
        check_company=True,
        domain="[('product_id', '=', product_id)]",
        help="Production batch that the serials created by this line come from",
    )
    serial_production_date = fields.Date(
        "Produced", help="When the serials created by this line were made"
    )

    lot_locked = fields.Boolean("Serial Locked", related="lot_id.is_locked")
    hold_summary = fields.Char(related="lot_id.hold_summary")

    _lot_idx = models.Index("(lot_id) WHERE lot_id IS NOT NULL")

    @api.model_create_multi
    def create(self, vals_list):
        """Write lines added to a done transfer on the ledger."""
        lines = super().create(vals_list)
        gate, is_done = self.env["serial.gate"], lambda line: line.state == "done"
        gate._check_lines(lines.filtered(is_done), lock=True)
        gate._check_lines(lines.filtered(lambda line: not is_done(line)))
        together = Moves.told_together(self.env)
        done = lines.filtered(
            lambda line: (
                line.state == "done" and line.lot_id and line.move_id.id not in together
            )
        )
        if done:
            done._check_received_once()
            done._check_not_retired()
            done._check_announced_unless_corrected()
            done._check_issued_unless_corrected()
            self.env["serial.movement"]._record_addition(done.ids)
            self.env["serial.recall.collector"]._collect(done)
            done._meet_recalls()
        return lines

    def write(self, vals):
        """Write changes of done lines on the ledger, as corrections."""
        self._check_gate(vals)
        done = self._get_told(vals)
        if not done:
            return super().write(vals)
        before = self.env["serial.movement"]._read(done.ids)
        result = super().write(vals)
        done._tell_changes(before)
        return result

    def _check_gate(self, vals):
        """Refuse that lines come to take held units where these may not go.

        Before anything is written: some callers swallow errors and go on. What a line
        takes already, and what it gives back, is no new wrong.
        """
        if _PASSING_FIELDS.isdisjoint(vals):
            return
        if vals.get("quant_id"):
            vals = {**vals, **self._copy_quant_info(vals)}
        gate = self.env["serial.gate"]
        done = self.filtered(lambda line: line.state == "done")
        for lines in (done, self - done):
            passings = [each for line in lines for each in line._get_new_passings(vals)]
            gate._check(passings, lock=lines == done)

    def _get_new_passings(self, vals):
        """Return what the line will move where ``vals`` are written, as a list of one,
        or of none where it is nothing that it did not move before.
        """
        quantity = vals.get("quantity", self.quantity)
        before = self.env["serial.gate"]._get_line_passing(self)
        after = before._replace(
            **{
                part: _get_record(getattr(before, part), vals[name])
                for part, name in _PASSING_PARTS.items()
                if name in vals
            },
            name=vals.get("lot_name", before.name),
        )
        is_more = quantity > self.quantity or "product_uom_id" in vals
        if not quantity or quantity < 0 or (after == before and not is_more):
            return []
        return [after]

    def _tell_changes(self, before):
        """Write on the ledger what was changed of these done lines.

        What still moves is checked as if it were done now; what is taken back, and
        what a form saved as it was, is not.

        :param before: rows of ``serial.movement`` from before the change.
        """
        movements = self.env["serial.movement"]
        after = movements._read(self.ids)
        changed = movements._find_changed(before, after)
        moving = self.browse(
            row["move_line_res_id"]
            for row in after
            if row["move_line_res_id"] in changed
        )
        moving._check_received_once()
        moving._check_not_retired()
        moving._check_announced_unless_corrected()
        other = {row["move_line_res_id"]: row["lot_id"] for row in before}
        moving.filtered(
            lambda line: line.lot_id.id != other.get(line.id)
        )._check_issued_unless_corrected()
        movements._record_correction(before, after)
        moving._meet_recalls()

    def _get_told(self, vals):
        """Return the done lines of which ``vals`` change what the ledger tells.

        Where core changes the unit of measure of a product for all its lines, nothing
        moves: it says so by ``skip_uom_conversion``.
        """
        if _MOVEMENT_FIELDS.isdisjoint(vals) or self.env.context.get(
            "skip_uom_conversion"
        ):
            return self.browse()
        together = Moves.told_together(self.env)
        return self.filtered(
            lambda line: (
                line.state == "done"
                and line.tracking != "none"
                and line.move_id.id not in together
            )
        )

    def _check_received_once(self):
        """Refuse a unit that came in from outside while it was in stock already."""
        received = self.filtered(
            lambda line: (
                line.tracking == "serial"
                and line.location_id.usage in _OUTSIDE
                and line.location_dest_id.usage in HELD
            )
        )
        received.lot_id._check_one_place()

    def _check_not_retired(self):
        """Refuse that a retired serial comes into stock."""
        self.filtered(
            lambda line: (
                line.tracking == "serial" and line.location_dest_id.usage in HELD
            )
        ).lot_id._check_not_retired()

    def _check_announced(self):
        """Refuse units that their supplier had to announce, and did not.

        Scanning says so at once; this is for what was typed or came another way.
        """
        received = self.filtered(
            lambda line: (
                line.tracking == "serial"
                and line.picking_id
                and line.location_id.usage == "supplier"
            )
        )
        asking = received.product_id.product_tmpl_id.filtered(
            lambda product: product._get_serial_policy().numbered_by == "announced"
        )
        received = received.filtered(
            lambda line: line.product_id.product_tmpl_id in asking
        )
        for picking, lines in received.grouped("picking_id").items():
            lines._refuse_unannounced(picking, picking._get_announced_names())

    def _begin_lives(self):
        """Note what these done lines made, before the ledger tells of it. Bridges say
        what that is.
        """

    def _meet_recalls(self):
        """Hold those units that came in and that a live recall is about."""
        came = self.filtered(
            lambda line: (
                line.location_id.usage not in HELD
                and line.location_dest_id.usage in HELD
            )
        )
        self.env["serial.recall.locker"]._catch(came.lot_id.ids)

    def _check_announced_unless_corrected(self):
        """Let a quality manager correct on a done receipt what was misread there."""
        if not self._may_correct():
            self._check_announced()

    def _check_issued_unless_corrected(self):
        """Let a quality manager correct on a done receipt what was misread there."""
        if not self._may_correct():
            self._check_issued_numbers()

    @api.model
    def _may_correct(self):
        return self.env.user.has_group(
            "serial_traceability.group_serial_quality_manager"
        )

    def _refuse_unannounced(self, picking, announced):
        """Refuse lines of a receipt whose serials are not announced.

        :param announced: ``{product id: serials}``.
        """
        surplus = self.filtered(
            lambda line: line.lot_id.name not in announced.get(line.product_id.id, ())
        )
        if surplus:
            raise ValidationError(
                self.env._(
                    "%(receipt)s takes only what the supplier announced, and "
                    "%(serials)s of %(product)s is not on the list. Announce it, or "
                    "take it off the receipt.",
                    receipt=picking.name,
                    serials=", ".join(surplus[:5].lot_id.mapped("name")),
                    product=surplus[0].product_id.display_name,
                )
            )

    def _check_issued_numbers(self):
        """Refuse numbers that the sender may not put on units: another's, one that is
        out of use or in use already, one that nobody issued, one that the policy does
        not allow.

        Scanning says so at once; what is typed, imported or sent meets this. Constant
        queries a transfer.
        """
        received = self.filtered(
            lambda line: (
                line.picked
                and line.tracking == "serial"
                and line.location_id.usage == "supplier"
            )
        )
        for picking, lines in received.grouped("picking_id").items():
            faults = lines._find_faults(picking)
            if not faults:
                continue
            self.env["serial.case"]._raise_after(picking, faults)
            raise UserError("\n".join(fault["message"] for fault in faults[:5]))

    def _find_faults(self, target):
        """Return what speaks against the numbers on lines of a receipt, as the
        resolver's results do.

        :param target: the receipt, or what else units come in by; empty for nothing.
        """
        names = {line._get_serial_name() for line in self} - {False}
        held = {}
        if target:
            issued = target._get_issued_numbers(names, self.ids)
            held = target._get_held_products(self.product_id)
        else:
            nobody, company = self.env["res.partner"], self.company_id[:1]
            blocks = self.env["serial.block"]
            issued = blocks._get_issued(names, nobody, company, self.ids)
        known = self._get_keys_moved_before(issued, held)
        faults = []
        for line in self:
            name = line._get_serial_name()
            key = (line.product_id.id, name)
            number = issued.get(key)
            if number:
                code = number.fault or (number.is_second and "used_twice")
            else:
                code = name and key[0] in held and key not in known and "not_issued"
            code = code or (not line._has_allowed_form() and "wrong_form")
            if code:
                block = number.block if number else held.get(key[0], "")
                faults.append(line._prepare_fault(code, name, block, number))
        return faults

    def _has_allowed_form(self):
        """Return whether the policy allows the number as it is spelt; that of a unit
        with a history, it does.
        """
        name, form = self._get_serial_name(), self._get_form_asked_for()
        # Stands in for reading the history, of which whoever receives or makes the unit
        # need not know more than that there is one.
        if not name or not form or self.lot_id.sudo().last_event_id:
            return True
        return numbering.fits_form(form, name)

    def _get_form_asked_for(self):
        """Return the form that the supplier's numbers must have, None for any."""
        policy = self.product_id.product_tmpl_id._get_serial_policy()
        return policy._get_foreign_form() if policy else None

    def _get_serial_name(self):
        """Return the number that the line's unit bears, or is to bear."""
        return self.lot_id.name or self.lot_name

    def _get_keys_moved_before(self, issued, held):
        """Return the ``(product id, number)`` of units that come from who has numbers
        of ours and bear none of these, but were here before.
        """
        strange = self.filtered(
            lambda line: (
                line.product_id.id in held
                and (line.product_id.id, line._get_serial_name()) not in issued
            )
        )
        if not strange:
            return set()
        # Stands in for seeing a serial that another company has.
        lots = self.env["stock.lot"].sudo()
        lots = lots.search(
            [
                ("product_id", "in", strange.product_id.ids),
                ("name", "in", [line._get_serial_name() for line in strange]),
            ]
        )
        moved = lots._get_moved(self.ids)
        return {(lot.product_id.id, lot.name) for lot in moved}

    def _prepare_fault(self, code, name, block, number):
        """Return what the resolver's results say of a wrong number."""
        details = {
            "serial": name,
            "block": block,
            "expired": number and number.expired,
            "product": self.product_id.display_name,
            "form": self._get_form_asked_for(),
        }
        said = Verdict(code, "wrong", details)
        return {
            "verdict": code,
            "product_id": self.product_id.id,
            "serial": name,
            "message": self.env["serial.verdict"]._get_message(said),
        }

    def _prepare_new_lot_vals(self):
        vals = super()._prepare_new_lot_vals()
        if self.serial_batch_id:
            vals["batch_id"] = self.serial_batch_id.id
            expiration = self.serial_batch_id._get_expiration_datetime()
            if expiration and self.product_id.use_expiration_date:
                vals["expiration_date"] = expiration
        if self.serial_production_date:
            vals["production_date"] = self.serial_production_date
        return vals


def _get_record(records, value):
    """Return the record that a value to write stands for: an id, or the record."""
    if isinstance(value, models.BaseModel):
        return value.with_env(records.env)
    return records.browse(value or ())
