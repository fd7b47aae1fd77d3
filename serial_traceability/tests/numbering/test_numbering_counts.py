from odoo.exceptions import UserError
from odoo.tests import tagged

from ..common import SerialCase


@tagged("post_install", "-at_install")
class TestNumberingCounts(SerialCase):
    """What numbers are counted together, and where a changed count goes on."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.issues = cls.env["serial.issue"].with_user(cls.operator)

    def scheme(self, **values):
        return self.env["serial.scheme"].create({"name": "Scheme", **values})

    def drawing(self, **values):
        """Return a scheme of 1,000 numbers, of which 99 may be issued."""
        return self.scheme(kind="random", length=3, one_in=10, **values)

    def issue(self, scheme, count=1, product=None, **values):
        product = product or self.phone
        answer = self.issues.issue(product.id, count, scheme_id=scheme.id, **values)
        return answer["numbers"]

    def left(self, scheme, product=None):
        run = self.issues.new(
            {"product_id": (product or self.phone).id, "scheme_id": scheme.id}
        )
        return int(run.left.replace(",", ""))

    def assert_refused(self, scheme, count):
        with self.assertRaisesRegex(UserError, "Issue fewer"), self.cr.savepoint():
            self.issue(scheme, count)

    # ---- Drawn numbers ----

    def test_schemes_of_one_shape_share_the_guess_limit(self):
        first, second = self.drawing(), self.drawing(form="plain")
        self.issue(first, 60)
        self.assertEqual(self.left(second), 39)
        self.assert_refused(second, 40)
        self.issue(second, 39)
        self.assert_refused(first, 1)
        self.assert_refused(self.drawing(alphabet="9876543210"), 1)

    def test_a_scheme_that_is_changed_there_and_back_is_not_begun_anew(self):
        scheme = self.drawing()
        self.issue(scheme, 60)
        scheme.length = 4
        self.assertEqual(self.left(scheme), 999)
        scheme.length = 3
        self.assertEqual(self.left(scheme), 39)

    def test_numbers_of_a_smaller_alphabet_count_in_a_larger_one(self):
        small, large = self.drawing(), self.drawing(alphabet="0123456789A")
        self.issue(small, 60)
        # 11³ numbers, of which 133 may be issued; all 60 are among them.
        self.assertEqual(self.left(large), 133 - 60)
        self.issue(large, 73)
        # Of the 73, (10/11)³ can be expected to have digits only: 54.85.
        self.assertEqual(self.left(small), 0)

    def test_numbers_that_cannot_be_mistaken_count_apart(self):
        self.issue(self.drawing(), 60)
        self.assertEqual(self.left(self.drawing(prefix="A")), 99)
        self.assertEqual(self.left(self.drawing(alphabet="ABCDEFGHIJ")), 99)
        self.assertEqual(self.left(self.drawing(), self.pack), 99)

    def test_a_year_in_the_prefix_may_be_any(self):
        named = self.drawing(prefix="%(y)s")
        self.issue(named, 60)
        self.assertEqual(self.left(self.drawing(prefix="31")), 39)
        self.assertEqual(self.left(self.drawing(prefix="A1")), 99)

    def test_numbers_of_a_batch_count_with_all_others(self):
        self.issue(self.drawing(), 60)
        self.assertEqual(self.left(self.drawing(prefix="%(batch)s")), 39)

    def test_the_limit_holds_while_numbers_are_made(self):
        first, second = self.drawing(), self.drawing()
        self.issue(first, 90)
        run = self.issues.create(
            {"product_id": self.phone.id, "scheme_id": second.id, "quantity": 9}
        )
        self.issue(first, 5)
        with self.assertRaisesRegex(UserError, "only 4 more"):
            run.action_start()

    def test_counting_costs_the_same_queries_whatever_was_issued(self):
        schemes = [self.drawing(prefix=prefix) for prefix in "ABCD"]
        counts = []
        for count, scheme in zip((1, 10, 90), schemes, strict=False):
            self.issue(scheme, count)
            counts.append(self.count_queries(self.left, schemes[-1]))
        # The first one also reads what does not change.
        self.assertEqual(counts[1], counts[2], counts)

    # ---- Numbers that count up ----

    def changed(self, *, gap_free):
        """Return what a count gives whose start and step change."""
        scheme = self.scheme(
            kind="sequential", length=3, gap_free=gap_free, padded=False
        )
        numbers = self.issue(scheme, 3)
        for start, step, count in ((100, 1, 2), (100, 10, 2), (1, 2, 3), (1, 1, 3)):
            scheme.write({"start": start, "step": step})
            numbers += self.issue(scheme, count)
        return numbers

    def test_another_start_or_step_begins_there_and_hits_nothing(self):
        expected = ["1", "2", "3"]
        expected += ["100", "101"]
        # 100 is taken.
        expected += ["110", "120"]
        # 1 and 3 are taken.
        expected += ["5", "7", "9"]
        # Back at the old one, which goes on behind 3; 5 is taken.
        expected += ["4", "6", "8"]
        self.assertEqual(self.changed(gap_free=False), expected)

    def test_the_same_holds_gap_free(self):
        numbers = self.changed(gap_free=True)
        self.assertEqual(numbers[:3] + numbers[-3:], ["1", "2", "3", "4", "6", "8"])
        self.assertEqual(len(set(numbers)), len(numbers))

    def test_a_higher_start_is_not_passed_by_what_was_issued_before(self):
        scheme = self.scheme(kind="sequential", length=4, start=1)
        self.issue(scheme, 50)
        scheme.start = 1000
        self.assertEqual(self.issue(scheme), ["1000"])

    def test_longer_numbers_go_on_where_the_shorter_ones_end(self):
        scheme = self.scheme(kind="sequential", length=1)
        self.assertEqual(self.issue(scheme, 9)[-1], "9")
        scheme.length = 2
        self.assertEqual(self.issue(scheme), ["10"])

    def test_drawn_numbers_and_numbers_that_count_up_count_apart(self):
        scheme = self.drawing()
        self.issue(scheme, 5)
        scheme.write({"kind": "sequential", "prefix": "C"})
        self.assertEqual(self.issue(scheme), ["C001"])
