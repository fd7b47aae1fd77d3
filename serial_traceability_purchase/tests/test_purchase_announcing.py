import base64

from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from odoo.addons.serial_traceability.tests.scanning.common import WATCH_GTIN, symbol

from .common import PurchaseCase


@tagged("post_install", "-at_install")
class TestPurchaseAnnouncing(PurchaseCase):
    """A supplier announces serials by list, by file or through the API."""

    def open_announcing(self):
        action = self.order.action_announce_serials()
        return (
            self.env[action["res_model"]].with_user(self.buyer).browse(action["res_id"])
        )

    def test_a_list_is_pasted(self):
        scan_import = self.open_announcing()
        with Form(scan_import) as form:
            form.scan_text = "\n".join((symbol("A1", batch="B1"), symbol("A1"), "X"))
        scan_import.action_read()
        self.assertIn(self.order.name, scan_import._open()["name"])
        scan_import.action_apply()
        self.assertEqual(
            scan_import.line_ids.mapped("verdict"), ["duplicate", "unknown_text"]
        )
        self.assertRecordValues(
            self.incoming.announced_ids,
            [{"name": "A1", "batch_number": "B1", "state": "expected"}],
        )

    def test_numbers_of_anothers_block_are_refused_and_raise_a_case(self):
        scheme = self.env["serial.scheme"].create({"name": "Phones"})
        maker = self.env["res.partner"].create({"name": "Other Maker"})
        block = self.env["serial.block"].create(
            {
                "partner_id": maker.id,
                "product_id": self.phone.id,
                "scheme_id": scheme.id,
                "quantity": 2,
            }
        )
        block.action_open()
        numbers = block._get_unused()
        verdicts = self.announce(*map(symbol, numbers))
        self.assertEqual(verdicts, ["other_block", "other_block"])
        self.assertRecordValues(
            block.case_ids,
            [
                {
                    "kind": "other_block",
                    "origin": self.order.display_name,
                    "partner_id": self.supplier.id,
                    "number_count": 2,
                }
            ],
        )

    def test_a_file_is_uploaded(self):
        scan_import = self.open_announcing()
        rows = f"serial;gtin;batch\nA1;{self.phone.barcode};B1\nW1;{WATCH_GTIN};\n"
        scan_import.scan_file = base64.b64encode(rows.encode())
        scan_import.action_read()
        scan_import.action_apply()
        self.assertEqual(
            self.states(self.incoming), {"A1": "expected", "W1": "expected"}
        )

    def test_the_api_says_of_each_serial_what_became_of_it(self):
        results = self.order.announce_serials(
            [
                symbol("A1"),
                symbol("A2", "09520001100018"),
                symbol("A3", "09520001300011"),
            ]
        )
        self.assertEqual(
            [(result["level"], result["verdict"]) for result in results],
            [("good", "ok"), ("wrong", "check_digit"), ("wrong", "wrong_product")],
        )
        self.assertEqual(self.states(self.incoming), {"A1": "expected"})

    def test_plain_numbers_need_to_say_of_which_product_they_are(self):
        self.assertEqual(self.announce("N1"), ["unknown_text"])
        self.assertEqual(self.announce("N1", product_id=self.watch.id), ["ok"])
        self.assertEqual(self.incoming.announced_ids.product_id, self.watch)
        with self.assertRaisesRegex(UserError, "not on order"):
            self.announce("N2", product_id=self.box.id)

    def test_form_and_uniqueness_of_foreign_numbers_are_checked(self):
        self.receive(self.phone, ["OLD"])
        policy = self.env["serial.policy"].create(
            {"name": "Strict", "gs1_serials_only": True}
        )
        self.phone.serial_policy_id = policy
        self.announce(symbol("A1"))
        verdicts = self.announce(
            symbol("A1"), symbol("OLD"), symbol("A" * 21), symbol("B2"), symbol("B2")
        )
        self.assertEqual(
            verdicts,
            ["already_announced", "in_stock", "serial_too_long", "ok", "duplicate"],
        )
        self.assertEqual(self.announce("A B", product_id=self.phone.id), ["wrong_form"])

    def test_more_than_was_ordered_is_pointed_at(self):
        verdicts = self.announce(*(symbol(f"A{number}") for number in range(4)))
        self.assertEqual(verdicts, ["ok", "ok", "ok", "surplus"])

    def test_the_order_counts_announced_here_and_missing(self):
        self.announce(symbol("A1"), symbol("A2"), symbol("A3"))
        self.scan_in(self.incoming, symbol("A1"), symbol("A2"), symbol("X9"))
        self.assertRecordValues(
            self.order,
            [
                {
                    "announced_count": 3,
                    "announced_arrived_count": 2,
                    "announced_missing_count": 1,
                    "announced_surplus_count": 1,
                }
            ],
        )
        action = self.order.action_view_announced_serials()
        rows = self.env[action["res_model"]].search(action["domain"])
        self.assertEqual(set(rows.mapped("name")), {"A1", "A2", "A3", "X9"})

    def test_two_orders_count_each_for_itself(self):
        other = self.buy((self.phone, 1))
        self.announce(symbol("A1"))
        self.announce(symbol("B1"), order=other)
        self.assertEqual((self.order | other).mapped("announced_count"), [1, 1])

    def test_an_order_without_an_open_receipt_takes_no_announcement(self):
        draft = self.buy((self.phone, 1), confirm=False)
        cancelled = self.buy((self.phone, 1))
        cancelled.button_cancel()
        for order in (draft, cancelled):
            self.assertFalse(order.can_announce_serials)
            with self.assertRaisesRegex(UserError, "has no open receipt"):
                self.announce(symbol("A1"), order=order)

    def test_announcing_costs_the_same_queries_for_10_and_100_serials(self):
        def cost(prefix, count):
            order = self.buy((self.phone, count))
            texts = [symbol(f"{prefix}{number}") for number in range(count)]
            return self.count_queries(lambda: self.announce(*texts, order=order))

        cost("W", 1)
        costs = [cost(f"C{count}-", count) for count in (1, 10, 100)]
        self.assertEqual(len(set(costs)), 1, costs)
