from ..common import SerialCase


class IdentifierCase(SerialCase):
    """A company that GS1 licensed the prefix 9520009 to, and a foreign company."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.prefixes = cls.env["serial.company.prefix"]
        cls.prefixes.search([]).active = False
        cls.prefix = cls.prefixes.create({"name": "9520009"})
        cls.other_company = cls.env["res.company"].create({"name": "Sister Ltd"})
        cls.case_unit = cls.env["uom.uom"].create(
            {
                "name": "Case of 10",
                "relative_uom_id": cls.env.ref("uom.product_uom_unit").id,
                "relative_factor": 10,
            }
        )
        cls.pallet_unit = cls.env["uom.uom"].create(
            {
                "name": "Pallet of 40 cases",
                "relative_uom_id": cls.case_unit.id,
                "relative_factor": 40,
            }
        )

    def give(self, *products, prefix=None, user=None):
        """Give products GTINs as the administrator; return ``{product: barcode}``."""
        prefix = (prefix or self.prefix).with_user(user or self.administrator)
        given = prefix.allocate([product.id for product in products])
        return {
            self.env["product.product"].browse(product_id): barcode
            for product_id, barcode in given.items()
        }

    def product(self, name, **values):
        return self.env["product.product"].create({"name": name, **values})

    def row(self, gtin):
        """Return the row of a GTIN of 14 digits."""
        return self.env["serial.gtin"].search([("name", "=", gtin)])
