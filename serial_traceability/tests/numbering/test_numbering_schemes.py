from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from ..common import SerialCase


@tagged("post_install", "-at_install")
class TestSchemes(SerialCase):
    """Administrators write schemes; what cannot number is refused in a sentence."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.schemes = cls.env["serial.scheme"].with_user(cls.administrator)

    def assert_refused(self, words, **values):
        with self.assertRaises(ValidationError) as refusal:
            self.schemes.create({"name": "Bad", **values})
        self.assertIn(words, str(refusal.exception))

    def test_bad_schemes_are_refused_by_name(self):
        for words, values in (
            ("“~” in Bad is not allowed", {"alphabet": "01~"}),
            ("has “0” twice", {"alphabet": "010"}),
            ("at least two different", {"alphabet": "0"}),
            ("The length of Bad is 0", {"length": 0}),
            ("The length of Bad is 21", {"length": 21}),
            ("are too long", {"length": 18, "prefix": "ABC"}),
            ("even number", {"alphabet": "012", "check_character": True}),
            ("which is not known", {"prefix": "%(hour)s"}),
            (
                "No number of Bad fits",
                {"form": "sgtin96", "length": 11, "prefix": "9"},
            ),
            (
                "must name the period",
                {"kind": "sequential", "period": "month", "prefix": "%(year)s"},
            ),
            ("must name the batch", {"kind": "sequential", "per_batch": True}),
        ):
            with self.subTest(words=words):
                self.assert_refused(words, **values)

    def test_leading_zeros_do_not_fit_sgtin_96(self):
        tags = {"kind": "sequential", "form": "sgtin96", "length": 6}
        self.assertIn("no leading zeros", self.schemes.new(tags).fault)
        self.assert_refused("no leading zeros, so Bad cannot issue 000001", **tags)
        self.assert_refused("without leading zeros", prefix="0", **tags)
        self.schemes.create({"name": "Tags", "padded": False, **tags})

    def test_the_characters_that_gs1_allows_are_named_as_they_are(self):
        self.assert_refused("and ! \" % & ' (", alphabet="01~")

    def test_counts_that_no_column_holds_are_refused_by_name(self):
        self.assert_refused(
            "“Guessed at Most Once in” of a numbering scheme cannot be "
            "1,000,000,000,000. Enter at most 2,147,483,647.",
            one_in=10**12,
        )
        scheme = self.schemes.create({"name": "Good"})
        with self.assertRaisesRegex(ValidationError, "“Start at” of a numbering"):
            scheme.start = 2**31

    def test_a_scheme_shows_what_it_gives(self):
        scheme = self.schemes.create({"name": "Nine", "length": 9})
        self.assertRecordValues(
            scheme, [{"space": "1,000,000,000", "capacity": "99,999", "fault": False}]
        )

    def test_a_count_starts_again_with_each_batch(self):
        scheme = self.schemes.create(
            {
                "name": "By batch",
                "kind": "sequential",
                "prefix": "%(batch)s-",
                "length": 3,
                "per_batch": True,
            }
        )
        batches = self.env["serial.batch"].create(
            [{"name": name, "product_id": self.phone.id} for name in ("A", "B")]
        )
        issues = self.env["serial.issue"].with_user(self.operator)
        for batch in batches:
            answer = issues.issue(
                self.phone.id, 2, batch_id=batch.id, scheme_id=scheme.id
            )
            self.assertEqual(
                answer["numbers"], [f"{batch.name}-001", f"{batch.name}-002"]
            )

    def test_changing_a_used_scheme_stands_on_the_ledger(self):
        scheme = self.schemes.create({"name": "Ours", "length": 10})
        events = self.env["serial.event"]
        scheme.length = 11
        self.assertFalse(events.search([("document_model", "=", "serial.scheme")]))
        issues = self.env["serial.issue"].with_user(self.operator)
        first = issues.issue(self.phone.id, 2, scheme_id=scheme.id)["numbers"]
        scheme.write({"length": 12, "name": "Ours, longer"})
        event = events.search([("document_model", "=", "serial.scheme")])
        self.assertRecordValues(
            event,
            [{"event_type": "change", "movement": "scheme", "unit_count": 1}],
        )
        self.assertRecordValues(
            event.line_ids,
            [{"field_name": "scheme.length", "old_value": "11", "new_value": "12"}],
        )
        self.assertEqual(event._recompute_hashes(), {event.id: event.record_hash})
        self.assertEqual(self.env["stock.lot"].search_count([("name", "in", first)]), 2)
        scheme.write({"prefix": "A", "check_character": True})
        scheme.prefix = False
        told = self.env["serial.event.line"].search(
            [("field_name", "in", ("scheme.prefix", "scheme.check_character"))],
            order="id",
        )
        self.assertRecordValues(
            told.sorted(lambda line: (line.event_id.id, line.field_name)),
            [
                {"old_value": "False", "new_value": "True"},
                {"old_value": False, "new_value": "A"},
                {"old_value": "A", "new_value": False},
            ],
        )
        scheme.check_character = False
        second = issues.issue(self.phone.id, 1, scheme_id=scheme.id)["numbers"]
        self.assertEqual(len(second[0]), 12)

    def test_a_used_scheme_is_archived_and_not_deleted(self):
        scheme = self.schemes.create({"name": "Ours", "length": 10})
        issues = self.env["serial.issue"].with_user(self.operator)
        issues.issue(self.phone.id, 1, scheme_id=scheme.id)
        with self.assertRaises(UserError):
            scheme.unlink()
        scheme.active = False
        with self.assertRaises(UserError) as refusal:
            issues.issue(self.phone.id, 1, scheme_id=scheme.id)
        self.assertIn("is archived", str(refusal.exception))

    def test_only_administrators_write_schemes(self):
        scheme = self.schemes.create({"name": "Ours"})
        for user in (self.quality_manager, self.operator, self.auditor):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                scheme.with_user(user).length = 8

    def test_an_issue_shows_how_likely_a_number_is_guessed(self):
        scheme = self.schemes.create({"name": "Nine", "length": 9})
        issues = self.env["serial.issue"].with_user(self.operator)
        issues.issue(self.phone.id, 10, scheme_id=scheme.id)
        run = issues.new(
            {"product_id": self.phone.id, "scheme_id": scheme.id, "quantity": 90}
        )
        self.assertEqual(
            (run.taken, run.left, run.guess_now, run.guess_after),
            ("10", "99,989", "1 in 100,000,000", "1 in 10,000,000"),
        )
