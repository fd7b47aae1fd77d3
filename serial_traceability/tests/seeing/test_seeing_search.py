from odoo.tests import Form, tagged

from ..common import PHONE_GTIN, SerialCase

GS = "\x1d"


@tagged("post_install", "-at_install")
class TestSeeingSearch(SerialCase):
    """Search by whatever a scanner, a label or a person says."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.batch = cls.env["serial.batch"].create(
            {"name": "B7", "product_id": cls.phone.id}
        )
        cls.lots = cls.receive(
            cls.phone, ["SN1", "SN10", "AB2"], serial_batch_id=cls.batch.id
        )
        cls.lot, cls.longer, cls.other = cls.lots
        cls.namesake = cls.receive(cls.pack, ["SN1"])
        cls.cables = cls.receive(cls.cable, ["CB-1"], quantity=3)
        cls.company.gs1_company_prefix = "9520001"

    def found(self, text, user=None):
        lots = self.env["stock.lot"].with_user(user or self.service)
        return lots.search([("scanned", "ilike", text)]).sudo()

    def assertFinds(self, text, lots):
        self.assertEqual(self.found(text), lots, repr(text))

    # ---- Symbols ----

    def test_element_string_finds_its_unit_in_every_form(self):
        for text in (
            f"01{PHONE_GTIN}21SN1",
            f"]d201{PHONE_GTIN}21SN1{GS}10B7",
            f"]C101{PHONE_GTIN}10B7{GS}21SN1",
            f"(01){PHONE_GTIN}(21)SN1",
            f"01{PHONE_GTIN}1727013110B7{GS}21SN1\r\n",
            f"01{PHONE_GTIN}21SN1␝10B7",
        ):
            self.assertFinds(text, self.lot)

    def test_lost_separator_is_made_good_by_what_is_known(self):
        for text in (
            f"01{PHONE_GTIN}21SN110B7",
            f"01{PHONE_GTIN}10B721SN1",
            f"]d201{PHONE_GTIN}21SN11727013110B7",
        ):
            self.assertFinds(text, self.lot)

    def test_separator_typed_as_another_character(self):
        for separator in ("{GS}", "<GS>", "^]", "^", "|", "~", "#", "]"):
            self.assertFinds(f"]d201{PHONE_GTIN}21SN1{separator}10B7", self.lot)

    def test_digital_link_of_any_domain_finds_its_unit(self):
        self.assertFinds(self.lot.digital_link, self.lot)
        self.assertFinds(f"https://example.com/p/01/{PHONE_GTIN}/21/SN1?x=1", self.lot)

    def test_epc_uri_finds_its_unit(self):
        self.assertTrue(self.lot.epc_uri)
        self.assertFinds(self.lot.epc_uri, self.lot)

    def test_rfid_tag_finds_its_unit(self):
        self.phone.barcode = "80614141123458"
        unit = self.receive(self.phone, ["6789"])
        self.assertFinds("3074257BF7194E4000001A85", unit)

    def test_gtin_finds_the_units_of_its_product_whatever_its_length(self):
        self.assertFinds(PHONE_GTIN, self.lots.sorted("name"))
        self.assertFinds(PHONE_GTIN[1:], self.lots.sorted("name"))
        self.phone.barcode = PHONE_GTIN[1:]
        self.assertFinds(f"01{PHONE_GTIN}21SN1", self.lot)

    def test_batch_symbol_finds_the_units_of_the_batch(self):
        self.assertFinds(f"01{PHONE_GTIN}10B7", self.lots.sorted("name"))

    def test_sscc_finds_what_is_in_the_package(self):
        package = self.env["stock.package"].create({"name": "395200010000000017"})
        packed = self.receive(self.phone, ["PK1"], result_package_id=package.id)
        self.assertFinds("00395200010000000017", packed)

    def test_sscc_of_a_pallet_finds_what_is_in_its_cases(self):
        pallet = self.env["stock.package"].create({"name": "395200010000000017"})
        case = self.env["stock.package"].create({"name": "CASE1"})
        packed = self.receive(self.phone, ["PK1"], result_package_id=case.id)
        case.parent_package_id = pallet
        self.assertFinds("00395200010000000017", packed)

    def test_archived_product_is_found(self):
        self.phone.active = False
        self.assertFinds(f"01{PHONE_GTIN}21SN1", self.lot)

    def test_symbol_of_an_unknown_unit_finds_nothing(self):
        for text in (f"01{PHONE_GTIN}21NONE", "019999999999999421SN1"):
            self.assertFinds(text, self.lot.browse())

    # ---- What people type ----

    def test_plain_number_and_its_part_find_every_unit_of_it(self):
        self.assertEqual(self.found("SN1"), self.lot | self.longer | self.namesake)
        self.assertFinds("b2", self.other)
        self.assertFinds("CB-", self.cables)

    def test_reference_is_found(self):
        fresh = self.env["stock.lot"].create(
            {"name": "X", "product_id": self.phone.id, "ref": "CUSTOMER-9"}
        )
        self.assertFinds("customer-9", fresh)

    def test_digits_that_name_no_product_are_part_of_a_number(self):
        unit = self.receive(self.phone, ["A-96385074-Z"])
        self.assertFinds("96385074", unit)

    def test_number_that_looks_like_a_symbol_is_found(self):
        name = "010952000110001721XY"
        unit = self.env["stock.lot"].create({"name": name, "product_id": self.cable.id})
        self.assertFinds(name, unit)

    def test_rubbish_finds_nothing_and_breaks_nothing(self):
        for text in ("\x00\x01", "١٢٣", "]", "(01)", "(01", "urn:epc:id:x", "A" * 5000):
            self.assertFinds(text, self.lot.browse())

    # ---- Where ----

    def test_picker_finds_the_unit_of_a_symbol(self):
        found = self.env["stock.lot"].name_search(f"01{PHONE_GTIN}21SN1{GS}10B7")
        self.assertEqual([lot_id for lot_id, _name in found], self.lot.ids)
        found = self.env["stock.lot"].name_search("AB2")
        self.assertEqual([lot_id for lot_id, _name in found], self.other.ids)

    def test_events_are_found_by_their_unit(self):
        events = self.env["serial.event"].with_user(self.auditor)
        symbol = f"01{PHONE_GTIN}21SN1"
        found = events.search([("line_ids.lot_id.scanned", "ilike", symbol)])
        self.assertEqual(found, self.events(self.lot).with_user(self.auditor))

    def test_search_box_asks_for_what_was_scanned(self):
        view = self.env["stock.lot"].get_view(
            self.env.ref("stock.search_product_lot_filter").id, "search"
        )
        self.assertIn("[('scanned', 'ilike', self)]", view["arch"])
        self.assertTrue(Form(self.lot.with_user(self.service)))

    def test_plain_stock_user_searches_too(self):
        found = self.found(f"01{PHONE_GTIN}21SN1", self.stock_user)
        self.assertEqual(found, self.lot)

    # ---- However many there are ----

    def test_symbol_is_looked_up_by_exact_number(self):
        query = self.env["stock.lot"]._search(
            [("scanned", "ilike", f"01{PHONE_GTIN}21SN1{GS}10B7")]
        )
        self.assertNotIn("LIKE", str(query.select()).upper())

    def test_number_and_id_are_indexed(self):
        self.env.cr.execute(
            "SELECT indexdef FROM pg_indexes WHERE tablename = 'stock_lot'"
        )
        definitions = [row[0] for row in self.env.cr.fetchall()]
        self.assertTrue(any("(name, id)" in each for each in definitions), definitions)
