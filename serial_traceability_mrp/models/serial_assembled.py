from odoo import fields, models
from odoo.exceptions import UserError


class SerialAssembled(models.AbstractModel):
    """An order of which somebody may say which component goes into which unit: what
    manufacturing orders inherit.
    """

    _name = "serial.assembled"
    _description = "Order with Components by Serial"

    assembly_ids = fields.One2many(
        "serial.assembly", "production_id", "Components by Serial"
    )
    assembly_count = fields.Integer(compute="_compute_assembly_count")
    component_count = fields.Integer(
        compute="_compute_component_count",
        groups="serial_traceability.group_serial_reader",
    )

    def _compute_assembly_count(self):
        counts = dict(
            self.env["serial.assembly"]._read_group(
                [("production_id", "in", self.ids)], ["production_id"], ["__count"]
            )
        )
        for order in self:
            order.assembly_count = counts.get(order._origin, 0)

    def _compute_component_count(self):
        counts = dict(
            self.env["serial.component"]._read_group(
                [("production_id", "in", self.ids)], ["production_id"], ["__count"]
            )
        )
        for order in self:
            order.component_count = counts.get(order._origin, 0)

    def _check_open_for_assembly(self):
        """Refuse to choose components of units that are made already."""
        closed = self.filtered(lambda order: order.state in ("done", "cancel"))
        if closed:
            raise UserError(
                self.env._(
                    "%(order)s is not open any more: which component went into which "
                    "unit stands in its history. Correct the order's components there.",
                    order=closed[0].name,
                )
            )

    def action_open_assembly(self):
        """Open the dialog that says which component goes into which unit.

        :raises UserError: where the order is closed or has no serials yet.
        """
        self.ensure_one()
        self.check_access("write")
        self._check_open_for_assembly()
        if not self.lot_producing_ids:
            raise UserError(
                self.env._(
                    "%(orders)s has no serials yet. Generate them first.",
                    orders=self.name,
                )
            )
        action = self.env["ir.actions.actions"]._for_xml_id(
            "serial_traceability_mrp.serial_assembly_wizard_action"
        )
        return action | {"context": {"default_production_id": self.id}}

    def action_open_components(self):
        """Open what went into the order's units."""
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id(
            "serial_traceability_mrp.serial_component_action"
        )
        return action | {
            "domain": [("production_id", "=", self.id)],
            "context": {"search_default_by_unit": 1},
        }

    # ---- What was chosen ----

    def _set_assembly(self, chosen):
        """Keep what was chosen for the order's units, in place of what was before.

        :param chosen: ``{(unit, component): quantity}``.
        """
        self.ensure_one()
        kept = self.assembly_ids.filtered(
            lambda choice: (
                chosen.get((choice.unit_id, choice.component_id)) == choice.quantity
            )
        )
        (self.assembly_ids - kept).unlink()
        known = {(choice.unit_id, choice.component_id) for choice in kept}
        self.env["serial.assembly"].create(
            [
                {
                    "production_id": self.id,
                    "unit_id": unit.id,
                    "component_id": component.id,
                    "quantity": quantity,
                }
                for (unit, component), quantity in chosen.items()
                if (unit, component) not in known
            ]
        )
        self._use_chosen()

    def _use_chosen(self):
        """Have the order use up the serials that were chosen, in place of others.

        :raises UserError: where a chosen lot is not among those that it uses.
        """
        chosen = self.assembly_ids.component_id
        used = self.move_raw_ids.filtered(
            lambda move: move.state not in ("done", "cancel")
        )
        absent = chosen - used.lot_ids
        strange = absent.filtered(lambda lot: lot.tracking != "serial")
        if strange:
            raise UserError(
                self.env._(
                    "%(lot)s of %(product)s is not among what %(order)s uses. Choose "
                    "it on the component's line first.",
                    lot=strange[0].name,
                    product=strange[0].product_id.display_name,
                    order=self.name,
                )
            )
        products = absent.product_id
        for move in used.filtered(lambda move: move.product_id in products):
            absent -= move._swap_serials(chosen, absent)
