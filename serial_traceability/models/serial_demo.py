import base64
import hashlib
from collections import namedtuple

from dateutil.relativedelta import relativedelta
from odoo import api, fields, models
from odoo.fields import Command

from ..core.gs1 import build_element_string
from ..core.gs1.keys import Sscc

#: One delivery by a supplier: names of demo records, how many units, of which batch,
#: how many days ago it was produced and in how many it expires (None for never).
_Delivery = namedtuple(
    "_Delivery", "product supplier location count batch produced expires"
)
_DELIVERIES = (
    _Delivery("nova_5", "nova", "phones", 30, "B16C", 40, None),
    _Delivery("chrono_diver", "chrono", "watches", 12, "CD-0412", 75, None),
    _Delivery("cardiolex", "cardia", "medicines", 18, "CX8", 30, 700),
)
#: Units of the big delivery that waits to be scanned in.
_EXPECTED = {
    "nova_5": 1000,
    "nova_5_pro": 20,
    "chrono_diver": 20,
    "cardiolex": 60,
}
#: Headphones that were never tracked, by place.
_HEADPHONES = {"phones": 8, "watches": 4}
_EXPECTED_ORIGIN = "Delivery of 1,100 units"


class SerialDemo(models.AbstractModel):
    """Gives the demo company its past: receipts, sales, a return, a scrap, a count.

    Each step is done by the user whose job it is, with scans and Odoo's own documents,
    so that the history of the sixty serials is one that the addon wrote and not one
    that was loaded. Called by the last demo file; a second call does nothing.
    """

    _name = "serial.demo"
    _description = "Past of the Demo Company"

    @api.model
    def _build(self):
        """Let the company do business, unless it already has."""
        done = self.env.ref("serial_traceability.demo_receipt", False)
        if done:
            return
        self._configure()
        for delivery in _DELIVERIES:
            self._put_away(self._receive(delivery), delivery.location)
        self._sell_phones()
        self._sell_medicines()
        self._scrap_watch()
        self._count_watches()
        self._correct_serial()
        self._await_delivery()
        self.env["serial.demo.numbering"]._number()
        self._begin_stocktake()
        self.env["serial.demo.recall"]._recall()

    # ---- Before ----

    @api.model
    def _configure(self):
        """Turn on what the warehouse works with: places within it and packages."""
        settings = self.env["res.config.settings"].create(
            {
                "group_stock_multi_locations": True,
                "group_stock_production_lot": True,
                "group_stock_tracking_lot": True,
                "group_uom": True,
            }
        )
        settings.execute()

    @api.model
    def _ref(self, name):
        return self.env.ref(f"serial_traceability.{name}")

    @api.model
    def _as(self, role):
        """Return an environment in which the demo user of a role works."""
        user = self._ref(f"user_demo_{role}")
        context = {"allowed_company_ids": user.company_id.ids, "lang": user.lang}
        return self.env(user=user, su=False, context=context)

    @api.model
    def _warehouse(self):
        return self._as("operator")["stock.warehouse"].search(
            [("company_id", "=", self._ref("user_demo_operator").company_id.id)],
            limit=1,
        )

    # ---- Receiving ----

    @api.model
    def _receive(self, delivery):
        """Receive a supplier's delivery by scanning its labels; return its serials."""
        product = self._ref(f"product_demo_{delivery.product}")
        picking = self._create_receipt(delivery.supplier, {product: delivery.count})
        self._scan(picking, self._get_labels(product, delivery))
        maker = picking.partner_id
        # What no label says, while the batch has no history yet.
        picking.move_line_ids.serial_batch_id.write(
            {"manufacturer_id": maker.id, "country_id": maker.country_id.id}
        )
        self._validate(picking)
        return picking.move_line_ids.lot_id

    @api.model
    def _scan(self, picking, texts):
        """Scan texts in on a transfer, as a user who pastes them does."""
        action = picking.action_scan_serials()
        scan_import = picking.env[action["res_model"]].browse(action["res_id"])
        scan_import.scan_text = "\n".join(texts)
        scan_import.action_read()
        scan_import.action_apply()

    @api.model
    def _create_receipt(self, supplier, quantities, **values):
        """Return a confirmed receipt of ``{product: quantity}``."""
        operation = self._warehouse().in_type_id
        partner = self._ref(f"partner_demo_{supplier}")
        source = self.env.ref("stock.stock_location_suppliers")
        return self._create_transfer(
            operation,
            source,
            operation.default_location_dest_id,
            quantities,
            partner_id=partner.id,
            **values,
        )

    @api.model
    def _create_transfer(self, operation, source, destination, quantities, **values):
        places = {"location_id": source.id, "location_dest_id": destination.id}
        moves = [
            Command.create(
                {"product_id": product.id, "product_uom_qty": quantity, **places}
            )
            for product, quantity in quantities.items()
        ]
        picking = operation.env["stock.picking"].create(
            {"picking_type_id": operation.id, "move_ids": moves, **places, **values}
        )
        picking.action_confirm()
        return picking

    @api.model
    def _get_labels(self, product, delivery):
        """Return what a scanner reads from the GS1 DataMatrix of each unit."""
        today = fields.Date.context_today(self)
        elements = [
            ("10", delivery.batch),
            ("11", f"{today - relativedelta(days=delivery.produced):%y%m%d}"),
        ]
        if delivery.expires:
            expires = today + relativedelta(days=delivery.expires)
            elements.append(("17", f"{expires:%y%m%d}"))
        return [
            build_element_string(
                [("01", product.barcode), ("21", name), *elements],
                symbology_identifier="]d2",
            )
            for name in self._get_names(delivery)
        ]

    @api.model
    def _get_names(self, delivery):
        """Return serial numbers that cannot be guessed but are the same each time."""
        keys = (f"{delivery.batch}/{n}".encode() for n in range(delivery.count))
        digests = (hashlib.sha256(key).digest() for key in keys)
        return [base64.b32encode(digest).decode()[:12] for digest in digests]

    @api.model
    def _validate(self, picking):
        picking.move_ids.picked = True
        picking.button_validate()

    # ---- Storing ----

    @api.model
    def _put_away(self, serials, location):
        """Bring serials from where they were received to their own place."""
        warehouse = self._warehouse()
        stock = warehouse.lot_stock_id
        place = self._ref(f"location_demo_{location}")
        picking = self._create_transfer(
            warehouse.int_type_id, stock, place, {serials.product_id: len(serials)}
        )
        picking.action_assign()
        self._validate(picking)

    # ---- Selling ----

    @api.model
    def _sell_phones(self):
        """Ship a shop phones and watches in one package; it sends one phone back."""
        phone = self._ref("product_demo_nova_5")
        watch = self._ref("product_demo_chrono_diver")
        picking = self._sell("mobile_shop", {phone: 12, watch: 4})
        sscc = Sscc.build("952000", 1, extension="3")
        picking.action_put_in_pack(package_name=sscc.sscc)
        self._validate(picking)
        self._take_back(picking, phone)

    @api.model
    def _sell_medicines(self):
        """Ship a pharmacy its medicines."""
        self._validate(
            self._sell("pharmacy", {self._ref("product_demo_cardiolex"): 10})
        )

    @api.model
    def _sell(self, customer, quantities):
        """Return the reserved delivery of a confirmed order of ``{product: count}``."""
        order = self._as("service")["sale.order"].create(
            {
                "partner_id": self._ref(f"partner_demo_{customer}").id,
                "order_line": [
                    Command.create(
                        {"product_id": product.id, "product_uom_qty": quantity}
                    )
                    for product, quantity in quantities.items()
                ],
            }
        )
        order.action_confirm()
        # The order's seller may not work on transfers.
        picking = order.sudo().picking_ids.with_env(self._as("operator"))
        picking.action_assign()
        return picking

    @api.model
    def _take_back(self, delivery, product):
        """Take one unit of a delivery back from the customer."""
        wizard = delivery.env["stock.return.picking"].create(
            {"picking_id": delivery.id}
        )
        line = wizard.product_return_moves.filtered(
            lambda line: line.product_id == product
        )
        line.quantity = 1
        back = delivery.browse(wizard.action_create_returns()["res_id"])
        self._validate(back)

    # ---- Losing, finding, correcting ----

    @api.model
    def _get_stocked(self, product, env):
        """Return where units of a product stand in our stock, oldest first."""
        return env["stock.quant"].search(
            [
                ("product_id", "=", self._ref(f"product_demo_{product}").id),
                ("location_id", "child_of", self._warehouse().lot_stock_id.id),
                ("quantity", "=", 1),
                ("reserved_quantity", "=", 0),
            ],
            order="lot_id",
        )

    @api.model
    def _scrap_watch(self):
        """Throw away a watch that was dropped."""
        env = self._as("operator")
        quant = self._get_stocked("chrono_diver", env)[-1]
        env["stock.scrap"].create(
            {
                "product_id": quant.product_id.id,
                "lot_id": quant.lot_id.id,
                "location_id": quant.location_id.id,
                "scrap_qty": 1,
                "origin": "Dropped at the packing table",
            }
        ).action_validate()

    @api.model
    def _count_watches(self):
        """Miss a watch in an inventory count and find it in the next one."""
        env = self._as("administrator")
        quant = self._get_stocked("chrono_diver", env)[0]
        key = {
            "product_id": quant.product_id.id,
            "lot_id": quant.lot_id.id,
            "location_id": quant.location_id.id,
        }
        self._count(quant, 0)
        quants = env["stock.quant"].with_context(inventory_mode=True)
        self._count(quants.create({**key, "inventory_quantity": 1}), 1)

    @api.model
    def _count(self, quant, quantity):
        quant = quant.with_context(inventory_mode=True)
        quant.inventory_quantity = quantity
        quant.action_apply_inventory()

    @api.model
    def _correct_serial(self):
        """Correct the number of a phone that was misread when it came."""
        env = self._as("quality")
        serial = self._get_stocked("nova_5", env)[0].lot_id
        serial.correct(
            {"name": f"{serial.name[:-1]}7"},
            "The last character was misread at receipt; the label says 7.",
        )

    # ---- What is to come ----

    @api.model
    def _await_delivery(self):
        """Await the big delivery, and have an order that waits for it."""
        expected = {
            self._ref(f"product_demo_{name}"): count
            for name, count in _EXPECTED.items()
        }
        receipt = self._create_receipt("wholesaler", expected, origin=_EXPECTED_ORIGIN)
        delivery = self._sell("mobile_shop", {self._ref("product_demo_nova_5"): 25})
        self._name_record("demo_receipt", receipt)
        self._name_record("demo_delivery", delivery)

    @api.model
    def _name_record(self, name, record):
        """Give a record that a flow made a name that data and tests can use."""
        self.env["ir.model.data"].create(
            {
                "module": "serial_traceability",
                "name": name,
                "model": record._name,
                "res_id": record.id,
                "noupdate": True,
            }
        )

    # ---- Goods on the shelf ----

    @api.model
    def _begin_stocktake(self):
        """Bring headphones over to serials: one place is scanned, one is not yet."""
        product = self._ref("product_demo_aura")
        quants = self._as("administrator")["stock.quant"]
        quants = quants.with_context(inventory_mode=True)
        for place, count in _HEADPHONES.items():
            quants.create(
                {
                    "product_id": product.id,
                    "location_id": self._ref(f"location_demo_{place}").id,
                    "inventory_quantity": count,
                }
            ).action_apply_inventory()
        stocktakes = self._as("quality")["serial.stocktake"]
        stocktake = stocktakes.create({"product_tmpl_id": product.product_tmpl_id.id})
        stocktake.action_start()
        phones = self._ref("location_demo_phones")
        place = stocktake.line_ids.filtered(lambda line: line.location_id == phones)
        labels = [
            build_element_string(
                [("01", product.barcode), ("21", f"AU{number:05}")],
                symbology_identifier="]d2",
            )
            for number in range(_HEADPHONES["phones"])
        ]
        place.with_env(self._as("operator")).add_numbers(labels)
        self._name_record("demo_stocktake", stocktake)
