from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..throwaway import ThrowawayCase

_GTIN = "09520001100017"


@tagged(
    "post_install", "-at_install", "-standard", "serial_throwaway", "serial_concurrency"
)
class TestScanningConcurrency(ThrowawayCase):
    """Two operators scan the same units on two receipts at the same time.

    How to run: see :class:`ThrowawayCase`.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        with cls.transaction() as env:
            product = env["product.product"].create(
                {
                    "name": "Scanned Phone",
                    "is_storable": True,
                    "tracking": "serial",
                    "barcode": _GTIN,
                }
            )
            cls.product_id = product.id
            group = env.ref("serial_traceability.group_serial_operator")
            cls.operator_ids = (
                env["res.users"]
                .create(
                    [
                        {
                            "name": f"Operator {number}",
                            "login": f"scan_operator_{number}",
                            "group_ids": [Command.link(group.id)],
                        }
                        for number in (1, 2)
                    ]
                )
                .ids
            )

    def open_receipt(self, units):
        """Commit a receipt of new units, on which nothing is scanned; return its id."""
        with self.transaction() as env:
            operation = env["stock.picking.type"].search(
                [("code", "=", "incoming")], limit=1
            )
            places = {
                "location_id": env.ref("stock.stock_location_suppliers").id,
                "location_dest_id": operation.default_location_dest_id.id,
            }
            move = {
                "product_id": self.product_id,
                "product_uom_qty": units,
                **places,
            }
            picking = env["stock.picking"].create(
                {
                    "picking_type_id": operation.id,
                    "move_ids": [Command.create(move)],
                    **places,
                }
            )
            picking.action_confirm()
            return picking.id

    def scan(self, env, picking_id, operator_id, *texts):
        """Scan in ``texts`` as an operator."""
        picking = env["stock.picking"].with_user(operator_id).browse(picking_id)
        action = picking.action_scan_serials()
        scans = picking.env[action["res_model"]].browse(action["res_id"])
        scans.scan_text = "\n".join(texts)
        scans.action_read()
        scans.action_apply()
        env.flush_all()

    def get_lines(self, picking_id):
        return self.query(
            "SELECT line.lot_name, batch.name, line.picked, line.state "
            "FROM stock_move_line line "
            "LEFT JOIN serial_batch batch ON batch.id = line.serial_batch_id "
            "WHERE line.picking_id = %s ORDER BY line.lot_name",
            picking_id,
        )

    @mute_logger("odoo.sql_db", "odoo.service.model")
    def test_a_new_batch_on_two_receipts_at_once_is_one_batch(self):
        receipts = self.open_receipt(1), self.open_receipt(1)
        text = f"]d201{_GTIN}21BATCHED-1\x1d10CB1"
        (first, second), (one, other) = receipts, self.operator_ids
        with self.transaction() as env:
            self.scan(env, first, one, text)
            finish = self.start(lambda env: self.scan(env, second, other, text))
            self.wait_for_blocked()
        self.assertIsNone(finish())
        for receipt in receipts:
            self.assertEqual(
                self.get_lines(receipt), [("BATCHED-1", "CB1", True, "assigned")]
            )
        self.assertEqual(
            self.query("SELECT count(*) FROM serial_batch WHERE name = 'CB1'"), [(1,)]
        )

    @mute_logger("odoo.sql_db", "odoo.service.model")
    def test_the_same_serials_on_two_receipts_at_once_are_received_once(self):
        receipts = self.open_receipt(2), self.open_receipt(2)
        texts = [f"]d201{_GTIN}21SAME-{number}" for number in (1, 2)]
        (first, second), (one, other) = receipts, self.operator_ids
        with self.transaction() as env:
            self.scan(env, first, one, *texts)
            self.request(lambda env: self.scan(env, second, other, *texts))
        with self.transaction() as env:
            self.validate(env, first)
            finish = self.start(lambda other: self.validate(other, second))
            self.wait_for_blocked()
        error = finish()
        self.assertIsInstance(error, ValidationError)
        self.assertRegex(str(error), "SAME-[12] of Scanned Phone already exists")
        self.assertEqual(
            self.get_lines(second),
            [("SAME-1", None, True, "assigned"), ("SAME-2", None, True, "assigned")],
        )
        self.assertEqual(
            self.query(
                "SELECT count(DISTINCT lot.id), sum(quant.quantity) FROM stock_lot lot "
                "JOIN stock_quant quant ON quant.lot_id = lot.id "
                "JOIN stock_location place ON place.id = quant.location_id "
                "AND place.usage = 'internal' WHERE lot.name LIKE 'SAME-%'"
            ),
            [(2, 2)],
        )
        events = self.query(
            "SELECT document_res_id, unit_count FROM serial_event event "
            "WHERE document_model = 'stock.picking' AND document_res_id IN %s",
            tuple(receipts),
        )
        self.assertEqual(events, [(first, 2)])
