from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .genealogy_common import GenealogyCase


@tagged("post_install", "-at_install")
class TestMrpGenealogyDialog(GenealogyCase):
    """Scanning or pasting says which component goes into which unit."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order_two = cls.make("P1", "P2", finish=False)

    def open(self, user=None):
        order = self.order_two.with_user(user or self.maker)
        action = order.action_open_assembly()
        wizard = self.env["serial.assembly.wizard"].with_user(user or self.maker)
        return Form(wizard.with_context(**action["context"]))

    def lines(self, form):
        return [
            (line["unit_id"], line["component_id"]) for line in form.line_ids._records
        ]

    def keep(self, form):
        form.save().action_apply()
        choices = self.order_two.assembly_ids
        return sorted(
            f"{choice.unit_id.name}<{choice.component_id.name}" for choice in choices
        )

    def test_a_unit_is_scanned_and_then_its_components(self):
        form = self.open()
        for text in ("P2", "B1", "C1", "P1", "B2"):
            form.scanned = text
            self.assertFalse(form.scanned)
            self.assertEqual(form.level, "good")
        self.assertEqual(self.keep(form), ["P1<B2", "P2<B1", "P2<C1"])
        self.finish(self.order_two)
        phones = self.order_two.lot_producing_ids
        self.assertEqual(
            self.pairs(phones, known_by="unit"), ["P1<B2", "P2<B1", "P2<C1"]
        )

    def test_symbols_are_read_as_well_as_numbers(self):
        form = self.open()
        form.scanned = "]d201095200011000172" + "1P2"
        self.assertEqual(form.unit_id.name, "P2")

    def test_a_symbol_of_another_product_is_not_taken_for_the_unit(self):
        form = self.open()
        form.scanned = "]d2010952000130001121P2"
        self.assertEqual(form.level, "wrong")

    def test_what_is_unknown_is_said_and_nothing_is_added(self):
        form = self.open()
        form.scanned = "NOPE"
        self.assertEqual(form.level, "wrong")
        self.assertIn("NOPE is no unit of", form.message)
        self.assertFalse(len(form.line_ids))

    def test_a_serial_for_two_units_is_refused_when_it_is_scanned(self):
        form = self.open()
        for text in ("P1", "B1", "P2", "B1"):
            form.scanned = text
        self.assertEqual(form.level, "wrong")
        self.assertIn("B1 is in P1 already", form.message)
        self.assertEqual(self.keep(form), ["P1<B1"])

    def test_scanning_a_pair_again_adds_nothing(self):
        form = self.open()
        for text in ("P1", "B1", "B1"):
            form.scanned = text
        self.assertEqual(len(form.line_ids), 1)

    def test_pairs_are_pasted_and_what_is_none_is_left(self):
        form = self.open()
        form.pairs = "P1\tB1\nP2;B2\nP1, C1\nP9 B3\nrubbish\n"
        self.assertEqual(form.pairs, "P9 B3\nrubbish")
        self.assertEqual(form.level, "wrong")
        self.assertIn("2 lines are left", form.message)
        self.assertEqual(self.keep(form), ["P1<B1", "P1<C1", "P2<B2"])

    def test_the_dialog_begins_with_what_was_chosen_before(self):
        form = self.open()
        form.pairs = "P1 B1\nP2 B2"
        self.keep(form)
        form = self.open()
        self.assertEqual(len(form.line_ids), 2)
        form.line_ids.remove(0)
        self.assertEqual(self.keep(form), ["P2<B2"])

    def test_serials_of_other_products_and_orders_are_unknown(self):
        self.receive(self.phone, ["P7"])
        form = self.open()
        form.scanned = "P7"
        self.assertEqual(form.level, "wrong")

    def test_an_order_that_was_finished_meanwhile_keeps_what_it_has(self):
        form = self.open()
        form.pairs = "P1 B1"
        wizard = form.save()
        self.finish(self.order_two)
        with self.assertRaisesRegex(UserError, "is not open any more"):
            wizard.action_apply()

    def test_who_may_not_make_may_not_apply(self):
        wizard = self.open().save()
        for user in (self.auditor, self.operator, self.stock_user):
            with self.assertRaises(AccessError):
                wizard.with_user(user).action_apply()

    def test_pasting_takes_as_many_queries_for_100_pairs_as_for_one(self):
        count = 100
        self.receive(self.battery, [f"X{n}" for n in range(count)])
        order = self.make(*(f"Q{n}" for n in range(count)), finish=False)
        wizard = self.env["serial.assembly.wizard"].with_user(self.maker)
        figures = []
        for pairs in (2, 1, 10, 100):
            texts = [f"{side}{n}" for n in range(pairs) for side in "QX"]
            draft = wizard.new({"production_id": order.id})
            figures.append(self.count_queries(draft._find, texts))
        self.assertEqual(figures[1:], figures[1:2] * 3)
