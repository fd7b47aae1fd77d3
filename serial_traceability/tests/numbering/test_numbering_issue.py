from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, new_test_user, tagged

from ...core import numbering
from ...models import serial_issue
from ..common import SerialCase


@tagged("post_install", "-at_install")
class TestIssue(SerialCase):
    """Operators issue numbers by a scheme; none comes twice."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.medicine_scheme = cls.env.ref("serial_traceability.scheme_medicine")
        cls.counting = cls.env["serial.scheme"].create(
            {
                "name": "Counting",
                "kind": "sequential",
                "prefix": "C",
                "length": 4,
                "gap_free": True,
            }
        )
        cls.policy = cls.env["serial.policy"].create(
            {"name": "Numbered by us", "scheme_id": cls.counting.id}
        )
        cls.phone.product_tmpl_id.serial_policy_id = cls.policy
        cls.issues = cls.env["serial.issue"].with_user(cls.operator)

    def lots(self, names):
        lots = self.env["stock.lot"].search([("name", "in", names)])
        return lots.sorted(lambda lot: names.index(lot.name))

    # ---- What an issue does ----

    def test_an_issue_creates_and_commissions_the_serials(self):
        answer = self.issues.issue(self.phone.id, 3)
        self.assertEqual(answer["state"], "done")
        self.assertEqual(answer["numbers"], ["C0001", "C0002", "C0003"])
        lots = self.lots(answer["numbers"])
        self.assertRecordValues(
            lots,
            [
                {
                    "name": name,
                    "product_id": self.phone.id,
                    "disposition": "active",
                    "custodian_id": False,
                    "create_uid": self.operator.id,
                }
                for name in answer["numbers"]
            ],
        )
        event = lots.last_event_id
        self.assertRecordValues(
            event,
            [
                {
                    "movement": "commission",
                    "action": "ADD",
                    "biz_step": "commissioning",
                    "unit_count": 3,
                    "document_model": "serial.issue",
                    "document_res_id": answer["issue_id"],
                    "user_res_id": self.operator.id,
                }
            ],
        )
        self.assertEqual(event._recompute_hashes(), {event.id: event.record_hash})
        self.assertEqual(event.line_ids.sorted("sequence").lot_id, lots)

    def test_issued_serials_are_like_those_that_odoo_creates(self):
        self.issues.issue(self.pack.id, 3, scheme_id=self.counting.id)
        created = self.env["stock.lot"].create(
            {"name": "BY-ODOO", "product_id": self.pack.id}
        )
        names = ["name", "ref", "display_name", "digital_link", "epc_uri", "id"]
        differ = {*names, "create_date", "write_date", "disposition", "last_event_id"}
        issued = self.lots(["C0001", "C0002", "C0003"])
        # Nobody has written them since they were made.
        self.assertFalse(issued[1:].write_uid)
        differ.add("write_uid")
        for field_name, field in created._fields.items():
            if field.store and field.column_type and field_name not in differ:
                with self.subTest(field=field_name):
                    values = {lot[field_name] for lot in issued}
                    self.assertEqual(len(values), 1)
                    if field.type != "datetime" and not field_name.endswith("_uid"):
                        self.assertEqual(values, {created[field_name]})
                    else:
                        self.assertEqual(bool(values.pop()), bool(created[field_name]))

    def test_serials_of_a_batch_have_its_dates(self):
        batch = self.env["serial.batch"].create(
            {
                "name": "B17",
                "product_id": self.pack.id,
                "expiration_date": "2031-05-31",
            }
        )
        numbers = self.issues.issue(
            self.pack.id, 2, batch_id=batch.id, scheme_id=self.counting.id
        )["numbers"]
        for lot in self.lots(numbers):
            self.assertEqual(lot.batch_id, batch)
            self.assertEqual(lot.expiration_date.date().isoformat(), "2031-05-31")
        self.assertEqual(
            set(lot.last_event_id.line_ids.mapped("batch_number")), {"B17"}
        )

    def test_set_aside_numbers_have_no_serial_until_a_unit_comes(self):
        answer = self.issues.issue(self.phone.id, 2, commission=False)
        numbers = self.env["serial.number"].search(
            [("issue_id", "=", answer["issue_id"])], order="id"
        )
        self.assertRecordValues(
            numbers,
            [
                {"name": "C0001", "state": "issued", "lot_id": False},
                {"name": "C0002", "state": "issued", "lot_id": False},
            ],
        )
        lot = self.receive(self.phone, ["C0001"])
        self.assertRecordValues(
            numbers,
            [
                {"name": "C0001", "state": "commissioned", "lot_id": lot.id},
                {"name": "C0002", "state": "issued", "lot_id": False},
            ],
        )
        told = self.events(lot).sorted("id").mapped("movement")
        self.assertEqual(told, ["commission", "receipt"])

    def test_a_number_that_somebody_used_is_left_out(self):
        self.receive(self.phone, ["C0002"])
        answer = self.issues.issue(self.phone.id, 2)
        self.assertEqual(answer["numbers"], ["C0001", "C0003"])

    def test_numbers_used_elsewhere_are_passed_over_together(self):
        for product in (self.phone, self.pack):
            self.issues.issue(product.id, 1, scheme_id=self.medicine_scheme.id)
        queries = []
        for product, used in ((self.phone, 20), (self.pack, 200)):
            self.env["stock.lot"].create(
                [
                    {"name": f"C{value:04}", "product_id": product.id}
                    for value in range(1, used + 1)
                ]
            )
            queries.append(
                self.count_queries(
                    self.issues.issue, product.id, 1, False, self.counting.id
                )
            )
            answer = self.issues.issue(product.id, 1, scheme_id=self.counting.id)
            self.assertEqual(answer["numbers"], [f"C{used + 2:04}"])
        self.assertAlmostEqual(*queries, delta=5)

    def test_a_serial_that_is_renamed_to_an_issued_number_bears_it(self):
        answer = self.issues.issue(self.phone.id, 3, commission=False)
        lot = self.receive(self.phone, ["MISREAD"])
        last = self.env["serial.number"].search([("name", "=", "C0003")])
        last._retire(last.issue_id, "destroyed", ["C0003"])
        lot = lot.with_user(self.quality_manager)
        with self.assertRaises(UserError):
            lot.correct({"name": "C0003"}, "misread")
        lot.correct({"name": "C0002"}, "misread")
        self.assertRecordValues(
            self.env["serial.number"].search(
                [("issue_id", "=", answer["issue_id"])], order="id"
            ),
            [
                {"name": "C0001", "state": "issued", "lot_id": False},
                {"name": "C0002", "state": "commissioned", "lot_id": lot.id},
                {"name": "C0003", "state": "destroyed", "lot_id": False},
            ],
        )

    def test_all_that_the_limit_allows_can_be_issued(self):
        scheme = self.env["serial.scheme"].create(
            {"name": "Small", "alphabet": "01", "length": 6, "one_in": 2}
        )
        # Drawn numbers that came before are drawn anew, and count once.
        numbers = []
        for _run in range(31):
            numbers += self.issues.issue(self.phone.id, 1, scheme_id=scheme.id)[
                "numbers"
            ]
        self.assertEqual(len(set(numbers)), 31)
        self.assert_refused("only 0 more", self.phone, 1, scheme_id=scheme.id)

    def test_a_space_that_is_used_up_elsewhere_is_refused(self):
        scheme = self.env["serial.scheme"].create(
            {"name": "Small", "alphabet": "01", "length": 2, "one_in": 2}
        )
        self.env["stock.lot"].create(
            [
                {"name": name, "product_id": self.phone.id}
                for name in ("00", "01", "10", "11")
            ]
        )
        self.assert_refused("Issue fewer", self.phone, 1, scheme_id=scheme.id)

    def test_a_run_shows_the_numbers_that_come_next(self):
        self.issues.issue(self.phone.id, 2)
        run = self.issues.new({"product_id": self.phone.id})
        self.assertEqual(run.sample, "C0003   C0004   C0005")

    def test_the_day_is_the_one_where_the_company_is(self):
        self.counting.prefix = "%(day)s-"
        self.env.company.partner_id.tz = "Pacific/Kiritimati"
        self.operator.tz = "Pacific/Pago_Pago"
        with freeze_time("2026-11-22 12:00:00"):
            answer = self.issues.issue(self.phone.id, 1)
        self.assertEqual(answer["numbers"], ["23-0001"])

    def test_a_number_never_comes_again(self):
        answer = self.issues.issue(self.phone.id, 2)
        self.counting.start = 0
        more = self.issues.issue(self.phone.id, 2)
        self.assertFalse(set(answer["numbers"]) & set(more["numbers"]))

    def test_products_count_by_themselves(self):
        self.issues.issue(self.phone.id, 2)
        answer = self.issues.issue(self.pack.id, 1, scheme_id=self.counting.id)
        self.assertEqual(answer["numbers"], ["C0001"])

    def test_unpredictable_numbers_are_of_the_alphabet_and_length(self):
        numbers = self.issues.issue(
            self.phone.id, 50, scheme_id=self.medicine_scheme.id
        )["numbers"]
        self.assertEqual(len(set(numbers)), 50)
        alphabet = numbering.without_lookalikes(self.medicine_scheme.alphabet)
        for number in numbers:
            self.assertEqual(len(number), 14)
            self.assertLessEqual(set(number), set(alphabet))

    def test_every_ready_scheme_issues(self):
        for scheme in self.env["serial.scheme"].search([]):
            with self.subTest(scheme=scheme.name):
                answer = self.issues.issue(self.phone.id, 2, scheme_id=scheme.id)
                self.assertEqual(len(answer["numbers"]), 2)
                self.assertFalse(scheme.fault)

    def test_queries_do_not_grow_with_the_units(self):
        counts = []
        self.issues.issue(self.phone.id, 2)
        for quantity in (2, 10, 100):
            counts.append(
                self.count_queries(self.issues.issue, self.phone.id, quantity)
            )
        self.assertEqual(len(set(counts)), 1, counts)

    # ---- Stopping and going on ----

    def test_a_large_run_goes_on_in_the_background_and_can_be_stopped(self):
        self.patch_pieces(piece=4, at_once=5)
        answer = self.issues.issue(self.phone.id, 10)
        self.assertEqual((answer["state"], answer["numbers"]), ("running", []))
        run = self.issues.browse(answer["issue_id"])
        run._issue_next()
        self.assertEqual((run.done_count, run.percent), (4, 40))
        run.action_stop()
        run._issue_next()
        self.assertEqual((run.state, run.done_count), ("stopped", 4))
        run.action_start()
        while run.state == "running":
            run._issue_next()
        self.assertEqual(run._get_numbers(), [f"C{n:04}" for n in range(1, 11)])

    def test_the_background_goes_on_where_one_run_cannot(self):
        self.patch_pieces(piece=4, at_once=1)
        refused, other = self.issues, self.issues
        for product in (self.pack, self.phone):
            answer = self.issues.issue(product.id, 8, scheme_id=self.counting.id)
            refused, other = other, self.issues.browse(answer["issue_id"])
        create = type(self.env["stock.lot"]).create

        def refuse(lots, vals):
            if vals["product_id"] == self.pack.id:
                raise UserError(self.env._("Not this product."))
            return create(lots, vals)

        left = []
        self.patch(type(self.env["stock.lot"]), "create", refuse)
        self.patch(
            type(self.env["ir.cron"]),
            "_commit_progress",
            lambda _cron, _done, remaining: left.append(remaining) or 60,
        )
        self.env["serial.issue"]._cron_issue()
        self.assertRecordValues(
            refused + other,
            [
                {"state": "stopped", "done_count": 0, "message": "Not this product."},
                {"state": "done", "done_count": 8, "message": False},
            ],
        )
        self.assertEqual(left, [8, 4, 0])
        lots = self.lots(other._get_numbers())
        self.assertEqual(lots.create_uid, self.operator)
        self.assertEqual(
            set(lots.last_event_id.mapped("user_res_id")), {self.operator.id}
        )

    def test_something_unforeseen_stops_one_run_and_shows_on_it(self):
        self.patch_pieces(piece=4, at_once=1)
        broken, other = (
            self.issues.browse(
                self.issues.issue(product.id, 8, scheme_id=self.counting.id)["issue_id"]
            )
            for product in (self.pack, self.phone)
        )
        create = type(self.env["stock.lot"]).create

        def break_down(lots, vals):
            if vals["product_id"] == self.pack.id and broken.done_count:
                raise ZeroDivisionError("no such value")
            return create(lots, vals)

        self.patch(
            type(self.env["ir.cron"]),
            "_commit_progress",
            lambda _cron, _done, remaining: 60,
        )
        with (
            patch.object(type(self.env["stock.lot"]), "create", break_down),
            self.assertLogs("odoo.addons.serial_traceability.models.serial_issue"),
        ):
            self.env["serial.issue"]._cron_issue()
        self.assertRecordValues(
            broken + other,
            [
                {"state": "stopped", "done_count": 4},
                {"state": "done", "done_count": 8},
            ],
        )
        self.assertIn("no such value", broken.message)
        self.assertEqual(len(broken._get_numbers()), 4)
        broken.action_start()
        self.env["serial.issue"]._cron_issue()
        self.assertRecordValues(broken, [{"state": "done", "message": False}])
        self.assertEqual(len(broken._get_numbers()), 8)

    def test_a_run_that_stops_says_how_many_are_left(self):
        self.patch_pieces(piece=4, at_once=1)
        self.counting.length = 1
        answer = self.issues.issue(self.phone.id, 8)
        run = self.issues.browse(answer["issue_id"])
        run._issue_next()
        # Somebody else takes three of the other five meanwhile.
        self.issues.issue(self.phone.id, 1)
        other = self.issues.browse(self.issues.issue(self.phone.id, 2)["issue_id"])
        other._issue_next()
        run._issue_next()
        self.assertEqual(run.state, "stopped")
        self.assertIn("has only 2 numbers left", run.message)

    def test_a_limit_passed_in_the_middle_of_a_run_stops_it_with_the_reason(self):
        self.patch_pieces(piece=4, at_once=1)
        scheme = self.env["serial.scheme"].create(
            {"name": "Small", "length": 6, "one_in": 100_000}
        )
        run = self.issues.create(
            {"product_id": self.phone.id, "scheme_id": scheme.id, "quantity": 8}
        )
        run.action_start()
        run._issue_next()
        # Somebody else takes the rest meanwhile.
        self.issues.issue(self.phone.id, 1, scheme_id=scheme.id)
        other = self.issues.create(
            {"product_id": self.phone.id, "scheme_id": scheme.id, "quantity": 4}
        )
        other._note({"state": "running"})
        other._issue_next()
        run._issue_next()
        self.assertRecordValues(run, [{"state": "stopped", "done_count": 4}])
        self.assertIn("may issue only 0 more", run.message)
        self.assertEqual(len(run._get_numbers()), 4)

    def patch_pieces(self, piece, at_once):
        self.patch(serial_issue, "PIECE_SIZE", piece)
        self.patch(serial_issue, "AT_ONCE", at_once)

    # ---- Refusals ----

    def assert_refused(self, words, product, quantity, **values):
        with self.assertRaises(UserError) as refusal:
            self.issues.issue(product.id, quantity, **values)
        self.assertIn(words, str(refusal.exception))

    def test_quantities_that_make_no_sense_are_refused(self):
        for quantity in (0, -5, 2.5, "ten", None, 10_000_000, 3_000_000_000):
            with self.subTest(quantity=quantity):
                self.assert_refused("cannot be issued in one run", self.phone, quantity)

    def test_ids_of_nothing_are_refused(self):
        nothing = self.phone.search([], order="id desc", limit=1).id + 1000
        for product_id in (nothing, 0, False, "phone"):
            with self.subTest(product_id=product_id):
                with self.assertRaises(UserError) as refusal:
                    self.issues.issue(product_id, 1)
                self.assertIn("There is no Product", str(refusal.exception))
        self.assert_refused("There is no Batch", self.phone, 1, batch_id=nothing)
        self.assert_refused("There is no Scheme", self.phone, 1, scheme_id=nothing)

    def test_a_product_without_scheme_is_refused(self):
        self.assert_refused("has no numbering scheme", self.pack, 1)

    def test_a_product_without_gtin_is_refused_unless_the_scheme_is_plain(self):
        self.phone.barcode = False
        self.assert_refused("has no GTIN", self.phone, 1)
        self.counting.form = "plain"
        answer = self.issues.issue(self.phone.id, 1)
        self.assertEqual(answer["numbers"], ["C0001"])

    def test_two_products_with_one_gtin_are_refused(self):
        # The same GTIN, once with 13 digits and once with 14.
        other = self.env["product.product"].create(
            {"name": "Copy", "barcode": self.phone.barcode.removeprefix("0")}
        )
        self.assert_refused("Phone and Copy have the same GTIN", self.phone, 1)
        other.active = False
        self.assert_refused("Copy, which is archived, have", self.phone, 1)

    def test_a_product_that_is_not_tracked_by_serial_is_refused(self):
        self.assert_refused(
            "not tracked by unique serial number",
            self.cable,
            1,
            scheme_id=self.counting.id,
        )

    def test_a_batch_of_another_product_is_refused(self):
        batch = self.env["serial.batch"].create(
            {"name": "B1", "product_id": self.pack.id}
        )
        self.assert_refused("Choose a batch of Phone", self.phone, 1, batch_id=batch.id)

    def test_a_scheme_that_names_the_batch_needs_one(self):
        self.counting.prefix = "%(batch)s-"
        self.assert_refused("must name their batch", self.phone, 1)

    def test_more_than_the_scheme_has_left_is_refused_before_anything_is_taken(self):
        self.counting.write({"length": 1})
        self.issues.issue(self.phone.id, 5)
        self.assert_refused("has only 4 numbers left", self.phone, 5)
        self.assertEqual(len(self.issues.issue(self.phone.id, 4)["numbers"]), 4)

    def test_more_than_the_guess_limit_allows_is_refused(self):
        scheme = self.env["serial.scheme"].create(
            {"name": "Small", "length": 5, "one_in": 10_000}
        )
        self.assert_refused(
            "may issue only 9 more numbers", self.phone, 10, scheme_id=scheme.id
        )

    def test_only_operators_issue(self):
        portal = new_test_user(
            self.env, login="serial_portal", groups="base.group_portal"
        )
        for user in (self.auditor, self.service, self.stock_user, portal):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.issues.with_user(user).issue(self.phone.id, 1)

    def test_what_a_run_says_of_itself_is_written_by_nobody_else(self):
        run = self.issues.create(
            {"product_id": self.phone.id, "scheme_id": self.counting.id}
        )
        with self.assertRaises(AccessError):
            run.write({"done_count": 5})
        with self.assertRaises(AccessError):
            run.create({"product_id": self.phone.id, "state": "done"})
        run.action_start()
        with self.assertRaises(UserError):
            run.quantity = 7
        with self.assertRaises(UserError):
            run.unlink()

    def test_no_context_says_how_far_a_new_run_is(self):
        run = self.issues.with_context(
            default_state="done", default_done_count=5, default_block_id=1
        ).create({"product_id": self.phone.id, "scheme_id": self.counting.id})
        self.assertRecordValues(
            run, [{"state": "draft", "done_count": 0, "block_id": False}]
        )

    def test_a_scheme_of_another_company_is_refused(self):
        company = self.env["res.company"].create({"name": "Sister"})
        scheme = self.counting.copy({"company_id": company.id})
        self.operator.company_ids += company
        self.assert_refused(
            "belongs to another company", self.phone, 1, scheme_id=scheme.id
        )

    def test_nobody_writes_issued_numbers(self):
        self.issues.issue(self.phone.id, 1)
        number = self.env["serial.number"].search([("name", "=", "C0001")])
        for user in (self.operator, self.administrator):
            with self.subTest(user=user.login):
                with self.assertRaises(AccessError):
                    number.with_user(user).state = "returned"
                with self.assertRaises(AccessError):
                    number.with_user(user).unlink()

    def test_runs_of_another_company_are_not_seen(self):
        company = self.env["res.company"].create({"name": "Sister"})
        answer = self.issues.issue(self.phone.id, 1)
        stranger = new_test_user(
            self.env,
            login="serial_stranger",
            groups="serial_traceability.group_serial_operator",
            company_id=company.id,
            company_ids=[(6, 0, company.ids)],
        )
        run = self.env["serial.issue"].with_user(stranger).browse(answer["issue_id"])
        with self.assertRaises(AccessError):
            run.action_stop()
        self.assertFalse(self.env["serial.number"].with_user(stranger).search([]))


@tagged("post_install", "-at_install")
class TestIssueForReceipt(SerialCase):
    """Units that come without numbers are numbered on their receipt."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        scheme = cls.env["serial.scheme"].create(
            {"name": "Counting", "kind": "sequential", "prefix": "C", "length": 4}
        )
        cls.policy = cls.env["serial.policy"].create(
            {"name": "Ours", "scheme_id": scheme.id, "numbered_by": "received"}
        )
        cls.phone.product_tmpl_id.serial_policy_id = cls.policy
        cls.picking = cls.transfer(
            cls.warehouse.in_type_id,
            cls.supplier_location,
            cls.stock_location,
            [(cls.phone, 3)],
            partner=cls.supplier,
        )
        cls.picking.action_confirm()

    def open_issue(self):
        action = self.picking.action_issue_numbers()
        return (
            self.env["serial.issue"]
            .with_user(self.operator)
            .with_context(**action["context"])
            .create({})
        )

    def test_numbers_stand_on_the_lines_and_are_commissioned_by_the_receipt(self):
        self.assertTrue(self.picking.can_issue_numbers)
        run = self.open_issue()
        self.assertRecordValues(
            run, [{"product_id": self.phone.id, "quantity": 3, "commission": False}]
        )
        run.action_start()
        names = self.picking.move_line_ids.mapped("lot_name")
        self.assertEqual(sorted(names), ["C0001", "C0002", "C0003"])
        self.validate(self.picking)
        lots = self.picking.move_line_ids.lot_id
        self.assertEqual(set(lots.issued_number_ids.mapped("state")), {"commissioned"})
        self.assertFalse(self.picking.can_issue_numbers)

    def test_numbers_for_goods_to_come_are_announced(self):
        self.policy.numbered_by = "ordered"
        self.open_issue().action_start()
        self.assertRecordValues(
            self.picking.announced_ids.sorted("name"),
            [
                {"name": name, "state": "expected", "product_id": self.phone.id}
                for name in ("C0001", "C0002", "C0003")
            ],
        )
        with self.assertRaises(UserError):
            self.picking.action_issue_numbers()

    def test_no_more_numbers_than_units(self):
        run = self.open_issue()
        run.quantity = 4
        with self.assertRaises(UserError) as refusal:
            run.action_start()
        self.assertIn("has 3 units of Phone without a number", str(refusal.exception))

    def test_products_that_the_supplier_numbers_are_left_alone(self):
        self.policy.numbered_by = "scanned"
        self.picking.invalidate_recordset(["can_issue_numbers"])
        self.assertFalse(self.picking.can_issue_numbers)
        with self.assertRaises(UserError):
            self.picking.action_issue_numbers()

    def test_a_receipt_takes_only_numbers_for_what_waits_on_it(self):
        scheme = self.policy.scheme_id
        foreign = {"product_id": self.pack.id, "scheme_id": scheme.id}
        sent = self.transfer(
            self.warehouse.out_type_id,
            self.stock_location,
            self.customer_location,
            [(self.phone, 1)],
        )
        sent.action_confirm()
        for values in (
            {**foreign, "move_id": self.picking.move_ids.id},
            {"product_id": self.phone.id, "move_id": sent.move_ids.id},
        ):
            with self.subTest(values=values):
                run = self.env["serial.issue"].with_user(self.operator).create(values)
                with self.assertRaises(UserError) as refusal:
                    run.action_start()
                self.assertIn("waits for a number of ours", str(refusal.exception))
