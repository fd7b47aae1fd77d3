from odoo.fields import Command

from .common import MrpCase


class GenealogyCase(MrpCase):
    """Phones that are made of a battery with a serial and a cable from a lot."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.battery = cls.env["product.product"].create(
            {"name": "Battery", "is_storable": True, "tracking": "serial"}
        )
        cls.policy.numbered_by = "received"
        cls.bom.bom_line_ids = [
            Command.clear(),
            Command.create({"product_id": cls.battery.id, "product_qty": 1}),
            Command.create({"product_id": cls.cable.id, "product_qty": 1}),
        ]
        cls.batteries = cls.receive(cls.battery, [f"B{n}" for n in range(1, 7)])

    @classmethod
    def make(cls, *names, choose=(), finish=True):
        """Make phones of these numbers; return their order.

        :param choose: pairs of positions, of a phone and a battery.
        """
        order = cls.order(len(names))
        cls.dialog(order, *names).action_apply()
        phones = order.lot_producing_ids.sorted("name")
        if choose:
            order._set_assembly({(phones[n], cls.batteries[m]): 1.0 for n, m in choose})
        return cls.finish(order) if finish else order

    def rows(self, lots, **values):
        """Return the genealogy's rows of units, by unit and component."""
        domain = [("unit_id", "in", lots.ids)]
        domain += [(name, "=", value) for name, value in values.items()]
        return self.env["serial.component"].search(domain, order="unit_id,component_id")

    def pairs(self, lots, **values):
        """Return what is in units, ``unit<component`` by unit and component."""
        found = self.rows(lots, to_time=False, **values)
        return [f"{row.unit_id.name}<{row.component_id.name}" for row in found]
