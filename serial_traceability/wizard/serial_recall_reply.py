from odoo import api, fields, models
from odoo.exceptions import UserError


class SerialRecallReply(models.TransientModel):
    """An answer that a customer gives on the telephone, about to be entered.

    Service and quality managers fill it in, for all units or some.
    """

    _name = "serial.recall.reply"
    _description = "Answer on the Telephone"

    notice_id = fields.Many2one("serial.recall.notice", required=True, readonly=True)
    unit_ids = fields.Many2many(
        "serial.recall.unit",
        string="Units",
        domain="[('notice_id', '=', notice_id)]",
        compute="_compute_unit_ids",
        store=True,
        readonly=False,
        help="Those of which the customer has said nothing, to begin with.",
    )
    answer = fields.Selection(
        lambda self: self.env["serial.recall.unit"]._fields["answer"].selection,
        required=True,
        default="has",
    )
    note = fields.Text("Details", help="e.g. to whom it was sold on")

    @api.depends("notice_id")
    def _compute_unit_ids(self):
        for wizard in self:
            units = wizard.notice_id.unit_ids.filtered(lambda unit: not unit.outcome)
            silent = units.filtered(lambda unit: not unit.answer)
            wizard.unit_ids = silent or units

    def action_apply(self):
        """Keep the answer.

        :raises AccessError: where the user is neither service nor quality manager.
        :raises UserError: where a unit is not of the notice, or the recall is over.
        """
        self.ensure_one()
        self.notice_id._check_answerer()
        self.notice_id.check_access("read")
        if not self.unit_ids or self.unit_ids.notice_id != self.notice_id:
            raise UserError(
                self.env._(
                    "Choose units of %(customer)s's own notice.",
                    customer=self.notice_id.partner_id.display_name,
                )
            )
        answers = {(self.answer, self.note or ""): self.unit_ids}
        self.notice_id._answer(answers, "telephone")
        return {"type": "ir.actions.act_window_close"}
