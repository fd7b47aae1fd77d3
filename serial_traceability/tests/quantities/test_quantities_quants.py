from odoo.tests import tagged

from .common import QuantityCase


@tagged("post_install", "-at_install")
class TestQuantitiesQuants(QuantityCase):
    """What stands where: nothing of a locked unit is available, all of it is there."""

    def quant(self, lot):
        return self.env["stock.quant"].search(
            [("lot_id", "=", lot.id), ("location_id", "=", self.stock_location.id)]
        )

    def test_nothing_of_a_locked_unit_is_available(self):
        quants = self.quant(self.phones[0]) | self.quant(self.reel)
        self.assertEqual(quants.mapped("available_quantity"), [1, 10])
        holds = self.hold(self.phones[0] | self.reel)
        self.assertEqual(quants.mapped("available_quantity"), [0, 0])
        self.assertEqual(quants.mapped("quantity"), [1, 10])
        self.release(holds)
        self.assertEqual(quants.mapped("available_quantity"), [1, 10])

    def test_groups_add_up_what_their_records_say(self):
        self.hold(self.phones[:2] | self.reel)
        self.reserve(self.cable, 3, lots=self.other_reel)
        quants = self.env["stock.quant"].search(
            [
                ("product_id", "in", (self.phone | self.cable).ids),
                ("location_id", "=", self.stock_location.id),
            ]
        )
        groups = self.env["stock.quant"]._read_group(
            [("id", "in", quants.ids)],
            ["product_id"],
            ["available_quantity:sum", "quantity:sum", "reserved_quantity:sum"],
        )
        self.assertEqual(groups, [(self.phone, 1, 3, 0), (self.cable, 7, 20, 3)])
        records = quants.grouped("product_id")
        for product, available, *_rest in groups:
            added = sum(records[product].mapped("available_quantity"))
            self.assertEqual(added, available)

    def test_groups_by_lot_and_of_untracked_stock_add_up_too(self):
        self.env["stock.quant"]._update_available_quantity(
            self.box, self.stock_location, 4
        )
        self.hold(self.reel)
        groups = self.env["stock.quant"]._read_group(
            [
                ("product_id", "in", (self.box | self.cable).ids),
                ("location_id", "=", self.stock_location.id),
            ],
            ["lot_id"],
            ["available_quantity:sum"],
        )
        self.assertEqual(
            dict(groups),
            {self.reel: 0, self.other_reel: 10, self.env["stock.lot"]: 4},
        )

    def test_the_stock_list_reads_groups(self):
        self.hold(self.reel)
        [group] = (
            self.env["stock.quant"]
            .with_user(self.operator)
            .formatted_read_group(
                [
                    ("product_id", "=", self.cable.id),
                    ("location_id", "=", self.stock_location.id),
                ],
                ["location_id"],
                ["available_quantity:sum"],
            )
        )
        self.assertEqual(group["available_quantity:sum"], 10)
