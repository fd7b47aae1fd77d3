from contextlib import ExitStack
from unittest.mock import patch

from odoo.tests import tagged

from .common import LockCase


@tagged("post_install", "-at_install")
class TestLockBudget(LockCase):
    """What holds cost where nothing is held."""

    def setUp(self):
        super().setUp()
        self.deliver(self.lots)

    def ship(self, picking):
        picking.action_assign()
        picking.move_ids.picked = True
        picking.with_context(skip_backorder=True).button_validate()

    def without_holds(self):
        """Return patches under which nothing asks for holds."""
        stack = ExitStack()
        none = self.env["stock.lot"]
        for model, method, stub in (
            ("serial.gate", "_check", lambda *_words, **_named: none),
            ("stock.move.line", "_check_gate", lambda *_words: None),
            ("stock.quant", "_choosing", lambda quants: quants),
            ("stock.move", "_choosing", lambda move: move),
        ):
            model = self.env.registry[model]
            stack.enter_context(patch.object(model, method, stub))
        return stack

    def count_with_and_without(self, prepare, work):
        """Return how many queries more ``work`` takes with holds than without, for 1,
        10 and 100 units.

        :param prepare: gives what to work on, from new serials.
        """
        extra = []
        # The first fills the caches of the registry.
        for run, size in enumerate((1, 1, 10, 100)):
            counts = []
            for name, hooks in (("X", self.without_holds()), ("Y", ExitStack())):
                lots = self.receive(
                    self.phone, [f"{name}{run}-{n}" for n in range(size)]
                )
                subject = prepare(lots.browse(lots.ids))
                with hooks:
                    counts.append(self.count_queries(work, subject))
                self.assertEqual(subject.state, "done")
                self.assertEqual(subject.move_line_ids.lot_id, lots)
            extra.append(counts[1] - counts[0])
        return extra[1:]

    def test_shipping_takes_two_queries_more_at_most(self):
        extra = self.count_with_and_without(
            lambda lots: self.order(self.phone, len(lots)), self.ship
        )

        self.assertLessEqual(max(extra), 2, extra)

    def test_shipping_what_was_picked_takes_two_queries_more_at_most(self):
        def pick(lots):
            first, then = self.chain(self.phone, len(lots))
            for lot in lots:
                self.add_line(first, lot)
            self.validate(first)
            then.do_unreserve()
            return then.browse(then.id)

        extra = self.count_with_and_without(pick, self.ship)

        self.assertLessEqual(max(extra), 2, extra)
