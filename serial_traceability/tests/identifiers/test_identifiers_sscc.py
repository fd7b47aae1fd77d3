from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import IdentifierCase


@tagged("post_install", "-at_install")
class TestIdentifiersSscc(IdentifierCase):
    """SSCCs as names of packages, each given once."""

    def packages(self, count):
        return self.env["stock.package"].create(
            [{"name": f"PACK-{number}"} for number in range(count)]
        )

    def give(self, packages, user=None):
        packages.with_user(user or self.operator).action_give_sscc()
        return packages.sorted("id").mapped("name")

    def test_packages_get_ssccs_in_order(self):
        packages = self.packages(2)
        self.assertEqual(
            self.give(packages), ["095200090000000005", "095200090000000012"]
        )
        self.assertEqual(packages.mapped("valid_sscc"), [True, True])
        self.assertEqual(self.prefix.next_sscc_reference, 2)

    def test_an_sscc_is_not_given_again_when_its_package_is_deleted(self):
        first = self.packages(1)
        self.give(first)
        first.unlink()
        self.assertEqual(self.give(self.packages(1)), ["095200090000000012"])

    def test_an_sscc_that_a_package_already_bears_is_left_out(self):
        self.env["stock.package"].create({"name": "095200090000000012"})
        self.assertEqual(
            self.give(self.packages(2)), ["095200090000000005", "095200090000000029"]
        )

    def test_an_sscc_with_its_identifier_is_one(self):
        named = self.env["stock.package"].create({"name": "00095200090000000012"})
        with self.assertRaisesRegex(UserError, "already bear an SSCC"):
            self.give(named)
        self.assertEqual(
            self.give(self.packages(2)), ["095200090000000005", "095200090000000029"]
        )

    def test_an_sscc_is_not_replaced(self):
        packages = self.packages(1)
        self.give(packages)
        with self.assertRaisesRegex(UserError, "already bear an SSCC"):
            self.give(packages)

    def test_the_extension_digit_moves_on(self):
        prefix = self.prefixes.create({"name": "952000812345", "sequence": 1})
        prefix.next_sscc_reference = 9999
        names = self.give(self.packages(2))
        self.assertEqual(
            [name[:13] for name in names], ["0952000812345", "1952000812345"]
        )
        self.assertRecordValues(
            prefix, [{"sscc_extension": 1, "next_sscc_reference": 1}]
        )

    def test_a_prefix_without_ssccs_left_says_so(self):
        prefix = self.prefixes.create({"name": "952000812345", "sequence": 1})
        prefix.write({"sscc_extension": 9, "next_sscc_reference": 9999})
        with self.assertRaisesRegex(UserError, "fewer than 2 SSCCs left"):
            self.give(self.packages(2))
        self.give(self.packages(1))
        with self.assertRaisesRegex(UserError, "fewer than 1 SSCCs left"):
            self.give(self.packages(1))

    def test_a_company_without_prefix_gives_none(self):
        self.prefix.active = False
        with self.assertRaisesRegex(UserError, "has no GS1 company prefix"):
            self.give(self.packages(1))

    def test_operators_give_ssccs_and_plain_users_do_not(self):
        packages = self.packages(1)
        for user in (self.auditor, self.service, self.stock_user):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.give(packages, user=user)
        self.assertEqual(packages.name, "PACK-0")

    def test_the_ledger_knows_the_package_by_its_sscc(self):
        lot = self.receive(self.phone, ["S-1"])
        package = self.packages(1)
        self.give(package)
        picking = self.transfer(
            self.warehouse.int_type_id,
            self.stock_location,
            self.stock_location,
            [(self.phone, 1)],
        )
        picking.action_confirm()
        picking.action_assign()
        picking.move_line_ids.write({"result_package_id": package.id})
        self.validate(picking)
        event = self.events(lot, event_type="AggregationEvent")
        self.assertEqual(event.parent_epc, "https://id.gs1.org/00/095200090000000005")

    def test_many_packages_cost_no_search_each(self):
        self.give(self.packages(1))
        counts = []
        for number in (1, 10, 100):
            packages = self.packages(number)
            counts.append(self.count_queries(self.give, packages))
        self.assertLessEqual(counts[2] - counts[0], 5, counts)
