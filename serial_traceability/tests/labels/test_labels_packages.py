from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from ..common import PHONE_GTIN
from .common import LabelCase

SSCC = "395200010000000011"
CASE_GTIN = "19520001100014"


@tagged("post_install", "-at_install")
class TestLabelPackages(LabelCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.batch = cls.env["serial.batch"].create(
            {
                "name": "B17A",
                "product_id": cls.phone.id,
                "expiration_date": "2027-09-01",
            }
        )
        cls.phones = cls.receive(cls.phone, ["A1", "A2", "A3"])
        cls.correct(cls.phones, batch_id=cls.batch.id)

    def scan(self, package, **values):
        wizard = self.print(package, medium="png", resolution="300", **values)
        return self.read_image(self.content(wizard))

    def test_a_pallet_says_its_number_and_what_it_holds(self):
        package = self.pack_up(self.phones, SSCC)
        self.assertEqual(
            self.scan(package, layout_id=self.layout("pallet_a6").id),
            [
                ("]C1", f"00{SSCC}".encode()),
                ("]C1", f"02{PHONE_GTIN}17270901".encode()),
                ("]C1", b"373\x1d10B17A"),
            ],
        )

    def test_one_square_symbol_can_say_it_all(self):
        package = self.pack_up(self.phones, SSCC)
        data = f"00{SSCC}02{PHONE_GTIN}17270901373\x1d10B17A"
        layout = self.layout("pallet_a6")
        self.assertEqual(
            self.scan(package, layout_id=layout.id, symbology="datamatrix"),
            [("]d2", data.encode())],
        )

    def test_a_name_may_write_the_identifier_before_the_sscc(self):
        package = self.env["stock.package"].create({"name": f"00{SSCC}"})
        self.assertEqual(self.scan(package), [("]C1", f"00{SSCC}".encode())])

    def test_contents_of_two_batches_have_no_batch_in_common(self):
        other = self.batch.copy({"name": "B18"})
        self.correct(self.phones[2], batch_id=other.id)
        package = self.pack_up(self.phones, SSCC)
        read = self.scan(package, layout_id=self.layout("pallet_a6").id)
        self.assertNotIn(b"10B17A", b"".join(data for _kind, data in read))

    def test_mixed_contents_say_the_number_alone(self):
        packs = self.receive(self.pack_product(), ["M1"])
        package = self.pack_up(self.phones, SSCC)
        package.quant_ids |= packs.quant_ids.filtered(
            lambda quant: quant.location_id.usage == "internal"
        )
        self.assertEqual(self.scan(package), [("]C1", f"00{SSCC}".encode())])
        (label,) = self.env["serial.label"]._get_package_labels(
            package, self.layout("pallet_a6")
        )
        self.assertEqual(label.title, "Mixed contents")
        self.assertEqual(
            set(label.notes[1:]), {("Phone", "3 Units"), ("Case", "1 Units")}
        )

    def pack_product(self):
        return self.env["product.product"].create(
            {"name": "Case", "is_storable": True, "tracking": "serial"}
        )

    def test_a_pallet_counts_the_units_in_its_cases(self):
        case = self.pack_up(self.phones, "Case 1")
        case.parent_package_id = self.env["stock.package"].create({"name": SSCC})
        read = self.scan(case.parent_package_id, layout_id=self.layout("pallet_a6").id)
        self.assertIn(("]C1", b"373\x1d10B17A"), read)

    def test_a_case_is_named_by_the_gtin_of_its_packaging(self):
        uom = self.env["uom.uom"].create(
            {
                "name": "Case of 3",
                "relative_factor": 3,
                "relative_uom_id": self.phone.uom_id.id,
            }
        )
        self.phone.product_uom_ids = [
            Command.create({"uom_id": uom.id, "barcode": CASE_GTIN})
        ]
        package = self.pack_up(self.phones, "Case 1")
        read = self.scan(package, layout_id=self.layout("case_100x100").id)
        data = b"".join(data for _kind, data in read)
        self.assertEqual(data, f"01{CASE_GTIN}1727090110B17A".encode())

    def test_a_package_without_a_number_is_refused(self):
        package = self.pack_up(self.phones, "PACK0001")
        with self.assertRaisesRegex(UserError, "Package PACK0001 has no number"):
            self.print(package)

    def test_a_wrong_check_digit_makes_no_sscc(self):
        package = self.pack_up(self.phones, "395200010000000012")
        with self.assertRaisesRegex(UserError, "its name is no SSCC"):
            self.print(package)

    def test_printed_packages_are_recorded_and_ask_for_a_reason(self):
        package = self.pack_up(self.phones, SSCC)
        self.print(package)
        with self.assertRaisesRegex(UserError, f"such as that of {SSCC}"):
            self.print(package)
        self.print(package, reason="Wet")
        rows = self.env["serial.label.print"].search([], order="id")
        self.assertRecordValues(
            rows,
            [
                {"name": SSCC, "package_id": package.id, "is_reprint": False},
                {"name": SSCC, "package_id": package.id, "is_reprint": True},
            ],
        )

    def test_the_ledger_tells_of_printed_packages(self):
        package = self.pack_up(self.phones, SSCC)
        self.print(package)
        self.print(package, reason="Wet")
        lines = self.env["serial.event.line"].search(
            [("epc", "=", f"https://id.gs1.org/00/{SSCC}")], order="id"
        )
        self.assertRecordValues(
            lines, [{"lot_id": False, "lot_name": SSCC, "role": "unit"}] * 2
        )
        self.assertRecordValues(
            lines.event_id.sorted("id"),
            [
                {
                    "biz_step": "encoding",
                    "unit_count": 1,
                    "source_location_res_id": self.stock_location.id,
                    "reason": reason,
                }
                for reason in (False, "Wet")
            ],
        )
        self.assertFalse(self.events(self.phones, biz_step="encoding"))

    def test_a_transfer_offers_units_and_packages(self):
        package = self.pack_up(self.phones, SSCC)
        form = self.form(self.packing)
        self.assertEqual(form.target, "unit")
        self.assertEqual(form.label_count, 3)
        form.target = "package"
        self.assertEqual(form.label_count, 1)
        self.assertIn(form.layout_id.level, ("case", "pallet"))
        wizard = form.save()
        wizard.action_print()
        self.assertEqual(self.env["serial.label.print"].search([]).package_id, package)

    def test_the_queries_do_not_grow_with_the_packages(self):
        counts = []
        for count in (1, 2, 20):
            packages = self.env["stock.package"].create(
                [{"name": self.sscc(count * 100 + n)} for n in range(count)]
            )
            wizard = self.wizard(packages)
            counts.append(self.count_queries(wizard.action_print))
        # The first one also fills caches.
        self.assertEqual(counts[1], counts[2], counts)

    def sscc(self, number):
        body = f"39520001{number:09d}"
        weighted = sum(
            int(digit) * (3 if index % 2 == 0 else 1)
            for index, digit in enumerate(reversed(body))
        )
        return f"{body}{-weighted % 10}"
