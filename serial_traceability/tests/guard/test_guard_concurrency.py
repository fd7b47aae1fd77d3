import threading

from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..throwaway import ThrowawayCase


@tagged(
    "post_install", "-at_install", "-standard", "serial_throwaway", "serial_concurrency"
)
class TestGuardConcurrency(ThrowawayCase):
    """Two transactions that do not see each other enter one serial.

    How to run: see :class:`ThrowawayCase`.
    """

    def count(self, name):
        """Return how many serials have the number, and how many are in stock."""
        return self.query(
            "SELECT count(DISTINCT lot.id), COALESCE(sum(quant.quantity), 0) "
            "FROM stock_lot lot LEFT JOIN (stock_quant quant "
            "JOIN stock_location place ON place.id = quant.location_id "
            "AND place.usage = 'internal') ON quant.lot_id = lot.id "
            "WHERE lot.name = %s AND lot.product_id = %s",
            name,
            self.product_id,
        )[0]

    @mute_logger("odoo.sql_db", "odoo.service.model")
    def test_second_of_two_concurrent_receipts_gets_a_clear_message(self):
        first = self.prepare_receipt(["CONC-1"])
        second = self.prepare_receipt(["CONC-1"], shelf="Shelf 1")
        with self.transaction() as env:
            self.validate(env, first)
            finish = self.start(lambda other: self.validate(other, second))
            self.wait_for_blocked()
        error = finish()
        self.assertIsInstance(error, ValidationError)
        self.assertIn("Serial CONC-1 of Phone already exists", str(error))
        self.assertEqual(self.count("CONC-1"), (1, 1))

    @mute_logger("odoo.sql_db", "odoo.service.model")
    def test_receipt_that_began_before_the_other_was_committed_is_refused(self):
        first = self.prepare_receipt(["CONC-2"])
        second = self.prepare_receipt(["CONC-2"], shelf="Shelf 2")

        def work(env):
            env.cr.execute("SELECT count(*) FROM stock_lot")
            with self.transaction() as other:
                self.validate(other, first)
            self.validate(env, second)

        with self.assertRaisesRegex(ValidationError, "Serial CONC-2 of Phone"):
            self.request(work)
        self.assertEqual(self.count("CONC-2"), (1, 1))

    @mute_logger("odoo.sql_db", "odoo.service.model")
    def test_receipt_that_is_tried_again_finds_the_serial_in_stock(self):
        first = self.prepare_receipt(["CONC-3"])
        second = self.prepare_receipt(["CONC-3"], shelf="Shelf 3")
        tries = []

        def work(env):
            tries.append(env.cr.now())
            if len(tries) == 1:
                with self.transaction() as other:
                    other["product.product"].browse(self.product_id).volume = 1
                    self.validate(other, first)
            # A row that the other one wrote: PostgreSQL lets this transaction fail,
            # and Odoo does it again.
            env.cr.execute(
                "UPDATE product_product SET volume = 2 WHERE id = %s",
                [self.product_id],
            )
            self.validate(env, second)

        # The first statement of a transaction decides what it sees.
        def began(env):
            env.cr.execute("SELECT 1")
            work(env)

        with self.assertRaisesRegex(ValidationError, "CONC-3 of Phone is already"):
            self.request(began)
        self.assertEqual(len(tries), 2)
        self.assertEqual(self.count("CONC-3"), (1, 1))

    @mute_logger("odoo.sql_db", "odoo.service.model")
    def test_crosswise_creation_ends_with_one_serial_each(self):
        barrier = threading.Barrier(2, timeout=60)
        began = threading.local()

        def create(*names):
            def work(env):
                for number, name in enumerate(names):
                    if number and not getattr(began, "met", False):
                        began.met = True
                        barrier.wait()
                    env["stock.lot"].create(
                        {"name": name, "product_id": self.product_id}
                    )

            return work

        finishes = [
            self.start(create("CONC-4", "CONC-5")),
            self.start(create("CONC-5", "CONC-4")),
        ]
        errors = [finish() for finish in finishes]
        self.assertEqual(sum(error is None for error in errors), 1, errors)
        self.assertIsInstance(next(filter(None, errors)), ValidationError)
        self.assertEqual(self.count("CONC-4")[0], 1)
        self.assertEqual(self.count("CONC-5")[0], 1)
