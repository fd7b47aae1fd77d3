from odoo import fields, models
from odoo.exceptions import UserError


class SerialBlockRetire(models.TransientModel):
    """Unused numbers of a block about to be returned or destroyed, for ever.

    Quality managers only.
    """

    _name = "serial.block.retire"
    _description = "End of Unused Numbers"

    block_id = fields.Many2one("serial.block", required=True, ondelete="cascade")
    unused_count = fields.Integer(related="block_id.unused_count")
    end = fields.Selection(
        [
            ("returned", "Returned: their holder does not use them"),
            ("destroyed", "Destroyed: labels that bear them were spoilt"),
        ],
        "What Happened",
        required=True,
        default="returned",
    )
    scope = fields.Selection(
        [("all", "All unused numbers"), ("listed", "These numbers")],
        "Which",
        required=True,
        default="all",
    )
    numbers = fields.Text(help="One number a line")
    reason = fields.Char()

    def action_retire(self):
        """End the numbers and say how many.

        :raises AccessError: where the user is no quality manager.
        :raises UserError: where a reason is missing, or a number is none of the
            block's unused ones.
        """
        self.ensure_one()
        block = self.block_id
        block._check_quality_manager()
        block.check_access("write")
        reason = (self.reason or "").strip()
        if self.end == "destroyed" and not reason:
            raise UserError(
                self.env._(
                    "Say why the numbers were destroyed: it stands on the ledger."
                )
            )
        names = self._get_names() if self.scope == "listed" else None
        count = block._retire(self.end, names, reason or None)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._(
                    "%(count)s numbers are out of use for ever.", count=count
                ),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def _get_names(self):
        """Return the listed numbers, each once, in order."""
        lines = (line.strip() for line in (self.numbers or "").splitlines())
        names = list(dict.fromkeys(filter(None, lines)))
        if not names:
            raise UserError(
                self.env._("List the numbers, one a line, or choose all unused ones.")
            )
        return names
