from odoo import api, fields, models
from odoo.exceptions import ValidationError


class SerialAssembly(models.Model):
    """One component that somebody chose for one unit of an order, before it is made.

    Whoever makes the units enters and removes it as long as the order is open; when
    the order is done, ``serial.component`` has what came of it.
    """

    _name = "serial.assembly"
    _description = "Component Chosen for a Serial"
    _order = "id"
    _rec_name = "component_id"

    production_id = fields.Many2one(
        "mrp.production",
        "Manufacturing Order",
        required=True,
        ondelete="cascade",
        index=True,
    )
    unit_id = fields.Many2one(
        "stock.lot", required=True, ondelete="cascade", index=True
    )
    component_id = fields.Many2one(
        "stock.lot", required=True, ondelete="cascade", index=True
    )
    quantity = fields.Float(digits="Product Unit", default=1.0, required=True)
    company_id = fields.Many2one(related="production_id.company_id", store=True)

    _once = models.UniqueIndex(
        "(production_id, unit_id, component_id)",
        "This component was chosen for the unit already.",
    )
    _positive = models.Constraint(
        "CHECK(quantity > 0)", "The quantity of a component must be more than 0."
    )

    @api.constrains("production_id", "unit_id", "component_id")
    def _check_fits(self):
        """Refuse what is no unit, or no component, of the order."""
        for order, choices in self.grouped("production_id").items():
            order._check_open_for_assembly()
            strange = choices.filtered(
                lambda choice, order=order: (
                    choice.unit_id not in order.lot_producing_ids
                    or choice.component_id.product_id
                    not in order.move_raw_ids.product_id
                )
            )
            if strange:
                raise ValidationError(
                    self.env._(
                        "%(component)s cannot be chosen for %(unit)s: %(order)s must "
                        "make the unit and use the component's product.",
                        component=strange[0].component_id.display_name,
                        unit=strange[0].unit_id.display_name,
                        order=order.name,
                    )
                )

    @api.constrains("component_id", "unit_id", "production_id")
    def _check_serial_once(self):
        """Refuse a serial for two units of an order."""
        serials = self.filtered(lambda choice: choice.component_id.tracking == "serial")
        taken = self.search(
            [
                ("production_id", "in", serials.production_id.ids),
                ("component_id", "in", serials.component_id.ids),
            ]
        )
        for (order, component), choices in taken.grouped(
            lambda choice: (choice.production_id, choice.component_id)
        ).items():
            if len(choices) > 1:
                raise ValidationError(
                    self.env._(
                        "%(component)s was chosen for %(first)s and for %(second)s of "
                        "%(order)s. Remove it from one of them.",
                        component=component.name,
                        first=choices[0].unit_id.name,
                        second=choices[1].unit_id.name,
                        order=order.name,
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_of_open_orders(self):
        self.production_id._check_open_for_assembly()
