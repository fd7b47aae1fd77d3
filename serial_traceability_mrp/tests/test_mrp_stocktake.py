from odoo.tests import tagged

from odoo.addons.serial_traceability.tests.stocktake.common import StocktakeCase


@tagged("post_install", "-at_install")
class TestMrpStocktake(StocktakeCase):
    """Units on the shelf are there, whoever numbers those that will be made."""

    def test_the_switch_commissions_what_it_numbers(self):
        self.radio.serial_policy_id = self.env["serial.policy"].create(
            {
                "name": "Made here",
                "numbered_by": "produced",
                "scheme_id": self.env["serial.scheme"].create({"name": "Made"}).id,
            }
        )
        self.stock(self.shelf_a, 2)
        stocktake = self.begin()
        numbers = self.place(stocktake, self.shelf_a).issue_numbers()
        stocktake.action_switch()
        lots = self.env["stock.lot"].search([("product_id", "=", self.radio.id)])
        self.assertEqual(set(lots.mapped("name")), set(numbers))
        self.assertEqual(
            set(lots.sudo().issued_number_ids.mapped("state")), {"commissioned"}
        )
