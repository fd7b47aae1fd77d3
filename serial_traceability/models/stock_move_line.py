from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..const import Moves
from ..core.movement import HELD

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

    _lot_idx = models.Index("(lot_id) WHERE lot_id IS NOT NULL")

    @api.model_create_multi
    def create(self, vals_list):
        """Write lines added to a done transfer on the ledger."""
        lines = super().create(vals_list)
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
            self.env["serial.movement"]._record_addition(done.ids)
        return lines

    def write(self, vals):
        """Write changes of done lines on the ledger, as corrections."""
        done = self._get_told(vals)
        if not done:
            return super().write(vals)
        before = self.env["serial.movement"]._read(done.ids)
        result = super().write(vals)
        done._tell_changes(before)
        return result

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
        movements._record_correction(before, after)

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

    def _check_announced_unless_corrected(self):
        """Let a quality manager correct on a done receipt what was misread there."""
        if not self.env.user.has_group(
            "serial_traceability.group_serial_quality_manager"
        ):
            self._check_announced()

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
        """Refuse a number of another's block, or one that is out of use.

        Scanning says so at once; what is typed, imported or sent meets this. One
        query a transfer.
        """
        received = self.filtered(
            lambda line: (
                line.picked
                and line.tracking == "serial"
                and line.location_id.usage == "supplier"
            )
        )
        for picking, lines in received.grouped("picking_id").items():
            names = {line.lot_name or line.lot_id.name for line in lines} - {False}
            sender = self.env["res.partner"]
            if picking:
                sender = picking._get_scan_sender()
            issued = self.env["serial.block"]._get_issued(names, sender)
            lines._refuse_faults(issued)

    def _refuse_faults(self, issued):
        """Raise the first sentences that speak against numbers of lines.

        :param issued: see ``serial.block._get_issued``.
        """
        sentences = []
        for line in self:
            name = line.lot_name or line.lot_id.name
            number = issued.get((line.product_id.id, name))
            if number and number.fault:
                verdicts = self.env["serial.verdict"]
                sentences.append(verdicts._say_fault(number, name))
        if sentences:
            raise UserError("\n".join(sentences[:5]))

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
