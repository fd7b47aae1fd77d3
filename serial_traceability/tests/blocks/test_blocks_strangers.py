from odoo.exceptions import UserError
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from ..json2 import Json2Mixin
from .common import BlockCase


class StrangerCase(BlockCase):
    """Numbers that the sender should not have, by every door."""

    def typed(self, *names, partner=None):
        """Return a confirmed receipt of phones with typed numbers."""
        picking = self.open_receipt(partner, len(names))
        for line, name in zip(picking.move_ids.move_line_ids, names, strict=True):
            line.lot_name = name
        picking.move_ids.picked = True
        return picking

    def policy(self, **values):
        self.phone.product_tmpl_id.serial_policy_id = self.env["serial.policy"].create(
            {"name": "Phones", **values}
        )


@tagged("post_install", "-at_install")
class TestBlocksStrangers(StrangerCase):
    """Who holds a block sends its numbers, and each of them once."""

    # ---- Issued by nobody ----

    def test_a_number_nobody_issued_is_refused_when_scanned(self):
        block, names = self.open_block(1)
        picking = self.open_receipt()
        self.assertEqual(self.scan(picking, "MADEUP", names[0]), ["not_issued", "ok"])
        answer = picking.serial_scan("(01)09520001100017(21)MADEUP", "again")
        self.assertIn(block.name, answer["message"])
        self.assertFalse(picking.move_line_ids.filtered("picked").lot_id)

    def test_a_number_nobody_issued_is_refused_when_typed(self):
        block, names = self.open_block(1)
        picking = self.typed("MADEUP", names[0])
        with self.assertRaisesRegex(
            UserError, f"MADEUP was never issued, and the sender .*{block.name} on"
        ):
            picking.button_validate()
        self.assertFalse(self.env["stock.lot"].search([("name", "=", "MADEUP")]))
        self.assertEqual(picking.state, "assigned")

    def test_a_serial_made_ahead_for_it_does_not_help(self):
        self.open_block(1)
        lot = self.env["stock.lot"].create(
            {"name": "MADEUP", "product_id": self.phone.id}
        )
        self.assertEqual(self.scan(self.open_receipt(), "MADEUP"), ["not_issued"])
        picking = self.open_receipt(quantity=1)
        picking.move_ids.move_line_ids.lot_id = lot
        picking.move_ids.picked = True
        with self.assertRaisesRegex(UserError, "MADEUP was never issued"):
            picking.button_validate()

    def test_a_block_that_expired_is_still_its_holders(self):
        block, _names = self.open_block(1)
        block.expiration_date = self.days(-1)
        self.assertEqual(block.state, "expired")
        self.assertEqual(self.scan(self.open_receipt(), "MADEUP"), ["not_issued"])

    def test_who_has_no_open_block_sends_numbers_of_their_own(self):
        block, _names = self.open_block(1)
        other = self.open_receipt(self.other_supplier)
        self.assertEqual(self.scan(other, "THEIRS-1"), ["ok"])
        block._retire("returned")
        block.action_close()
        self.assertEqual(self.scan(self.open_receipt(), "THEIRS-2"), ["ok"])

    def test_a_draft_block_binds_nobody(self):
        self.block()
        self.assertEqual(self.scan(self.open_receipt(), "THEIRS-1"), ["ok"])

    def test_the_policy_may_leave_the_numbers_to_the_supplier(self):
        self.open_block(1)
        self.policy(numbered_by="scanned")
        self.assertEqual(self.scan(self.open_receipt(), "THEIRS-1"), ["ok"])
        self.receive(self.phone, ["THEIRS-2"])
        self.policy(numbered_by="scanned", scheme_id=self.scheme.id)
        self.assertEqual(self.scan(self.open_receipt(), "THEIRS-3"), ["not_issued"])
        self.policy(numbered_by="produced")
        self.assertEqual(self.scan(self.open_receipt(), "THEIRS-3"), ["not_issued"])

    def test_what_we_issue_for_the_receipt_is_good_from_a_holder(self):
        self.open_block(1)
        issued = (
            self.env["serial.issue"]
            .with_user(self.operator)
            .issue(self.phone.id, 1, scheme_id=self.scheme.id, commission=False)
        )
        picking = self.open_receipt()
        self.assertEqual(self.scan(picking, issued["numbers"][0]), ["ok"])

    def test_a_unit_that_was_here_before_the_block_comes_back(self):
        lot = self.receive(self.phone, ["OLD-1"])
        self.deliver(lot, partner=self.supplier)
        self.open_block(1)
        self.assertEqual(self.scan(self.open_receipt(), "OLD-1"), ["ok"])
        picking = self.typed("OLD-1")
        picking.button_validate()
        self.assertEqual(picking.state, "done")

    def test_a_suppliers_list_with_a_made_up_number_is_refused(self):
        _block, names = self.open_block(1)
        results = (
            self.env["serial.resolver"]
            .with_user(self.operator)
            .resolve(
                [f"(01)09520001100017(21){name}" for name in ("MADEUP", *names)],
                self.open_receipt().id,
                announce=True,
            )
        )
        verdicts = [result["verdict"] for result in results]
        self.assertEqual(verdicts, ["not_issued", "ok"])

    def test_a_done_receipt_is_not_given_a_made_up_number(self):
        _block, names = self.open_block(2)
        self.receive(self.phone, names[:1])
        line = self.receipt.move_line_ids
        made_up = self.env["stock.lot"].create(
            {"name": "MADEUP", "product_id": self.phone.id}
        )
        with self.assertRaisesRegex(UserError, "MADEUP was never issued"):
            line.with_user(self.operator).lot_id = made_up
        line.with_user(self.quality_manager).lot_id = made_up
        self.assertEqual(line.lot_id, made_up)

    # ---- Used twice ----

    def test_a_number_used_twice_is_refused_when_typed(self):
        block, names = self.open_block(1)
        self.deliver(self.receive(self.phone, names))
        picking = self.typed(*names)
        with self.assertRaisesRegex(UserError, f"{block.name} is in use already"):
            picking.button_validate()

    def test_a_serial_created_ahead_is_received_once(self):
        _block, names = self.open_block(2)
        lots = self.env["stock.lot"].create(
            [{"name": name, "product_id": self.phone.id} for name in names]
        )
        picking = self.open_receipt(quantity=1)
        self.assertEqual(self.scan(picking, names[0]), ["ok"])
        self.assertFalse(self.cases())
        self.receive(self.phone, names[1:])
        self.deliver(lots[1])
        self.assertEqual(self.scan(self.open_receipt(), names[1]), ["used_twice"])

    def test_a_serial_created_ahead_of_anothers_block_is_refused(self):
        block, names = self.open_block(1, partner_id=self.other_supplier.id)
        self.env["stock.lot"].create({"name": names[0], "product_id": self.phone.id})
        self.assertEqual(self.scan(self.open_receipt(), names[0]), ["other_block"])
        with self.assertRaisesRegex(UserError, f"{block.name}, which is not this"):
            self.typed(names[0]).button_validate()

    def test_a_unit_sent_back_is_received_again_when_typed(self):
        _block, names = self.open_block(1)
        lot = self.receive(self.phone, names)
        self.give_back(self.receipt, lot)
        picking = self.typed(*names)
        picking.button_validate()
        self.assertEqual(picking.state, "done")

    def test_moving_a_received_unit_on_does_not_keep_its_receipt_from_correction(self):
        _block, names = self.open_block(1)
        self.deliver(self.receive(self.phone, names))
        self.receipt.move_line_ids.with_user(self.operator).owner_id = self.customer
        self.assertEqual(self.receipt.move_line_ids.owner_id, self.customer)

    # ---- What it costs ----

    def test_typed_numbers_have_the_form_that_the_policy_asks_for(self):
        self.policy(gs1_serials_only=True)
        picking = self.typed("SN#1", "SN-2")
        with self.assertRaisesRegex(UserError, "allows GS1 serials only, which SN#1"):
            picking.button_validate()
        picking.move_line_ids.filtered(lambda line: line.lot_name == "SN#1").unlink()
        picking.move_ids.product_uom_qty = 1
        picking.button_validate()
        self.assertEqual(picking.move_line_ids.lot_id.name, "SN-2")

    def test_typed_numbers_have_the_form_of_the_scheme_where_the_supplier_numbers(self):
        scheme = self.env.ref("serial_traceability.scheme_rfid")
        self.policy(scheme_id=scheme.id, numbered_by="scanned")
        for name in ("00012", "999999999999"):
            with self.assertRaisesRegex(
                UserError, f"SGTIN-96\\), which {name} does not"
            ):
                self.typed(name).button_validate()
        picking = self.typed("12")
        picking.button_validate()
        self.assertEqual(picking.state, "done")

    def test_typed_numbers_cost_no_query_each(self):
        self.open_block(1)
        counts = []
        for count in (1, 10, 100):
            _block, names = self.open_block(count)
            lines = self.typed(*names).move_line_ids
            # As a request does: a receipt's lines are fetched one by one.
            lines = lines.browse(lines.ids)
            counts.append(self.count_queries(lines._check_issued_numbers))
        self.assertEqual(counts[1], counts[2], counts)


@tagged("post_install", "-at_install")
class TestBlocksStrangersApi(Json2Mixin, StrangerCase, HttpCase):
    """What is refused leaves a case, though the refusal takes everything back."""

    def validate_typed(self, names):
        picking = self.typed(*names)
        with mute_logger("odoo.http"):
            response = self.call(self.operator, picking, "button_validate")
        self.env.invalidate_all()
        self.assertEqual(picking.state, "assigned")
        return picking, response

    def test_a_typed_number_used_twice_raises_a_case(self):
        block, names = self.open_block(1)
        lot = self.receive(self.phone, names)
        self.deliver(lot)
        picking, response = self.validate_typed(names)
        self.assertEqual(response.status_code, 422)
        self.assertIn("in use already", response.text)
        self.assertRecordValues(
            self.cases(),
            [
                {
                    "kind": "used_twice",
                    "picking_id": picking.id,
                    "partner_id": self.supplier.id,
                    "block_ids": block.ids,
                    "number_ids": lot.issued_number_ids.ids,
                }
            ],
        )
        with mute_logger("odoo.http"):
            self.call(self.operator, picking, "button_validate")
        self.assertEqual(len(self.cases()), 1)

    def test_a_typed_number_of_anothers_block_raises_a_case(self):
        _block, names = self.open_block(2, partner_id=self.other_supplier.id)
        self.validate_typed(names)
        self.assertRecordValues(
            self.cases(), [{"kind": "other_block", "number_count": 2}]
        )

    def test_a_made_up_number_is_refused_and_raises_no_case(self):
        self.open_block(1)
        _picking, response = self.validate_typed(["MADEUP"])
        self.assertIn("was never issued", response.text)
        self.assertFalse(self.cases())
