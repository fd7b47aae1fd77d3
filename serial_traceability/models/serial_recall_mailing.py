from odoo import fields, models


class SerialRecallMailing(models.Model):
    """One mailing of a notice: its first, one about units found later, a reminder.

    Planned as due, it is handed to the mail queue, or printed, exactly once: what hands
    it over says so here in the same transaction, and no notice has two that are due.
    The mail server's answer ends it. Only the notifier writes one.
    """

    _name = "serial.recall.mailing"
    _description = "Mailing of a Recall Notice"
    _order = "notice_id, wave"
    _rec_name = "notice_id"

    notice_id = fields.Many2one(
        "serial.recall.notice",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    recall_id = fields.Many2one(
        "serial.recall", required=True, readonly=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="restrict"
    )
    wave = fields.Integer(required=True, readonly=True)
    kind = fields.Selection(
        [
            ("notice", "Notice"),
            ("more", "Further Units"),
            ("reminder", "Reminder"),
        ],
        required=True,
        readonly=True,
    )
    state = fields.Selection(
        [
            ("due", "To Be Sent"),
            ("queued", "In the Mail Queue"),
            ("sent", "Sent"),
            ("failed", "Not Delivered"),
        ],
        required=True,
        readonly=True,
        default="due",
    )
    channel = fields.Selection(
        [("email", "E-mail"), ("letter", "Letter")], "Sent By", readonly=True
    )
    mail_id = fields.Many2one(
        "mail.mail", readonly=True, index="btree_not_null", ondelete="set null"
    )
    handed_time = fields.Datetime("Handed Over", readonly=True)
    done_time = fields.Datetime("Sent or Failed", readonly=True)
    failure_reason = fields.Text(readonly=True)

    # The guard of "nothing is sent twice", whatever the number of jobs and retries.
    _wave_once = models.Constraint(
        "UNIQUE (notice_id, wave)", "A wave of a notice is sent once."
    )
    _due_once = models.UniqueIndex("(notice_id) WHERE state = 'due'")
    _due_idx = models.Index("(id) WHERE state = 'due'")
