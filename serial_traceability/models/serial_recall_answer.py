from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL


class SerialRecallAnswer(models.Model):
    """What a customer said of one unit, once.

    An answer is never changed: another one follows it, and the unit shows the last. It
    comes from the customer's page, or was taken on the telephone by a user.
    """

    _name = "serial.recall.answer"
    _description = "Answer to a Recall Notice"
    _order = "id desc"
    _rec_name = "unit_id"
    _log_access = False

    unit_id = fields.Many2one(
        "serial.recall.unit",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    notice_id = fields.Many2one(
        "serial.recall.notice",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="restrict"
    )
    answer = fields.Selection(
        lambda self: self.env["serial.recall.unit"]._fields["answer"].selection,
        required=True,
        readonly=True,
    )
    note = fields.Text(readonly=True)
    source = fields.Selection(
        [("page", "Customer's Page"), ("telephone", "Telephone")],
        required=True,
        readonly=True,
    )
    user_id = fields.Many2one("res.users", readonly=True, ondelete="set null")
    time = fields.Datetime(required=True, readonly=True)

    def write(self, vals):  # pylint: disable=method-required-super
        """Refuse: what was said stays as it was said."""
        raise AccessError(
            self.env._("An answer is never changed. Take another one, it follows it.")
        )

    @api.model
    def _append(self, units, answer, note, source):
        """Keep one answer for each of ``units``. One statement.

        :param units: of ``serial.recall.unit``, all with a notice.
        """
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO serial_recall_answer (unit_id, notice_id, company_id,
                    answer, note, source, user_id, time)
                SELECT id, notice_id, company_id, %(answer)s, %(note)s, %(source)s,
                    %(user)s, %(now)s
                FROM serial_recall_unit WHERE id = ANY(%(units)s) ORDER BY id
                """,
                answer=answer,
                note=note or None,
                source=source,
                user=self.env.uid,
                now=fields.Datetime.now(),
                units=list(units.ids),
            )
        )
        units.invalidate_recordset(["answer_ids"])
