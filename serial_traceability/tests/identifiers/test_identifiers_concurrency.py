from odoo.tests import tagged
from odoo.tools import mute_logger

from ..throwaway import ThrowawayCase


@tagged(
    "post_install", "-at_install", "-standard", "serial_throwaway", "serial_concurrency"
)
class TestIdentifiersConcurrency(ThrowawayCase):
    """Two transactions give numbers of one prefix at once.

    How to run: see :class:`ThrowawayCase`.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        with cls.transaction() as env:
            prefix = env["serial.company.prefix"].create({"name": "9520777"})
            cls.prefix_id = prefix.id

    def test_two_allocations_at_once_give_two_gtins(self):
        with self.transaction() as env:
            products = env["product.product"].create([{"name": "A"}, {"name": "B"}])
            one, other = products.ids

        def give(env, product_id):
            prefix = env["serial.company.prefix"].browse(self.prefix_id)
            prefix.allocate([product_id])
            env.flush_all()

        with mute_logger("odoo.sql_db", "odoo.service.model"):
            with self.transaction() as env:
                give(env, one)
                finish = self.start(lambda env: give(env, other))
                self.wait_for_blocked()
            self.assertIsNone(finish())
        barcodes = self.query(
            "SELECT barcode FROM product_product WHERE id IN (%s, %s) ORDER BY id",
            one,
            other,
        )
        self.assertEqual(barcodes, [("9520777000009",), ("9520777000016",)])

    def test_two_pallets_at_once_get_two_ssccs(self):
        with self.transaction() as env:
            packages = env["stock.package"].create([{"name": "A"}, {"name": "B"}])
            one, other = packages.ids

        def give(env, package_id):
            env["stock.package"].browse(package_id).action_give_sscc()
            env.flush_all()

        with self.transaction() as env:
            env["serial.company.prefix"].search(
                [("company_id", "=", env.company.id), ("id", "!=", self.prefix_id)]
            ).active = False
        with mute_logger("odoo.sql_db", "odoo.service.model"):
            with self.transaction() as env:
                give(env, one)
                finish = self.start(lambda env: give(env, other))
                self.wait_for_blocked()
            self.assertIsNone(finish())
        names = self.query(
            "SELECT name FROM stock_package WHERE id IN (%s, %s) ORDER BY id",
            one,
            other,
        )
        self.assertEqual(names, [("095207770000000009",), ("095207770000000016",)])
