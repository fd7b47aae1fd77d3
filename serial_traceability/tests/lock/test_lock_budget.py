from contextlib import ExitStack
from unittest.mock import patch

from odoo import fields
from odoo.tests import freeze_time, tagged

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
        for size in (1, 10, 100):
            without = self.count_warm(f"X{size}", size, prepare, work, hooked=False)
            extra.append(self.count_warm(f"Y{size}", size, prepare, work) - without)
        return extra

    def count_warm(self, name, size, prepare, work, *, hooked=True):
        """Return how many queries ``work`` takes that follows on other such work."""
        before, measured = (
            prepare(
                self.receive(self.phone, [f"{name}{part}{n}" for n in range(count)])
            )
            for part, count in (("-", 1), ("+", size))
        )
        # A second that passes makes Odoo write one date more.
        now = freeze_time(fields.Datetime.now())
        with now, ExitStack() if hooked else self.without_holds():
            # The first fills the caches of the registry.
            self.env.registry.clear_all_caches()
            work(before)
            count = self.count_queries(work, measured)
        self.assertEqual(measured.state, "done")
        self.assertEqual(len(measured.move_line_ids.lot_id), size)
        return count

    def test_shipping_takes_two_queries_more_at_most(self):
        extra = self.count_with_and_without(
            lambda lots: self.order(self.phone, len(lots)), self.ship
        )

        self.assertEqual(extra, [2, 2, 2])

    def test_shipping_what_was_picked_takes_two_queries_more_at_most(self):
        def pick(lots):
            first, then = self.chain(self.phone, len(lots))
            for lot in lots:
                self.add_line(first, lot)
            self.validate(first)
            then.do_unreserve()
            return then.browse(then.id)

        extra = self.count_with_and_without(pick, self.ship)

        self.assertEqual(extra, [2, 2, 2])
