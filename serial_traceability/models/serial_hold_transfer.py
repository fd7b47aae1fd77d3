from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..const import Choice
from .serial_gate import Passing


class SerialHoldTransfer(models.AbstractModel):
    """What holds mean to a transfer, which inherits it: which held units may not go on
    it, which somebody lets pass, and what it lost to holds.
    """

    _name = "serial.hold.transfer"
    _description = "Transfer of Units That May Be Held"

    hold_override_ids = fields.One2many(
        "serial.hold.override",
        "picking_id",
        readonly=True,
        groups="serial_traceability.group_serial_reader",
    )
    substitution_ids = fields.One2many(
        "serial.substitution",
        "picking_id",
        readonly=True,
        groups="serial_traceability.group_serial_reader",
    )
    substitutes_sought = fields.Boolean(
        compute="_compute_substitutes_sought",
        help="Held units were taken off; what replaces them is being sought.",
    )
    # Whether there may be any of them, for those who ask at every movement.
    holds_overridden = fields.Boolean(readonly=True, copy=False)

    # ---- What may not go ----

    def _get_held_back(self, lots):
        """Return why held units may not go on this transfer, in words."""
        locked = lots.filtered("is_locked")
        if not locked:
            return {}
        passage = self._get_passage()
        barred = locked._get_barred(Choice(passage, self._get_overridden_lot_ids()))
        return {lot.id: lot.hold_summary for lot in barred}

    def _get_passage(self):
        """Return what the transfer is to a held unit."""
        self.ensure_one()
        # Stands in for reading the other company's end of a transfer between two.
        places = self.sudo()
        passing = Passing(
            self.env["stock.move"],
            self.env["product.product"],
            self.env["stock.lot"],
            None,
            places.location_id,
            places.location_dest_id,
            self.env["stock.package"],
        )
        return self.env["serial.gate"]._get_passage(passing)

    # ---- What it lost ----

    @api.depends("substitution_ids")
    def _compute_substitutes_sought(self):
        # Stands in for reading what a job has yet to do for a transfer that one reads.
        lost = self.sudo().substitution_ids.filtered("lot_id").picking_id
        for picking in self:
            picking.substitutes_sought = picking._origin in lost

    # ---- What somebody lets pass ----

    def override_holds(self, lot_ids, reason):
        """Let held units pass on this transfer, and on no other.

        :param lot_ids: ids of the serials or lots.
        :param reason: why, as text.
        :raises AccessError: where the user may not override holds, or may not see the
            transfer or a unit.
        :raises UserError: where the reason is empty, the transfer is over, or a unit
            is not held.
        """
        self.ensure_one()
        lots = self.env["stock.lot"].browse(lot_ids).exists()
        self._check_override(lots, reason)
        self._let_pass(lots, reason.strip())

    def _let_pass(self, lots, reason, document=None):
        """Let held lots pass on this transfer, and tell the ledger; callers check the
        user's right.

        :param lots: serials or lots.
        :param reason: why, as text.
        :param document: the record in whose course they pass; the transfer by default.
        """
        holds = lots._get_open_holds()
        company = self.company_id or self.env.company
        # Stands in for writing overrides, which nobody else does.
        self.env["serial.hold.override"].sudo().create(
            [
                {
                    "picking_id": self.id,
                    "lot_id": lot.id,
                    "reason": reason,
                    "user_id": self.env.uid,
                    # One that a live recall is about may have none yet.
                    "last_hold_id": max(holds[lot.id].ids) if lot.id in holds else 0,
                    "company_id": company.id,
                }
                for lot in lots
            ]
        )
        # Stands in for writing the transfer: its flag only says where to look.
        self.sudo().holds_overridden = True
        lifecycle = self.env["serial.lifecycle"].with_company(company)
        lifecycle._record(lots, "override", document=document or self, reason=reason)

    def _check_override(self, lots, reason):
        """Refuse an override without the right, a reason, or what to override."""
        if not self.env.user.has_group(
            "serial_traceability.group_serial_hold_override"
        ):
            raise AccessError(
                self.env._(
                    "You may not let held units pass. Ask a quality manager to release "
                    "them, or whoever may override holds."
                )
            )
        self.check_access("read")
        lots.check_access("read")
        self.env["serial.change"]._check_texts([reason])
        if not isinstance(reason, str) or not reason.strip():
            raise UserError(
                self.env._("Say why they may pass: the reason stays in their history.")
            )
        if self.state in ("done", "cancel"):
            raise UserError(
                self.env._(
                    "%(transfer)s is over: nothing can pass on it any more.",
                    transfer=self.name,
                )
            )
        free = lots.filtered(lambda lot: not lot.is_locked)
        if free or not lots:
            raise UserError(
                self.env._(
                    "Name the held units that may pass. Not held: %(serials)s.",
                    serials=", ".join(free[:5].mapped("name")) or "-",
                )
            )

    def action_override_holds(self):
        """Open the dialog that lets held units pass on this transfer."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Let Held Units Pass"),
            "res_model": "serial.override.wizard",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_picking_id": self.id},
        }

    def _get_overridden_lot_ids(self):
        """Return the ids of the lots that somebody lets pass on these transfers."""
        if not any(self.mapped("holds_overridden")):
            return frozenset()
        # Stands in for reading what a colleague let pass: it holds for the transfer.
        overrides = self.sudo().hold_override_ids
        holds = overrides.lot_id._get_open_holds()
        # A hold that was placed later stops the unit again.
        return frozenset(
            row.lot_id.id
            for row in overrides
            if max(holds.get(row.lot_id.id, overrides.browse()).ids, default=0)
            <= row.last_hold_id
        )
