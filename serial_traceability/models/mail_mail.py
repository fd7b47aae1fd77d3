from odoo import models


class MailMail(models.Model):
    _inherit = "mail.mail"

    def _postprocess_sent_message(
        self, success_pids, success_emails, failure_reason=False, failure_type=None
    ):
        """Note on the notices of recalls whether they were sent."""
        notices = self.filtered(lambda mail: mail.model == "serial.recall.notice")
        if notices:
            self.env["serial.recall.notifier"]._hear(notices)
        return super()._postprocess_sent_message(
            success_pids,
            success_emails,
            failure_reason=failure_reason,
            failure_type=failure_type,
        )
