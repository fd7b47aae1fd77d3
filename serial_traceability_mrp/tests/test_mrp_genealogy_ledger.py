from odoo.tests import tagged

from .genealogy_common import GenealogyCase


@tagged("post_install", "-at_install")
class TestMrpGenealogyLedger(GenealogyCase):
    """The ledger tells what was made of what, and the trace follows it."""

    def test_each_unit_that_is_known_has_an_event_of_its_own(self):
        order = self.make("P1", "P2", choose=[(0, 1), (1, 0)])
        phones = order.lot_producing_ids.sorted("name")
        events = self.events(phones, movement="assembly")
        self.assertEqual(len(events), 3)
        self.assertRecordValues(
            events,
            [
                {
                    "event_type": "TransformationEvent",
                    "biz_step": "assembling",
                    "document_model": "mrp.production",
                    "document_res_id": order.id,
                }
            ]
            * 3,
        )
        said = {
            tuple(sorted(f"{line.role} {line.lot_name}" for line in event.line_ids))
            for event in events
        }
        self.assertEqual(
            said,
            {
                ("input B2", "output P1"),
                ("input B1", "output P2"),
                ("input C1", "output P1", "output P2"),
            },
        )

    def test_what_is_known_by_order_is_one_event_with_whole_quantities(self):
        phones = self.make("P1", "P2", "P3").lot_producing_ids
        [event] = self.events(phones, movement="assembly")
        inputs = event.line_ids.filtered(lambda line: line.role == "input")
        self.assertEqual(sorted(inputs.mapped("quantity")), [1, 1, 1, 3])
        self.assertEqual(event._recompute_hashes(), {event.id: event.record_hash})

    def test_a_unit_is_where_it_was_made_after_it_was_made(self):
        phone = self.make("P1").lot_producing_ids.with_user(self.auditor)
        self.assertEqual(phone.last_seen_place, self.stock_location.complete_name)
        self.assertEqual(phone.disposition, "active")

    def test_the_trace_leads_from_a_component_to_the_customer_of_its_unit(self):
        phones = self.make("P1", "P2", choose=[(0, 1), (1, 0)]).lot_producing_ids
        sale = self.deliver(phones.filtered(lambda lot: lot.name == "P2"))
        trace = self.env["serial.trace"].with_user(self.auditor)
        result = trace.get_trace("stock.lot", self.batteries[0].ids, "forward")
        self.assertEqual({lot["name"] for lot in result["lots"]}, {"B1", "P2"})
        documents = [node["label"] for node in result["nodes"]]
        self.assertIn(sale.name, documents)

    def test_the_trace_leads_from_a_unit_to_the_supplier_of_its_components(self):
        phones = self.make("P1", "P2", choose=[(0, 1), (1, 0)]).lot_producing_ids
        phone = phones.filtered(lambda lot: lot.name == "P1")
        trace = self.env["serial.trace"].with_user(self.auditor)
        result = trace.get_trace("stock.lot", phone.ids, "back")
        self.assertEqual({lot["name"] for lot in result["lots"]}, {"B2", "C1", "P1"})
        partners = [n["label"] for n in result["nodes"] if n["kind"] == "partner"]
        self.assertIn(self.supplier.name, partners)

    def test_the_trace_forgets_a_component_that_was_corrected(self):
        order = self.make("P1")
        line = order.move_raw_ids.move_line_ids.filtered(
            lambda line: line.product_id == self.battery
        )
        wrong = line.lot_id
        line.sudo().lot_id = self.batteries[5]
        phone = order.lot_producing_ids
        trace = self.env["serial.trace"].with_user(self.auditor)
        result = trace.get_trace("stock.lot", phone.ids, "back")
        names = {lot["name"] for lot in result["lots"]}
        self.assertIn("B6", names)
        self.assertNotIn(wrong.name, names)

    def test_the_timeline_names_the_other_side(self):
        phones = self.make("P1", "P2", choose=[(0, 1), (1, 0)]).lot_producing_ids
        titles = self.titles(self.batteries[1])
        self.assertIn("Built into P1", titles)
        self.assertIn("Built into one of P1, P2", self.titles(self.cables))
        phone = phones.filtered(lambda lot: lot.name == "P1")
        self.assertIn("Made of B2", self.titles(phone))
        self.assertIn("Made of C1", self.titles(phone))

    def test_the_timeline_names_a_few_and_says_how_many_more(self):
        self.make(*(f"P{n}" for n in range(6)))
        title = "Built into one of P0, P1, P2, P3, P4 and 1 more"
        self.assertIn(title, self.titles(self.cables))

    def titles(self, lot):
        page = lot.with_user(self.auditor).get_timeline()
        return [entry["title"] for entry in page["entries"]]
