from unittest import TestCase

from ..genealogy import Consumption, Share, share_out

BATTERY, CABLE = 1, 2


class TestGenealogyShares(TestCase):
    """Two phones, 1 and 2, of the batteries 11 and 12 and of cable 20."""

    USED = {
        11: Consumption(BATTERY, 1.0),
        12: Consumption(BATTERY, 1.0),
        20: Consumption(CABLE, 3.0),
    }

    def test_one_unit_has_all_components(self):
        [share] = share_out((1,), self.USED, {})
        self.assertEqual(share.components, ((11, 1.0), (12, 1.0), (20, 3.0)))
        self.assertTrue(share.exact)

    def test_nobody_said_so_each_unit_may_have_each_component(self):
        self.assertEqual(
            share_out((1, 2), self.USED, {}),
            [Share((1, 2), ((11, 1.0), (12, 1.0), (20, 3.0)), False)],
        )

    def test_what_was_said_is_known_by_unit_and_the_rest_by_order(self):
        shares = share_out((1, 2), self.USED, {(1, 11): 1.0, (2, 12): 1.0})
        self.assertEqual(
            shares,
            [
                Share((1,), ((11, 1.0),), True),
                Share((2,), ((12, 1.0),), True),
                Share((1, 2), ((20, 3.0),), False),
            ],
        )

    def test_a_unit_that_has_its_share_takes_no_more_by_order(self):
        shares = share_out((1, 2), self.USED, {(1, 11): 1.0})
        self.assertIn(Share((2,), ((12, 1.0),), False), shares)

    def test_part_of_a_lot(self):
        shares = share_out((1, 2), {20: Consumption(CABLE, 3.0)}, {(1, 20): 2.0})
        self.assertEqual(
            shares,
            [Share((1,), ((20, 2.0),), True), Share((2,), ((20, 1.0),), False)],
        )

    def test_more_was_said_than_was_used_up(self):
        shares = share_out((1, 2), self.USED, {(1, 20): 2.0, (2, 20): 2.0, (1, 11): 5})
        self.assertIn(Share((1,), ((20, 2.0), (11, 1.0)), True), shares)
        self.assertIn(Share((2,), ((20, 1.0),), True), shares)

    def test_all_units_have_more_than_their_share(self):
        used = {11: Consumption(BATTERY, 1.0), 12: Consumption(BATTERY, 3.0)}
        shares = share_out((1, 2), used, {(1, 12): 2.0, (2, 11): 1.0, (2, 12): 1.0})
        self.assertEqual([share.exact for share in shares], [True, True])

    def test_what_the_order_neither_made_nor_used_up_does_not_count(self):
        shares = share_out((1, 2), self.USED, {(3, 11): 1.0, (1, 99): 1.0})
        self.assertEqual(shares, share_out((1, 2), self.USED, {}))

    def test_a_unit_made_anew_is_no_component(self):
        used = {1: Consumption(9, 1.0), 20: Consumption(CABLE, 1.0)}
        self.assertEqual(share_out((1,), used, {}), [Share((1,), ((20, 1.0),), True)])
        self.assertEqual(share_out((1,), {1: Consumption(9, 1.0)}, {}), [])

    def test_nothing_was_made(self):
        self.assertEqual(share_out((), self.USED, {}), [])
