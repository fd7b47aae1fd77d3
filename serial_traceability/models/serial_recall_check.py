from odoo import fields, models


class SerialRecallCheck(models.Model):
    """One customer to be called to see whether the notice reached them, and what came
    of the call.

    Drawn with a sample. Whoever calls, service or a quality manager, enters the outcome
    and the record says who and when; another call changes it.
    """

    _name = "serial.recall.check"
    _description = "Effectiveness Check"
    _inherit = ["serial.steps", "mail.thread"]
    _order = "outcome desc, id"
    _rec_name = "notice_id"

    _following = frozenset(
        {
            "sample_id",
            "recall_id",
            "company_id",
            "notice_id",
            "called_by_id",
            "called_time",
        }
    )

    sample_id = fields.Many2one(
        "serial.recall.sample",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    recall_id = fields.Many2one(
        "serial.recall", required=True, readonly=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="restrict"
    )
    notice_id = fields.Many2one(
        "serial.recall.notice",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    partner_id = fields.Many2one(related="notice_id.partner_id", string="Customer")
    phone = fields.Char(related="partner_id.phone")
    outcome = fields.Selection(
        [
            ("open", "To Be Called"),
            ("not_reached", "Not Reached"),
            ("reached", "Reached, Knew of Nothing"),
            ("understood", "Had Understood"),
            ("acted", "Had Acted"),
        ],
        required=True,
        default="open",
        tracking=True,
    )
    note = fields.Text("What Was Said", tracking=True)
    called_by_id = fields.Many2one("res.users", readonly=True, ondelete="set null")
    called_time = fields.Datetime("Called", readonly=True)

    _once = models.Constraint(
        "UNIQUE (sample_id, notice_id)", "A customer is drawn once in a sample."
    )

    def write(self, vals):
        """Note who called, and when, with the outcome of the call."""
        result = super().write(vals)
        if "outcome" in vals:
            self._note(
                {"called_by_id": self.env.uid, "called_time": fields.Datetime.now()}
            )
        return result

    def action_open_notice(self):
        """Open the notice of the customer to be called."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "serial.recall.notice",
            "res_id": self.notice_id.id,
            "view_mode": "form",
        }
