import secrets

from odoo import api, fields, models


class SerialRecallSampling(models.TransientModel):
    """A sample of notified customers about to be drawn, by a quality manager."""

    _name = "serial.recall.sampling"
    _description = "Drawing a Sample of Notified Customers"

    recall_id = fields.Many2one("serial.recall", required=True, readonly=True)
    population_count = fields.Integer(
        "Told and Not Called Yet", compute="_compute_population_count"
    )
    size = fields.Integer("How Many", required=True, default=10)

    @api.depends("recall_id")
    def _compute_population_count(self):
        samples = self.env["serial.recall.sample"]
        for wizard in self:
            wizard.population_count = len(samples._get_population(wizard.recall_id))

    def action_draw(self):
        """Draw the sample and open the calls to make.

        :raises AccessError: where the user is not a quality manager.
        :raises UserError: where there is nobody to draw.
        """
        self.ensure_one()
        self.env["serial.recall.notifier"]._check_manager()
        self.recall_id.check_access("write")
        seed = secrets.token_hex(16)
        self.env["serial.recall.sample"]._draw(self.recall_id, self.size, seed)
        return self.recall_id.action_open_checks()
