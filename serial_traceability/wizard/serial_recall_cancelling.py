from odoo import fields, models


class SerialRecallCancelling(models.TransientModel):
    """Recalls about to be cancelled, and why. Quality managers only."""

    _name = "serial.recall.cancelling"
    _description = "Cancelling of Recalls"

    recall_ids = fields.Many2many("serial.recall", readonly=True)
    reason = fields.Text(required=True)

    def action_cancel(self):
        """Cancel the recalls and release what they held."""
        self.ensure_one()
        self.recall_ids.action_cancel(self.reason)
        return {"type": "ir.actions.act_window_close"}
