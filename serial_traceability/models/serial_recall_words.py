from odoo import api, models

_PREFIX = "recall."


class SerialRecallWords(models.AbstractModel):
    """Says in words what a recall wrote on the ledger."""

    _name = "serial.recall.words"
    _description = "Words for What Recalls Did"

    @api.model
    def _get_event_text(self, event):
        """Return in one line what an event of a case says."""
        return "; ".join(map(self._get_line_text, event.line_ids))

    @api.model
    def _get_line_text(self, line):
        name = (line.field_name or "").removeprefix(_PREFIX)
        kind, _separator, key = name.partition("_")
        writer = getattr(self, f"_get_{kind}_text", None)
        if writer:
            return writer(key, line)
        field = self.env["serial.recall"]._fields.get(name)
        label = field._description_string(self.env) if field else name
        return f"{label}: {line.new_value or ''}"

    @api.model
    def _get_state_text(self, _key, line):
        field = self.env["serial.recall"]._fields["state"]
        states = dict(field._description_selection(self.env))
        old, new = (
            states.get(value, value) for value in (line.old_value, line.new_value)
        )
        return f"{old} → {new}"

    @api.model
    def _get_scope_text(self, _key, line):
        return self.env._("Scope: %(scope)s", scope=line.new_value)

    @api.model
    def _get_mailing_text(self, key, line):
        field = self.env["serial.recall.mailing"]._fields["kind"]
        kinds = dict(field._description_selection(self.env))
        return self.env._(
            "%(kind)s: %(count)s customers",
            kind=kinds.get(key, key),
            count=line.new_value,
        )

    @api.model
    def _get_answer_text(self, key, line):
        field = self.env["serial.recall.unit"]._fields["answer"]
        answers = dict(field._description_selection(self.env))
        return self.env._(
            "Answered “%(answer)s” of %(count)s units",
            answer=answers.get(key, key),
            count=line.new_value,
        )

    @api.model
    def _get_approval_text(self, _key, _line):
        return self.env._("Closing approved")

    @api.model
    def _get_sample_text(self, _key, line):
        return self.env._("Customers drawn to be called: %(draw)s", draw=line.new_value)
