import psycopg2
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .genealogy_common import GenealogyCase


@tagged("post_install", "-at_install")
class TestMrpGenealogy(GenealogyCase):
    """Which component went into which unit is known by unit, or by order."""

    def test_the_only_unit_of_an_order_has_all_components_by_unit(self):
        order = self.make("P1")
        phone = order.lot_producing_ids
        battery = order.move_raw_ids.lot_ids - self.cables
        self.assertRecordValues(
            self.rows(phone),
            [
                {
                    "component_id": lot.id,
                    "quantity": 1,
                    "known_by": "unit",
                    "production_id": order.id,
                    "to_time": False,
                    "company_id": self.company.id,
                }
                for lot in battery | self.cables
            ],
        )

    def test_of_several_units_nobody_said_which_so_it_is_known_by_order(self):
        phones = self.make("P1", "P2").lot_producing_ids
        rows = self.rows(phones)
        self.assertEqual(len(rows), 6)
        self.assertEqual(set(rows.mapped("known_by")), {"order"})
        cable = rows.filtered(lambda row: row.component_id == self.cables)
        self.assertEqual(cable.mapped("quantity"), [1, 1])

    def test_what_was_chosen_for_units_is_known_by_unit(self):
        phones = self.make("P1", "P2", choose=[(0, 1), (1, 0)]).lot_producing_ids
        self.assertEqual(self.pairs(phones, known_by="unit"), ["P1<B2", "P2<B1"])
        self.assertEqual(self.pairs(phones, known_by="order"), ["P1<C1", "P2<C1"])

    def test_a_chosen_serial_that_was_not_reserved_is_used_in_place_of_another(self):
        order = self.make("P1", "P2", choose=[(0, 5)], finish=False)
        used = order.move_raw_ids.lot_ids - self.cables
        self.assertEqual(len(used), 2)
        self.assertIn(self.batteries[5], used)
        self.finish(order)
        phones = order.lot_producing_ids
        self.assertEqual(self.pairs(phones, known_by="unit"), ["P1<B6"])
        self.assertIn("P2<B1", self.pairs(phones))
        self.assertNotIn("P2<B6", self.pairs(phones))

    def test_odoos_own_links_follow_what_is_known_by_unit(self):
        order = self.make("P1", "P2", choose=[(0, 1), (1, 0)])
        lines = order.move_finished_ids.move_line_ids
        used = {line.lot_id.name: line.consume_line_ids.lot_id for line in lines}
        self.assertEqual(used["P1"], self.batteries[1] | self.cables)
        self.assertEqual(used["P2"], self.batteries[0] | self.cables)

    def test_odoos_own_links_stay_where_nothing_is_known_by_unit(self):
        order = self.make("P1", "P2")
        for line in order.move_finished_ids.move_line_ids:
            self.assertEqual(len(line.consume_line_ids), 3)

    def test_components_of_components_are_followed(self):
        phone = self.make("P1").lot_producing_ids
        kit = self.env["product.product"].create(
            {"name": "Case", "is_storable": True, "tracking": "serial"}
        )
        bom = self.bom.copy({"product_tmpl_id": kit.product_tmpl_id.id})
        bom.bom_line_ids[0].product_id = self.phone
        order = self.order(1, product=kit, bom_id=bom.id)
        self.dialog(order, "K1").action_apply()
        self.finish(order)
        self.assertIn("K1<P1", self.pairs(order.lot_producing_ids))
        self.assertRecordValues(
            phone.with_user(self.auditor), [{"used_in_count": 1, "component_count": 2}]
        )

    def test_taking_a_unit_apart_ends_its_components_and_gives_back_its_own(self):
        order = self.make("P1", "P2", choose=[(0, 1), (1, 0)])
        phone = order.lot_producing_ids.filtered(lambda lot: lot.name == "P2")
        unbuild = self.unbuild(order, phone)
        self.assertEqual(self.pairs(phone), [])
        self.assertEqual(set(self.rows(phone).mapped("ended_by")), {"unbuild"})
        self.assertEqual(set(self.rows(phone).mapped("end_document")), {unbuild.name})
        self.assertEqual(self.batteries[0].location_id, self.stock_location)
        other = order.lot_producing_ids - phone
        self.assertEqual(self.pairs(other), ["P1<B2", "P1<C1"])

    def unbuild(self, order, lot):
        unbuild = (
            self.env["mrp.unbuild"]
            .with_user(self.maker)
            .create({"mo_id": order.id, "product_id": self.phone.id, "lot_id": lot.id})
        )
        unbuild.action_validate()
        self.assertEqual(unbuild.state, "done")
        return unbuild

    def test_a_component_that_comes_out_of_production_is_taken_out(self):
        order = self.make("P1")
        battery = order.move_raw_ids.lot_ids - self.cables
        back = self.move(
            battery,
            self.warehouse.int_type_id,
            order.production_location_id,
            self.stock_location,
        )
        rows = self.rows(order.lot_producing_ids, component_id=battery.id)
        self.assertRecordValues(
            rows, [{"ended_by": "removal", "end_document": back.name}]
        )

    def test_correcting_a_done_order_ends_what_was_wrong(self):
        order = self.make("P1")
        battery = order.move_raw_ids.lot_ids - self.cables
        line = order.move_raw_ids.move_line_ids.filtered(
            lambda line: line.lot_id == battery
        )
        line.sudo().lot_id = self.batteries[5]
        phone = order.lot_producing_ids
        self.assertEqual(self.pairs(phone), ["P1<B6", "P1<C1"])
        wrong = self.rows(phone, component_id=battery.id)
        self.assertRecordValues(
            wrong, [{"ended_by": "correction", "end_document": order.name}]
        )

    def test_an_order_with_a_backorder_tells_of_each_part(self):
        order = self.order(3)
        self.dialog(order, "P1", "P2").action_apply()
        order.qty_producing = 2
        order._set_qty_producing()
        order.with_context(skip_backorder=True).button_mark_done()
        phones = order.lot_producing_ids
        self.assertEqual(len(self.rows(phones)), 6)
        self.assertEqual(self.rows(phones).production_id, order)

    def test_untracked_units_have_no_genealogy(self):
        bom = self.bom.copy({"product_tmpl_id": self.box.product_tmpl_id.id})
        order = self.finish(self.order(2, product=self.box, bom_id=bom.id))
        self.assertFalse(
            self.env["serial.component"].search([("production_id", "=", order.id)])
        )

    # ---- The guard ----

    def test_nobody_writes_the_genealogy(self):
        row = self.rows(self.make("P1").lot_producing_ids)[0]
        for user in (self.maker, self.quality_manager, self.administrator):
            rows = row.with_user(user)
            for forbidden in (
                lambda rows=rows: rows.create({"unit_id": row.unit_id.id}),
                lambda rows=rows: rows.write({"to_time": "2026-01-01"}),
                lambda rows=rows: rows.unlink(),
            ):
                with self.assertRaises(UserError):
                    forbidden()
        with self.assertRaises(UserError):
            row.sudo().write({"quantity": 5})
        with self.assertRaises(UserError):
            row.sudo().unlink()

    @mute_logger("odoo.sql_db")
    def test_postgresql_refuses_all_but_one_end(self):
        row = self.rows(self.make("P1").lot_producing_ids)[0]
        ending = "to_time = now(), ended_by = 'removal'"
        for refused in (
            f"UPDATE serial_component SET {ending}, quantity = 9 WHERE id = {row.id}",
            f"UPDATE serial_component SET quantity = 9 WHERE id = {row.id}",
            f"DELETE FROM serial_component WHERE id = {row.id}",
        ):
            with self.assertRaises(psycopg2.Error), self.cr.savepoint():
                self.cr.execute(refused)
        end = f"UPDATE serial_component SET {ending} WHERE id = {row.id}"
        self.cr.execute(end)
        with self.assertRaises(psycopg2.Error), self.cr.savepoint():
            self.cr.execute(end)

    def test_who_may_not_read_serials_reads_no_genealogy(self):
        phone = self.make("P1").lot_producing_ids
        with self.assertRaises(AccessError):
            self.rows(phone).with_user(self.maker).read(["component_id"])
        rows = self.rows(phone).with_user(self.auditor)
        self.assertEqual(len(rows.read(["component_id"])), 2)

    def test_another_company_sees_nothing_of_it(self):
        phone = self.make("P1").lot_producing_ids
        company = self.env["res.company"].create({"name": "Other"})
        self.auditor.write(
            {"company_ids": [(6, 0, company.ids)], "company_id": company.id}
        )
        rows = self.env["serial.component"].with_user(self.auditor)
        self.assertFalse(rows.search([("unit_id", "in", phone.ids)]))

    # ---- Choosing ----

    def test_a_serial_is_chosen_for_one_unit_only(self):
        with self.assertRaisesRegex(ValidationError, "B1 was chosen for P1"):
            self.make("P1", "P2", choose=[(0, 0), (1, 0)])

    def test_what_the_order_does_not_make_or_use_cannot_be_chosen(self):
        order = self.make("P1", "P2", finish=False)
        other = self.make("P9", finish=False).lot_producing_ids
        for unit, component in (
            (other, self.batteries[0]),
            (order.lot_producing_ids[0], other),
        ):
            with self.assertRaisesRegex(ValidationError, "cannot be chosen"):
                order._set_assembly({(unit, component): 1.0})

    def test_a_lot_that_the_order_does_not_use_cannot_be_chosen(self):
        [cable] = self.receive(self.cable, ["C2"])
        order = self.make("P1", "P2", finish=False)
        unit = order.lot_producing_ids[0]
        with self.assertRaisesRegex(UserError, "C2 of Cable is not among"):
            order._set_assembly({(unit, cable): 1.0})

    def test_nothing_is_chosen_or_taken_back_once_the_order_is_done(self):
        order = self.make("P1", "P2", choose=[(0, 0)])
        with self.assertRaisesRegex(UserError, "is not open any more"):
            order.action_open_assembly()
        with self.assertRaisesRegex(UserError, "is not open any more"):
            order.assembly_ids.unlink()

    def test_without_serials_there_is_nothing_to_choose_for(self):
        with self.assertRaisesRegex(UserError, "has no serials yet"):
            self.order(2).action_open_assembly()

    def test_who_may_not_make_may_not_choose(self):
        order = self.make("P1", "P2", finish=False)
        with self.assertRaises(AccessError):
            order.with_user(self.auditor).action_open_assembly()
        with self.assertRaises(AccessError):
            self.env["serial.assembly"].with_user(self.auditor).create(
                {
                    "production_id": order.id,
                    "unit_id": order.lot_producing_ids[0].id,
                    "component_id": self.batteries[0].id,
                }
            )

    def test_what_was_scrapped_in_the_course_of_an_order_is_in_no_unit(self):
        order = self.make("P1", finish=False)
        spare = self.batteries[5]
        scrap = self.env["stock.scrap"].create(
            {
                "production_id": order.id,
                "product_id": self.battery.id,
                "lot_id": spare.id,
                "scrap_qty": 1,
            }
        )
        scrap.do_scrap()
        self.finish(order)
        self.assertEqual(self.pairs(order.lot_producing_ids), ["P1<B1", "P1<C1"])
