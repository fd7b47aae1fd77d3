from odoo.fields import Command
from odoo.tests import new_test_user

from odoo.addons.serial_traceability.tests.common import SerialCase


class MrpCase(SerialCase):
    """Phones that are made of a cable and a box, and numbered when they are; the maker
    has no role of Serial Traceability.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.maker = new_test_user(
            cls.env, login="serial_maker", groups="mrp.group_mrp_user"
        )
        cls.scheme = cls.env["serial.scheme"].create(
            {"name": "Made", "kind": "random", "length": 10}
        )
        cls.policy = cls.env["serial.policy"].create(
            {
                "name": "Made here",
                "numbered_by": "produced",
                "scheme_id": cls.scheme.id,
            }
        )
        cls.phone.serial_policy_id = cls.policy
        [cls.cables] = cls.receive(cls.cable, ["C1"], quantity=1000)
        cls.bom = cls.env["mrp.bom"].create(
            {
                "product_tmpl_id": cls.phone.product_tmpl_id.id,
                "product_qty": 1,
                "consumption": "flexible",
                "bom_line_ids": [
                    Command.create({"product_id": cls.cable.id, "product_qty": 1}),
                    Command.create({"product_id": cls.box.id, "product_qty": 1}),
                ],
            }
        )

    @classmethod
    def order(cls, quantity=1, product=None, confirm=True, **values):
        """Return an order for phones, as the maker makes it."""
        order = (
            cls.env["mrp.production"]
            .with_user(cls.maker)
            .create(
                {
                    "product_id": (product or cls.phone).id,
                    "product_qty": quantity,
                    "bom_id": cls.bom.id,
                    **values,
                }
            )
        )
        if confirm:
            order.action_confirm()
            order.action_assign()
        return order

    @classmethod
    def dialog(cls, order, *texts):
        """Return Odoo's dialog for the serials of an order, with ``texts`` typed."""
        return (
            cls.env["mrp.production.serials"]
            .with_user(cls.maker)
            .create({"production_id": order.id, "serial_numbers": "\n".join(texts)})
        )

    @classmethod
    def generate(cls, order):
        """Give all units of an order numbers, as the buttons do."""
        action = order.action_generate_serial()
        if action:
            dialog = (
                cls.env["mrp.production.serials"]
                .with_user(cls.maker)
                .with_context(**action["context"])
                .create({})
            )
            dialog.action_generate_serial_numbers()
            dialog.action_apply()
        return order.lot_producing_ids

    @classmethod
    def finish(cls, order):
        """Finish an order without backorder."""
        order.with_context(skip_backorder=True).button_mark_done()
        return order

    def numbers(self, *names):
        """Return ``{number: state}`` of the register."""
        domain = [("issue_id.product_id", "=", self.phone.id)]
        if names:
            domain.append(("name", "in", names))
        found = self.env["serial.number"].search(domain)
        return {number.name: number.state for number in found}

    def movements(self, lots):
        """Return the names of the movements of serials, oldest first."""
        return self.events(lots).mapped("movement")
