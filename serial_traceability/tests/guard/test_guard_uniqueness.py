from types import SimpleNamespace

import psycopg2
from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import SerialCase


class _Refusal(psycopg2.errors.ExclusionViolation):
    """What PostgreSQL raises where the server speaks another language."""

    diag = None

    def __init__(self, detail):
        super().__init__(detail)
        self.diag = SimpleNamespace(
            constraint_name="stock_lot_serial_unique", message_detail=detail
        )


@tagged("post_install", "-at_install")
class TestGuardUniqueness(SerialCase):
    def _insert(self, name, company=None):
        """Insert a serial past the ORM, as a transaction that core cannot see does."""
        self.env.cr.execute(
            "INSERT INTO stock_lot (name, product_id, company_id) VALUES (%s, %s, %s)",
            (name, self.phone.id, company and company.id),
        )

    def _refusal(self):
        """Let PostgreSQL check, and return the error it raises."""
        with (
            self.assertRaises(psycopg2.errors.ExclusionViolation) as caught,
            mute_logger("odoo.sql_db"),
            self.env.cr.savepoint(),
        ):
            self.env["serial.duplicate"]._check_guard()
        return caught.exception

    def _create(self, name, company=None):
        values = {"name": name, "product_id": self.phone.id}
        if company:
            values["company_id"] = company.id
        return self.env["stock.lot"].create(values)

    def test_guard_stands_after_installation(self):
        self.assertTrue(self.env["serial.duplicate"]._has_guard())

    def test_core_refuses_a_duplicate_of_the_same_transaction_first(self):
        self._create("U1")
        with self.assertRaisesRegex(ValidationError, "must be unique"):
            self._create("U1")

    def test_postgresql_refuses_a_duplicate_that_core_does_not_see(self):
        self._insert("U1")
        self._insert("U1")
        self._refusal()

    def test_no_company_counts_as_one(self):
        self._insert("U1", self.company)
        self._insert("U1", self.company)
        self._refusal()

    def test_one_number_in_two_companies_or_products_is_no_duplicate(self):
        other = self.env["res.company"].create({"name": "Other"})
        self._insert("U1", self.company)
        self._insert("U1", other)
        self.env["stock.lot"].create({"name": "U1", "product_id": self.pack.id})
        self.env["serial.duplicate"]._check_guard()

    def test_refusal_names_serial_and_product(self):
        self._insert("U1")
        self._insert("U1")
        error = self._refusal()
        message = self.env["stock.lot"]._sql_error_to_message(error)
        self.assertIn("Serial U1 of Phone already exists", message)

    def test_refusal_names_serial_and_product_in_any_language_of_the_server(self):
        columns = "(product_id, name, COALESCE(company_id, 0))"
        details = (
            "Key %(key)s conflicts with existing key %(key)s.",
            "Schlüssel »%(key)s« kollidiert mit vorhandenem Schlüssel »%(key)s«.",
            "キー%(key)sは既存のキー%(key)sと競合しています",
        )
        for name in ("U1", "U, 1) =(2, x, 3) y", "A\n(B"):
            key = f"{columns}=({self.phone.id}, {name}, {self.company.id})"
            for detail in details:
                message = self.env["stock.lot"]._sql_error_to_message(
                    _Refusal(detail % {"key": key})
                )
                self.assertIn(f"Serial {name} of Phone already exists", message)

    def test_refusal_of_something_else_is_left_to_core(self):
        with (
            self.assertRaises(psycopg2.errors.NotNullViolation) as caught,
            mute_logger("odoo.sql_db"),
            self.env.cr.savepoint(),
        ):
            self.env.cr.execute("INSERT INTO stock_lot (name) VALUES ('U1')")
        message = self.env["stock.lot"]._sql_error_to_message(caught.exception)
        self.assertIn("Missing required value", message)

    def test_company_that_core_computes_is_guarded_before_the_commit(self):
        self._insert("U1", self.company)
        self._create("U1", self.env["res.company"].create({"name": "Other"}))
        other = self.env["stock.lot"].search(
            [("name", "=", "U1"), ("company_id", "!=", self.company.id)]
        )
        with (
            self.assertRaises(psycopg2.errors.ExclusionViolation),
            mute_logger("odoo.sql_db"),
            self.env.cr.savepoint(),
        ):
            other._write_multi([{"company_id": self.company.id}])
            self.env.cr.precommit.run()

    def test_serial_in_stock_cannot_be_received_into_another_place(self):
        self.receive(self.phone, ["U1"])
        shelf = self.stock_location.create(
            {"name": "Shelf", "location_id": self.stock_location.id}
        )
        with self.assertRaisesRegex(ValidationError, "U1 of Phone is already in stock"):
            self.receive(self.phone, ["U1"], destination=shelf)

    def test_serial_in_stock_cannot_be_received_into_the_same_place(self):
        self.receive(self.phone, ["U1"])
        with self.assertRaises(ValidationError):
            self.receive(self.phone, ["U1"])

    def test_returned_serial_may_be_received_and_shipped_again(self):
        phone = self.receive(self.phone, ["U1"])
        self.give_back(self.deliver(phone), phone)
        self.deliver(phone)
        self.assertEqual(phone.product_qty, 0)

    def test_exchanging_a_received_serial_for_one_in_stock_is_refused(self):
        self.receive(self.phone, ["U1"])
        shelf = self.stock_location.create(
            {"name": "Shelf", "location_id": self.stock_location.id}
        )
        self.receive(self.phone, ["U2"], destination=shelf)
        first = self.env["stock.lot"].search([("name", "=", "U1")])
        with self.assertRaisesRegex(ValidationError, "already in stock"):
            self.receipt.move_line_ids.lot_id = first

    def test_lots_are_received_as_often_as_they_come(self):
        lot = self.receive(self.cable, ["L1"], quantity=5)
        self.receive(self.cable, ["L1"], quantity=5)
        self.assertEqual(lot.product_qty, 10)
