from odoo import fields
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import MrpCase


@tagged("post_install", "-at_install")
class TestMrpBlocks(MrpCase):
    """Lines and contract manufacturers take the numbers of their blocks."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.line, cls.other_line = cls.env["mrp.workcenter"].create(
            [{"name": "Line 1"}, {"name": "Line 2"}]
        )
        cls.bom.operation_ids = [
            Command.create({"name": "Assemble", "workcenter_id": cls.line.id})
        ]

    @classmethod
    def open_block(cls, quantity=3, **values):
        block = (
            cls.env["serial.block"]
            .with_user(cls.quality_manager)
            .create(
                {
                    "holder_kind": "line",
                    "line_name": "Line",
                    "product_id": cls.phone.id,
                    "scheme_id": cls.scheme.id,
                    "quantity": quantity,
                    **values,
                }
            )
        )
        block.action_open()
        return block

    def test_an_order_on_the_line_takes_the_blocks_numbers_in_order(self):
        block = self.open_block(5, workcenter_id=self.line.id)
        unused = block._get_unused()
        order, second = self.order(2), self.order(2)
        self.assertEqual(order.serial_source, block.name)
        self.assertEqual(set(self.generate(order).mapped("name")), set(unused[:2]))
        self.assertEqual(set(self.generate(second).mapped("name")), set(unused[2:4]))
        self.finish(order)
        block.invalidate_recordset()
        self.assertRecordValues(
            block, [{"used_count": 2, "unused_count": 3, "issued_count": 5}]
        )

    def test_a_block_that_is_too_small_says_so(self):
        block = self.open_block(1, workcenter_id=self.line.id)
        with self.assertRaisesRegex(UserError, f"{block.name}, 1 are left"):
            self.order(2)._take_numbers(2)

    def test_without_its_own_block_the_scheme_is_used(self):
        self.open_block(workcenter_id=self.other_line.id)
        self.open_block()
        expired = self.open_block(workcenter_id=self.line.id)
        expired.sudo().write({"expiration_date": "2020-01-01"})
        order = self.order()
        self.assertEqual(order.serial_source, "Made")
        lot = self.generate(order)
        self.assertFalse(
            self.env["serial.number"].search([("name", "=", lot.name)]).block_id
        )

    def test_a_block_is_enough_without_a_scheme_of_the_policy(self):
        self.policy.scheme_id = False
        block = self.open_block(workcenter_id=self.line.id)
        numbers = block._get_unused()
        name = self.generate(self.order()).name
        self.assertIn(name, numbers)
        self.assertEqual(block._get_unused(), [n for n in numbers if n != name])

    def test_numbers_of_anothers_block_are_refused_and_raise_a_case(self):
        other = self.open_block(workcenter_id=self.other_line.id)
        order = self.order(2)
        numbers = other._get_unused()[:2]
        dialog = self.dialog(order, *numbers)
        dialog.action_apply()
        self.assertIn(f"is one of block {other.name}", dialog.refusal)
        self.assertRecordValues(
            other.case_ids,
            [{"kind": "other_block", "origin": order.name, "number_count": 2}],
        )

    def test_they_are_refused_at_the_end_as_well(self):
        other = self.open_block(workcenter_id=self.other_line.id)
        order = self.order()
        order.lot_producing_ids = [
            Command.create(
                {"name": other._get_unused()[0], "product_id": self.phone.id}
            )
        ]
        with self.assertRaisesRegex(UserError, f"is one of block {other.name}"):
            self.finish(order)

    def test_numbers_of_a_line_that_is_named_only_may_be_typed(self):
        block = self.open_block()
        order = self.order()
        self.dialog(order, block._get_unused()[0]).action_apply()
        self.finish(order)
        self.assertEqual(block.used_count, 1)

    def test_a_number_used_twice_raises_a_case(self):
        block = self.open_block(workcenter_id=self.line.id)
        order = self.order()
        lot = self.generate(order)
        self.finish(order)
        self.deliver(lot)
        again = self.order()
        dialog = self.dialog(again, lot.name)
        dialog.action_apply()
        self.assertIn("in use already", dialog.refusal)
        self.assertRecordValues(
            block.case_ids, [{"kind": "used_twice", "origin": again.name}]
        )

    def test_a_number_in_stock_is_refused(self):
        self.open_block(workcenter_id=self.line.id)
        order = self.order()
        lot = self.generate(order)
        self.finish(order)
        dialog = self.dialog(self.order(), lot.name)
        dialog.action_apply()
        self.assertIn("already in stock", dialog.refusal)

    def test_returned_and_expired_numbers_are_refused(self):
        block = self.open_block(workcenter_id=self.line.id)
        order, other = self.order(), self.order()
        self.generate(order)
        returned = self.generate(other)
        yesterday = fields.Date.add(fields.Date.context_today(block), days=-1)
        block.expiration_date = yesterday
        with self.assertRaisesRegex(UserError, "which expired on"):
            self.finish(order)
        block.expiration_date = False
        block._retire("returned", [returned.name])
        with self.assertRaisesRegex(UserError, "was returned unused"):
            self.finish(other)

    def test_the_batch_of_the_block_is_that_of_the_order(self):
        batches = self.env["serial.batch"].create(
            [{"name": name, "product_id": self.phone.id} for name in ("B1", "B2")]
        )
        block = self.open_block(workcenter_id=self.line.id, batch_id=batches[0].id)
        order = self.order()
        self.assertEqual(self.generate(order).batch_id, batches[0])
        self.assertEqual(order.serial_batch_id, batches[0])
        other = self.order(serial_batch_id=batches[1].id)
        self.assertEqual(other.serial_source, "Made")
        self.assertNotIn(self.generate(other).name, block._get_unused())

    def test_what_a_cancelled_order_took_goes_to_the_next(self):
        block = self.open_block(1, workcenter_id=self.line.id)
        order = self.order()
        lot = self.generate(order)
        order.sudo().action_cancel()
        second = self.order()
        self.assertEqual(self.generate(second), lot)
        self.finish(second)
        self.assertEqual(block.used_count, 1)

    def test_a_contract_manufacturer_uses_his_own_block(self):
        block = self.open_block(
            holder_kind="manufacturer", partner_id=self.supplier.id, line_name=False
        )
        self.assertEqual(self.order().serial_source, "Made")
        receipt = self.transfer(
            self.warehouse.in_type_id,
            self.supplier_location,
            self.stock_location,
            [(self.phone, 1)],
            partner=self.supplier,
        )
        order = self.order(confirm=False)
        order.move_finished_ids.move_dest_ids = receipt.move_ids
        order.action_confirm()
        self.assertEqual(order.serial_source, block.name)
        numbers = block._get_unused()
        self.assertIn(self.generate(order).name, numbers)

    def test_a_block_that_was_handed_over_keeps_its_line(self):
        block = self.open_block(workcenter_id=self.line.id)
        block.action_export("csv")
        with self.assertRaisesRegex(UserError, "are out already"):
            block.workcenter_id = self.other_line
