from odoo import fields, models


class SerialRecallApproval(models.Model):
    """One person's approval of closing a recall, with what they approved.

    Two different quality managers approve; the second closes it. Written once by the
    closer, never changed. The name stays when the user goes.
    """

    _name = "serial.recall.approval"
    _description = "Approval of Closing a Recall"
    _order = "id"
    _rec_name = "user_name"

    recall_id = fields.Many2one(
        "serial.recall", required=True, readonly=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="restrict"
    )
    user_id = fields.Many2one("res.users", readonly=True, ondelete="set null")
    user_name = fields.Char("Approved By", required=True, readonly=True)
    time = fields.Datetime("Approved", required=True, readonly=True)
    open_quantity = fields.Float("Not Accounted For", readonly=True)
    reason = fields.Text("Why It Is Closed All the Same", readonly=True)

    _person_once = models.Constraint(
        "UNIQUE (recall_id, user_id)", "A person approves a recall's closing once."
    )
