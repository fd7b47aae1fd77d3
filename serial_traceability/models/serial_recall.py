from odoo import api, fields, models


class SerialRecall(models.Model):
    """A recall case: why, which units, and how far it is.

    Drafted, it says by its scope which units it is about. Stop-ship holds them where
    they are and every one that comes later; recalling tells their holders and collects
    them; closing ends it with a report. Cancelling releases what it held. A mock recall
    goes the same way, holds nothing and tells nobody. Quality managers run it.
    """

    _name = "serial.recall"
    _description = "Recall"
    _inherit = ["serial.steps", "mail.thread", "mail.activity.mixin"]
    _order = "id desc"

    _beginning = {"state": "draft"}

    name = fields.Char("Number", readonly=True, copy=False, default="/", index=True)
    title = fields.Char(required=True, tracking=True)
    kind = fields.Selection(
        [
            ("recall", "Recall"),
            ("withdrawal", "Withdrawal"),
            ("stop_ship", "Stop-Ship"),
            ("mock", "Mock Recall"),
        ],
        required=True,
        default="recall",
        tracking=True,
    )
    recall_class = fields.Selection(
        [("1", "Class I"), ("2", "Class II"), ("3", "Class III")],
        "Class",
        tracking=True,
    )
    hazard = fields.Text(help="What may happen to whom.")
    root_cause = fields.Text(tracking=True)
    authority_reference = fields.Char(tracking=True)
    user_id = fields.Many2one(
        "res.users",
        "Responsible",
        default=lambda self: self.env.user,
        tracking=True,
        ondelete="set null",
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
        default=lambda self: self.env.company,
    )
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("stop_ship", "Stop-Ship"),
            ("recalling", "Recalling"),
            ("closed", "Closed"),
            ("cancelled", "Cancelled"),
        ],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
    )
    scope_ids = fields.One2many("serial.recall.scope", "recall_id", copy=True)
    hold_ids = fields.One2many("serial.hold", "recall_id", readonly=True)
    unit_ids = fields.One2many("serial.recall.unit", "recall_id", readonly=True)
    notice_ids = fields.One2many("serial.recall.notice", "recall_id", readonly=True)

    @api.model
    def _get_live_scopes(self):
        """Return the rules of all live recalls, of whatever company: those that refuse
        and hold. One query; none of them in most databases.
        """
        # Stands in for reading recalls of a company that the user cannot see: a unit
        # that is dangerous is so for all.
        scopes = self.env["serial.recall.scope"].sudo()
        return scopes.search(
            [
                ("recall_id.state", "in", ("stop_ship", "recalling")),
                ("recall_id.kind", "!=", "mock"),
            ]
        )
