from datetime import datetime

from odoo.tests import tagged

from ..common import SerialCase

#: Statements that the ledger may add to a document with one event.
_BUDGET = 8


@tagged("post_install", "-at_install")
class TestLedgerQueries(SerialCase):
    """What the ledger adds to a document does not grow with its units."""

    def cost(self, lots, record):
        """Return how many statements telling of a delivery of ``lots`` takes."""
        return self.count_queries(record, self.deliver(lots).move_line_ids.ids)

    def test_one_ten_and_a_hundred_units_cost_the_same_queries(self):
        phones = self.receive(self.phone, [f"Q{number}" for number in range(112)])
        record = self.env["serial.movement"]._record
        self.cost(phones[:1], record)
        counts = [
            self.cost(lots, record)
            for lots in (phones[1:2], phones[2:12], phones[12:112])
        ]
        self.assertEqual(len(set(counts)), 1, counts)
        self.assertLessEqual(counts[0], _BUDGET)

    def test_correcting_many_lines_costs_the_same_queries_as_one(self):
        phones = self.receive(self.phone, [f"Q{number}" for number in range(112)])
        movements = self.env["serial.movement"]

        def correct(ids):
            rows = movements._read(ids)
            before = [row | {"quantity": row["quantity"] + 1} for row in rows]
            movements._record_correction(before, rows)

        self.cost(phones[:1], correct)
        counts = [
            self.cost(lots, correct)
            for lots in (phones[1:2], phones[2:12], phones[12:112])
        ]
        self.assertEqual(len(set(counts)), 1, counts)

    def test_another_date_of_many_units_costs_the_same_queries_as_one(self):
        phones = self.receive(self.phone, [f"Q{number}" for number in range(112)])
        movements = self.env["serial.movement"]
        date = datetime(2026, 1, 2)

        def redate(ids):
            movements._record_new_date(movements._read(ids), date)

        self.cost(phones[:1], redate)
        counts = [
            self.cost(lots, redate)
            for lots in (phones[1:2], phones[2:12], phones[12:112])
        ]
        self.assertEqual(len(set(counts)), 1, counts)

    def test_another_batch_of_many_serials_costs_the_same_queries_as_one(self):
        batches = self.env["serial.batch"].create(
            [{"name": name, "product_id": self.phone.id} for name in ("B1", "B2")]
        )
        phones = self.receive(self.phone, [f"Q{number}" for number in range(112)])
        counts = []
        for lots in (phones[:1], phones[1:2], phones[2:12], phones[12:112]):
            managed = lots.with_user(self.quality_manager)
            counts.append(
                self.count_queries(
                    managed.correct, {"batch_id": batches[0].id}, "found on the box"
                )
            )
        # The first one fills caches.
        self.assertEqual(len(set(counts[1:])), 1, counts)
