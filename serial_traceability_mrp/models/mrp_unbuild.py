from odoo import models


class MrpUnbuild(models.Model):
    _inherit = "mrp.unbuild"

    def action_unbuild(self):
        """Note that the unit's components are no longer in it."""
        result = super().action_unbuild()
        self.env["serial.genealogy"]._note_taken_apart(self)
        return result
