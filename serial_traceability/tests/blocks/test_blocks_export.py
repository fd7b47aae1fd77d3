import csv
import io
import json

from odoo.exceptions import UserError
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from ..json2 import Json2Mixin
from .common import BlockCase


@tagged("post_install", "-at_install")
class TestBlocksExport(BlockCase):
    """A block as a file for whoever puts its numbers on units."""

    def export(self, block, file_format):
        block.action_export(file_format)
        pieces, name, _media_type = block._get_file(file_format)
        return "".join(pieces), name

    def test_csv_has_all_that_a_label_needs(self):
        self.env["serial.company.prefix"].create({"name": "9520001"})
        batch = self.env["serial.batch"].create(
            {
                "name": "B1",
                "product_id": self.phone.id,
                "expiration_date": "2031-05-31",
            }
        )
        block, names = self.open_block(2, batch_id=batch.id)
        text, name = self.export(block, "csv")
        self.assertEqual(name, f"{block.name}.csv")
        rows = list(csv.DictReader(io.StringIO(text, newline="")))
        self.assertEqual([row["number"] for row in rows], names)
        self.assertEqual(
            rows[0],
            {
                "number": names[0],
                "gtin": "09520001100017",
                "batch": "B1",
                "expiry": "2031-05-31",
                "element_string": f"01095200011000171731053121{names[0]}\x1d10B1",
                "digital_link": f"https://id.gs1.org/01/09520001100017/21/{names[0]}",
                "epc": f"urn:epc:id:sgtin:9520001.010001.{names[0]}",
            },
        )

    def test_json_says_whose_numbers_they_are(self):
        block, names = self.open_block(2, expiration_date=self.days(30))
        document = json.loads(self.export(block, "json")[0])
        self.assertEqual(document["block"], block.name)
        self.assertEqual(document["holder"], "Maker Ltd")
        self.assertEqual(document["valid_until"], str(block.expiration_date))
        self.assertEqual([row["number"] for row in document["numbers"]], names)

    def test_epcis_says_that_the_numbers_are_reserved(self):
        block, names = self.open_block(1001)
        document = json.loads(self.export(block, "epcis")[0])
        self.assertEqual(document["type"], "EPCISDocument")
        (event,) = document["epcisBody"]["eventList"]
        self.assertEqual(event["bizStep"], "reserving")
        self.assertEqual(event["disposition"], "reserved")
        self.assertEqual(len(event["epcList"]), 1001)
        self.assertEqual(
            event["epcList"][-1],
            f"https://id.gs1.org/01/09520001100017/21/{names[-1]}",
        )

    def test_numbers_in_use_are_not_handed_out_again(self):
        block, names = self.open_block(3)
        self.receive(self.phone, names[:1])
        document = json.loads(self.export(block, "json")[0])
        self.assertEqual([row["number"] for row in document["numbers"]], names[1:])

    def test_a_product_without_gtin_has_no_epcis(self):
        self.phone.barcode = False
        self.scheme.form = "plain"
        block, names = self.open_block(1)
        with self.assertRaisesRegex(
            UserError, f"Block {block.name} cannot .* Phone has no GTIN"
        ):
            block.action_export_epcis()
        self.assertIn(names[0], self.export(block, "csv")[0])

    def test_numbers_that_gs1_does_not_allow_have_no_epcis(self):
        self.scheme.write({"form": "plain", "length": 30})
        block, names = self.open_block(2)
        with self.assertRaisesRegex(
            UserError, f"Block {block.name} cannot .* allow {names[0]} as a serial"
        ):
            block.action_export_epcis()
        self.assertFalse(block.export_time)
        self.assertIn(names[0], self.export(block, "json")[0])

    def test_plain_numbers_that_gs1_allows_have_epcis(self):
        self.scheme.form = "plain"
        block, names = self.open_block(1)
        document = json.loads(self.export(block, "epcis")[0])
        (event,) = document["epcisBody"]["eventList"]
        self.assertTrue(event["epcList"][0].endswith(f"/21/{names[0]}"))

    def test_exporting_is_known(self):
        block, _names = self.open_block(1)
        with self.assertRaisesRegex(UserError, "not handed over yet"):
            block._get_file("csv")
        self.assertFalse(block.export_time)
        block.action_export_csv()
        self.assertTrue(block.export_time)
        self.assertIn("1 numbers exported as CSV", block.message_ids[0].body)

    def test_what_is_not_open_is_not_exported(self):
        with self.assertRaisesRegex(UserError, "cannot be handed over"):
            self.block().action_export_csv()

    def test_another_format_is_refused(self):
        block, _names = self.open_block(1)
        with self.assertRaisesRegex(UserError, "xml is no format"):
            block.action_export("xml")


@tagged("post_install", "-at_install")
class TestBlocksDownload(HttpCase):
    """The file over HTTP."""

    def setUp(self):
        super().setUp()
        self.users = {
            role: new_test_user(
                self.env,
                login=f"block_{role}",
                password=f"block_{role}",
                groups=f"serial_traceability.group_serial_{role}",
            )
            for role in ("operator", "quality_manager")
        }
        product = self.env["product.product"].create(
            {"name": "Phone", "is_storable": True, "tracking": "serial"}
        )
        scheme = self.env["serial.scheme"].create({"name": "Phones", "form": "plain"})
        self.block = self.env["serial.block"].create(
            {
                "holder_kind": "line",
                "line_name": "Line 2",
                "product_id": product.id,
                "scheme_id": scheme.id,
                "quantity": 2,
            }
        )
        self.block.action_open()
        self.block.action_export_csv()

    def download(self, role):
        self.authenticate(f"block_{role}", f"block_{role}")
        return self.url_open(f"/serial_traceability/block/{self.block.id}/csv")

    def test_a_quality_manager_gets_the_file(self):
        answer = self.download("quality_manager")
        self.assertEqual(answer.status_code, 200)
        self.assertIn("text/csv", answer.headers["Content-Type"])
        self.assertEqual(len(answer.text.strip().splitlines()), 3)

    def test_an_operator_does_not(self):
        self.assertEqual(self.download("operator").status_code, 403)


@tagged("post_install", "-at_install")
class TestBlocksApi(Json2Mixin, BlockCase, HttpCase):
    """Blocks and SSCCs over JSON-2, as whoever has a key."""

    def status(self, user, records, method, **arguments):
        return self.call(user, records, method, **arguments).status_code

    @mute_logger("odoo.http")
    def test_quality_managers_hand_out_numbers_and_others_do_not(self):
        portal = new_test_user(self.env, login="block_api", groups="base.group_portal")
        block = self.block()
        for user in (self.operator, self.stock_user, portal):
            self.assertEqual(self.status(user, block, "action_open"), 403)
            self.assertEqual(
                self.status(user, block, "write", vals={"state": "open"}), 403
            )
        self.assertEqual(block.state, "draft")
        self.assertEqual(self.status(self.quality_manager, block, "action_open"), 200)
        answer = self.call(
            self.quality_manager, block, "action_export", file_format="json"
        )
        self.assertEqual(
            answer.json()["url"], f"/serial_traceability/block/{block.id}/json"
        )

    @mute_logger("odoo.http")
    def test_operators_give_ssccs_and_others_do_not(self):
        self.env["serial.company.prefix"].create({"name": "9520066"})
        package = self.env["stock.package"].create({"name": "PACK-1"})
        for user in (self.stock_user, self.auditor):
            self.assertEqual(self.status(user, package, "action_give_sscc"), 403)
        self.assertEqual(self.status(self.operator, package, "action_give_sscc"), 200)
        self.assertTrue(package.valid_sscc)
