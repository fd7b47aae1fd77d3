from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from ...core.movement import RULES
from ..common import PHONE_GTIN, SerialCase

#: Movements of the table that only a bridge's documents or bare moves make.
_BY_BARE_MOVE = {
    "consumption": ("internal", "production"),
    "production": ("production", "internal"),
    "other": ("customer", "customer"),
    "transport": ("transit", "transit"),
}


@tagged("post_install", "-at_install")
class TestLedgerMovements(SerialCase):
    """Walks the table of movements with the documents that make them."""

    def assert_last(self, lots, movement, **values):
        """Check the last event of ``lots``: its movement and some of its columns."""
        event = lots.sudo().last_event_id
        self.assertEqual(len(event), 1)
        rule = next(rule for rule in RULES if rule.name == movement)
        self.assertRecordValues(
            event,
            [
                {
                    "movement": movement,
                    "event_type": "ObjectEvent",
                    "action": rule.action,
                    "biz_step": rule.biz_step,
                    "disposition": rule.disposition,
                    "unit_count": len(lots),
                    "company_id": self.company.id,
                    **values,
                }
            ],
        )
        for lot in lots:
            self.assertEqual(lot.disposition, rule.disposition)
        return event

    def test_receipt_tells_who_what_where_when_and_why(self):
        phones = self.receive(self.phone, ["SN1", "SN2", "SN3"])
        event = self.assert_last(
            phones,
            "receipt",
            source_usage="supplier",
            destination_location_name=self.stock_location.complete_name,
            partner_res_id=self.supplier.id,
            user_res_id=self.operator.id,
            document_model="stock.picking",
            document_res_id=self.receipt.id,
            document_name=self.receipt.name,
            imported=False,
        )
        self.assertLessEqual(event.event_time, self.receipt.date_done)
        self.assertEqual(phones.custodian_id, self.company.partner_id)
        self.assertRecordValues(
            event.line_ids.sorted("sequence"),
            [
                {
                    "lot_id": phone.id,
                    "role": "unit",
                    "quantity": 1,
                    "lot_name": phone.name,
                    "gtin": PHONE_GTIN,
                    "epc": f"https://id.gs1.org/01/{PHONE_GTIN}/21/{phone.name}",
                    "product_name": "Phone",
                }
                for phone in phones
            ],
        )

    def test_receipt_into_three_places_is_three_events(self):
        shelves = self.env["stock.location"].create(
            [
                {"name": name, "location_id": self.stock_location.id}
                for name in ("A", "B", "C")
            ]
        )
        picking = self.transfer(
            self.warehouse.in_type_id,
            self.supplier_location,
            self.stock_location,
            [(self.phone, 6)],
        )
        picking.action_confirm()
        picking.move_ids.move_line_ids.unlink()
        picking.move_ids.move_line_ids = [
            Command.create(
                {
                    "product_id": self.phone.id,
                    "lot_name": f"T{number}",
                    "quantity": 1,
                    "location_dest_id": shelves[number % 3].id,
                    "picking_id": picking.id,
                }
            )
            for number in range(6)
        ]
        self.validate(picking)
        events = self.events(picking.move_ids.lot_ids)
        self.assertEqual(len(events), 3)
        self.assertEqual(events.mapped("unit_count"), [2, 2, 2])
        self.assertEqual(
            set(events.mapped("destination_location_res_id")), set(shelves.ids)
        )

    def test_receipt_in_steps_is_in_progress_until_it_is_put_away(self):
        self.warehouse.reception_steps = "two_steps"
        phones = self.receive(
            self.phone, ["SN1"], destination=self.warehouse.wh_input_stock_loc_id
        )
        self.assert_last(phones, "receipt_step")
        self.move(
            phones,
            self.warehouse.store_type_id,
            self.warehouse.wh_input_stock_loc_id,
            self.stock_location,
        )
        self.assert_last(phones, "putaway")

    def test_pick_pack_ship_tells_each_step(self):
        phones = self.receive(self.phone, ["SN1", "SN2"])
        self.warehouse.delivery_steps = "pick_pack_ship"
        packing = self.warehouse.wh_pack_stock_loc_id
        output = self.warehouse.wh_output_stock_loc_id
        self.move(phones, self.warehouse.pick_type_id, self.stock_location, packing)
        self.assert_last(phones, "pick")
        self.move(phones, self.warehouse.pack_type_id, packing, output)
        self.assert_last(phones, "pack")
        self.move(
            phones,
            self.warehouse.out_type_id,
            output,
            self.customer_location,
            partner=self.customer,
        )
        self.assert_last(phones, "delivery", partner_res_id=self.customer.id)
        self.assertEqual(phones.custodian_id, self.customer)

    def test_customer_return_comes_back_to_us(self):
        phones = self.receive(self.phone, ["SN1", "SN2"])
        delivery = self.deliver(phones)
        self.give_back(delivery, phones[1])
        self.assert_last(phones[1], "customer_return")
        self.assertEqual(phones[1].custodian_id, self.company.partner_id)
        self.assertEqual(phones[0].disposition, "in_transit")
        self.assertEqual(phones[0].custodian_id, self.customer)

    def test_return_to_supplier(self):
        phones = self.receive(self.phone, ["SN1"])
        self.give_back(self.receipt, phones)
        self.assert_last(phones, "supplier_return")
        self.assertEqual(phones.custodian_id, self.supplier)

    def test_dropship_and_its_return_never_touch_our_stock(self):
        lot = self.env["stock.lot"].create({"name": "DS1", "product_id": self.phone.id})
        operation = self.warehouse.out_type_id
        self.move(
            lot, operation, self.supplier_location, self.customer_location,
            partner=self.customer,
        )  # fmt: skip
        self.assert_last(lot, "dropship")
        self.assertEqual(lot.custodian_id, self.customer)
        self.move(
            lot, operation, self.customer_location, self.supplier_location,
            partner=self.supplier,
        )  # fmt: skip
        self.assert_last(lot, "dropship_return")
        self.assertEqual(lot.custodian_id, self.supplier)

    def test_scrap(self):
        phones = self.receive(self.phone, ["SN1"])
        scrap = self.env["stock.scrap"].create(
            {
                "product_id": self.phone.id,
                "lot_id": phones.id,
                "scrap_qty": 1,
                "location_id": self.stock_location.id,
            }
        )
        scrap.action_validate()
        self.assert_last(
            phones,
            "scrap",
            document_model="stock.scrap",
            document_res_id=scrap.id,
            document_name=scrap.name,
        )
        self.assertFalse(phones.custodian_id)

    def test_inventory_count_finds_and_loses(self):
        phone = self.env["stock.lot"].create(
            {"name": "SN1", "product_id": self.phone.id}
        )
        quant = (
            self.env["stock.quant"]
            .with_context(inventory_mode=True)
            .create(
                {
                    "product_id": self.phone.id,
                    "lot_id": phone.id,
                    "location_id": self.stock_location.id,
                    "inventory_quantity": 1,
                }
            )
        )
        quant.action_apply_inventory()
        self.assert_last(phone, "count_found")
        quant.inventory_quantity = 0
        quant.action_apply_inventory()
        self.assert_last(phone, "count_loss")
        self.assertFalse(phone.custodian_id)

    def test_relocation_by_the_serials_location(self):
        phone = self.receive(self.phone, ["SN1"])
        shelf = self.env["stock.location"].create(
            {"name": "Shelf", "location_id": self.stock_location.id}
        )
        phone.location_id = shelf
        self.assert_last(phone, "putaway", destination_location_res_id=shelf.id)

    def test_move_to_a_place_outside_stock(self):
        phone = self.receive(self.phone, ["SN1"])
        place = self.env["stock.location"].create(
            {
                "name": "Repair bench",
                "location_id": self.warehouse.view_location_id.id,
            }
        )
        self.move(phone, self.warehouse.int_type_id, self.stock_location, place)
        self.assert_last(phone, "internal_step")

    def test_transfer_through_transit(self):
        phone = self.receive(self.phone, ["SN1"])
        transit = self.company.internal_transit_location_id
        dock = self.env["stock.location"].create(
            {"name": "Dock", "location_id": self.warehouse.view_location_id.id}
        )
        operation = self.warehouse.int_type_id
        self.move(phone, operation, self.stock_location, transit)
        self.assert_last(phone, "transfer_out")
        self.move(phone, operation, transit, dock)
        self.assert_last(phone, "transfer_in_step")
        self.move(phone, operation, dock, transit)
        self.move(phone, operation, transit, self.stock_location)
        self.assert_last(phone, "transfer_in")

    def test_movements_made_by_other_documents(self):
        phone = self.env["stock.lot"].create(
            {"name": "SN1", "product_id": self.phone.id}
        )
        places = self.env["stock.location"].create(
            [
                {"name": "Line", "usage": "production"},
                {"name": "Road", "usage": "transit", "company_id": self.company.id},
            ]
        )
        by_usage = {place.usage: place for place in places} | {
            "internal": self.stock_location,
            "customer": self.customer_location,
        }
        for name, usages in _BY_BARE_MOVE.items():
            source, destination = (by_usage[usage] for usage in usages)
            move = self.env["stock.move"].create(
                {
                    "product_id": self.phone.id,
                    "product_uom_qty": 1,
                    "location_id": source.id,
                    "location_dest_id": destination.id,
                    "move_line_ids": [
                        Command.create(
                            {
                                "product_id": self.phone.id,
                                "lot_id": phone.id,
                                "quantity": 1,
                                "location_id": source.id,
                                "location_dest_id": destination.id,
                            }
                        )
                    ],
                    "picked": True,
                }
            )
            move._action_done()
            self.assert_last(
                phone, name, document_model="stock.move", document_res_id=move.id
            )

    def test_lot_tracked_goods_get_quantities_and_the_lot_is_left_alone(self):
        lot = self.receive(self.cable, ["LOT1"], quantity=50)
        delivery = self.deliver(lot, quantity=20)
        events = self.events(lot)
        self.assertEqual(events.mapped("movement"), ["receipt", "delivery"])
        self.assertRecordValues(
            events.line_ids.sorted("id"),
            [
                {"role": "quantity", "quantity": 50, "lot_name": "LOT1"},
                {"role": "quantity", "quantity": 20, "lot_name": "LOT1"},
            ],
        )
        self.assertEqual(events[1].document_res_id, delivery.id)
        self.assertFalse(lot.disposition or lot.custodian_id)
        self.assertFalse(lot.sudo().last_event_id)

    def test_untracked_goods_leave_no_trace(self):
        before = self.env["serial.event"].search_count([])
        picking = self.transfer(
            self.warehouse.in_type_id,
            self.supplier_location,
            self.stock_location,
            [(self.box, 5)],
        )
        picking.action_confirm()
        picking.move_ids.quantity = 5
        self.validate(picking)
        self.assertEqual(picking.state, "done")
        self.assertEqual(self.env["serial.event"].search_count([]), before)

    def test_two_owners_in_one_receipt_are_two_events(self):
        picking = self.transfer(
            self.warehouse.in_type_id,
            self.supplier_location,
            self.stock_location,
            [(self.phone, 2)],
        )
        picking.action_confirm()
        picking.move_ids.move_line_ids.unlink()
        picking.move_ids.move_line_ids = [
            Command.create(
                {
                    "product_id": self.phone.id,
                    "lot_name": name,
                    "quantity": 1,
                    "owner_id": owner.id,
                    "picking_id": picking.id,
                }
            )
            for name, owner in (("SN1", self.supplier), ("SN2", self.customer))
        ]
        self.validate(picking)
        events = self.events(picking.move_ids.lot_ids)
        self.assertEqual(
            set(events.mapped("owner_res_id")), {self.supplier.id, self.customer.id}
        )
        self.assertEqual(events.mapped("unit_count"), [1, 1])

    def test_dropship_of_a_vendors_transfer_reaches_the_customer_of_its_move(self):
        lot = self.env["stock.lot"].create({"name": "DS1", "product_id": self.phone.id})
        picking = self.transfer(
            self.warehouse.out_type_id,
            self.supplier_location,
            self.customer_location,
            [(self.phone, 1)],
            partner=self.supplier,
        )
        picking.action_confirm()
        picking.move_ids.partner_id = self.customer
        picking.move_ids.move_line_ids.unlink()
        picking.move_ids.move_line_ids = [
            Command.create(
                {
                    "product_id": self.phone.id,
                    "lot_id": lot.id,
                    "quantity": 1,
                    "picking_id": picking.id,
                }
            )
        ]
        self.validate(picking)
        self.assert_last(lot, "dropship", partner_res_id=self.customer.id)
        self.assertEqual(lot.custodian_id, self.customer)

    def test_sale_to_a_sister_company_leaves_our_custody(self):
        between = self.env["stock.location"].create(
            {"name": "Between companies", "usage": "transit", "company_id": False}
        )
        phone = self.receive(self.phone, ["SN1"])
        self.move(
            phone,
            self.warehouse.out_type_id,
            self.stock_location,
            between,
            partner=self.customer,
        )
        self.assert_last(phone, "company_delivery", destination_usage="transit")
        self.assertEqual(phone.custodian_id, self.customer)
        self.move(phone, self.warehouse.in_type_id, between, self.stock_location)
        self.assert_last(phone, "company_receipt")
        place = self.env["stock.location"].create(
            {"name": "Dock", "location_id": self.warehouse.view_location_id.id}
        )
        self.move(phone, self.warehouse.out_type_id, self.stock_location, between)
        self.move(phone, self.warehouse.in_type_id, between, place)
        self.assert_last(phone, "company_receipt_step")

    def test_scrap_made_from_a_transfer_is_the_scrap_orders_event(self):
        phone = self.receive(self.phone, ["SN1"])
        scrap = self.env["stock.scrap"].create(
            {
                "product_id": self.phone.id,
                "lot_id": phone.id,
                "scrap_qty": 1,
                "location_id": self.stock_location.id,
                "picking_id": self.receipt.id,
            }
        )
        scrap.action_validate()
        self.assert_last(
            phone, "scrap", document_model="stock.scrap", document_res_id=scrap.id
        )

    def test_expiry_is_the_day_of_the_companys_time_zone(self):
        self.company.partner_id.tz = "America/New_York"
        packs = self.receive(self.pack, ["P1"], expiration_date="2030-02-01 04:59:59")
        self.assertEqual(
            self.events(packs).line_ids.expiration_date.isoformat(), "2030-01-31"
        )
        self.assertEqual(self.events(packs).event_time_zone_offset[0], "-")

    def test_time_zone_that_nobody_knows_stops_no_movement(self):
        self.env.cr.execute(
            "UPDATE res_partner SET tz = 'Mars/Olympus' WHERE id = %s",
            [self.company.partner_id.id],
        )
        self.company.partner_id.invalidate_recordset(["tz"])
        phone = self.receive(self.phone, ["SN1"])
        self.assertEqual(self.events(phone).event_time_zone_offset, "+00:00")

    def test_record_time_is_not_before_the_event(self):
        phone = self.receive(self.phone, ["SN1"])
        event = self.events(phone)
        self.assertGreaterEqual(event.record_time, event.event_time)

    def test_state_of_a_serial_cannot_be_written(self):
        phone = self.receive(self.phone, ["SN1"])
        for values in (
            {"disposition": "stolen"},
            {"custodian_id": self.customer.id},
            {"custodian_res_id": self.customer.id},
            {"last_event_id": False},
        ):
            for user in (self.stock_user, self.administrator):
                with self.subTest(values), self.assertRaises(UserError):
                    phone.with_user(user).write(values)
        with self.assertRaisesRegex(UserError, "follow its history"):
            self.env["stock.lot"].create(
                {
                    "name": "SN9",
                    "product_id": self.phone.id,
                    "disposition": "active",
                }
            )

    def test_event_of_each_row_carries_its_own_hash(self):
        phones = self.receive(self.phone, ["SN1", "SN2"])
        self.deliver(phones)
        events = self.events(phones)
        self.env.flush_all()
        self.assertEqual(
            events._recompute_hashes(),
            {event.id: event.record_hash for event in events},
        )
        for event in events:
            self.assertRegex(
                event.event_hash, r"^ni:///sha-256;[0-9a-f]{64}\?ver=CBV2\.0$"
            )

    def test_stock_user_without_our_groups_writes_history_too(self):
        phones = self.receive(self.phone, ["SN1"])
        picking = self.transfer(
            self.warehouse.out_type_id,
            self.stock_location,
            self.customer_location,
            [(self.phone, 1)],
            partner=self.customer,
        )
        picking.action_confirm()
        self.validate(picking.with_user(self.stock_user))
        self.assert_last(phones, "delivery", user_res_id=self.stock_user.id)
