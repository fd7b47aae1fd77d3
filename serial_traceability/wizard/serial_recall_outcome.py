from odoo import api, fields, models
from odoo.fields import Command


class SerialRecallOutcome(models.TransientModel):
    """What became of some units of recalls, about to be entered.

    Quality managers fill it in for a selection; applying it writes it on the units and
    on the ledger.
    """

    _name = "serial.recall.outcome"
    _description = "Outcome of Recalled Units"

    unit_ids = fields.Many2many("serial.recall.unit", string="Units", readonly=True)
    unit_count = fields.Integer(compute="_compute_counts")
    ended_count = fields.Integer(compute="_compute_counts")
    outcome = fields.Selection(
        lambda self: self.env["serial.recall.unit"]._fields["outcome"].selection,
        required=True,
        default="returned",
    )
    witness = fields.Char(help="Who saw it destroyed")
    note = fields.Text("Details")

    @api.model
    def default_get(self, fields):
        """Start with the chosen units."""
        values = super().default_get(fields)
        if self.env.context.get("active_model") == "serial.recall.unit":
            ids = self.env.context.get("active_ids", [])
            values["unit_ids"] = [Command.set(ids)]
        return values

    @api.depends("unit_ids")
    def _compute_counts(self):
        for wizard in self:
            wizard.unit_count = len(wizard.unit_ids)
            wizard.ended_count = len(wizard.unit_ids.filtered("outcome"))

    def action_apply(self):
        """Keep what became of the units.

        :raises AccessError: where the user is not a quality manager.
        :raises UserError: where an outcome cannot be entered.
        """
        self.ensure_one()
        self.env["serial.recall.collector"]._end(
            self.unit_ids, self.outcome, note=self.note, witness=self.witness
        )
        return {"type": "ir.actions.act_window_close"}
