from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .common import LockCase


@tagged("post_install", "-at_install")
class TestLockCompanies(LockCase):
    """Two companies share a serial that one of them holds."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other_company = cls.env["res.company"].create({"name": "Other Ltd"})
        cls.other_warehouse = cls.env["stock.warehouse"].search(
            [("company_id", "=", cls.other_company.id)], limit=1
        )
        cls.other_manager = new_test_user(
            cls.env,
            login="serial_other_manager",
            groups="serial_traceability.group_serial_quality_manager",
            company_id=cls.other_company.id,
            company_ids=[cls.other_company.id],
        )
        cls.shared = cls.env["stock.lot"].create(
            {"name": "SHARED", "product_id": cls.phone.id, "company_id": False}
        )
        cls.env["stock.quant"]._update_available_quantity(
            cls.phone, cls.other_warehouse.lot_stock_id, 1, lot_id=cls.shared
        )

    def other_order(self):
        places = {
            "location_id": self.other_warehouse.lot_stock_id.id,
            "location_dest_id": self.customer_location.id,
        }
        picking = (
            self.env["stock.picking"]
            .with_user(self.other_manager)
            .create(
                {
                    "picking_type_id": self.other_warehouse.out_type_id.id,
                    "move_ids": [
                        (0, 0, {
                            "product_id": self.phone.id, "product_uom_qty": 1, **places
                        })
                    ],
                    **places,
                }
            )
        )  # fmt: skip
        self.other_warehouse.out_type_id.reservation_method = "manual"
        picking.action_confirm()
        picking.do_unreserve()
        return picking

    def test_hold_of_one_company_stops_the_unit_at_the_other(self):
        self.place(self.shared)
        picking = self.other_order()

        picking.action_assign()

        self.assertFalse(picking.move_line_ids)
        with self.assert_refused("SHARED", "Quality"):
            self.env["stock.move.line"].with_user(self.other_manager).create(
                self.line_vals(picking, self.shared)
            )

    def test_hold_takes_the_unit_off_the_other_companys_transfer(self):
        picking = self.other_order()
        picking.action_assign()
        self.assertEqual(picking.move_line_ids.lot_id, self.shared)

        self.place(self.shared)

        self.assertFalse(picking.move_line_ids)
        self.assertEqual(picking.state, "confirmed")

    def test_hold_of_another_company_cannot_be_lifted(self):
        hold = self.place(self.shared)

        with self.assertRaises(AccessError):
            hold.with_user(self.other_manager).lift("Fine")
        with self.assertRaisesRegex(UserError, "another company"):
            self.shared.with_user(self.other_manager).release("Fine")

        self.assertTrue(self.shared.is_locked)
        self.assertEqual(
            self.shared.with_user(self.other_manager).hold_summary, "Quality"
        )

    def test_serial_of_another_company_cannot_be_held(self):
        self.lot_a.sudo().company_id = self.company
        with self.assertRaises(AccessError):
            self.lot_a.with_user(self.other_manager).hold(self.quality.id)

    def test_each_company_lifts_its_own_hold(self):
        self.place(self.shared)
        self.shared.with_user(self.other_manager).hold(self.quality.id)

        self.shared.with_user(self.other_manager).release("Fine here")

        self.assertTrue(self.shared.is_locked)
        self.assertEqual(
            self.shared.hold_ids.filtered(lambda hold: hold.state == "open").company_id,
            self.company,
        )
