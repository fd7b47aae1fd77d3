from odoo.fields import Command
from odoo.tests import tagged

from ..common import SerialCase

SSCC = "395200010000000011"


@tagged("post_install", "-at_install")
class TestLedgerPackages(SerialCase):
    """Putting units into packages and taking them out is aggregation."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.package = cls.env["stock.package"].create({"name": SSCC})
        cls.phones = cls.receive(
            cls.phone, ["SN1", "SN2"], result_package_id=cls.package.id
        )

    def test_receiving_into_a_package_aggregates_the_units(self):
        event = self.events(self.phones, event_type="AggregationEvent")
        self.assertRecordValues(
            event,
            [
                {
                    "action": "ADD",
                    "biz_step": "packing",
                    "movement": "pack_in",
                    "package_res_id": self.package.id,
                    "package_name": SSCC,
                    "parent_epc": f"https://id.gs1.org/00/{SSCC}",
                    "unit_count": 2,
                }
            ],
        )
        self.assertEqual(self.phones[0].disposition, "sellable_not_accessible")
        self.assertEqual(self.phones.sudo().last_event_id, event)

    def test_unpacking_takes_the_units_out(self):
        self.package.unpack()
        event = self.phones.sudo().last_event_id
        self.assertRecordValues(
            event,
            [
                {
                    "event_type": "AggregationEvent",
                    "action": "DELETE",
                    "biz_step": "unpacking",
                    "movement": "unpack",
                    "package_res_id": self.package.id,
                }
            ],
        )

    def test_taking_out_comes_before_the_movement(self):
        shelf = self.env["stock.location"].create(
            {"name": "Shelf", "location_id": self.stock_location.id}
        )
        picking = self.transfer(
            self.warehouse.int_type_id, self.stock_location, shelf, [(self.phone, 1)]
        )
        picking.action_confirm()
        picking.move_ids.move_line_ids.unlink()
        picking.move_ids.move_line_ids = [
            Command.create(
                {
                    "product_id": self.phone.id,
                    "lot_id": self.phones[0].id,
                    "quantity": 1,
                    "location_id": self.stock_location.id,
                    "location_dest_id": shelf.id,
                    "package_id": self.package.id,
                    "picking_id": picking.id,
                }
            )
        ]
        self.validate(picking)
        events = self.events(self.phones[0]).sorted("id")
        self.assertEqual(events[-2:].mapped("movement"), ["unpack", "putaway"])

    def test_moving_a_whole_package_neither_fills_nor_empties_it(self):
        shelf = self.env["stock.location"].create(
            {"name": "Shelf", "location_id": self.stock_location.id}
        )
        picking = self.transfer(
            self.warehouse.int_type_id, self.stock_location, shelf, [(self.phone, 2)]
        )
        picking.action_confirm()
        picking.move_ids.move_line_ids.unlink()
        picking.move_ids.move_line_ids = [
            Command.create(
                {
                    "product_id": self.phone.id,
                    "lot_id": phone.id,
                    "quantity": 1,
                    "location_id": self.stock_location.id,
                    "location_dest_id": shelf.id,
                    "package_id": self.package.id,
                    "result_package_id": self.package.id,
                    "picking_id": picking.id,
                }
            )
            for phone in self.phones
        ]
        self.validate(picking)
        last = self.phones.sudo().last_event_id
        self.assertEqual(last.movement, "putaway")
        self.assertEqual(self.package.location_id, shelf)
