from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import BlockCase


@tagged("post_install", "-at_install")
class TestBlocksReceiving(BlockCase):
    """Numbers of blocks where units come in: scanned, announced, typed."""

    def test_the_suppliers_own_numbers_are_good(self):
        _block, names = self.open_block(2)
        picking = self.open_receipt(quantity=2)
        self.assertEqual(self.scan(picking, *names), ["ok", "ok"])
        self.assertFalse(self.cases())

    def test_a_contact_of_the_supplier_is_the_supplier(self):
        _block, names = self.open_block(1)
        contact = self.env["res.partner"].create(
            {"name": "Dock 2", "parent_id": self.supplier.id}
        )
        picking = self.open_receipt(partner=contact)
        self.assertEqual(self.scan(picking, names[0]), ["ok"])

    def test_a_number_of_anothers_block_is_refused(self):
        block, names = self.open_block(2, partner_id=self.other_supplier.id)
        picking = self.open_receipt()
        self.assertEqual(self.scan(picking, *names), ["other_block", "other_block"])
        case = self.cases()
        self.assertRecordValues(
            case,
            [
                {
                    "kind": "other_block",
                    "state": "open",
                    "number_count": 2,
                    "block_ids": block.ids,
                    "picking_id": picking.id,
                    "partner_id": self.supplier.id,
                    "company_id": self.company.id,
                }
            ],
        )
        self.assertEqual(case.activity_ids.user_id, self.quality_manager)

    def test_a_number_of_a_line_does_not_come_from_a_supplier(self):
        _block, names = self.open_block(
            1, holder_kind="line", partner_id=False, line_name="Line 2"
        )
        self.assertEqual(self.scan(self.open_receipt(), names[0]), ["other_block"])

    def test_numbers_that_ended_are_refused(self):
        block, names = self.open_block(2)
        block._retire("returned", names[:1])
        block._retire("destroyed", names[1:], "Torn")
        picking = self.open_receipt()
        self.assertEqual(
            self.scan(picking, *names), ["number_returned", "number_destroyed"]
        )
        self.assertEqual(
            set(self.cases().mapped("kind")), {"number_returned", "number_destroyed"}
        )

    def test_numbers_of_an_expired_block_are_refused_without_a_case(self):
        block, names = self.open_block(1)
        block.expiration_date = self.days(-1)
        picking = self.open_receipt()
        self.assertEqual(self.scan(picking, names[0]), ["block_expired"])
        self.assertFalse(self.cases())
        block.expiration_date = self.days(1)
        picking = self.open_receipt()
        self.assertEqual(self.scan(picking, names[0]), ["ok"])

    # ---- Used twice ----

    def test_a_number_that_stands_in_stock_raises_a_case(self):
        _block, names = self.open_block(1)
        lot = self.receive(self.phone, names)
        self.assertEqual(self.scan(self.open_receipt(), names[0]), ["in_stock"])
        self.assertEqual(self.cases(kind="in_stock").number_ids.lot_id, lot)

    def test_a_number_whose_unit_was_sold_raises_a_case(self):
        _block, names = self.open_block(1)
        self.deliver(self.receive(self.phone, names))
        self.assertEqual(self.scan(self.open_receipt(), names[0]), ["used_twice"])
        self.assertEqual(self.cases().kind, "used_twice")

    def test_a_unit_that_comes_back_from_its_maker_is_no_second_one(self):
        _block, names = self.open_block(1)
        lot = self.receive(self.phone, names)
        self.give_back(self.receipt, lot)
        self.assertEqual(lot.custodian_id, self.supplier)
        self.assertEqual(self.scan(self.open_receipt(), names[0]), ["ok"])
        self.assertFalse(self.cases())

    def test_a_serial_that_nobody_issued_raises_no_case(self):
        self.receive(self.phone, ["THEIRS-1"])
        self.assertEqual(self.scan(self.open_receipt(), "THEIRS-1"), ["in_stock"])
        self.assertFalse(self.cases())

    def test_a_customers_return_of_a_number_is_good(self):
        _block, names = self.open_block(1)
        lot = self.receive(self.phone, names)
        self.give_back(self.deliver(lot), lot)
        self.assertFalse(self.cases())

    # ---- Other doors ----

    def announce(self, picking, names):
        wizard = (
            self.env["serial.scan.import"]
            .with_user(self.operator)
            .create(
                {
                    "picking_id": picking.id,
                    "purpose": "announce",
                    "scan_text": "\n".join(
                        f"(01)09520001100017(21){name}" for name in names
                    ),
                }
            )
        )
        wizard.action_read()
        return wizard

    def test_a_suppliers_file_with_anothers_numbers_raises_one_case(self):
        _block, names = self.open_block(2)
        _other, others = self.open_block(20, partner_id=self.other_supplier.id)
        wizard = self.announce(self.open_receipt(), names + others)
        self.assertEqual(
            wizard.line_ids.mapped("verdict"), ["ok"] * 2 + ["other_block"] * 20
        )
        self.assertEqual(self.cases().number_count, 20)
        wizard.action_check()
        self.assertEqual(self.cases().number_count, 20)

    def test_what_is_typed_meets_the_same_refusal(self):
        block, names = self.open_block(1, partner_id=self.other_supplier.id)
        with self.assertRaisesRegex(
            UserError, f"{names[0]} is one of block {block.name}, which is not this"
        ):
            self.receive(self.phone, names)

    def test_what_is_known_of_numbers_costs_one_query(self):
        counts = []
        for number in (1, 10, 100):
            _block, names = self.open_block(number)
            ask = self.env["serial.block"]._get_issued
            counts.append(self.count_queries(ask, names, self.supplier))
            self.assertEqual(len(ask(names, self.supplier)), number)
        self.assertEqual(counts[1], counts[2], counts)

    def test_scanning_many_numbers_costs_no_query_each(self):
        resolver = self.env["serial.resolver"].with_user(self.operator)
        counts = []
        for number in (1, 10, 100):
            _block, names = self.open_block(number)
            picking = self.open_receipt(quantity=number)
            texts = [f"(01)09520001100017(21){name}" for name in names]
            counts.append(self.count_queries(resolver.resolve, texts, picking.id))
            results = resolver.resolve(texts, picking.id)
            self.assertEqual({result["verdict"] for result in results}, {"ok"})
        self.assertLessEqual(counts[2], counts[1] + 2, counts)

    # ---- Cases ----

    def raised(self):
        _block, names = self.open_block(1, partner_id=self.other_supplier.id)
        picking = self.open_receipt()
        self.scan(picking, names[0])
        return self.cases(), picking, names

    def test_a_case_is_closed_with_its_conclusion(self):
        case, picking, names = self.raised()
        own = case.with_user(self.quality_manager)
        own.conclusion = "Wrong roll of labels"
        own.action_close()
        self.assertEqual(case.state, "closed")
        self.assertFalse(case.activity_ids)
        picking.serial_scan(f"(01)09520001100017(21){names[0]}", "again")
        self.assertEqual(len(self.cases()), 2)
        own.action_reopen()
        self.assertEqual(case.state, "open")

    def test_a_case_of_another_company_is_not_taken_for_this_ones(self):
        case, picking, names = self.raised()
        case.sudo().company_id = self.env["res.company"].create({"name": "Other"})
        picking.serial_scan(f"(01)09520001100017(21){names[0]}", "again")
        self.assertEqual(self.cases(company_id=self.company).number_ids.name, names[0])

    def test_what_a_case_is_about_stands(self):
        case, _picking, _names = self.raised()
        own = case.with_user(self.quality_manager)
        with self.assertRaises(AccessError):
            own.state = "closed"
        with self.assertRaises(AccessError):
            own.kind = "in_stock"
        with self.assertRaises(AccessError):
            own.unlink()

    def test_operators_read_cases_and_close_none(self):
        case, _picking, _names = self.raised()
        for user in (self.operator, self.auditor):
            self.assertEqual(case.with_user(user).number_count, 1)
            with self.assertRaises(AccessError):
                case.with_user(user).action_close()
            with self.assertRaises(AccessError):
                case.with_user(user).conclusion = "Nothing"
