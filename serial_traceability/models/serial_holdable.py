from odoo import api, models
from odoo.fields import Domain

from ..core.lock import ALWAYS_OPEN, BY_REASON


class SerialHoldable(models.AbstractModel):
    """What holds mean to a serial or lot, which inherits it."""

    _name = "serial.holdable"
    _description = "What Can Be Held"

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
