from pathlib import Path

from odoo.modules.module import load_script
from odoo.tests import tagged

from ..common import PHONE_GTIN, SerialCase

_FOLDER = Path(__file__).parents[2] / "migrations"


@tagged("post_install", "-at_install")
class TestEnduranceMigration(SerialCase):
    """What the scripts make of a database of an earlier version."""

    def migrate(self, script):
        self.env.flush_all()
        load_script(str(_FOLDER / script), "migration").migrate(self.cr, "19.0.1.0.0")
        self.env.invalidate_all()

    def test_serials_keep_who_has_them(self):
        lot = self.receive(self.phone, ["P1"])
        self.deliver(lot)
        self.env.flush_all()
        self.cr.execute(
            "ALTER TABLE stock_lot DROP COLUMN IF EXISTS custodian_id; "
            "ALTER TABLE stock_lot RENAME COLUMN custodian_res_id TO custodian_id"
        )
        self.migrate("19.0.1.1.1/pre-custodian.py")
        self.assertEqual(lot.custodian_id, self.customer)
        self.migrate("19.0.1.1.1/pre-custodian.py")
        self.assertEqual(lot.custodian_id, self.customer)

    def test_serials_of_a_half_upgraded_database_keep_who_has_them(self):
        lots = self.receive(self.phone, ["P1", "P2"])
        self.deliver(lots)
        self.env.flush_all()
        self.cr.execute(
            "ALTER TABLE stock_lot DROP COLUMN IF EXISTS custodian_id; "
            "ALTER TABLE stock_lot ADD COLUMN custodian_id jsonb"
        )
        company = str(self.company.id)
        self.cr.execute(
            "UPDATE stock_lot SET custodian_id = jsonb_build_object(%s, %s), "
            "custodian_res_id = CASE WHEN id = %s THEN custodian_res_id END "
            "WHERE id IN %s",
            (company, self.supplier.id, lots[1].id, tuple(lots.ids)),
        )
        self.migrate("19.0.1.1.1/pre-custodian.py")
        self.assertEqual(lots[0].custodian_id, self.supplier)
        self.assertEqual(lots[1].custodian_id, self.customer)

    def test_serials_keep_the_production_date_that_their_batch_showed(self):
        batch = self.env["serial.batch"].create(
            {
                "name": "B1",
                "product_id": self.phone.id,
                "production_date": "2026-09-01",
            }
        )
        lots = self.receive(self.phone, ["P1", "P2"])
        events = self.env["serial.event"].search_count([])
        self.env.flush_all()
        # As the earlier version left them: without a date of their own.
        self.cr.execute(
            "UPDATE stock_lot SET batch_id = %s, production_date = NULL WHERE id = %s",
            (batch.id, lots[0].id),
        )
        self.migrate("19.0.1.1.0/post-production_date.py")
        self.assertEqual(str(lots[0].production_date), "2026-09-01")
        self.assertFalse(lots[1].production_date)
        self.assertEqual(self.env["serial.event"].search_count([]), events)

    def test_issued_numbers_keep_their_product(self):
        scheme = self.env.ref("serial_traceability.scheme_plain")
        run = self.env["serial.issue"].issue(self.phone.id, 2, scheme_id=scheme.id)
        self.cr.execute(
            "ALTER TABLE serial_number RENAME COLUMN product_res_id TO product_id"
        )
        for _upgrade in range(2):
            self.migrate("19.0.1.1.2/pre-number.py")
        numbers = self.env["serial.number"].search([("product_id", "=", self.phone.id)])
        self.assertEqual(numbers.mapped("name"), run["numbers"][::-1])
        self.assertEqual(set(numbers.mapped("product_res_id")), {self.phone.id})

    def test_counts_and_gtins_of_numbers_are_kept(self):
        schemes = self.env["serial.scheme"].create(
            [
                {"name": "Drawn", "length": 3, "one_in": 10},
                {"name": "Drawn, too", "length": 3, "one_in": 10},
                {"name": "Up", "kind": "sequential", "length": 4, "prefix": "U"},
            ]
        )
        issues = self.env["serial.issue"].with_user(self.operator)
        for scheme in schemes:
            issues.issue(self.phone.id, 5, scheme_id=scheme.id)
        counters = self.env["serial.counter"]
        drawn, up = counters.search([("product_id", "=", self.phone.id)], order="id")
        second = counters._find(
            {"scheme_id": schemes[1].id, "product_id": self.phone.id}
        )
        second.taken = 4
        self.env.flush_all()
        # Counted up over all products, by a scheme that draws by now.
        changed = counters._find({"scheme_id": schemes[1].id})
        self.env.flush_all()
        self.cr.execute("UPDATE serial_counter SET series = NULL")
        drawn.scheme_id = schemes[0]
        self.cr.execute("DELETE FROM serial_numbered_gtin")
        self.migrate("19.0.1.1.2/post-counter.py")
        self.migrate("19.0.1.1.2/post-counter.py")
        self.assertEqual((up + changed).mapped("series"), ["1+1", "1+1"])
        run = issues.new({"product_id": self.phone.id, "scheme_id": schemes[0].id})
        self.assertEqual(run.taken, "14")
        gtin = self.env["serial.numbered.gtin"].search([])
        self.assertEqual((gtin.name, gtin.product_id), (PHONE_GTIN, self.phone))
