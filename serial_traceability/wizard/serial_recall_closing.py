from odoo import fields, models


class SerialRecallClosing(models.TransientModel):
    """One person's approval of closing a recall, about to be given.

    Shows what is still open; quality managers approve, and the second one closes it.
    """

    _name = "serial.recall.closing"
    _description = "Approval of Closing a Recall"

    recall_id = fields.Many2one("serial.recall", required=True, readonly=True)
    open_quantity = fields.Float(related="recall_id.open_quantity")
    total_quantity = fields.Float(related="recall_id.total_quantity")
    recovered_percent = fields.Float(related="recall_id.recovered_percent")
    approval_ids = fields.One2many(related="recall_id.approval_ids")
    reason = fields.Text("Why It Is Closed All the Same")

    def action_approve(self):
        """Approve in the user's name.

        :raises AccessError: where the user is not a quality manager.
        :raises UserError: where the recall cannot be closed now, or not by this user.
        """
        self.ensure_one()
        self.env["serial.recall.closer"]._approve(self.recall_id, self.reason)
        return {"type": "ir.actions.act_window_close"}
