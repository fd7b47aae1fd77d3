from dateutil.relativedelta import relativedelta
from odoo import api, fields, models

from ..core.epc import Tag, sgtin
from ..core.gs1 import build_element_string


class SerialDemoNumbering(models.AbstractModel):
    """Lets the demo company number goods of its own, by each ready scheme.

    Two makers have blocks of numbers and used a part of them; cigarillos are numbered
    before they come, monitors when they come, jackets and displays where they are
    made. Of each product something is left to do: numbers without a label, labels
    without a unit, or receipts that wait. What is scanned is what stands on the
    labels that were printed.
    """

    _name = "serial.demo.numbering"
    _inherit = "serial.demo"
    _description = "Numbers of the Demo Company"

    @api.model
    def _number(self):
        """Number the goods; called once, by the build of the demo company."""
        self._number_watches()
        self._number_medicines()
        self._number_tobacco()
        self._number_medical_devices()
        self._number_jackets()
        self._number_displays()

    # ---- Blocks of numbers ----

    @api.model
    def _number_watches(self):
        """Give the watchmaker short numbers, and keep some ready for a line."""
        block = self._open_block("chrono_diver", "chrono", 200)
        block._retire(
            "destroyed", block._get_unused()[:2], "Two dials were engraved badly"
        )
        self._receive_numbers("chrono", self._print(self._get_waiting(block)[:8])[:6])
        block.create(
            {
                "product_id": self._ref("product_demo_chrono_diver").id,
                "scheme_id": self._ref("scheme_short").id,
                "holder_kind": "line",
                "line_name": "Engraving",
                "quantity": 50,
            }
        )

    @api.model
    def _number_medicines(self):
        """Give a contract manufacturer numbers for a batch; a part of it has come."""
        block = self._open_block(
            "lindoril", "cardia", 60, batch_id=self._create_batch("lindoril", "LN-26A")
        )
        labels = self._print(self._get_waiting(block)[:24])
        self._receive_numbers("cardia", labels[:16])

    @api.model
    def _open_block(self, product, maker, quantity, **values):
        """Return a block that a contract manufacturer was handed."""
        block = self._as("quality")["serial.block"].create(
            {
                "product_id": self._ref(f"product_demo_{product}").id,
                "holder_kind": "manufacturer",
                "partner_id": self._ref(f"partner_demo_{maker}").id,
                "quantity": quantity,
                "expiration_date": fields.Date.add(fields.Date.today(), days=90),
                **values,
            }
        )
        block.action_open()
        block.action_export_csv()
        return block

    @api.model
    def _create_batch(self, product, name):
        """Return the id of a batch that is being made, good for two years."""
        today = fields.Date.today()
        maker = self._ref("partner_demo_cardia")
        batches = self._as("quality")["serial.batch"]
        batch = batches.create(
            {
                "name": name,
                "product_id": self._ref(f"product_demo_{product}").id,
                "production_date": today - relativedelta(days=12),
                "expiration_date": today + relativedelta(days=718),
                "manufacturer_id": maker.id,
                "country_id": maker.country_id.id,
            }
        )
        return batch.id

    # ---- Receipts ----

    @api.model
    def _number_tobacco(self):
        """Number cigarillos before they come: some are here, others on their way."""
        product = self._ref("product_demo_halvard")
        for count in (8, 12):
            receipt = self._create_receipt("wholesaler", {product: count})
            labels = self._print(self._issue_for(receipt).number_ids)
            if count == 8:
                self._scan_and_validate(receipt, labels)
        self._name_record("demo_receipt_tobacco", receipt)

    @api.model
    def _number_medical_devices(self):
        """Number monitors: some by labels printed beforehand, others wait for numbers
        at their receipt.
        """
        run = self._issue("vital", 8, commission=False)
        self._receive_numbers(
            "wholesaler", self._print(run.number_ids.sorted("id"))[:6]
        )
        waiting = self._create_receipt(
            "wholesaler", {self._ref("product_demo_vital"): 4}
        )
        self._name_record("demo_receipt_medical_devices", waiting)

    @api.model
    def _issue_for(self, receipt):
        """Issue numbers for what a receipt brings; return the run."""
        action = receipt.action_issue_numbers()
        run = receipt.env["serial.issue"].with_context(**action["context"]).create({})
        run.action_start()
        return run

    @api.model
    def _receive_numbers(self, supplier, labels):
        """Receive the units that bear labels of numbers, or serials, of ours."""
        product = labels.product_id
        receipt = self._create_receipt(supplier, {product: len(labels)})
        self._scan_and_validate(receipt, labels)

    @api.model
    def _scan_and_validate(self, receipt, labels):
        self._scan(receipt, self._read_labels(labels))
        self._validate(receipt)

    # ---- At production ----

    @api.model
    def _number_jackets(self):
        """Commission jackets where they are sewn; readers count them in by radio."""
        run = self._issue("fjord", 10)
        jackets = self._print(run.number_ids.lot_id.sorted("id"))
        receipt = self._create_receipt("norrvik", {jackets.product_id: 8})
        self._scan(receipt, [self._get_tag(jacket) for jacket in jackets[:8]])
        self._validate(receipt)

    @api.model
    def _number_displays(self):
        """Print a roll of numbers for displays, of which some have come."""
        run = self._issue("nova_display", 12, commission=False)
        labels = self._print(run.number_ids.sorted("id")[:9])
        self._receive_numbers("nova", labels[:5])

    @api.model
    def _issue(self, product, quantity, **options):
        """Issue numbers by the scheme of the product's policy; return the run."""
        issues = self._as("operator")["serial.issue"]
        product = self._ref(f"product_demo_{product}")
        answer = issues.issue(product.id, quantity, **options)
        return issues.browse(answer["issue_id"])

    @api.model
    def _get_tag(self, jacket):
        """Return what a reader returns for the RFID tag in a jacket."""
        prefix = self._ref("company_prefix_demo").name
        epc = sgtin(jacket.product_id.barcode, jacket.name, company_prefix=prefix)
        return Tag(epc, "sgtin-96", filter_value=1).hex

    # ---- Labels ----

    @api.model
    def _get_waiting(self, block):
        """Return a block's numbers that nothing bears yet, in order of issue."""
        numbers = self._as("operator")["serial.number"]
        return numbers.search(
            [("issue_id.block_id", "=", block.id), ("state", "=", "issued")], order="id"
        )

    @api.model
    def _print(self, records):
        """Print a label for each number or serial; return them."""
        records = records.with_env(self._as("operator"))
        context = {"active_model": records._name, "active_ids": records.ids}
        wizards = records.env["serial.label.wizard"].with_context(**context)
        wizards.create({}).action_print()
        return records

    @api.model
    def _read_labels(self, records):
        """Return what a scanner reads from the labels of numbers or serials."""
        layout = records.env["serial.label.layout"].search(
            [("level", "=", "unit")], limit=1
        )
        labels = records.env["serial.label"]._get_labels(records, layout)
        return [
            build_element_string(label.elements, symbology_identifier="]d2")
            for label in labels
        ]
