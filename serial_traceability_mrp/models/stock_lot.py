from odoo import api, fields, models

from odoo.addons.serial_traceability.const import PLANNED, Document


class StockLot(models.Model):
    _inherit = "stock.lot"

    component_count = fields.Integer(
        "Components",
        compute="_compute_component_counts",
        groups="serial_traceability.group_serial_reader",
    )
    used_in_count = fields.Integer(
        "Used In",
        compute="_compute_component_counts",
        groups="serial_traceability.group_serial_reader",
    )

    @api.depends_context("allowed_company_ids")
    def _compute_component_counts(self):
        rows = self.env["serial.component"]
        for own, other, name in (
            ("unit_id", "component_id", "component_count"),
            ("component_id", "unit_id", "used_in_count"),
        ):
            counts = dict(
                rows._read_group(
                    [(own, "in", self.ids)], [own], [f"{other}:count_distinct"]
                )
            )
            for lot in self:
                lot[name] = counts.get(lot._origin, 0)

    def action_open_components(self):
        """Open what is in the unit, and what was."""
        title = self.env._("Components of %(serial)s", serial=self.name)
        return self._open_genealogy("unit_id", title)

    def action_open_used_in(self):
        """Open the units that the component is in, and those it was in."""
        title = self.env._("Units with %(serial)s", serial=self.name)
        return self._open_genealogy("component_id", title)

    def _open_genealogy(self, field, title):
        """Return the action that shows the rows where the lot is ``field``."""
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id(
            "serial_traceability_mrp.serial_component_action"
        )
        return action | {
            "name": title,
            "display_name": title,
            "domain": [(field, "=", self.id)],
        }

    def _get_made(self):
        """Leave out serials that are entered for units which production will make."""
        made = super()._get_made()
        document = Document.current(self.env)
        if document and document.model != "mrp.production":
            return made
        if document or self.env.context.get(PLANNED):
            return self.browse()
        planned = made.product_id.product_tmpl_id.filtered(
            lambda product: product._is_numbered_at_production()
        )
        return made.filtered(lambda lot: lot.product_id.product_tmpl_id not in planned)
