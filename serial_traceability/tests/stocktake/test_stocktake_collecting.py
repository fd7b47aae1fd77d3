from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..scanning.common import symbol
from .common import RADIO_GTIN, StocktakeCase


@tagged("post_install", "-at_install")
class TestStocktakeCollecting(StocktakeCase):
    """Numbers are collected place by place, for as long as it takes."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.stock(cls.shelf_a, 3)
        cls.stock(cls.shelf_b, 2)
        cls.stocktake = cls.begin()

    def verdicts(self, *texts, location=None):
        results = self.collect(self.stocktake, location or self.shelf_a, *texts)
        return [result["verdict"] for result in results]

    def test_it_lists_each_place_with_its_units(self):
        self.assertRecordValues(
            self.stocktake.line_ids.sorted("location_id"),
            [
                {"location_id": self.shelf_a.id, "quantity": 3, "fit": "missing"},
                {"location_id": self.shelf_b.id, "quantity": 2, "fit": "missing"},
            ],
        )
        self.assertRecordValues(
            self.stocktake,
            [{"quantity": 5, "number_count": 0, "missing_count": 5, "progress": 0}],
        )
        self.assertEqual(self.radio.tracking, "none")

    def test_symbols_links_and_plain_numbers_are_read(self):
        link = f"https://id.gs1.org/01/{RADIO_GTIN}/21/R2"
        self.assertEqual(
            self.verdicts(symbol("R1", RADIO_GTIN, batch="B7"), link, "R3"),
            ["ok", "ok", "ok"],
        )
        self.assertRecordValues(
            self.stocktake.number_ids.sorted("name"),
            [
                {"name": "R1", "batch_number": "B7", "issued": False},
                {"name": "R2", "batch_number": False, "issued": False},
                {"name": "R3", "batch_number": False, "issued": False},
            ],
        )
        self.assertEqual(self.place(self.stocktake, self.shelf_a).fit, "fits")

    def test_what_is_wrong_says_so_and_is_left_out(self):
        self.receive(self.phone, ["P1"])
        cases = {
            symbol("R1", "09520001200015"): "check_digit",
            symbol("P2"): "wrong_product",
            "": "empty_line",
            symbol("R9", "09520001999994"): "unknown_product",
        }
        self.assertEqual(self.verdicts(*cases), list(cases.values()))
        self.assertFalse(self.stocktake.number_ids)

    def test_a_number_is_collected_once(self):
        self.assertEqual(self.verdicts("R1", "R1"), ["ok", "duplicate"])
        self.assertEqual(self.verdicts("R1"), ["already_scanned"])
        self.assertEqual(self.stocktake.number_ids.name, "R1")

    def test_more_numbers_than_units_are_pointed_at(self):
        self.assertEqual(
            self.verdicts("R1", "R2", "R3", "R4"), ["ok", "ok", "ok", "surplus"]
        )
        self.assertEqual(self.place(self.stocktake, self.shelf_a).fit, "surplus")

    def test_a_number_that_is_scanned_elsewhere_counts_there(self):
        self.verdicts("R1", "R2")
        (result,) = self.collect(self.stocktake, self.shelf_b, "R1")
        self.assertEqual(result["verdict"], "counted_elsewhere")
        self.assertIn("Shelf A", result["message"])
        self.assertEqual(self.place(self.stocktake, self.shelf_a).number_count, 1)
        self.assertEqual(self.place(self.stocktake, self.shelf_b).number_count, 1)

    def test_a_number_that_stands_for_variants_counts_for_the_one_that_is_here(self):
        attribute = self.env["product.attribute"].create(
            {"name": "Colour", "value_ids": [(0, 0, {"name": n}) for n in ("R", "G")]}
        )
        template = self.env["product.template"].create(
            {
                "name": "Bulb",
                "is_storable": True,
                "attribute_line_ids": [
                    (
                        0,
                        0,
                        {
                            "attribute_id": attribute.id,
                            "value_ids": attribute.value_ids.ids,
                        },
                    )
                ],
            }
        )
        red, green = template.product_variant_ids
        self.stock(self.shelf_a, 1, red)
        self.stock(self.shelf_b, 1, green)
        stocktake = self.begin(red)
        for location in (self.shelf_a, self.shelf_b):
            (result,) = self.collect(stocktake, location, "1")
            self.assertEqual(result["verdict"], "ok")
        self.assertEqual(stocktake.number_ids.product_id, red | green)
        stocktake.action_switch()
        lots = self.env["stock.lot"].search([("name", "=", "1")])
        self.assertEqual(lots.product_id, red | green)

    def test_a_scan_sent_twice_is_answered_alike(self):
        place = self.place(self.stocktake, self.shelf_a)
        first = place.serial_scan(symbol("R1", RADIO_GTIN), "uuid-1")
        self.assertEqual((first["level"], first["verdict"]), ("good", "ok"))
        self.assertIn("1 of 3", first["title"])
        self.assertEqual(place.serial_scan(symbol("R1", RADIO_GTIN), "uuid-1"), first)
        again = place.serial_scan(symbol("R1", RADIO_GTIN), "uuid-2")
        self.assertEqual(
            (again["level"], again["verdict"]), ("wrong", "already_scanned")
        )

    def test_numbers_are_pasted_and_applied(self):
        place = self.place(self.stocktake, self.shelf_a)
        action = place.action_scan_serials()
        scan_import = place.env[action["res_model"]].browse(action["res_id"])
        scan_import.scan_text = f"{symbol('R1', RADIO_GTIN)}\nR2\nR2"
        scan_import.action_read()
        self.assertIn("Shelf A", scan_import._open()["name"])
        scan_import.action_apply()
        self.assertEqual(place.number_count, 2)
        self.assertEqual(scan_import.line_ids.verdict, "duplicate")

    def test_it_can_be_stopped_and_continued_while_goods_move(self):
        self.verdicts("R1", "R2", "R3")
        self.validate(self.reserve(1, source=self.shelf_a))
        place = self.place(self.stocktake, self.shelf_a)
        self.assertRecordValues(place, [{"quantity": 2, "fit": "surplus"}])
        place.number_ids[:1].action_remove()
        self.assertEqual(place.fit, "fits")

    def test_goods_at_a_new_place_are_found_by_comparing(self):
        shelf_c = self.shelf_a.copy({"name": "Shelf C"})
        self.stock(shelf_c, 1)
        self.assertFalse(self.place(self.stocktake, shelf_c))
        self.stocktake.with_user(self.operator).action_compare()
        self.assertEqual(self.place(self.stocktake, shelf_c).quantity, 1)

    def test_comparing_drops_a_place_only_where_nothing_was_collected(self):
        self.verdicts("R1")
        self.stock(self.shelf_a, -3)
        self.stock(self.shelf_b, -2)
        self.stocktake.with_user(self.operator).action_compare()
        self.assertEqual(self.stocktake.line_ids.location_id, self.shelf_a)

    def test_a_product_has_one_open_stocktake(self):
        action = self.radio.product_tmpl_id.with_user(
            self.quality_manager
        ).action_open_serial_stocktake()
        self.assertEqual(action["res_id"], self.stocktake.id)
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaisesRegex(Exception, "serial_stocktake_open_unique"),
            self.env.cr.savepoint(),
        ):
            self.begin()

    def test_a_cancelled_stocktake_leaves_the_product_and_keeps_the_numbers(self):
        self.verdicts("R1")
        self.stocktake.action_cancel()
        self.assertEqual(self.radio.tracking, "none")
        self.assertEqual(self.stocktake.number_ids.name, "R1")
        with self.assertRaisesRegex(UserError, "only while its stocktake is open"):
            self.verdicts("R2")
        with self.assertRaisesRegex(UserError, "only while its stocktake is open"):
            self.stocktake.action_switch()
        self.assertEqual(self.begin().state, "collecting")

    def test_a_product_tracked_by_lots_is_refused(self):
        with self.assertRaisesRegex(UserError, "tracked by lots"):
            self.begin(self.cable)
