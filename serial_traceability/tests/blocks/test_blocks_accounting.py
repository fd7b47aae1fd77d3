from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, freeze_time, new_test_user, tagged

from ...models import serial_issue
from .common import BlockCase


@tagged("post_install", "-at_install")
class TestBlocksAccounting(BlockCase):
    """What became of the numbers of a block, and who may say so."""

    def assertCounts(self, block, unused=0, used=0, returned=0, destroyed=0):
        block.invalidate_recordset()
        self.assertRecordValues(
            block,
            [
                {
                    "unused_count": unused,
                    "used_count": used,
                    "returned_count": returned,
                    "destroyed_count": destroyed,
                    "issued_count": unused + used + returned + destroyed,
                }
            ],
        )

    def retire(self, block, end="returned", user=None, **values):
        wizard = (
            self.env["serial.block.retire"]
            .with_user(user or self.quality_manager)
            .create({"block_id": block.id, "end": end, **values})
        )
        wizard.action_retire()

    # ---- Opening ----

    def test_an_open_block_has_its_numbers_issued_and_none_in_use(self):
        block, names = self.open_block(3)
        self.assertEqual(block.state, "open")
        self.assertRegex(block.name, r"BLOCK\d{5}")
        self.assertEqual(len(set(names)), 3)
        self.assertCounts(block, unused=3)
        self.assertFalse(self.env["stock.lot"].search([("name", "in", names)]))

    def test_the_form_opens_a_block_for_a_line(self):
        with Form(self.env["serial.block"].with_user(self.quality_manager)) as form:
            form.holder_kind = "line"
            form.line_name = "Line 2"
            form.product_id = self.phone
            form.scheme_id = self.scheme
        block = form.record
        self.assertEqual(
            (block.holder, block.user_id), ("Line 2", self.quality_manager)
        )
        self.assertFalse(block.partner_id)

    def test_a_block_for_nobody_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "is for nobody"):
            self.block(partner_id=False)

    def test_a_block_without_scheme_is_refused(self):
        with self.assertRaisesRegex(UserError, "Phone has no numbering scheme"):
            self.open_block(scheme_id=False)

    def test_a_block_of_more_than_the_scheme_has_left_is_refused(self):
        self.scheme.write({"length": 3, "one_in": 100})
        with self.assertRaisesRegex(UserError, "Issue fewer"):
            self.open_block(50)

    def test_quantity_zero_negative_and_ten_million_are_refused(self):
        for quantity in (0, -1, 10_000_000):
            with self.subTest(quantity), self.assertRaises(UserError):
                self.open_block(quantity)

    def test_a_block_whose_last_day_is_over_is_not_opened(self):
        with self.assertRaisesRegex(UserError, "would have expired"):
            self.open_block(expiration_date=self.days(-1))

    def test_a_block_waits_for_a_run_in_the_background(self):
        with patch.object(serial_issue, "AT_ONCE", 1):
            block = self.block(3)
            block.action_open()
        self.assertTrue(block.is_issuing)
        for work in (block.action_export_csv, block.action_close):
            with self.assertRaises(UserError):
                work()
        with self.assertRaisesRegex(UserError, "still being issued"):
            self.retire(block)
        run = block.issue_ids
        run._issue_next()
        block.action_export_csv()
        self.assertCounts(block, unused=3)

    def test_a_closed_block_gets_no_more_numbers(self):
        with patch.object(serial_issue, "AT_ONCE", 1):
            block = self.block(3)
            block.action_open()
            run = block.issue_ids
            run.action_stop()
        block.action_close()
        with self.assertRaisesRegex(UserError, "is closed and gets no more"):
            run.action_start()

    # ---- Use ----

    def test_a_receipt_puts_numbers_in_use(self):
        block, names = self.open_block(3)
        lots = self.receive(self.phone, names[:2])
        self.assertCounts(block, unused=1, used=2)
        events = self.events(lots, movement="commission")
        self.assertEqual(events.line_ids.lot_id, lots)

    def test_production_puts_numbers_of_a_line_in_use(self):
        block, names = self.open_block(
            2, holder_kind="line", partner_id=False, line_name="Line 2"
        )
        self.env["stock.lot"].create({"name": names[0], "product_id": self.phone.id})
        self.assertCounts(block, unused=1, used=1)

    def test_the_number_of_a_retired_unit_is_borne_by_no_other(self):
        block, names = self.open_block(2)
        lot = self.receive(self.phone, names[:1])
        self.deliver(lot)
        reason = self.env["serial.retirement.reason"].create({"name": "Lost"})
        lot.with_user(self.quality_manager).retire("decommission", reason.id)
        block.invalidate_recordset()
        self.assertRecordValues(
            block, [{"used_count": 0, "retired_count": 1, "issued_count": 2}]
        )
        with self.assertRaisesRegex(UserError, "out of use for good"):
            lot.with_user(self.quality_manager).correct({"name": "OTHER"}, "misread")
        with self.assertRaisesRegex(UserError, names[0]):
            self.env["stock.lot"].create(
                {"name": names[0], "product_id": self.phone.id}
            )

    # ---- The end of numbers ----

    def test_unused_numbers_are_returned_and_never_used_again(self):
        block, names = self.open_block(3)
        self.receive(self.phone, names[:1])
        self.retire(block)
        self.assertCounts(block, used=1, returned=2)
        with self.assertRaisesRegex(UserError, f"{names[1]} was returned unused"):
            self.env["stock.lot"].create(
                {"name": names[1], "product_id": self.phone.id}
            )

    def test_listed_numbers_are_destroyed_with_a_reason(self):
        block, names = self.open_block(3)
        self.retire(
            block,
            "destroyed",
            scope="listed",
            numbers=f"{names[0]}\n\n {names[1]} \n{names[0]}",
            reason="Roll torn",
        )
        self.assertCounts(block, unused=1, destroyed=2)
        with self.assertRaisesRegex(UserError, f"{names[0]} was destroyed"):
            self.receive(self.phone, names[:1])

    def test_the_end_of_numbers_stands_on_the_ledger(self):
        block, names = self.open_block(2)
        self.retire(block, "destroyed", reason="Roll torn")
        event = self.env["serial.event"].search(
            [
                ("document_model", "=", "serial.block"),
                ("document_res_id", "=", block.id),
            ]
        )
        self.assertRecordValues(
            event,
            [
                {
                    "movement": "destroy",
                    "action": "DELETE",
                    "biz_step": "destroying",
                    "reason": "Roll torn",
                    "unit_count": 2,
                    "document_name": block.name,
                }
            ],
        )
        self.assertRecordValues(
            event.line_ids.sorted("sequence"),
            [
                {
                    "lot_id": False,
                    "lot_name": name,
                    "epc": f"https://id.gs1.org/01/09520001100017/21/{name}",
                }
                for name in names
            ],
        )
        self.assertEqual(event._recompute_hashes(), {event.id: event.record_hash})

    def test_numbers_of_a_product_without_gtin_have_a_private_name(self):
        self.phone.barcode = False
        self.scheme.form = "plain"
        block, names = self.open_block(1)
        self.retire(block)
        line = self.env["serial.event.line"].search([("lot_name", "=", names[0])])
        self.assertRegex(line.epc, "^urn:uuid:")

    def test_destroying_asks_for_a_reason(self):
        block, _names = self.open_block(1)
        for reason in (False, "  "):
            with self.assertRaisesRegex(UserError, "Say why"):
                self.retire(block, "destroyed", reason=reason)

    def test_what_is_none_of_the_unused_numbers_ends_nothing(self):
        block, names = self.open_block(3)
        _other, foreign = self.open_block(1)
        self.receive(self.phone, names[:1])
        for text in (foreign[0], names[0], "NEVER-1"):
            with (
                self.subTest(text),
                self.assertRaisesRegex(UserError, f"{text}: none of the unused"),
                self.env.cr.savepoint(),
            ):
                self.retire(block, scope="listed", numbers=f"{names[1]}\n{text}")
        with self.assertRaisesRegex(UserError, "List the numbers"):
            self.retire(block, scope="listed", numbers=" \n")
        self.assertCounts(block, unused=2, used=1)

    def test_a_block_closes_when_nothing_is_left(self):
        block, names = self.open_block(2)
        self.receive(self.phone, names[:1])
        with self.assertRaisesRegex(UserError, "still has unused numbers"):
            block.action_close()
        self.retire(block)
        block.action_close()
        self.assertEqual(block.state, "closed")

    def test_ending_many_numbers_costs_no_query_each(self):
        counts = []
        for number in (1, 1, 10, 100):
            block, _names = self.open_block(number)
            counts.append(self.count_queries(block._retire, "returned"))
        # The first time fills caches.
        self.assertEqual(len(set(counts[1:])), 1, counts)

    # ---- The calendar ----

    def test_a_block_expires_and_tells_who_answers_for_it(self):
        block, names = self.open_block(2, expiration_date=self.days(0))
        self.env["serial.block"]._cron_expire()
        self.assertEqual(block.state, "open")
        self.env.cr.execute(
            "UPDATE serial_block SET expiration_date = %s WHERE id = %s",
            [self.days(-1), block.id],
        )
        block.invalidate_recordset()
        self.env["serial.block"]._cron_expire()
        self.assertEqual(block.state, "expired")
        self.assertEqual(block.activity_ids.user_id, self.quality_manager)
        with self.assertRaisesRegex(UserError, "expired on"):
            self.receive(self.phone, names[:1])

    def test_an_expired_block_may_get_more_time(self):
        block, names = self.open_block(2)
        block.expiration_date = self.days(-1)
        self.assertEqual(block.state, "expired")
        block.expiration_date = self.days(7)
        self.assertEqual(block.state, "open")
        self.receive(self.phone, names[:1])
        self.assertCounts(block, unused=1, used=1)

    # ---- What cannot change ----

    def test_what_a_block_is_for_stands_once_it_is_open(self):
        block, _names = self.open_block(1)
        block.partner_id = self.other_supplier
        for values in (
            {"quantity": 2},
            {"product_id": self.pack.id},
            {"company_id": False},
        ):
            with self.subTest(values), self.assertRaisesRegex(UserError, "are out"):
                block.write(values)
        block.action_export_csv()
        with self.assertRaisesRegex(UserError, "who has them cannot change"):
            block.partner_id = self.supplier

    def test_an_open_block_is_not_deleted(self):
        block, _names = self.open_block(1)
        with self.assertRaisesRegex(UserError, "must stay known"):
            block.unlink()
        self.block().unlink()

    def test_how_far_a_block_is_cannot_be_set(self):
        with self.assertRaises(AccessError):
            self.block(state="open")
        block = self.block()
        for values in ({"state": "closed"}, {"export_time": fields.Datetime.now()}):
            with self.assertRaises(AccessError):
                block.write(values)

    def test_no_context_says_how_far_a_new_block_is(self):
        blocks = self.env["serial.block"].with_user(self.quality_manager)
        block = blocks.with_context(default_state="open", default_name="MINE").create(
            {
                "partner_id": self.supplier.id,
                "product_id": self.phone.id,
                "scheme_id": self.scheme.id,
            }
        )
        self.assertRecordValues(block, [{"state": "draft", "name": False}])

    # ---- Rights ----

    def test_nobody_adds_numbers_to_a_block_by_the_way(self):
        block, _names = self.open_block(1)
        values = {
            "product_id": self.phone.id,
            "scheme_id": self.scheme.id,
            "block_id": block.id,
        }
        for user in (self.operator, self.quality_manager):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.env["serial.issue"].with_user(user).create(values)

    def test_operators_read_blocks_and_hand_out_nothing(self):
        block, _names = self.open_block(1)
        for user in (self.operator, self.auditor, self.service):
            own = block.with_user(user)
            self.assertEqual(own.unused_count, 1)
            for work in (
                own.action_open,
                own.action_export_csv,
                own.action_retire,
                own.action_close,
            ):
                with self.subTest(user=user.login), self.assertRaises(AccessError):
                    work()
            with self.assertRaises(AccessError):
                self.retire(block, user=user)

    def test_portal_users_see_no_block(self):
        portal = new_test_user(self.env, login="portal_b", groups="base.group_portal")
        block, _names = self.open_block(1)
        with self.assertRaises(AccessError):
            block.with_user(portal).read(["name"])

    def test_a_block_of_another_company_is_not_to_be_seen(self):
        other = self.env["res.company"].create({"name": "Sister Ltd"})
        block = self.env["serial.block"].create(
            {
                "partner_id": self.supplier.id,
                "product_id": self.phone.id,
                "company_id": other.id,
            }
        )
        with self.assertRaises(AccessError):
            block.with_user(self.quality_manager).read(["name"])

    # ---- Days and companies ----

    def test_a_block_expires_by_the_day_of_its_company(self):
        self.company.partner_id.tz = "Pacific/Kiritimati"
        users = self.operator | self.quality_manager
        users.tz = "Pacific/Pago_Pago"
        with freeze_time("2026-11-22 12:00:00"):
            block, names = self.open_block(1, expiration_date="2026-11-23")
            self.assertEqual(self.scan(self.open_receipt(), names[0]), ["ok"])
        with freeze_time("2026-11-23 12:00:00"):
            self.env["serial.block"]._cron_expire()
            self.assertEqual(block.state, "expired")
            picking = self.open_receipt()
            self.assertEqual(self.scan(picking, names[0]), ["block_expired"])
            with self.assertRaisesRegex(UserError, "expired on"):
                self.env["stock.lot"].create(
                    {"name": names[0], "product_id": self.phone.id}
                )
            with self.assertRaisesRegex(UserError, "would have expired"):
                self.open_block(1, expiration_date="2026-11-23")

    def test_a_block_takes_no_scheme_of_another_company(self):
        other = self.env["res.company"].create({"name": "Other"})
        scheme = self.scheme.copy({"company_id": other.id})
        with self.assertRaisesRegex(UserError, "company"):
            self.block(scheme_id=scheme.id)

    def test_closing_says_what_is_in_the_way(self):
        with self.assertRaisesRegex(UserError, "was never opened"):
            self.block().action_close()
        with patch.object(serial_issue, "AT_ONCE", 1):
            block, _names = self.open_block(2)
        with self.assertRaisesRegex(UserError, "are still being issued"):
            block.action_close()
        block.issue_ids.with_user(self.operator).action_stop()
        block, _names = self.open_block(1)
        with self.assertRaisesRegex(UserError, "still has unused numbers"):
            block.action_close()
