from odoo.tests import tagged

from .common import MrpCase


@tagged("post_install", "-at_install")
class TestMrpBudget(MrpCase):
    """What is ours costs the same number of queries whatever the number of units."""

    def count(self, action):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        action()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def spend(self, quantity):
        """Return the queries of each step that an order's numbers take."""
        order, names = self.order(quantity), []
        taking = self.count(lambda: names.extend(order._take_numbers(quantity)))
        again = self.count(lambda: order._take_numbers(quantity))
        reading = self.count(lambda: order._resolve_numbers(names))
        self.dialog(order, *names).action_apply()
        lots = self.env["stock.lot"].browse(order.lot_producing_ids.ids)
        planning = self.count(lots._get_made)
        numbers = self.env["serial.number"].sudo()
        using = self.count(lambda: numbers._note_production(order, lots))
        return taking, again, reading, planning, using

    def test_taking_reading_and_using_numbers(self):
        for quantity in (2, 100):
            self.spend(quantity)
        figures = [self.spend(quantity) for quantity in (1, 10, 100)]
        self.assertEqual(figures[0], figures[1])
        self.assertEqual(figures[0], figures[2])

    def test_checking_what_was_made(self):
        figures = []
        for quantity in (2, 1, 10, 100):
            order = self.order(quantity)
            self.generate(order)
            order.move_finished_ids.lot_ids = order.lot_producing_ids
            lines = self.env["stock.move.line"].browse(
                order.move_finished_ids.move_line_ids.ids
            )
            self.assertEqual(len(lines), quantity)
            lots = order.lot_producing_ids.ids
            figures.append(
                self.count(
                    lambda order=order, lines=lines, lots=lots: (
                        self.env["stock.lot"].browse(lots).mapped("name"),
                        order._check_made(lines),
                    )
                )
            )
        self.assertEqual(figures[1:], figures[1:2] * 3)
