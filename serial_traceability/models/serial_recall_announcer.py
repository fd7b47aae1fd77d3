from odoo import api, fields, models

#: Who is told within the company, once.
_STAFF = ("stock.group_stock_user", "sales_team.group_sale_salesman")


class SerialRecallAnnouncer(models.AbstractModel):
    """Tells warehouse and sales that a recall has begun."""

    _name = "serial.recall.announcer"
    _description = "Announcer of Recalls to Staff"

    @api.model
    def _tell_staff(self, recall):
        """Tell warehouse and sales of a recall, once."""
        if recall.staff_told_time:
            return
        # Stands in for writing the recall, which its steps do.
        recall = recall.sudo()
        recall.staff_told_time = fields.Datetime.now()
        users = self._get_staff(recall)
        if users:
            recall.message_notify(
                partner_ids=users.partner_id.ids,
                subject=self.env._("Recall %(recall)s", recall=recall.display_name),
                body=self._get_staff_text(recall),
                force_send=False,
            )

    @api.model
    def _get_staff(self, recall):
        """Return the users of the company who handle or sell goods."""
        groups = self.env["res.groups"].union(*map(self.env.ref, _STAFF))
        return self.env["res.users"].search(
            [
                ("all_group_ids", "in", groups.ids),
                ("company_ids", "in", recall.company_id.ids),
                ("share", "=", False),
            ]
        )

    @api.model
    def _get_staff_text(self, recall):
        return self.env._(
            "%(recall)s has begun: its units are held and must not leave. %(hazard)s "
            "Send whoever asks to %(user)s.",
            recall=f"{recall.name} {recall.title}",
            hazard=recall.hazard or "",
            user=recall.user_id.name or self.env._("quality management"),
        )
