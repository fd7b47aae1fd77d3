from odoo.tests import tagged

from .genealogy_common import GenealogyCase


@tagged("post_install", "-at_install")
class TestMrpGenealogyBudget(GenealogyCase):
    """What is in what costs the same number of queries whatever the number of units."""

    def spend(self, count, choose):
        """Return the queries of noting an order of so many units, and of reading what
        is in them.
        """
        prefix = f"{count}{'c' if choose else 'o'}"
        batteries = self.receive(self.battery, [f"{prefix}B{n}" for n in range(count)])
        order = self.make(*(f"{prefix}P{n}" for n in range(count)), finish=False)
        phones = order.lot_producing_ids.sorted("name")
        if choose:
            order._set_assembly(
                {
                    (phone, battery): 1.0
                    for phone, battery in zip(phones, batteries, strict=True)
                }
            )
        noted = []
        genealogy = type(self.env["serial.genealogy"])
        original = genealogy._note_made

        def note(model, orders):
            noted.append(self.count_queries(original, model, orders))

        self.patch(genealogy, "_note_made", note)
        self.finish(order)
        self.patch(genealogy, "_note_made", original)
        read = self.env["stock.lot"].with_user(self.auditor).browse(phones.ids)
        reading = self.count_queries(
            lambda: read.mapped(lambda lot: lot.component_count + lot.used_in_count)
        )
        return [*noted, reading]

    def test_noting_and_reading_what_is_known_by_unit(self):
        figures = [self.spend(count, True) for count in (2, 3, 10, 100)]
        self.assertEqual(figures[1:], figures[1:2] * 3)

    def test_noting_and_reading_what_is_known_by_order(self):
        figures = [self.spend(count, False) for count in (2, 1, 10, 100)]
        self.assertEqual(figures[1:], figures[1:2] * 3)
