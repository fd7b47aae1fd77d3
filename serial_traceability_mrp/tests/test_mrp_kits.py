from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.serial_traceability.tests.quantities.common import QuantityCase


@tagged("post_install", "-at_install")
class TestMrpKits(QuantityCase):
    """A kit is as many as its parts are without locked units."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.kit = cls.create_kit("Kit", {cls.phone: 1, cls.cable: 2})

    @classmethod
    def create_kit(cls, name, parts):
        kit = cls.env["product.product"].create({"name": name, "is_storable": True})
        cls.env["mrp.bom"].create(
            {
                "product_tmpl_id": kit.product_tmpl_id.id,
                "type": "phantom",
                "bom_line_ids": [
                    Command.create({"product_id": part.id, "product_qty": quantity})
                    for part, quantity in parts.items()
                ],
            }
        )
        return kit

    def test_a_locked_part_makes_fewer_kits(self):
        self.assertQuantities(self.kit, 3, 3, 3)
        holds = self.hold(self.phones[:2])
        self.assertQuantities(self.kit, 3, 1, 1)
        self.release(holds)
        self.assertQuantities(self.kit, 3, 3, 3)

    def test_each_of_the_parts_counts(self):
        self.reserve(self.cable, 8, lots=self.other_reel)
        self.hold(self.reel)
        self.assertQuantities(self.kit, 3, 1, 1)
        holds = self.hold(self.other_reel)
        self.assertLessEqual(self.kit.free_qty, 0)
        self.release(holds)
        # The hold took it off the transfer, which waits for it again.
        self.assertQuantities(self.kit, 3, 3, 1)

    def test_kits_and_their_parts_are_asked_together(self):
        self.hold(self.phones[0])
        for products in (
            self.kit | self.phone | self.cable,
            self.phone | self.kit,
            self.cable | self.box | self.kit,
        ):
            self.env.invalidate_all()
            with self.subTest(products=products.mapped("name")):
                read = products.with_user(self.operator).read(["free_qty"])
                free = {values["id"]: values["free_qty"] for values in read}
                expected = {self.kit: 2, self.phone: 2, self.cable: 20, self.box: 0}
                self.assertEqual(
                    free, {product.id: expected[product] for product in products}
                )

    def test_a_kit_within_a_kit_counts_its_parts(self):
        outer = self.create_kit("Outer", {self.kit: 1, self.cable: 2})
        self.assertQuantities(outer, 3, 3, 3)
        self.hold(self.phones[0])
        self.assertQuantities(outer, 3, 2, 2)
        self.assertEqual((outer | self.kit).mapped("free_qty"), [2, 2])

    def test_what_was_a_product_before_it_was_a_kit_does_not_count(self):
        kit = self.env["product.product"].create(
            {"name": "Set", "is_storable": True, "tracking": "serial"}
        )
        lots = self.receive(kit, ["K1"])
        self.env["mrp.bom"].create(
            {
                "product_tmpl_id": kit.product_tmpl_id.id,
                "type": "phantom",
                "bom_line_ids": [
                    Command.create({"product_id": self.phone.id, "product_qty": 1})
                ],
            }
        )
        self.hold(lots)
        self.assertQuantities(kit, 3, 3, 3)

    def test_a_warehouse_promises_the_kits_that_are_free_there(self):
        warehouse = self.env["stock.warehouse"].create({"name": "Other", "code": "OTH"})
        self.receive(self.phone, ["W1"], destination=warehouse.lot_stock_id)
        self.receive(self.cable, ["C3"], quantity=9, destination=warehouse.lot_stock_id)
        here = {"warehouse_id": self.warehouse.id}
        there = {"warehouse_id": warehouse.id}
        self.hold(self.phones[:2])
        self.assertQuantities(self.kit, 3, 1, 1, **here)
        self.assertQuantities(self.kit, 1, 1, 1, **there)

    def test_kits_cost_two_more_queries_where_nothing_is_locked(self):
        ask = self.kit._get_locked_quantities
        self.assertEqual([ask(), self.count_queries(ask)], [{}, 1])
        self.assertEqual(self.count_queries(self.kit._is_any_locked), 1)
