from odoo.tests import tagged

from ..common import SerialCase


@tagged("post_install", "-at_install")
class TestTraceQueries(SerialCase):
    """What a trace costs does not grow with its units."""

    def deliveries(self):
        phones = self.receive(self.phone, [f"Q{number}" for number in range(112)])
        return [
            self.deliver(lots)
            for lots in (phones[:1], phones[1:2], phones[2:12], phones[12:112])
        ]

    def test_one_ten_and_a_hundred_units_cost_the_same_queries(self):
        model = self.env["serial.trace"].with_user(self.operator)
        warm_up, *deliveries = self.deliveries()
        for function in (model.get_trace, model._get_export):
            self.count_queries(function, "stock.picking", warm_up.ids, "both")
            counts = [
                self.count_queries(function, "stock.picking", delivery.ids, "both")
                for delivery in deliveries
            ]
            self.assertEqual(len(set(counts)), 1, counts)
            self.assertLessEqual(counts[0], 20)

    def test_more_documents_cost_no_more_queries(self):
        model = self.env["serial.trace"].with_user(self.operator)
        phones = self.receive(self.phone, [f"Q{number}" for number in range(10)])
        partners = self.env["res.partner"].create(
            [{"name": f"Buyer {number}"} for number in range(10)]
        )
        for phone, partner in zip(phones, partners, strict=True):
            self.deliver(phone, partner=partner)
        ids = phones.ids
        self.count_queries(model.get_trace, "stock.lot", ids[:1])
        few = self.count_queries(model.get_trace, "stock.lot", ids[:1])
        many = self.count_queries(model.get_trace, "stock.lot", ids)
        self.assertEqual(few, many)
