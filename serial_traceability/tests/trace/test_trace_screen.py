from odoo.tests import HttpCase, tagged

from ..common import SerialCase


@tagged("post_install", "-at_install")
class TestTraceScreen(SerialCase, HttpCase):
    """The screen on real data, in a browser."""

    def test_trace_of_a_delivery_opens_from_its_form(self):
        phones = self.receive(self.phone, [f"V{number}" for number in range(3)])
        sale = self.deliver(phones)
        self.start_tour(
            f"/odoo/deliveries/{sale.id}", "serial_trace_delivery",
            login=self.operator.login,
        )  # fmt: skip

    def test_list_action_traces_the_chosen_serials(self):
        phones = self.receive(self.phone, ["V1", "V2"])
        action = self.env.ref("serial_traceability.serial_trace_lots_action")
        result = (
            action.with_user(self.operator)
            .with_context(active_model="stock.lot", active_ids=phones.ids)
            .run()
        )
        self.assertEqual(result["tag"], "serial_trace")
        self.assertEqual(
            result["context"], {"active_model": "stock.lot", "active_ids": phones.ids}
        )
