from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .serial_recall import LIVE


class SerialRecallCloser(models.AbstractModel):
    """Closes recalls, when two quality managers have approved it.

    What is held stays held; it can still be released by hand, unit by unit.
    """

    _name = "serial.recall.closer"
    _description = "Closer of Recalls"

    @api.model
    def _approve(self, recall, reason=None):
        """Approve the closing of a recall in the user's name; the second one closes it.

        An approval is void once more units are open than it was given for, since its
        person did not know of them.

        :param recall: one ``serial.recall`` that is live, or a mock one that runs.
        :param reason: why it is closed although units are not accounted for.
        :return: whether it is closed now.
        :raises AccessError: where the user is not a quality manager.
        :raises UserError: where it cannot be closed now, or not by this person.
        """
        self._check_closable(recall)
        self._wait_for_others(recall)
        self._check_closable(recall)
        open_quantity = recall.open_quantity
        if open_quantity and not (reason or "").strip():
            raise UserError(
                self.env._(
                    "%(recall)s: %(quantity)g units are not accounted for. Say why the "
                    "recall is closed all the same; it stands in the report.",
                    recall=recall.display_name,
                    quantity=open_quantity,
                )
            )
        approvals = self._drop_void(recall, open_quantity)
        self._check_person(recall, approvals)
        approvals += self._write_approval(recall, open_quantity, reason)
        recall._tell([("approval", None, str(self.env.uid))], reason)
        if len(approvals) > 1:
            self._close(recall)
        return len(approvals) > 1

    @api.model
    def _wait_for_others(self, recall):
        """Let one person at a time approve: another whose transaction began before is
        told so by PostgreSQL and tried again.
        """
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "UPDATE serial_recall SET write_date = write_date WHERE id = %s",
                recall.id,
            )
        )
        recall.invalidate_recordset()

    @api.model
    def _check_closable(self, recall):
        """Refuse who may not close a recall, and one that is not running."""
        self.env["serial.recall.notifier"]._check_manager()
        recall.check_access("write")
        if recall.state not in LIVE:
            recall._refuse_step("closed")

    @api.model
    def _drop_void(self, recall, open_quantity):
        """Take back approvals given before further units were open; return the rest."""
        # Stands in for approvals' records, which nobody writes but this.
        approvals = recall.sudo().approval_ids
        void = approvals.filtered(lambda row: row.open_quantity < open_quantity)
        if void:
            recall.message_post(
                body=self.env._(
                    "The approval of %(name)s is void: further units are not accounted "
                    "for since then.",
                    name=", ".join(void.mapped("user_name")),
                )
            )
        valid = approvals - void
        void.unlink()
        return valid

    @api.model
    def _check_person(self, recall, approvals):
        if self.env.user in approvals.user_id:
            raise UserError(
                self.env._(
                    "You have approved the closing of %(recall)s. Another quality "
                    "manager approves it, too.",
                    recall=recall.display_name,
                )
            )

    @api.model
    def _write_approval(self, recall, open_quantity, reason):
        # Stands in for approvals' records, which nobody writes but this.
        return (
            self.env["serial.recall.approval"]
            .sudo()
            .create(
                {
                    "recall_id": recall.id,
                    "company_id": recall.company_id.id,
                    "user_id": self.env.uid,
                    "user_name": self.env.user.name,
                    "time": fields.Datetime.now(),
                    "open_quantity": open_quantity,
                    "reason": (reason or "").strip() or False,
                }
            )
        )

    @api.model
    def _close(self, recall):
        recall._advance("closed")
        held = self.env["serial.hold"].search_count(
            [("recall_id", "=", recall.id), ("state", "=", "open")]
        )
        body = self.env._("Closed. No unit is held by it.")
        if held:
            body = self.env._(
                "Closed. %(count)s units stay held; they are released by hand.",
                count=held,
            )
        recall.message_post(body=body)
