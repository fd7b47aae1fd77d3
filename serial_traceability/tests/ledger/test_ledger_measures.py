from odoo.tests import tagged

from ...core.epcis import Quantity
from ..common import SerialCase


@tagged("post_install", "-at_install")
class TestLedgerMeasures(SerialCase):
    """Quantities of lots in EPCIS: measured ones have a unit, counts have none."""

    def quantities(self, unit, quantity=2):
        """Return the quantities of a receipt of a lot, as EPCIS has them."""
        self.cable.product_tmpl_id.uom_id = unit
        lot = self.receive(self.cable, ["LOT1"], quantity=quantity)
        movements = self.env["serial.movement"]
        rows = movements._read(self.receipt.move_line_ids.ids)
        epc = self.events(lot).line_ids.epc
        return epc, movements._what(rows)[1]

    def test_measured_quantity_has_its_unit(self):
        epc, quantities = self.quantities(self.env.ref("uom.product_uom_kgm"))
        self.assertEqual(quantities, [Quantity(epc, 2, "KGM")])

    def test_count_has_no_unit(self):
        epc, quantities = self.quantities(self.env.ref("uom.product_uom_unit"))
        self.assertEqual(quantities, [Quantity(epc, 2)])

    def test_dozens_are_counted_by_the_piece(self):
        epc, quantities = self.quantities(self.env.ref("uom.product_uom_dozen"))
        self.assertEqual(quantities, [Quantity(epc, 24)])

    def test_unit_of_one_s_own_is_told_in_the_one_that_it_is_made_of(self):
        bag = self.env["uom.uom"].create(
            {
                "name": "Bag",
                "relative_factor": 25,
                "relative_uom_id": self.env.ref("uom.product_uom_kgm").id,
            }
        )
        epc, quantities = self.quantities(bag)
        self.assertEqual(quantities, [Quantity(epc, 50, "KGM")])

    def test_the_unit_is_in_the_event_s_hash(self):
        kilogram = self.env.ref("uom.product_uom_kgm")
        self.cable.product_tmpl_id.uom_id = kilogram
        self.receive(self.cable, ["LOT1"], quantity=2)
        movements = self.env["serial.movement"]
        rows = movements._read(self.receipt.move_line_ids.ids)
        (draft,) = movements._drafts(rows)
        told = self.events(self.receipt.move_line_ids.lot_id).event_hash
        self.assertEqual(draft.event["event_hash"], told)
        (other,) = movements._drafts([row | {"uom_id": None} for row in rows])
        self.assertNotEqual(other.event["event_hash"], told)
