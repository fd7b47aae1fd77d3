from datetime import timedelta

from odoo.exceptions import UserError
from odoo.fields import Datetime
from odoo.tests import tagged

from ...core import trace
from ...models.serial_event import EventDraft
from ..common import SerialCase


@tagged("post_install", "-at_install")
class TestTraceFlows(SerialCase):
    """Traces of what core's own transfers did."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.shelf = cls.env["stock.location"].create(
            {"name": "Shelf", "location_id": cls.stock_location.id}
        )
        cls.other_customer = cls.env["res.partner"].create({"name": "Second Ltd"})

    def trace(self, records, direction="both", **kwargs):
        return (
            self.env["serial.trace"]
            .with_user(self.auditor)
            .get_trace(records._name, records.ids, direction, **kwargs)
        )

    def labels(self, result, kind, stage=None):
        """Return the labels of boxes, from left to right."""
        nodes = [
            node
            for node in result["nodes"]
            if node["kind"] == kind and stage in (None, node["stage"])
        ]
        return [
            node["label"] for node in sorted(nodes, key=lambda node: node["column"])
        ]

    def documents(self, result):
        """Return the documents of the list, in order, each step once."""
        return [result["events"][row[1]]["document"] for row in result["rows"]]

    def live(self):
        """Receive, put away, deliver, take back and sell a phone again."""
        phone = self.receive(self.phone, ["T1"])
        store = self.move(
            phone, self.warehouse.int_type_id, self.stock_location, self.shelf
        )
        sale = self.move(
            phone, self.warehouse.out_type_id, self.shelf, self.customer_location,
            partner=self.customer,
        )  # fmt: skip
        back = self.give_back(sale, phone)
        again = self.move(
            phone, self.warehouse.out_type_id, back.location_dest_id,
            self.customer_location, partner=self.other_customer,
        )  # fmt: skip
        return phone, [self.receipt, store, sale, back, again]

    def test_life_of_a_phone_reads_from_supplier_to_second_customer(self):
        phone, pickings = self.live()
        result = self.trace(phone)
        names = [picking.name for picking in pickings]
        self.assertEqual(self.documents(result), names)
        self.assertEqual(self.labels(result, "document"), names)
        self.assertEqual(
            self.labels(result, "partner"),
            [self.supplier.name, self.customer.name, self.other_customer.name],
        )
        self.assertEqual(
            result["totals"],
            {
                "serials": 1, "lots": 0, "suppliers": 1, "customers": 2,
                "documents": 5, "steps": 5,
            },
        )  # fmt: skip

    def test_where_from_ends_at_the_supplier(self):
        phone, _pickings = self.live()
        result = self.trace(phone, "back")
        self.assertEqual(self.documents(result), [self.receipt.name])
        self.assertEqual(self.labels(result, "partner"), [self.supplier.name])

    def test_where_to_begins_after_the_receipt(self):
        phone, pickings = self.live()
        result = self.trace(phone, "forward")
        self.assertEqual(
            self.documents(result), [picking.name for picking in pickings[1:]]
        )

    def test_a_delivery_tells_where_its_phones_are_from_and_went(self):
        _phone, pickings = self.live()
        receipt, store, sale, back, again = (picking.name for picking in pickings)
        result = self.trace(pickings[2], "back")
        self.assertEqual(self.documents(result), [receipt, store, sale])
        result = self.trace(pickings[2], "forward")
        self.assertEqual(self.documents(result), [sale, back, again])
        marked = [node["label"] for node in result["nodes"] if node["is_subject"]]
        self.assertEqual(marked, [sale])

    def test_phones_of_one_way_are_one_box_with_a_count(self):
        phones = self.receive(self.phone, [f"T{number}" for number in range(1, 11)])
        self.deliver(phones[:7])
        self.deliver(phones[7:])
        result = self.trace(phones)
        self.assertEqual(self.labels(result, "units"), ["T1 … T7", "T8 … T10"])
        into_customer = {
            node["key"]
            for node in result["nodes"]
            if node["label"] == self.customer.name
        }
        counts = [
            edge["units"] for edge in result["edges"] if edge["target"] in into_customer
        ]
        self.assertEqual(sorted(counts), [3, 7])

    def test_a_batch_is_traced_by_its_serials(self):
        batch = self.env["serial.batch"].create(
            {"name": "B1", "product_id": self.phone.id}
        )
        phones = self.receive(
            self.phone, ["T1", "T2"], serial_batch_id=batch.id
        ) + self.receive(self.phone, ["T3"])
        self.deliver(phones)
        result = self.trace(batch)
        self.assertEqual({lot["name"] for lot in result["lots"]}, {"T1", "T2"})
        self.assertEqual({lot["batch"] for lot in result["lots"]}, {"B1"})

    def test_a_lot_is_traced_by_quantity(self):
        cable = self.receive(self.cable, ["C1"], quantity=100)
        first = self.deliver(cable, quantity=30)
        second = self.deliver(cable, quantity=10, partner=self.other_customer)
        result = self.trace(cable)
        self.assertEqual(result["totals"]["lots"], 1)
        amounts = [row[2:4] for row in result["rows"]]
        uom = self.cable.uom_id.name
        self.assertEqual(amounts, [[100, uom], [30, uom], [10, uom]])
        result = self.trace(second, "back")
        self.assertEqual(self.documents(result), [self.receipt.name, second.name])
        self.assertNotIn(first.name, self.documents(result))

    def test_a_corrected_serial_is_no_part_of_the_delivery(self):
        wrong, right = self.receive(self.phone, ["T1", "T2"])
        sale = self.deliver(wrong)
        sale.move_line_ids.lot_id = right
        result = self.trace(sale)
        self.assertEqual([lot["name"] for lot in result["lots"]], ["T2"])
        self.assertEqual(self.documents(result), [self.receipt.name, sale.name])

    def test_a_package_stands_in_the_list(self):
        phone = self.receive(self.phone, ["T1"])
        package = self.env["stock.package"].create({"name": "BOX1"})
        sale = self.transfer(
            self.warehouse.out_type_id, self.stock_location, self.customer_location,
            [(self.phone, 1)], partner=self.customer,
        )  # fmt: skip
        sale.action_confirm()
        sale.move_line_ids.write(
            {"lot_id": phone.id, "quantity": 1, "result_package_id": package.id}
        )
        self.validate(sale)
        result = self.trace(phone, "forward")
        self.assertEqual([row[4] for row in result["rows"]], ["BOX1"])

    def test_parts_and_what_was_made_of_them_are_linked(self):
        part = self.receive(self.pack, ["P1"])
        made = self.env["stock.lot"].create({"name": "M1", "product_id": self.phone.id})
        event = {
            "event_type": "TransformationEvent",
            "movement": "making",
            "event_time": Datetime.now() + timedelta(hours=1),
            "company_id": self.company.id,
            "document_model": "x.order",
            "document_res_id": 1,
            "document_name": "MO1",
        }
        lines = [
            {"lot_id": lot.id, "lot_name": lot.name, "role": role, "quantity": 1}
            for lot, role in ((part, "input"), (made, "output"))
        ]
        self.env["serial.event"]._append([EventDraft(event, lines, None, False)])
        result = self.trace(made, "back")
        self.assertEqual(self.documents(result)[0], self.receipt.name)
        self.assertEqual({lot["name"] for lot in result["lots"]}, {"P1", "M1"})
        self.assertEqual(self.labels(result, "partner"), [self.supplier.name])
        result = self.trace(part, "forward")
        self.assertEqual({lot["name"] for lot in result["lots"]}, {"P1", "M1"})
        order = [node for node in result["nodes"] if node["label"] == "MO1"]
        self.assertFalse(order[0]["res_model"])

    def test_many_deliveries_are_drawn_as_few_boxes(self):
        phones = self.receive(self.phone, [f"T{number}" for number in range(6)])
        for phone in phones:
            self.deliver(phone)
        result = self.trace(phones, per_column=3)
        merged = [node["merged"] for node in result["nodes"] if node["merged"] > 1]
        self.assertEqual(merged, [4, 4])
        self.assertEqual(result["totals"]["documents"], 7)
        self.assertEqual(result["row_count"], 12)

    def test_a_serial_without_history_has_an_empty_trace(self):
        lot = self.env["stock.lot"].create({"name": "T1", "product_id": self.phone.id})
        result = self.trace(lot)
        self.assertEqual((result["nodes"], result["rows"]), ([], []))
        self.assertEqual(result["subject"]["name"], "T1")

    def test_what_cannot_be_traced_is_told(self):
        phone = self.receive(self.phone, ["T1"])
        with self.assertRaisesRegex(UserError, "res.partner cannot be traced"):
            self.trace(self.customer)
        with self.assertRaisesRegex(UserError, "nothing to trace"):
            self.trace(phone.browse())
        with self.assertRaisesRegex(UserError, "sideways is no direction"):
            self.trace(phone, "sideways")

    def test_stages_have_the_names_that_the_screen_knows(self):
        phone, _pickings = self.live()
        stages = {node["stage"] for node in self.trace(phone)["nodes"]}
        self.assertEqual(stages, set(trace.STAGES))
