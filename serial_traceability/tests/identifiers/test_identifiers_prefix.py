from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import mute_logger

from .common import IdentifierCase


@tagged("post_install", "-at_install")
class TestIdentifiersPrefix(IdentifierCase):
    """GS1 company prefixes as records, and what is derived of them."""

    def test_a_prefix_has_room_for_what_its_length_leaves(self):
        for number, capacity in (("40123", 10**7), ("401234567890", 1)):
            prefix = self.prefixes.create({"name": number})
            self.assertEqual(prefix.capacity, capacity)
            prefix.unlink()

    def test_a_part_that_another_holds_is_no_room(self):
        prefix = self.prefixes.create({"name": "952000"})
        self.assertEqual(prefix.capacity, 900_000)
        self.prefix.active = False
        self.assertEqual(prefix.capacity, 1_000_000)

    def test_what_is_no_prefix_is_refused(self):
        for number in ("952", "9520009123456", "95200O9", "952 0009"):
            with (
                self.subTest(number),
                self.assertRaisesRegex(
                    ValidationError,
                    f"prefix {number} of .* is not made of 4 to 12 digits",
                ),
            ):
                self.prefixes.create({"name": number})

    def test_a_prefix_too_long_for_an_epc_is_refused_in_the_settings_too(self):
        with self.assertRaisesRegex(ValidationError, "is not made of 4 to 12 digits"):
            self.company.gs1_company_prefix = "9520009123456"

    def test_a_prefix_is_entered_without_the_blanks_around_it(self):
        self.assertEqual(self.prefixes.create({"name": " 9520008 "}).name, "9520008")

    @mute_logger("odoo.sql_db")
    def test_a_prefix_is_entered_once(self):
        with self.assertRaisesRegex(Exception, "serial_company_prefix_name_unique"):
            self.prefixes.create(
                {"name": "9520009", "company_id": self.other_company.id}
            )

    @mute_logger("odoo.sql_db")
    def test_a_prefix_has_one_licensee(self):
        for values in ({"partner_id": self.supplier.id}, {"company_id": False}):
            with (
                self.subTest(values),
                self.assertRaisesRegex(Exception, "serial_company_prefix_one_licensee"),
                self.env.cr.savepoint(),
            ):
                self.prefixes.create({"name": "4012345", **values})

    def test_the_form_takes_a_partner_in_place_of_the_company(self):
        form = Form(self.prefixes.with_user(self.administrator))
        form.name = "4012345"
        self.assertEqual(form.company_id, self.company)
        form.partner_id = self.supplier
        self.assertFalse(form.company_id)
        self.assertEqual(form.save().licensee, "Maker Ltd")

    # ---- EPCs ----

    def test_an_epc_is_derived_of_the_longest_prefix(self):
        lot = self.receive(self.phone, ["S-1"])
        self.assertFalse(lot.epc_uri)
        short = self.prefixes.create({"name": "952000"})
        self.assertEqual(lot.epc_uri, "urn:epc:id:sgtin:952000.0110001.S-1")
        self.prefixes.create(
            {"name": "95200011", "company_id": False, "partner_id": self.supplier.id}
        )
        self.assertEqual(lot.epc_uri, "urn:epc:id:sgtin:95200011.00001.S-1")
        short.unlink()
        self.assertEqual(lot.epc_uri, "urn:epc:id:sgtin:95200011.00001.S-1")

    def test_an_epc_does_not_depend_on_who_asks(self):
        self.prefixes.create({"name": "9520001", "company_id": self.other_company.id})
        lot = self.receive(self.phone, ["S-1"])
        uri = "urn:epc:id:sgtin:9520001.010001.S-1"
        for user in (self.operator, self.auditor, self.administrator):
            self.assertEqual(lot.with_user(user).epc_uri, uri)

    def test_an_archived_prefix_derives_no_epc(self):
        prefix = self.prefixes.create({"name": "9520001"})
        lot = self.receive(self.phone, ["S-1"])
        self.assertTrue(lot.epc_uri)
        prefix.active = False
        self.assertFalse(lot.epc_uri)

    def test_a_prefix_of_four_digits_stands_for_those_of_six(self):
        self.prefixes.create({"name": "9520"})
        lot = self.receive(self.phone, ["S-1"])
        self.assertEqual(lot.epc_uri, "urn:epc:id:sgtin:952000.0110001.S-1")

    def test_epcs_of_many_serials_need_no_query_each(self):
        self.prefixes.create({"name": "9520001"})
        counts = []
        for number in (1, 10, 100):
            names = [f"Q{number}-{index}" for index in range(number)]
            lots = self.env["stock.lot"].create(
                [{"name": name, "product_id": self.phone.id} for name in names]
            )
            self.env.registry.clear_cache()
            counts.append(self.count_queries(lots.mapped, "epc_uri"))
            self.assertEqual(len(set(lots.mapped("epc_uri"))), number)
        self.assertEqual(len(set(counts)), 1, counts)

    # ---- The company's field ----

    def test_what_the_settings_say_is_a_record(self):
        company = self.other_company
        self.assertFalse(company.gs1_company_prefix)
        company.gs1_company_prefix = "4012345"
        self.assertRecordValues(
            company.gs1_prefix_ids, [{"name": "4012345", "partner_id": False}]
        )
        self.assertEqual(company.gs1_company_prefix, "4012345")

    def test_another_prefix_comes_first_and_the_old_one_stays(self):
        company = self.other_company
        for number in ("4012345", "4012346", "4012345"):
            company.gs1_company_prefix = number
            self.assertEqual(company.gs1_company_prefix, number)
        self.assertEqual(len(company.gs1_prefix_ids), 2)

    def test_emptying_the_settings_archives_the_prefix(self):
        self.company.gs1_company_prefix = False
        self.assertFalse(self.prefix.active)
        self.company.gs1_company_prefix = "9520009"
        self.assertTrue(self.prefix.active)

    def test_saving_the_settings_makes_the_record(self):
        user = new_test_user(
            self.env,
            login="settings",
            groups="base.group_system,serial_traceability.group_serial_administrator",
        )
        with Form(self.env["res.config.settings"].with_user(user)) as form:
            form.gs1_company_prefix = "4012347"
        form.record.execute()
        self.assertEqual(self.company.gs1_company_prefix, "4012347")

    # ---- What was given stays ----

    def test_a_prefix_that_gave_a_gtin_stays_as_it_is(self):
        self.give(self.cable)
        for values in ({"name": "9520008"}, {"company_id": self.other_company.id}):
            with self.subTest(values), self.assertRaisesRegex(UserError, "were given"):
                self.prefix.write(values)
        with self.assertRaisesRegex(UserError, "Archive it instead"):
            self.prefix.unlink()

    def test_a_prefix_that_gave_nothing_can_be_corrected_and_deleted(self):
        self.cable.barcode = "9520009000005"
        self.prefix.name = "952000"
        self.assertEqual(self.row("09520009000005").item_reference, 900000)
        self.prefix.unlink()
        self.assertFalse(self.row("09520009000005"))

    def test_what_was_in_use_stays_known_while_the_prefix_is_archived(self):
        self.cable.barcode = "9520009000005"
        self.cable.barcode = False
        self.prefix.active = False
        self.prefix.active = True
        self.assertEqual(self.give(self.box), {self.box: "9520009000012"})

    def test_the_next_sscc_cannot_be_lowered(self):
        self.prefix.next_sscc_reference = 5
        with self.assertRaisesRegex(UserError, "cannot be lowered"):
            self.prefix.next_sscc_reference = 4
        self.prefix.write({"sscc_extension": 1, "next_sscc_reference": 0})
        with self.assertRaisesRegex(UserError, "cannot be lowered"):
            self.prefix.sscc_extension = 0

    def test_counters_are_no_negative_numbers(self):
        with self.assertRaisesRegex(ValidationError, "cannot be negative"):
            self.prefix.next_reference = -1
        with self.assertRaisesRegex(ValidationError, "one from 0 to 9"):
            self.prefix.sscc_extension = 11

    # ---- Rights ----

    def test_administrators_alone_write_prefixes(self):
        for user in (self.operator, self.quality_manager, self.auditor, self.service):
            self.assertEqual(self.prefix.with_user(user).capacity, 100000)
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.prefix.with_user(user).name = "9520008"
            with self.assertRaises(AccessError):
                self.prefixes.with_user(user).create({"name": "9520008"})
        self.prefix.with_user(self.administrator).name = "9520008"

    def test_a_prefix_of_another_company_is_not_to_be_seen(self):
        foreign = self.prefixes.create(
            {"name": "4012345", "company_id": self.other_company.id}
        )
        with self.assertRaises(AccessError):
            foreign.with_user(self.administrator).read(["name"])

    def test_portal_users_see_no_prefix(self):
        portal = new_test_user(self.env, login="portal_p", groups="base.group_portal")
        with self.assertRaises(AccessError):
            self.prefix.with_user(portal).read(["name"])
