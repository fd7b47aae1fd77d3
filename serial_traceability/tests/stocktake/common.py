from odoo.fields import Command
from odoo.tests import HttpCase

from ..common import SerialCase

RADIO_GTIN = "09520001200014"


class StocktakeCase(SerialCase):
    """Radios on two shelves, bought before anybody thought of serials."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.radio = cls.env["product.product"].create(
            {
                "name": "Radio",
                "is_storable": True,
                "tracking": "none",
                "barcode": RADIO_GTIN,
                "standard_price": 12.5,
            }
        )
        cls.shelf_a, cls.shelf_b = cls.env["stock.location"].create(
            [
                {"name": name, "location_id": cls.stock_location.id}
                for name in ("Shelf A", "Shelf B")
            ]
        )

    def setUp(self):
        super().setUp()
        # The switch looks into the database a second time, with a cursor of its own.
        # Tests over HTTP have one cursor for all anyway.
        if not isinstance(self, HttpCase):
            self.registry_enter_test_mode()

    @classmethod
    def stock(cls, location, quantity, product=None, **place):
        """Put untracked units somewhere; return the stock there."""
        quants = cls.env["stock.quant"]
        product = product or cls.radio
        quants._update_available_quantity(product, location, quantity, **place)
        return quants._gather(product, location, strict=True, **place)

    @classmethod
    def begin(cls, product=None):
        """Return a started stocktake, as the quality manager."""
        stocktake = (
            cls.env["serial.stocktake"]
            .with_user(cls.quality_manager)
            .create({"product_tmpl_id": (product or cls.radio).product_tmpl_id.id})
        )
        stocktake.action_start()
        return stocktake

    @classmethod
    def place(cls, stocktake, location, user=None):
        """Return a place of a stocktake, as the operator."""
        line = stocktake.line_ids.filtered(
            lambda line: line.location_id == location and not line.package_id
        )
        return line.with_user(user or cls.operator)

    @classmethod
    def collect(cls, stocktake, location, *texts):
        return cls.place(stocktake, location).add_numbers(list(texts))

    @classmethod
    def reserve(cls, quantity, product=None, source=None):
        """Return a delivery that has reserved units."""
        picking = cls.transfer(
            cls.warehouse.out_type_id,
            source or cls.stock_location,
            cls.customer_location,
            [(product or cls.radio, quantity)],
            partner=cls.customer,
        )
        picking.action_confirm()
        picking.action_assign()
        return picking

    def quantities(self, product=None):
        """Return ``{location: (quantity, reserved, available)}`` of the stock."""
        quants = self.env["stock.quant"]._read_group(
            [
                ("product_id", "=", (product or self.radio).id),
                ("location_id.usage", "in", ("internal", "transit")),
            ],
            ["location_id"],
            ["quantity:sum", "reserved_quantity:sum", "available_quantity:sum"],
        )
        return {location: tuple(sums) for location, *sums in quants}

    def other_company_user(self):
        """Return a quality manager of another company, and its stock location."""
        company = self.env["res.company"].create({"name": "Other"})
        warehouse = self.env["stock.warehouse"].search(
            [("company_id", "=", company.id)], limit=1
        )
        user = self.quality_manager.copy(
            {
                "login": "other_manager",
                "company_id": company.id,
                "company_ids": [Command.set(company.ids)],
            }
        )
        return user, warehouse.lot_stock_id
