from odoo import api, fields, models


class SerialRecallRun(models.Model):
    """One run over the units of a recall: holding them, or the exercise of finding
    them.

    Says how far it is while it runs, and how long it took: what an auditor asks of a
    mock recall. The run writes it; nobody deletes one.
    """

    _name = "serial.recall.run"
    _description = "Run of a Recall"
    _inherit = ["serial.steps"]
    _order = "id desc"
    _rec_name = "recall_id"

    _beginning = {"state": "running", "done_count": 0}

    recall_id = fields.Many2one(
        "serial.recall", required=True, readonly=True, index=True, ondelete="restrict"
    )
    kind = fields.Selection(
        [("lock", "Holding"), ("mock", "Mock Recall")], required=True, readonly=True
    )
    state = fields.Selection(
        [("running", "Running"), ("done", "Done")],
        default="running",
        required=True,
        readonly=True,
    )
    began = fields.Datetime(readonly=True, default=fields.Datetime.now)
    user_id = fields.Many2one(
        "res.users",
        "By",
        readonly=True,
        default=lambda self: self.env.user,
        ondelete="set null",
    )
    unit_count = fields.Integer("Units", readonly=True)
    done_count = fields.Integer("Held", readonly=True)
    found_count = fields.Integer(
        "Found", readonly=True, help="Units of which is known where they are"
    )
    holder_count = fields.Integer(
        "Holders", readonly=True, help="Customers and others who have units"
    )
    traced_count = fields.Integer(
        "Traced", readonly=True, help="Units of which is known whence they came"
    )
    source_count = fields.Integer(
        "Sources", readonly=True, help="Receipts and productions that they came from"
    )
    forward_seconds = fields.Float(
        "Forwards (s)",
        readonly=True,
        aggregator="avg",
        help="To find all units and who has them",
    )
    backward_seconds = fields.Float(
        "Backwards (s)",
        readonly=True,
        aggregator="avg",
        help="To find receipts, suppliers and components behind all units",
    )
    found_percent = fields.Float(
        "Found %", compute="_compute_percent", store=True, aggregator="avg"
    )
    done_percent = fields.Float(
        compute="_compute_percent", store=True, aggregator="avg"
    )
    company_id = fields.Many2one(related="recall_id.company_id", store=True, index=True)

    @api.depends("unit_count", "found_count", "done_count")
    def _compute_percent(self):
        for run in self:
            total = run.unit_count
            run.found_percent = 100 * run.found_count / total if total else 0
            run.done_percent = 100 * run.done_count / total if total else 0
