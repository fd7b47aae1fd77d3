from odoo import api, fields, models
from odoo.fields import Command


class SerialReleaseWizard(models.TransientModel):
    """Holds about to be lifted, and why. Quality managers only: that is checked where
    they are lifted.
    """

    _name = "serial.release.wizard"
    _description = "Release of Serials"

    hold_ids = fields.Many2many("serial.hold", string="Holds", readonly=True)
    hold_count = fields.Integer(compute="_compute_hold_count")
    reason = fields.Text("Why Released", required=True)

    @api.model
    def default_get(self, fields):
        """Start with the chosen holds, or with those on the chosen serials."""
        values = super().default_get(fields)
        model, ids = (
            self.env.context.get(key) for key in ("active_model", "active_ids")
        )
        names = {"serial.hold": "id", "stock.lot": "lot_id", "serial.batch":
                 "lot_id.batch_id"}  # fmt: skip
        holds = self.env["serial.hold"]
        if model in names:
            holds = holds.search(
                [(names[model], "in", ids or ()), ("state", "=", "open")]
            )
        values["hold_ids"] = [Command.set(holds.ids)]
        return values

    @api.depends("hold_ids")
    def _compute_hold_count(self):
        for wizard in self:
            wizard.hold_count = len(wizard.hold_ids)

    def action_apply(self):
        """Lift the holds.

        :raises AccessError: where the user is not a quality manager.
        :raises UserError: where whoever placed a hold may not lift it.
        """
        self.ensure_one()
        self.hold_ids.lift(self.reason)
        return {"type": "ir.actions.act_window_close"}
