from odoo import api, fields, models
from odoo.exceptions import UserError

from ..core import numbering
from ..core.verdict import Line
from .serial_issue import AT_ONCE


class SerialStocktakeLine(models.Model):
    """One place in which a product stands that is being brought over to serials: a
    variant, location, package and owner.

    Listed by the stocktake. What stands there is read from the stock, never kept
    here, because the product goes on being moved. Operators collect the numbers.
    """

    _name = "serial.stocktake.line"
    _description = "Place in a Stocktake of Serials"
    _inherit = ["serial.scan.target"]
    _order = "stocktake_id, product_id, location_id, package_id, owner_id, id"

    stocktake_id = fields.Many2one(
        "serial.stocktake", required=True, readonly=True, index=True, ondelete="cascade"
    )
    state = fields.Selection(related="stocktake_id.state")
    can_collect = fields.Boolean(related="stocktake_id.can_collect")
    product_id = fields.Many2one(
        "product.product", required=True, readonly=True, index=True, ondelete="restrict"
    )
    location_id = fields.Many2one(
        "stock.location", required=True, readonly=True, ondelete="restrict"
    )
    package_id = fields.Many2one("stock.package", readonly=True, ondelete="cascade")
    owner_id = fields.Many2one("res.partner", readonly=True, ondelete="restrict")
    company_id = fields.Many2one(
        related="location_id.company_id", store=True, index=True
    )
    number_ids = fields.One2many(
        "serial.stocktake.number", "line_id", "Collected Numbers"
    )
    quantity = fields.Float("Units", compute="_compute_counts")
    number_count = fields.Integer("Numbers", compute="_compute_counts")
    difference = fields.Float(
        compute="_compute_counts",
        help="Units that have no number yet; negative where "
        "there are more numbers than units.",
    )
    fit = fields.Selection(
        [("missing", "Numbers Missing"), ("surplus", "Too Many"), ("fits", "Complete")],
        "Situation",
        compute="_compute_counts",
    )

    _place_unique = models.UniqueIndex(
        "(stocktake_id, product_id, location_id, COALESCE(package_id, 0), "
        "COALESCE(owner_id, 0))",
        "This place is already listed.",
    )

    @api.depends("product_id", "location_id", "package_id", "owner_id", "number_ids")
    def _compute_counts(self):
        stock = self.stocktake_id._get_stock()
        # Stands in for counting what operators of this company collected.
        numbers = dict(
            self.env["serial.stocktake.number"]
            .sudo()
            ._read_group([("line_id", "in", self.ids)], ["line_id"], ["__count"])
        )
        for line in self:
            done = line.state == "done"
            line.number_count = numbers.get(line._origin, 0)
            in_stock = stock.get(line._get_place_key(), (0.0,))[0]
            line.quantity = line.number_count if done else in_stock
            line.difference = line.quantity - line.number_count
            line.fit = (
                "missing" if line.difference > 0
                else "surplus" if line.difference < 0 else "fits"
            )  # fmt: skip

    @api.depends("product_id", "location_id", "package_id", "owner_id")
    def _compute_display_name(self):
        for line in self:
            parts = (line.location_id, line.package_id, line.owner_id)
            line.display_name = " · ".join(part.display_name for part in parts if part)

    def _get_place_key(self):
        """Return the ids by which the place's stock is found."""
        self.ensure_one()
        records = (self.product_id, self.location_id, self.package_id, self.owner_id)
        return tuple(record.id for record in records)

    # ---- Scanning ----

    def _get_scan_purpose(self):
        return "stocktake"

    def _get_scan_demand(self):
        return {self.product_id.id: self.quantity}

    def _get_scanned_keys(self, names, *, announce=False):
        here = [("line_id", "=", self.id), ("name", "in", list(names))]
        numbers = self.env["serial.stocktake.number"].search_fetch(here, ["name"])
        return frozenset((self.product_id.id, number.name) for number in numbers)

    def _get_scanned_counts(self):
        return {self.product_id.id: self.number_count}

    def _get_counted_places(self, names):
        # Stands in for seeing that a number was taken in another company, whose place
        # stays unnamed.
        others = (
            self.env["serial.stocktake.number"]
            .sudo()
            .search_fetch(
                [
                    ("stocktake_id", "=", self.stocktake_id.id),
                    ("product_id", "=", self.product_id.id),
                    ("line_id", "!=", self.id),
                    ("name", "in", list(names)),
                ],
                ["name", "line_id"],
            )
        )
        return {
            (self.product_id.id, number.name): self._place_name(
                number.line_id.location_id
            )
            for number in others
        }

    def _is_scanned_by_serial(self, product):
        if product.product_tmpl_id == self.stocktake_id.product_tmpl_id:
            return True
        return super()._is_scanned_by_serial(product)

    def _get_scan_lines(self, lines):
        """Take a number that comes without a GTIN for one of this place's product."""
        return [
            Line(line.number, line.scan, self.product_id.id)
            if line.scan.serial and not line.scan.gtin and not line.product_id
            else line
            for line in lines
        ]

    def _ensure_can_scan(self):
        self.ensure_one()
        self.env["serial.resolver"]._check_operator()
        self.check_access("read")
        self.stocktake_id._ensure_collecting()

    def _lock_for_scans(self):
        self.stocktake_id._keep_open()
        return super()._lock_for_scans()

    def _take_in_scans(self, results, purpose):
        self.env["serial.stocktake.number"]._collect(self, results)

    def _get_scan_import_title(self, purpose):
        return self.env._(
            "Numbers of %(product)s at %(place)s",
            product=self.product_id.display_name,
            place=self.display_name,
        )

    def _get_scan_import_field(self):
        return "stocktake_line_id"

    def action_scan_serials(self):
        """Open the dialog that takes pasted or uploaded numbers."""
        self._ensure_can_scan()
        return self._open_scan_import("move")

    def serial_scan(self, text, scan_uuid):
        """Collect the number that a scanner read here.

        :param text: what the scanner returned.
        :param scan_uuid: the scanner's own name of this scan; sent a second time, it
            gets the same answer and collects nothing.
        :return: ``verdict``, ``level`` (good, warning, wrong), ``title``, ``message``.
        """
        self._ensure_can_scan()
        self._lock_for_scans()
        resolver = self.env["serial.resolver"]
        lines = resolver._read_lines([text], typed=True)
        known = scan_uuid and self.env["serial.stocktake.number"].search(
            [("line_id", "=", self.id), ("scan_uuid", "=", scan_uuid)], limit=1
        )
        if known:
            return self._get_scan_answer(known.name, "ok", "good", "")
        result = resolver._resolve(lines, self)[0]
        if result["level"] != "wrong":
            numbers = self.env["serial.stocktake.number"]._collect(self, [result])
            numbers.scan_uuid = scan_uuid
        return self._get_scan_answer(
            result["serial"], result["verdict"], result["level"], result["message"]
        )

    def _get_scan_answer(self, serial, verdict, level, message):
        title = self.env._("Not accepted")
        if level != "wrong":
            title = self.env._(
                "Serial %(serial)s: %(count)s of %(quantity)s",
                serial=serial,
                count=self.number_count,
                quantity=int(self.quantity),
            )
        return {
            "verdict": verdict, "level": level, "title": title, "message": message
        }  # fmt: skip

    def add_numbers(self, texts):
        """Collect numbers here; the wrong ones are left out.

        :param texts: one scan each: GS1 symbols, Digital Links, plain numbers.
        :return: what was said of each, as ``serial.resolver.resolve`` returns it.
        :raises AccessError: where the user is not an operator.
        :raises UserError: where the stocktake is not open.
        """
        self._ensure_can_scan()
        self._lock_for_scans()
        resolver = self.env["serial.resolver"]
        results = resolver._resolve(resolver._read_lines(texts), self)
        self._take_in_scans([each for each in results if each["level"] != "wrong"], "")
        return results

    # ---- Issuing ----

    def action_issue_numbers(self):
        """Issue numbers for units that have none, see :meth:`issue_numbers`; where
        these must name their batch, open the dialog that asks for it.
        """
        self._ensure_can_scan()
        if not self._must_name_batch():
            return self._issue_and_tell(self.env["serial.batch"])
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Issue Numbers"),
            "res_model": "serial.stocktake.issue",
            "view_mode": "form",
            "target": "new",
            "context": {"default_line_id": self.id},
        }

    def _must_name_batch(self):
        """Return whether numbers of the product are issued for a batch only."""
        policy = self.product_id.product_tmpl_id._get_serial_policy()
        scheme = policy.scheme_id
        named = bool(scheme) and numbering.names_batch(scheme._get_rules())
        return policy.require_batch or named

    def _issue_and_tell(self, batch):
        """Issue numbers; return what says so where units are left without one."""
        numbers = self.issue_numbers(batch.id)
        left = int(self.difference)
        done = {"type": "ir.actions.act_window_close"}
        if left < 1:
            return done
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning",
                "message": self.env._(
                    "%(count)s numbers were issued, as many as can be at once. "
                    "%(left)s units at %(place)s still have none: issue again.",
                    count=len(numbers),
                    left=left,
                    place=self.display_name,
                ),
                "next": done,
            },
        }

    def issue_numbers(self, batch_id=False):
        """Issue numbers, by the scheme of the product's policy, for the units here that
        have none; of very many, the first 5,000: call again for more.

        They are set aside in the register of numbers and commissioned by the switch.

        :param batch_id: id of the production batch of all these units, False for none.
        :return: the numbers.
        :raises AccessError: where the user is not an operator.
        :raises UserError: where no unit lacks a number, or the scheme does not allow so
            many, or there is none.
        """
        self._ensure_can_scan()
        self._lock_for_scans()
        missing = int(self.difference)
        if missing < 1:
            raise UserError(
                self.env._(
                    "All units at %(place)s have numbers already.",
                    place=self.display_name,
                )
            )
        company = self.company_id or self.env.company
        issues = self.env["serial.issue"].with_company(company)
        numbers = issues.issue(
            self.product_id.id,
            min(missing, AT_ONCE),
            batch_id=batch_id,
            commission=False,
        )["numbers"]
        batch = self.env["serial.batch"].browse(batch_id or ())
        unit = {
            "batch": batch.name,
            "production_date": batch.production_date,
            "expiration_date": batch.expiration_date,
        }
        self.env["serial.stocktake.number"]._collect(
            self, [{"serial": number, **unit} for number in numbers], issued=True
        )
        return numbers

    def action_view_numbers(self):
        """Open the numbers that were collected here."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Numbers at %(place)s", place=self.display_name),
            "res_model": "serial.stocktake.number",
            "view_mode": "list,kanban",
            "domain": [("line_id", "=", self.id)],
        }

    def action_open(self):
        """Open this place, to collect numbers."""
        self.ensure_one()
        return self._get_records_action()

    # ---- Saying what does not fit ----

    @api.model
    def _place_name(self, location):
        """Return a place's name, or that it is another company's."""
        if location.company_id and location.company_id not in self.env.companies:
            return self.env._("A place of another company")
        return location.display_name

    def _get_fault(self, problem, place):
        """Return the sentence for what :func:`..core.stocktake.find_problem` found."""
        parts = (self.package_id, self.owner_id)
        name = " · ".join(
            [
                self._place_name(self.location_id),
                *(part.display_name for part in parts if part),
            ]
        )
        if len(self.stocktake_id.product_tmpl_id.product_variant_ids) > 1:
            name = f"{self.product_id.display_name}, {name}"
        return getattr(self, f"_say_{problem}")(name, place)

    def _say_numbers(self, name, place):
        return self.env._(
            "%(place)s: %(quantity)s units are in stock, but %(numbers)s numbers were "
            "collected.",
            place=name,
            quantity=int(place.quantity),
            numbers=place.numbers,
        )

    def _say_negative(self, name, place):
        return self.env._(
            "%(place)s: stock is %(quantity)s, less than nothing. Count it first.",
            place=name,
            quantity=place.quantity,
        )

    def _say_fraction(self, name, place):
        return self.env._(
            "%(place)s: %(quantity)s in stock, %(reserved)s reserved are not whole "
            "units. Correct the count or the transfers first.",
            place=name,
            quantity=place.quantity,
            reserved=place.reserved,
        )

    def _say_over_reserved(self, name, place):
        return self.env._(
            "%(place)s: %(reserved)s units are marked as reserved, but transfers "
            "reserve %(on_lines)s of %(quantity)s. Unreserve the transfers and reserve "
            "them again.",
            place=name,
            reserved=place.reserved,
            on_lines=place.on_lines,
            quantity=place.quantity,
        )

    def _say_counting(self, name, place):
        return self.env._(
            "%(place)s: a count is entered that is not applied yet. Apply or clear it.",
            place=name,
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_with_numbers(self):
        if self.number_ids:
            raise UserError(
                self.env._(
                    "Numbers were collected at %(place)s. Remove them first.",
                    place=self[0].display_name,
                )
            )
