from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged

from .common import LockCase


@tagged("post_install", "-at_install")
class TestLockActions(LockCase):
    """Who may hold and release what, and what it takes."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.colleague = new_test_user(
            cls.env,
            login="serial_colleague",
            groups="serial_traceability.group_serial_quality_manager",
        )

    def as_user(self, lots, user):
        return lots.with_user(user)

    # ---- Holding ----

    def test_quality_manager_holds_with_a_reason(self):
        lots = self.lots.with_user(self.quality_manager)

        self.assertEqual(lots.hold(self.quality.id, "Overheats", "critical"), 3)

        self.assertRecordValues(
            self.lots.hold_ids,
            [
                {
                    "reason_id": self.quality.id,
                    "severity": "critical",
                    "note": "Overheats",
                    "state": "open",
                    "placed_by_id": self.quality_manager.id,
                    "company_id": self.company.id,
                }
            ]
            * 3,
        )
        self.assertEqual(self.lots.mapped("is_locked"), [True] * 3)

    def test_operator_holds_for_reasons_open_to_operators_only(self):
        lots = self.lot_a.with_user(self.operator)

        lots.hold(self.quality.id)
        with self.assertRaisesRegex(AccessError, "Only a quality manager"):
            lots.hold(self.recall_reason.id)

        self.assertEqual(len(self.lot_a.hold_ids), 1)

    def test_others_hold_and_release_nothing(self):
        self.place(self.lot_a)
        for user in (self.stock_user, self.auditor, self.service):
            lots = self.lot_a.with_user(user)
            with self.subTest(user.login), self.assertRaises(AccessError):
                lots.hold(self.quality.id)
            with self.subTest(user.login), self.assertRaises(AccessError):
                lots.release("Fine")
        self.assertEqual(len(self.lot_a.hold_ids), 1)
        self.assertTrue(self.lot_a.is_locked)

    def test_hold_asks_for_a_reason(self):
        lots = self.lot_a.with_user(self.quality_manager)

        with self.assertRaisesRegex(UserError, "choose a reason"):
            lots.hold(False)
        with self.assertRaisesRegex(UserError, "choose a reason"):
            lots.hold(self.quality.id + 1000)

    def test_reason_that_asks_for_details_gets_them(self):
        other = self.env.ref("serial_traceability.hold_reason_other")
        lots = self.lot_a.with_user(self.quality_manager)

        with self.assertRaisesRegex(UserError, "needs details"):
            lots.hold(other.id, "  ")
        lots.hold(other.id, "Smells odd")

        self.assertEqual(self.lot_a.hold_ids.note, "Smells odd")

    def test_nothing_cannot_be_held(self):
        none = self.env["stock.lot"].with_user(self.quality_manager)
        with self.assertRaisesRegex(UserError, "Name the serials"):
            none.hold(self.quality.id)

    def test_unknown_severity_is_refused(self):
        with self.assertRaisesRegex(UserError, "no severity"):
            self.lot_a.with_user(self.quality_manager).hold(
                self.quality.id, severity="huge"
            )

    def test_holds_cannot_be_written_by_hand(self):
        holds = self.place(self.lot_a).with_user(self.quality_manager)

        with self.assertRaises(AccessError):
            holds.write({"state": "lifted"})
        with self.assertRaises(AccessError):
            holds.unlink()
        with self.assertRaises(UserError):
            self.lot_a.with_user(self.quality_manager).is_locked = False

    # ---- Releasing ----

    def test_unit_is_locked_until_the_last_hold_is_lifted(self):
        self.place(self.lot_a)
        first = self.lot_a.hold_ids
        self.place(self.lot_a, self.theft)

        first.with_user(self.colleague).lift("Found right")
        self.assertTrue(self.lot_a.is_locked)
        self.lot_a.with_user(self.colleague).release("Found, too")

        self.assertFalse(self.lot_a.is_locked)
        self.assertEqual(
            set(self.lot_a.hold_ids.mapped("lift_reason")),
            {"Found right", "Found, too"},
        )
        self.assertEqual(self.lot_a.hold_ids.lifted_by_id, self.colleague)

    def test_release_asks_for_a_reason(self):
        self.place(self.lot_a)
        for reason in ("", "  ", False):
            with self.subTest(reason), self.assertRaisesRegex(UserError, "Say why"):
                self.lot_a.with_user(self.colleague).release(reason)

    def test_four_eyes_release_is_another_persons(self):
        self.place(self.lot_a, self.recall_reason)

        with self.assertRaisesRegex(UserError, "yourself"):
            self.lot_a.with_user(self.quality_manager).release("Fine")
        self.lot_a.with_user(self.colleague).release("Fine")

        self.assertFalse(self.lot_a.is_locked)

    def test_free_unit_cannot_be_released(self):
        with self.assertRaisesRegex(UserError, "No hold of your company"):
            self.lot_a.with_user(self.colleague).release("Fine")

    def test_lifted_hold_cannot_be_lifted_again(self):
        hold = self.place(self.lot_a).with_user(self.colleague)
        hold.lift("Fine")

        with self.assertRaisesRegex(UserError, "already"):
            hold.lift("Fine")

    # ---- The ledger ----

    def test_hold_and_release_stand_on_the_ledger(self):
        before = self.lot_a.disposition
        self.place(self.lot_a, note="Overheats")
        self.assertEqual(self.lot_a.disposition, "non_sellable_other")
        self.place(self.lot_a, self.recall_reason)
        self.assertEqual(self.lot_a.disposition, "recalled")

        self.lift(self.lot_a, "Repaired")

        events = self.events(self.lot_a)[-3:]
        self.assertRecordValues(
            events,
            [
                {
                    "movement": "hold",
                    "biz_step": "holding",
                    "disposition": "non_sellable_other",
                    "reason": "Quality: Overheats",
                },
                {
                    "movement": "hold",
                    "biz_step": "holding",
                    "disposition": "recalled",
                    "reason": "Recall",
                },
                {
                    "movement": "release",
                    "biz_step": "holding",
                    "disposition": before,
                    "reason": "Repaired",
                },
            ],
        )
        self.assertEqual(self.lot_a.disposition, before)
        self.assertEqual(set(events.mapped("user_res_id")), {self.quality_manager.id})

    def test_unit_is_what_the_hold_says_that_is_left(self):
        self.place(self.lot_a)
        self.place(self.lot_a, self.theft)
        self.assertEqual(self.lot_a.disposition, "stolen")

        self.lot_a.hold_ids.filtered(
            lambda hold: hold.reason_id == self.theft
        ).with_user(self.colleague).lift("Found again")

        self.assertEqual(self.lot_a.disposition, "non_sellable_other")

    def test_one_event_tells_of_all_units_in_one_place(self):
        self.place(self.lots)

        self.assertEqual(len(self.events(self.lots, movement="hold")), 1)
        self.assertEqual(self.events(self.lots, movement="hold").unit_count, 3)

    def test_lot_keeps_its_row_and_is_told(self):
        self.place(self.reel)

        self.assertFalse(self.reel.disposition)
        self.assertEqual(self.events(self.reel, movement="hold").unit_count, 1)

    # ---- Overriding ----

    def test_override_lets_one_unit_pass_on_one_transfer(self):
        boss = self.make_boss()
        self.place(self.lots)
        picking = self.order(self.phone, 1)
        other = self.order(self.phone, 1)

        picking.with_user(boss).override_holds(self.lot_a.ids, "Life at stake")

        with self.assert_refused("B", "Quality"):
            self.add_line(picking, self.lot_b)
        with self.assert_refused("A", "Quality"):
            self.add_line(other, self.lot_a)
        self.add_line(picking, self.lot_a)
        self.validate(picking)
        self.assertEqual(self.lot_a.location_id, self.customer_location)
        self.assertTrue(self.lot_a.is_locked)
        event = self.events(self.lot_a, movement="override")
        self.assertRecordValues(
            event,
            [
                {
                    "reason": "Life at stake",
                    "document_name": picking.name,
                    "user_res_id": boss.id,
                }
            ],
        )

    def test_overridden_unit_is_reserved_on_its_transfer(self):
        self.place(self.lots)
        picking = self.order(self.phone, 1)
        picking.with_user(self.make_boss()).override_holds(self.lot_b.ids, "Asked")

        picking.action_assign()

        self.assertEqual(picking.move_line_ids.lot_id, self.lot_b)

    def test_hold_placed_after_the_override_stops_the_unit_again(self):
        self.place(self.lot_a)
        picking = self.order(self.phone, 1)
        picking.with_user(self.make_boss()).override_holds(self.lot_a.ids, "Asked")
        self.add_line(picking, self.lot_a)

        self.place(self.lot_a, self.theft)

        self.assertFalse(picking.move_line_ids)
        with self.assert_refused("A", "Theft"):
            self.add_line(picking, self.lot_a)

    def test_override_needs_the_group_a_reason_and_a_held_unit(self):
        self.place(self.lot_a)
        picking = self.order(self.phone, 1)
        for user in (self.quality_manager, self.operator, self.stock_user):
            with self.subTest(user.login), self.assertRaises(AccessError):
                picking.with_user(user).override_holds(self.lot_a.ids, "Please")
        boss = self.make_boss()
        with self.assertRaisesRegex(UserError, "Say why"):
            picking.with_user(boss).override_holds(self.lot_a.ids, " ")
        with self.assertRaisesRegex(UserError, "Not held: B"):
            picking.with_user(boss).override_holds(self.lot_b.ids, "Please")
        with self.assertRaises(AccessError):
            self.env["serial.hold.override"].with_user(boss).create(
                {
                    "picking_id": picking.id,
                    "lot_id": self.lot_a.id,
                    "reason": "Mine",
                    "company_id": self.company.id,
                }
            )

    def make_boss(self):
        return new_test_user(
            self.env,
            login="serial_boss",
            groups="serial_traceability.group_serial_hold_override,"
            "stock.group_stock_user",
        )

    # ---- Dialogs ----

    def test_dialog_holds_a_list_selection(self):
        action = self.lots.with_user(self.quality_manager).action_hold()
        wizards = self.env[action["res_model"]].with_user(self.quality_manager)
        with Form(wizards.with_context(**action["context"])) as form:
            form.reason_id = self.quality
            self.assertEqual(form.lot_count, 3)
            self.assertEqual(form.severity, "major")

        form.record.action_apply()

        self.assertEqual(self.lots.mapped("is_locked"), [True] * 3)

    def test_dialog_holds_all_serials_of_a_batch(self):
        batch = self.env["serial.batch"].create(
            {"name": "B-17", "product_id": self.phone.id}
        )
        some = (self.lot_a | self.lot_b).with_user(self.quality_manager)
        some.correct({"batch_id": batch.id}, "From the label")
        action = batch.with_user(self.quality_manager).action_hold()
        wizard = (
            self.env[action["res_model"]]
            .with_user(self.quality_manager)
            .with_context(**action["context"])
            .create({"reason_id": self.quality.id})
        )

        wizard.action_apply()

        self.assertEqual(self.lots.mapped("is_locked"), [True, True, False])
        action = batch.with_user(self.colleague).action_release()
        self.env[action["res_model"]].with_user(self.colleague).with_context(
            **action["context"]
        ).create({"reason": "Fine"}).action_apply()
        self.assertEqual(self.lots.mapped("is_locked"), [False] * 3)

    def test_dialog_reads_scans_and_names_what_it_leaves_out(self):
        twin = self.env["product.product"].create(
            {"name": "Twin", "tracking": "serial", "is_storable": True}
        )
        self.receive(twin, ["C"])
        wizard = (
            self.env["serial.hold.wizard"]
            .with_user(self.quality_manager)
            .create(
                {
                    "reason_id": self.quality.id,
                    "scan_text": "]d2010952000110001721A\n"
                    "https://id.gs1.org/01/09520001100017/21/B\n"
                    "C\n"
                    "NOBODY\n"
                    "010952000110001821A\n"
                    "00195200010000000010",
                }
            )
        )

        answer = wizard.action_apply()

        self.assertEqual(answer["res_id"], wizard.id)
        self.assertEqual(wizard.lot_ids, self.lot_a | self.lot_b)
        self.assertFalse(self.lot_a.is_locked)
        problems = wizard.problems.splitlines()
        self.assertEqual(len(problems), 4)
        self.assertRegex(
            problems[0], "Line 3: C is the number of several units: .*Twin"
        )
        self.assertRegex(problems[1], "Line 4: NOBODY is not known")
        self.assertRegex(problems[2], "Line 5: ")
        self.assertRegex(problems[3], "Line 6: ")
        wizard.action_apply()
        self.assertTrue(self.lot_a.is_locked)

    def test_dialog_refuses_to_hold_nothing(self):
        wizard = self.env["serial.hold.wizard"].with_user(self.quality_manager)
        with self.assertRaisesRegex(UserError, "nothing to hold"):
            wizard.create({"reason_id": self.quality.id}).action_apply()

    # ---- Seeing it ----

    def test_everybody_sees_that_a_unit_is_locked_and_why(self):
        self.place(self.lot_a)
        lot = self.lot_a.with_user(self.stock_user)

        self.assertTrue(lot.is_locked)
        self.assertEqual(lot.hold_summary, "Quality")
        self.assertEqual(
            lot.with_context(formatted_display_name=True).display_name,
            "A\t--Locked--",
        )
        self.assertEqual(lot.display_name, "A")
        quant = lot.quant_ids.filtered(lambda quant: quant.quantity > 0)
        self.assertEqual(quant.hold_summary, "Quality")
        self.assertIn(
            "--Locked--", quant.with_context(formatted_display_name=True).display_name
        )

    def test_package_counts_what_is_locked_inside(self):
        outer = self.env["stock.package"].create({"name": "PALLET"})
        inner = outer.create({"name": "BOX", "parent_package_id": outer.id})
        quants = self.lots.quant_ids.filtered(
            lambda quant: quant.location_id == self.stock_location
        )
        quants.package_id = inner
        self.place(self.lot_a | self.lot_b)

        self.assertEqual((outer | inner).mapped("locked_count"), [2, 2])
