from odoo import fields, models

from odoo.addons.serial_traceability.const import PLANNED


class MrpProductionSerials(models.TransientModel):
    _inherit = "mrp.production.serials"

    is_numbered_here = fields.Boolean(related="production_id.is_numbered_here")
    serial_source = fields.Char(related="production_id.serial_source")
    refusal = fields.Text(readonly=True)

    def action_generate_serial_numbers(self):
        """Fill the list up with numbers of ours, where the order is numbered by us."""
        self.ensure_one()
        if not self.is_numbered_here:
            return super().action_generate_serial_numbers()
        listed = self._get_listed()
        missing = self.lot_quantity - len(listed)
        if missing > 0:
            listed += self.production_id._take_numbers(missing, listed)
        return self._show(listed, False)

    def action_apply(self):
        """Check what was typed or scanned, and keep it as plain numbers.

        What may not be used is said in the dialog; nothing is kept then.
        """
        self.ensure_one()
        course = self.with_context(**{PLANNED: True})
        if not self.is_numbered_here:
            return super(MrpProductionSerials, course).action_apply()
        self.production_id.check_access("write")
        results = self.production_id._resolve_numbers(self._get_listed())
        wrong = [result for result in results if result["level"] == "wrong"]
        if wrong:
            self.env["serial.case"]._raise(self.production_id, wrong)
            said = [f"{result['text']}: {result['message']}" for result in wrong[:20]]
            return self._show(self._get_listed(), "\n".join(said))
        self.serial_numbers = "\n".join(result["serial"] for result in results)
        return super(MrpProductionSerials, course).action_apply()

    def _get_listed(self):
        """Return the lines of the list, each once."""
        lines = (self.serial_numbers or "").splitlines()
        return list(dict.fromkeys(line.strip() for line in lines if line.strip()))

    def _show(self, listed, refusal):
        """Return the action that shows the dialog again, with a list and what was
        wrong with the one before.
        """
        self.write({"serial_numbers": "\n".join(listed), "refusal": refusal})
        action = self.env["ir.actions.actions"]._for_xml_id(
            "mrp.action_assign_serial_numbers"
        )
        return {**action, "res_id": self.id}
