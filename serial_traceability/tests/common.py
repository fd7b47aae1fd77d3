from odoo.fields import Command
from odoo.tests import TransactionCase, new_test_user

PHONE_GTIN = "09520001100017"
PACK_GTIN = "09520001300011"


class SerialCase(TransactionCase):
    """A company that sells phones by serial, cables by lot and boxes untracked, with
    one user for each role.

    ``receive``, ``deliver`` and ``move`` run core's own transfers as the operator.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env.company
        cls.warehouse = cls.env["stock.warehouse"].search(
            [("company_id", "=", cls.company.id)], limit=1
        )
        cls.stock_location = cls.warehouse.lot_stock_id
        cls.supplier_location = cls.env.ref("stock.stock_location_suppliers")
        cls.customer_location = cls.env.ref("stock.stock_location_customers")
        cls.supplier = cls.env["res.partner"].create({"name": "Maker Ltd"})
        cls.customer = cls.env["res.partner"].create({"name": "Buyer Inc"})
        cls._create_products()
        cls._create_users()

    @classmethod
    def _create_products(cls):
        def create(name, tracking, **values):
            return cls.env["product.product"].create(
                {"name": name, "is_storable": True, "tracking": tracking, **values}
            )

        cls.phone = create("Phone", "serial", barcode=PHONE_GTIN)
        cls.pack = create(
            "Medicine", "serial", barcode=PACK_GTIN,
            use_expiration_date=True, expiration_time=365,
        )  # fmt: skip
        cls.cable = create("Cable", "lot")
        cls.box = create("Box", "none")

    @classmethod
    def _create_users(cls):
        for role in (
            "operator",
            "quality_manager",
            "auditor",
            "service",
            "administrator",
        ):
            user = new_test_user(
                cls.env,
                login=f"serial_{role}",
                groups=f"serial_traceability.group_serial_{role}",
            )
            setattr(cls, role, user)
        cls.stock_user = new_test_user(
            cls.env, login="serial_stock_user", groups="stock.group_stock_user"
        )

    # ---- Flows, as the operator ----

    @classmethod
    def transfer(cls, operation, source, destination, lines, partner=None, **values):
        """Return a draft transfer of ``lines``, pairs of product and quantity."""
        return (
            cls.env["stock.picking"]
            .with_user(cls.operator)
            .create(
                {
                    "picking_type_id": operation.id,
                    "location_id": source.id,
                    "location_dest_id": destination.id,
                    "partner_id": partner and partner.id,
                    "move_ids": [
                        Command.create(
                            {
                                "product_id": product.id,
                                "product_uom_qty": quantity,
                                "location_id": source.id,
                                "location_dest_id": destination.id,
                            }
                        )
                        for product, quantity in lines
                    ],
                    **values,
                }
            )
        )

    @classmethod
    def receive(cls, product, names, quantity=1, **values):
        """Receive serials or lots by name; return them, in order of ``names``."""
        picking = cls.transfer(
            cls.warehouse.in_type_id,
            cls.supplier_location,
            values.pop("destination", cls.stock_location),
            [(product, quantity * len(names))],
            partner=cls.supplier,
        )
        picking.action_confirm()
        move = picking.move_ids
        move.move_line_ids.unlink()
        move.move_line_ids = [
            Command.create(
                {
                    "product_id": product.id,
                    "lot_name": name,
                    "quantity": quantity,
                    "location_id": move.location_id.id,
                    "location_dest_id": move.location_dest_id.id,
                    "picking_id": picking.id,
                    **values,
                }
            )
            for name in names
        ]
        cls.validate(picking)
        cls.receipt = picking
        return move.move_line_ids.lot_id.sorted(lambda lot: names.index(lot.name))

    @classmethod
    def deliver(cls, lots, quantity=1, partner=None):
        """Ship serials or lots to the customer; return the transfer."""
        return cls.move(
            lots,
            cls.warehouse.out_type_id,
            cls.stock_location,
            cls.customer_location,
            quantity=quantity,
            partner=partner or cls.customer,
        )

    @classmethod
    def move(cls, lots, operation, source, destination, quantity=1, partner=None):
        """Move serials or lots of one product; return the transfer."""
        picking = cls.transfer(
            operation,
            source,
            destination,
            [(lots.product_id, quantity * len(lots))],
            partner=partner,
        )
        picking.action_confirm()
        picking.move_ids.move_line_ids.unlink()
        picking.move_ids.move_line_ids = [
            Command.create(
                {
                    "product_id": lot.product_id.id,
                    "lot_id": lot.id,
                    "quantity": quantity,
                    "location_id": source.id,
                    "location_dest_id": destination.id,
                    "picking_id": picking.id,
                }
            )
            for lot in lots
        ]
        cls.validate(picking)
        return picking

    @classmethod
    def validate(cls, picking):
        """Validate a transfer without backorder."""
        picking.move_ids.picked = True
        picking.with_context(skip_backorder=True).button_validate()
        return picking

    @classmethod
    def give_back(cls, picking, lots):
        """Return ``lots`` of a done transfer by core's own return; return it."""
        wizard = (
            cls.env["stock.return.picking"]
            .with_user(cls.operator)
            .create({"picking_id": picking.id})
        )
        wizard.product_return_moves.quantity = len(lots)
        back = cls.env["stock.picking"].browse(wizard.action_create_returns()["res_id"])
        back = back.with_user(cls.operator)
        for line, lot in zip(back.move_ids.move_line_ids, lots, strict=True):
            line.write({"lot_id": lot.id, "quantity": 1})
        return cls.validate(back)

    def count_queries(self, function, *args):
        """Return how many statements calling ``function`` takes, what it leaves to be
        written included.
        """
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        function(*args)
        self.env.flush_all()
        return self.cr.sql_log_count - before

    def events(self, lots, **filters):
        """Return the events of serials, oldest first."""
        events = self.env["serial.event.line"].search([("lot_id", "in", lots.ids)])
        events = events.event_id.sorted(lambda event: (event.event_time, event.id))
        return events.filtered(
            lambda event: all(event[name] == value for name, value in filters.items())
        )
