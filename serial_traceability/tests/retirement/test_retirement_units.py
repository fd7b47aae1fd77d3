from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from .common import RetirementCase


@tagged("post_install", "-at_install")
class TestRetirementUnits(RetirementCase):
    """Serials are taken out of use and destroyed, with a reason on the ledger."""

    def test_a_unit_in_stock_is_scrapped_and_destroyed(self):
        self.retire(self.phones[:2], "destroy", "crushed by a fork lift")
        self.assertEqual(self.in_stock(self.phones), 1)
        self.assertRecordValues(
            self.phones,
            [
                {"retired": True, "disposition": "destroyed"},
                {"retired": True, "disposition": "destroyed"},
                {"retired": False, "disposition": "sellable_not_accessible"},
            ],
        )
        scraps = self.env["stock.scrap"].search([("lot_id", "in", self.phones.ids)])
        self.assertEqual(scraps.mapped("state"), ["done", "done"])
        self.assertRecordValues(
            self.events(self.phones[0])[-2:],
            [
                {
                    "movement": "scrap",
                    "action": "DELETE",
                    "biz_step": "destroying",
                    "reason": False,
                    "user_res_id": self.quality_manager.id,
                },
                {
                    "movement": "destroy",
                    "action": "DELETE",
                    "biz_step": "destroying",
                    "reason": "Damaged: crushed by a fork lift",
                    "user_res_id": self.quality_manager.id,
                },
            ],
        )

    def test_package_and_owner_of_a_scrapped_unit_are_found(self):
        package = self.env["stock.package"].create({"name": "PACK-R"})
        lot = self.receive(
            self.phone, ["P1"], result_package_id=package.id, owner_id=self.customer.id
        )
        self.retire(lot, "destroy")
        self.assertFalse(self.in_stock(lot))
        self.assertFalse(
            self.env["stock.quant"]
            .search([("lot_id", "=", lot.id), ("quantity", "<", 0)])
            .filtered(lambda quant: quant.location_id.usage == "internal")
        )

    def test_a_sold_unit_is_taken_out_of_use_where_it_is(self):
        lot = self.phones[0]
        self.deliver(lot)
        self.retire(lot, "decommission")
        self.assertRecordValues(
            lot,
            [
                {
                    "retired": True,
                    "disposition": "inactive",
                    "custodian_id": self.customer.id,
                }
            ],
        )
        event = self.events(lot)[-1]
        self.assertEqual(
            (event.movement, event.action, event.biz_step, event.reason),
            ("decommission", "DELETE", "decommissioning", "Damaged"),
        )

    def test_a_sold_unit_is_destroyed_without_a_scrap(self):
        self.deliver(self.phones[0])
        self.retire(self.phones[0], "destroy")
        self.assertEqual(self.phones[0].disposition, "destroyed")
        self.assertFalse(self.env["stock.scrap"].search([]).lot_id & self.phones)

    def test_numbers_that_we_issued_say_so(self):
        scheme = self.env.ref("serial_traceability.scheme_plain", False)
        scheme = scheme or self.env["serial.scheme"].search(
            [("form", "=", "plain")], limit=1
        )
        issue = self.env["serial.issue"].with_user(self.operator)
        numbers = issue.issue(self.watch.id, 2, scheme_id=scheme.id)["numbers"]
        lots = self.env["stock.lot"].search([("name", "in", numbers)], order="id")
        self.retire(lots[0], "destroy")
        self.retire(lots[1], "decommission")
        self.assertEqual(
            [lot.issued_number_ids.state for lot in lots],
            ["destroyed", "decommissioned"],
        )

    def test_the_dialog_proposes_what_can_be_done(self):
        wizard = self.env["serial.retirement"].with_user(self.quality_manager)
        context = {"active_model": "stock.lot", "active_ids": self.phones.ids}
        form = Form(wizard.with_context(**context))
        self.assertEqual(
            (form.kind, form.lot_count, form.stock_count), ("destroy", 3, 3)
        )
        form.reason_id = self.reason
        form.save().action_apply()
        self.assertEqual(self.phones.mapped("retired"), [True] * 3)

    # ---- Refusals ----

    def assert_refused(self, lots, kind, text):
        with self.assertRaisesRegex(UserError, text), self.env.cr.savepoint():
            self.retire(lots, kind)
        self.assertFalse(any(lots.mapped("retired")))

    def test_a_unit_in_stock_cannot_be_without_a_number(self):
        self.assert_refused(self.phones, "decommission", "A1 is in stock at WH/Stock")

    def test_a_reserved_unit_stays_with_its_transfer(self):
        delivery = self.delivery((self.phone, 3))
        self.assert_refused(
            self.phones, "destroy", f"A1 is reserved for {delivery.name}"
        )
        self.assertEqual(self.in_stock(self.phones), 3)

    def test_a_life_ends_once(self):
        self.retire(self.phones[0], "destroy")
        with self.assertRaisesRegex(UserError, "A1 is out of use for good already"):
            self.retire(self.phones[0], "decommission")

    def test_a_lot_of_many_units_has_no_life_to_end(self):
        lot = self.receive(self.cable, ["L1"], quantity=5)
        self.assert_refused(lot, "destroy", "is a lot of many units")

    def test_a_reason_is_asked_for(self):
        manager = self.phones.with_user(self.quality_manager)
        for reason_id in (0, self.reason.id + 10**6):
            with self.assertRaisesRegex(UserError, "Say why"):
                manager.retire("destroy", reason_id)
        with self.assertRaisesRegex(UserError, "melt is neither"):
            manager.retire("melt", self.reason.id)

    def test_units_that_are_not_in_stock_cost_no_query_each(self):
        def cost(count):
            lots = self.receive(self.phone, [f"Q{count}-{n}" for n in range(count)])
            self.deliver(lots)
            # As a request does: a receipt's lines fetch their serials one by one.
            lots = (
                self.env["stock.lot"].with_user(self.quality_manager).browse(lots.ids)
            )
            return self.count_queries(lots.retire, "destroy", self.reason.id)

        one, ten, hundred = (cost(count) for count in (1, 10, 100))
        self.assertLessEqual(max(ten, hundred), one + 2)
