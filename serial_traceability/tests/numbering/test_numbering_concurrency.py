from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import mute_logger

from ...models import serial_issue
from ..throwaway import ThrowawayCase


@tagged(
    "post_install", "-at_install", "-standard", "serial_throwaway", "serial_concurrency"
)
class TestIssueConcurrency(ThrowawayCase):
    """Issues that cross each other, and one that is killed.

    How to run: see :class:`ThrowawayCase`.
    """

    def setUp(self):
        super().setUp()
        piece = patch.object(serial_issue, "PIECE_SIZE", 10)
        piece.start()
        self.addCleanup(piece.stop)

    def make_scheme(self, **values):
        with self.transaction() as env:
            scheme = env["serial.scheme"].create(
                {"name": self._testMethodName, "form": "plain", "length": 9, **values}
            )
            return scheme.id

    def make_run(self, scheme_id, quantity):
        """Commit a run that has been started; return its id."""
        with self.transaction() as env:
            run = env["serial.issue"].create(
                {
                    "product_id": self.product_id,
                    "scheme_id": scheme_id,
                    "quantity": quantity,
                }
            )
            run._note({"state": "running"})
            return run.id

    def numbers(self, *run_ids):
        rows = self.query(
            "SELECT number.name FROM serial_number number "
            "JOIN stock_lot lot ON lot.id = number.lot_id AND lot.name = number.name "
            "WHERE number.issue_id = ANY(%s) ORDER BY number.id",
            list(run_ids),
        )
        return [row[0] for row in rows]

    def issue_next(self, run_id):
        def work(env):
            env["serial.issue"].browse(run_id)._issue_next()
            env.flush_all()

        return work

    @mute_logger("odoo.sql_db", "odoo.service.model")
    def test_unpredictable_issues_neither_collide_nor_wait(self):
        # So few numbers that both must draw the same ones.
        scheme = self.make_scheme(alphabet="01", length=6, one_in=2)
        self.request(self.issue_next(self.make_run(scheme, 1)))
        first, second = self.make_run(scheme, 10), self.make_run(scheme, 10)
        with self.transaction() as env:
            self.issue_next(first)(env)
            with self.transaction() as other:
                other.cr.execute("SET LOCAL lock_timeout = '10s'")
                run = other["serial.issue"].browse(second)
                candidates = other["serial.issuer"]._get_candidates(run, 5)
                self.assertEqual(len(candidates), 5)
        self.request(self.issue_next(second))
        found = self.numbers(first, second)
        self.assertEqual((len(found), len(set(found))), (20, 20))

    def test_a_whole_piece_is_issued_beside_another_that_is_not_committed(self):
        scheme = self.make_scheme(form="ai21")
        with self.transaction() as env:
            product = env["product.product"].browse(self.product_id)
            product.barcode = "09520001880018"
        # The first issue of all keeps the GTIN and begins the count.
        self.request(self.issue_next(self.make_run(scheme, 1)))
        first, second = self.make_run(scheme, 10), self.make_run(scheme, 10)
        with self.transaction() as env:
            self.issue_next(first)(env)
            with self.transaction() as other:
                other.cr.execute("SET LOCAL lock_timeout = '10s'")
                self.issue_next(second)(other)
            self.assertEqual(len(self.numbers(second)), 10)
        self.assertEqual(len(set(self.numbers(first, second))), 20)

    @mute_logger("odoo.sql_db", "odoo.service.model")
    def test_a_gap_free_count_waits_and_goes_on_without_gap(self):
        scheme = self.make_scheme(kind="sequential", gap_free=True, prefix="G")
        first, second = self.make_run(scheme, 10), self.make_run(scheme, 10)
        with self.transaction() as env:
            self.issue_next(first)(env)
            finish = self.start(self.issue_next(second))
            self.wait_for_blocked()
        self.assertIsNone(finish())
        found = self.numbers(first, second)
        self.assertEqual(found, [f"G{value:09}" for value in range(1, 21)])

    @mute_logger("odoo.sql_db", "odoo.service.model")
    def test_what_is_rolled_back_leaves_no_gap_in_a_gap_free_count(self):
        scheme = self.make_scheme(kind="sequential", gap_free=True, prefix="R")
        lost, kept = self.make_run(scheme, 10), self.make_run(scheme, 10)
        with self.killed() as env:
            self.issue_next(lost)(env)
        self.request(self.issue_next(kept))
        self.assertEqual(self.numbers(kept)[0], "R000000001")

    @mute_logger("odoo.sql_db", "odoo.service.model")
    def test_a_killed_run_goes_on_and_issues_nothing_twice(self):
        scheme = self.make_scheme(kind="sequential", prefix="K")
        run = self.make_run(scheme, 50)
        for _piece in range(3):
            self.request(self.issue_next(run))
        with self.killed() as env:
            self.issue_next(run)(env)
        self.assertEqual(len(self.numbers(run)), 30)
        with self.transaction() as env:
            env["serial.issue"]._cron_issue()
        found = self.numbers(run)
        self.assertEqual((len(found), len(set(found))), (50, 50))
        rows = self.query(
            "SELECT state, done_count FROM serial_issue WHERE id = %s", run
        )
        self.assertEqual(rows, [("done", 50)])
        told = self.query(
            "SELECT count(*) FROM serial_event_line line JOIN serial_number number "
            "ON number.lot_id = line.lot_id WHERE number.issue_id = %s",
            run,
        )
        self.assertEqual(told, [(50,)])

    @mute_logger(
        "odoo.sql_db", "odoo.service.model", "odoo.addons.serial_traceability.models"
    )
    def test_a_stop_in_the_middle_of_a_piece_is_heard(self):
        scheme = self.make_scheme(kind="sequential", prefix="S")
        run_id = self.make_run(scheme, 50)
        with self.transaction() as env:
            run = env["serial.issue"].browse(run_id)
            self.assertEqual(run.state, "running")
            with self.transaction() as other:
                other["serial.issue"].browse(run_id)._note({"state": "stopped"})
            run._try(run._issue_next)
            self.assertEqual(run.state, "stopped")
        self.assertFalse(self.numbers(run_id))

    def prepare_numbering(self, units):
        """Commit a receipt of units that we number before they come; return its id."""
        picking_id = self.prepare_receipt([])
        with self.transaction() as env:
            scheme = env["serial.scheme"].create(
                {"name": self._testMethodName, "form": "plain"}
            )
            product = env["product.product"].browse(self.product_id)
            product.serial_policy_id = env["serial.policy"].create(
                {
                    "name": self._testMethodName,
                    "scheme_id": scheme.id,
                    "numbered_by": "ordered",
                }
            )
            picking = env["stock.picking"].browse(picking_id)
            picking.move_ids.picked = False
            picking.move_ids.product_uom_qty = units
        return picking_id

    @mute_logger("odoo.sql_db", "odoo.service.model")
    def test_two_who_number_one_receipt_number_each_unit_once(self):
        picking_id = self.prepare_numbering(3)

        def number(env):
            move = env["stock.picking"].browse(picking_id).move_ids
            run = env["serial.issue"].create(
                {"product_id": self.product_id, "move_id": move.id, "quantity": 3}
            )
            run.action_start()
            env.flush_all()

        with self.transaction() as env:
            number(env)
            finish = self.start(number)
            self.wait_for_blocked()
        self.assertIn("waits for a number of ours", str(finish()))
        expected = self.query(
            "SELECT count(*) FROM serial_announced WHERE picking_id = %s", picking_id
        )
        self.assertEqual(expected, [(3,)])

    @mute_logger("odoo.sql_db", "odoo.service.model")
    def test_a_call_repeated_at_the_same_moment_issues_once(self):
        scheme_id = self.make_scheme()
        answers = []

        def call(env):
            answer = env["serial.issue"].issue(
                self.product_id, 3, scheme_id=scheme_id, reference=self._testMethodName
            )
            env.flush_all()
            answers.append(answer)

        with self.transaction() as env:
            call(env)
            finish = self.start(call)
            self.wait_for_blocked()
        self.assertIsNone(finish())
        self.assertEqual(answers[0], answers[-1])
        self.assertEqual(
            self.query(
                "SELECT count(*) FROM serial_issue WHERE scheme_id=%s", scheme_id
            ),
            [(1,)],
        )
