from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from ..core import lock
from ..core.epcis.vocabulary import DISPOSITIONS
from ..labels import disposition_selection


class SerialHoldReason(models.Model):
    """Why units are held, to choose from, and what a unit held for it may still do.

    Administrators keep the list. What was chosen stands on the ledger as text, so that
    a reason may be renamed or archived at any time; one that holds name stays.
    """

    _name = "serial.hold.reason"
    _description = "Reason to Hold a Serial"
    _order = "sequence, name"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    severity = fields.Selection(
        "_get_severities", required=True, default="major", help="Of new holds."
    )
    disposition = fields.Selection(
        disposition_selection(DISPOSITIONS),
        "State of the Unit",
        required=True,
        default="non_sellable_other",
        help="What a unit held for it is said to be, in its history and to partners.",
    )
    needs_note = fields.Boolean(
        "Ask for Details", help="A hold for this reason says more in words."
    )
    operators_hold = fields.Boolean(
        "Operators May Hold",
        help="Whoever finds such a unit stops it at once; a quality manager releases "
        "it.",
    )
    four_eyes = fields.Boolean(
        "Released by Another",
        help="Whoever placed the hold cannot lift it: another person does.",
    )
    open_to_scrap = fields.Boolean("Scrapping", default=True)
    open_to_count = fields.Boolean("Counting", default=True)
    open_to_quarantine = fields.Boolean("To Quarantine", default=True)
    open_to_repair = fields.Boolean("To Repair", default=True)
    open_to_customer_return = fields.Boolean("Return from Customer", default=True)
    open_to_supplier_return = fields.Boolean("Return to Supplier", default=True)

    def _get_severities(self):
        return [
            ("minor", self.env._("Minor")),
            ("major", self.env._("Major")),
            ("critical", self.env._("Critical")),
        ]

    @api.model
    def _drop_references(self):
        """Let reasons be deleted that holds and recalls name."""
        for table, column in (
            ("serial_hold", "reason_id"),
            ("serial_recall", "hold_reason_id"),
        ):
            self.env.cr.execute(
                SQL(
                    "ALTER TABLE %s DROP CONSTRAINT IF EXISTS %s",
                    SQL.identifier(table),
                    SQL.identifier(f"{table}_{column}_fkey"),
                )
            )

    def _get_permitted(self):
        """Return the passages that every one of these reasons leaves open."""
        return frozenset(
            passage
            for passage in lock.BY_REASON
            if all(reason[f"open_to_{passage}"] for reason in self)
        )

    @api.model
    def _get_closed_to(self, passage):
        """Return the ids of the reasons, archived ones too, that close a passage."""
        reasons = self.with_context(active_test=False)
        return reasons.search([(f"open_to_{passage}", "=", False)]).ids

    def _check_may_hold(self, note="", severity=None):
        """Refuse to hold for this reason without the right, or without the details
        that it asks for.

        :param severity: of the hold, None for the reason's own.
        """
        user = self.env.user
        if not user.has_group("serial_traceability.group_serial_operator"):
            raise AccessError(
                self.env._(
                    "Only operators and quality managers may hold serials. Ask one to "
                    "do it."
                )
            )
        if not self:
            raise UserError(self.env._("Say why: choose a reason for the hold."))
        self.ensure_one()
        is_manager = user.has_group("serial_traceability.group_serial_quality_manager")
        if not is_manager and not self.operators_hold:
            raise AccessError(
                self.env._(
                    "Only a quality manager may hold for %(reason)s. Choose another "
                    "reason, or ask one.",
                    reason=self.name,
                )
            )
        self.env["serial.change"]._check_texts([note or ""])
        if severity and severity not in dict(self._get_severities()):
            raise UserError(
                self.env._("%(severity)s is no severity.", severity=severity)
            )
        if self.needs_note and not (note or "").strip():
            raise UserError(
                self.env._(
                    "Say more: a hold for %(reason)s needs details.", reason=self.name
                )
            )
