from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..core.lock import ALWAYS_OPEN, BY_REASON


class SerialHoldable(models.AbstractModel):
    """What holds mean to a serial or lot, which inherits it."""

    _name = "serial.holdable"
    _description = "What Can Be Held"

    hold_summary = fields.Char(
        "On Hold For",
        compute="_compute_hold_summary",
        help="Why it may not leave, and under which recall.",
    )
    open_hold_count = fields.Integer("Holds", compute="_compute_hold_summary")

    # ---- Seeing it ----

    @api.depends("is_locked", "hold_ids.state")
    @api.depends_context("lang")
    def _compute_hold_summary(self):
        holds = self._origin.filtered("is_locked")._get_open_holds()
        for lot in self:
            standing = holds.get(lot._origin.id, self.env["serial.hold"])
            parts = [
                *standing.reason_id.mapped("name"),
                *standing.recall_id.mapped("name"),
            ]
            lot.hold_summary = ", ".join(parts) or False
            lot.open_hold_count = len(standing)

    def action_open_holds(self):
        """Open the holds on these serials, open ones first."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Holds on %(serials)s", serials=self._get_names()),
            "res_model": "serial.hold",
            "view_mode": "list,form",
            "domain": [("lot_id", "in", self.ids)],
        }

    def _get_names(self):
        return ", ".join(self[:5].mapped("name"))

    # ---- Holding and releasing ----

    def hold(self, reason_id, note="", severity=None):
        """Hold serials or lots: they are taken off what they are reserved for and may
        not leave until somebody releases them.

        :param reason_id: id of a ``serial.hold.reason``.
        :param note: details, as text; some reasons ask for them.
        :param severity: minor, major or critical; that of the reason if left out.
        :return: the number of holds placed.
        :raises AccessError: where the user may not hold for this reason.
        :raises UserError: where there is no reason, or no details of one that asks for
            them.
        """
        reason = self.env["serial.hold.reason"].browse(reason_id).exists()
        reason._check_may_hold(note, severity)
        self._check_named()
        return self.env["serial.lock"]._place(
            self, reason, severity=severity, note=(note or "").strip()
        )

    def release(self, reason):
        """Lift all holds of the user's companies that stand on serials or lots.

        :param reason: why, as text.
        :raises AccessError: where the user is not a quality manager.
        :raises UserError: where the reason is empty, nothing is held, or whoever placed
            a hold may not lift it.
        """
        self.check_access("read")
        holds = self.env["serial.hold"]._check_may_lift(reason)
        holds = holds.search([("lot_id", "in", self.ids), ("state", "=", "open")])
        if not holds:
            raise UserError(
                self.env._(
                    "No hold of your company stands on %(serials)s. What another "
                    "company stopped, that company releases.",
                    serials=self._get_names(),
                )
            )
        holds.lift(reason)

    def _check_named(self):
        """Refuse to hold nothing, what is gone, and what the user may not see."""
        if not self or len(self.exists()) < len(self):
            raise UserError(self.env._("Name the serials or lots that are to be held."))
        self.check_access("read")

    def action_hold(self):
        """Open the dialog that holds these serials."""
        return self._open_dialog("serial.hold.wizard", self.env._("Hold"))

    def action_release(self):
        """Open the dialog that releases these serials."""
        return self._open_dialog("serial.release.wizard", self.env._("Release"))

    def _open_dialog(self, model, name):
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": model,
            "views": [(False, "form")],
            "target": "new",
            "context": {"active_model": "stock.lot", "active_ids": self.ids},
        }

    # ---- Which way is closed ----

    @api.model
    def _get_barred_domain(self, choice):
        """Return the domain of held lots that may not take a way.

        :param choice: see :class:`..const.Choice`.
        """
        domain = Domain("is_locked", "=", True)
        if choice.free_ids:
            domain &= Domain("id", "not in", list(choice.free_ids))
        if choice.passage in BY_REASON:
            reasons = self.env["serial.hold.reason"]._get_closed_to(choice.passage)
            closed = Domain("state", "=", "open") & Domain("reason_id", "in", reasons)
            domain &= Domain("hold_ids", "any!", closed)
        return domain

    def _get_barred(self, choice):
        """Return those of these lots that may not take a way, as
        :meth:`_get_barred_domain` finds them; without a query where none is held.
        """
        # Stands in for seeing that another company holds a lot: it stops all.
        lots = self.sudo().filtered("is_locked").sudo(self.env.su)
        if not lots or choice.passage in ALWAYS_OPEN:
            return lots.browse()
        barred = lots._get_closed(choice.passage)
        return barred.filtered(lambda lot: lot.id not in choice.free_ids)

    def _get_closed(self, passage):
        """Return those of these held lots whose holds close a passage."""
        holds = self._get_open_holds()
        return self.filtered(
            lambda lot: (
                lot.id in holds
                and passage not in holds[lot.id].reason_id._get_permitted()
            )
        )

    def _get_open_holds(self):
        """Return ``{lot id: holds}`` of what stands on these lots, in one query."""
        if not self.ids:
            return {}
        # Stands in for reading the holds of a company that the user cannot see: a unit
        # that it stops may not leave by another one.
        holds = self.env["serial.hold"].sudo()
        holds = holds.search([("lot_id", "in", self.ids), ("state", "=", "open")])
        return {lot.id: group for lot, group in holds.grouped("lot_id").items()}
