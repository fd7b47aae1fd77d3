from odoo import api, models
from odoo.exceptions import AccessError


class SerialSteps(models.AbstractModel):
    """A record that tells how far something is, which only its own steps write: what
    a block, an issue and a stocktake inherit.
    """

    _name = "serial.steps"
    _description = "Record with Steps of Its Own"

    #: What the fields that only steps write hold in a new record.
    _beginning = {}
    #: Stored fields that follow from others, and that nobody sets either.
    _following = frozenset()

    @api.model_create_multi
    def create(self, vals_list):
        """Refuse a record that claims to be further than its beginning."""
        for vals in vals_list:
            self._check_own_fields_untouched(vals)
        # The context of a call may name defaults, too.
        return super().create([self._beginning | vals for vals in vals_list])

    def write(self, vals):
        """Refuse to skip a step."""
        self._check_own_fields_untouched(vals)
        return super().write(vals)

    @api.model
    def _check_own_fields_untouched(self, vals):
        own = sorted((self._beginning.keys() | self._following) & vals.keys())
        if own and not self.env.su:
            raise AccessError(
                self.env._(
                    "%(record)s: %(fields)s cannot be set. How far it is, only its "
                    "own steps write.",
                    record=self.env["ir.model"]._get(self._name).name,
                    fields=", ".join(
                        self._fields[name]._description_string(self.env) for name in own
                    ),
                )
            )

    def _note(self, values):
        """Write how far the record is."""
        # Stands in for the right to write what a record says of itself, which its
        # steps have alone; each checks its own right.
        self.sudo().write(values)
