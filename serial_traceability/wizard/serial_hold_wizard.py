from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class SerialHoldWizard(models.TransientModel):
    """Serials about to be held, with the reason: chosen from a list, those of a batch,
    or named by scans and pasted numbers.

    Who may hold for which reason is checked where they are held.
    """

    _name = "serial.hold.wizard"
    _description = "Holding of Serials"

    lot_ids = fields.Many2many("stock.lot", string="Serials")
    lot_count = fields.Integer(compute="_compute_lot_count")
    scan_text = fields.Text("Scanned or Pasted", help="One unit a line")
    problems = fields.Text("Left Out", readonly=True)
    reason_id = fields.Many2one("serial.hold.reason", default=lambda self: False)
    needs_note = fields.Boolean(related="reason_id.needs_note")
    severity = fields.Selection(
        lambda self: self.env["serial.hold.reason"]._get_severities(),
        compute="_compute_severity",
        store=True,
        readonly=False,
    )
    note = fields.Text("Details")

    @api.model
    def default_get(self, fields):
        """Start with the chosen serials, or with those of the chosen batches."""
        values = super().default_get(fields)
        lots = self.env["stock.lot"]
        model, ids = (
            self.env.context.get(key) for key in ("active_model", "active_ids")
        )
        if model == "stock.lot":
            lots = lots.browse(ids or ())
        elif model == "serial.batch":
            lots = lots.search([("batch_id", "in", ids or ())])
        values["lot_ids"] = [Command.set(lots.ids)]
        return values

    @api.depends("lot_ids")
    def _compute_lot_count(self):
        for wizard in self:
            wizard.lot_count = len(wizard.lot_ids)

    @api.depends("reason_id")
    def _compute_severity(self):
        for wizard in self:
            wizard.severity = wizard.reason_id.severity

    def action_read(self):
        """Add what is scanned or pasted, and show what is left out."""
        self.ensure_one()
        self._read_scans()
        return self._open()

    def _read_scans(self):
        """Add the units that the lines name; keep what is wrong with the others."""
        lots, problems = self.env["serial.list.reader"]._find(self.scan_text or "")
        self.lot_ids |= lots
        self.problems = "\n".join(problems)
        self.scan_text = False

    def action_apply(self):
        """Hold the serials. Lines that name none are shown first.

        :raises AccessError: where the user may not hold for this reason.
        :raises UserError: where there is no reason or nothing to hold.
        """
        self.ensure_one()
        if (self.scan_text or "").strip():
            self._read_scans()
            if self.problems:
                return self._open()
        if not self.lot_ids:
            raise UserError(
                self.env._("There is nothing to hold: scan or paste the units.")
            )
        self.lot_ids.hold(self.reason_id.id, self.note or "", self.severity)
        return {"type": "ir.actions.act_window_close"}

    def _open(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Hold"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
        }
