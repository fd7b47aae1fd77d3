from collections import defaultdict
from dataclasses import replace

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from ..core import verdict
from ..core.clock import local_date
from ..core.gs1.check_digit import is_digits
from ..core.identity import gtin_14, may_be_gtin
from ..core.scan import read_scan

#: Most lines that are resolved in one call: 20,000 take some ten seconds.
LINE_LIMIT = 20000
#: Lengths with which a GTIN may stand in a barcode field.
_GTIN_LENGTHS = (14, 13, 12, 8)
_KEPT_USAGES = ("internal", "transit")


class SerialResolver(models.AbstractModel):
    """Says of scanned texts which units they are and what speaks against them.

    The one place where a scan meets the database: the scan import, the scanner on a
    transfer and every later screen ask here. Reading is in bulk, a constant number
    of queries whatever the number of texts; the rules are those of
    :mod:`..core.verdict`.
    """

    _name = "serial.resolver"
    _description = "Resolver of Scanned Serials"

    # ---- Asking ----

    @api.model
    def resolve(self, texts, picking_id, announce=False):
        """Return what each of ``texts`` is on a transfer.

        :param texts: what scanners returned, one unit each.
        :param picking_id: id of the transfer.
        :param announce: the texts say what is to come, not what is here.
        :return: a list of dictionaries as :meth:`_resolve` makes them.
        :raises AccessError: where the user is not an operator or may not read the
            transfer.
        :raises UserError: where there are too many texts, or what is none.
        """
        self._check_operator()
        picking = self.env["stock.picking"].browse(picking_id)
        picking.check_access("read")
        return self._resolve(self._read_lines(texts), picking, announce=announce)

    @api.model
    def _check_operator(self):
        """Refuse who may not scan."""
        if not self.env.su and not self.env.user.has_group(
            "serial_traceability.group_serial_operator"
        ):
            raise AccessError(
                self.env._(
                    "Only operators of Serial Traceability may scan serials. Ask an "
                    "administrator for that role."
                )
            )

    @api.model
    def _check_line_count(self, count):
        if count > LINE_LIMIT:
            raise UserError(
                self.env._(
                    "%(count)s lines are too many at once: at most %(limit)s can be "
                    "scanned in. Divide the list and scan in one part after the "
                    "other.",
                    count=count,
                    limit=LINE_LIMIT,
                )
            )

    @api.model
    def _check_texts(self, texts):
        """Refuse what other programs may send instead of a list of scans."""
        is_list = isinstance(texts, (list, tuple))
        if not is_list or not all(isinstance(text, str) for text in texts):
            raise UserError(
                self.env._(
                    "Each scan must be a text: send a list with the text that the "
                    "scanner returned for each unit."
                )
            )

    @api.model
    def _read_lines(self, texts, *, typed=False):
        """Return the lines that texts, one scan each, make up.

        :param typed: a scanner typed the text like a keyboard, which cannot type the
            group separator and types ``]`` (Ctrl+]) or another sign instead.
        """
        self._check_texts(texts)
        self._check_line_count(len(texts))
        today = fields.Date.context_today(self)
        return [
            verdict.Line(number, read_scan(text, today, typed=typed))
            for number, text in enumerate(texts, 1)
        ]

    @api.model
    def _resolve(self, lines, target, *, announce=False):
        """Return what each line is and what is to be said of it.

        :param lines: list of :class:`..core.verdict.Line`.
        :param target: what is scanned for, see ``serial.scan.target``.
        :return: one dictionary a line: ``number``, ``text``, ``kind``, ``product_id``,
            ``serial``, ``batch``, ``expiration_date``, ``production_date``,
            ``lot_id``, ``verdict``, ``level`` (good, warning, wrong) and ``message``.
        """
        self._check_line_count(len(lines))
        lines = target._get_scan_lines(lines)
        situation = self._get_situation(lines, target, announce=announce)
        return [
            self._get_result(line, said)
            for line, said in zip(lines, verdict.judge(lines, situation), strict=True)
        ]

    @api.model
    def _get_result(self, line, said):
        scan = line.scan
        return {
            "number": line.number,
            "text": scan.text,
            "kind": scan.kind,
            "product_id": said.product_id or line.product_id or False,
            "serial": scan.serial or False,
            "batch": scan.batch or (said.serial and said.serial.batch) or False,
            "expiration_date": scan.expiry or False,
            "production_date": scan.production or False,
            "lot_id": (said.serial and said.serial.id) or False,
            "verdict": said.code,
            "level": said.level,
            "message": self.env["serial.verdict"]._get_message(said),
        }

    # ---- What is true there ----

    @api.model
    def _get_situation(self, lines, target, *, announce):
        """Load, once for all lines, what the rules ask about."""
        by_gtin = self._get_products_by_gtin({line.scan.gtin for line in lines})
        purpose = "announce" if announce else target._get_scan_purpose()
        names = {line.scan.serial for line in lines if line.scan.serial}
        lots = self._find_lots(names)
        demand = target._get_scan_demand()
        products = self._get_known_products(lines, by_gtin, lots, demand)
        held = self._get_held(products, target, purpose)
        serials = self._get_known_serials(lots, target, purpose)
        if held:
            serials = self._note_moved(serials, lots)
        facts = {
            product.id: self._get_product_fact(product, target) for product in products
        }
        return verdict.Situation(
            purpose=purpose,
            today=fields.Date.context_today(self),
            products=facts,
            products_by_gtin={
                gtin: tuple(found.ids) for gtin, found in by_gtin.items()
            },
            serials=serials,
            demand=demand,
            issued=self._get_issued(names, target, purpose),
            held=held,
            scanned=target._get_scanned_keys(names, announce=announce),
            scanned_counts=target._get_scanned_counts(),
            batch_expiries=self._get_batch_expiries(lines, products),
            announced=target._get_announced_names(),
            counted=target._get_counted_places(names),
            gtins=self._get_expected_gtins(lines, products, demand),
        )

    @api.model
    def _get_products_by_gtin(self, gtins):
        """Return ``{GTIN of 14 digits: products}``, by product and packaging barcode.

        A barcode field may hold the GTIN in any of its four lengths.
        """
        codes = {code for gtin in gtins if gtin for code in _gtin_forms(gtin)}
        found = defaultdict(self.env["product.product"].browse)
        if not codes:
            return found
        company = Domain("company_id", "in", [False, *self.env.companies.ids])
        domain = Domain("barcode", "in", list(codes)) & company
        for product in self.env["product.product"].search_fetch(domain, ["barcode"]):
            found[gtin_14(product.barcode)] |= product
        for packaging in self.env["product.uom"].search_fetch(domain, ["barcode"]):
            if packaging.product_id.active:
                found[gtin_14(packaging.barcode)] |= packaging.product_id
        return found

    @api.model
    def _get_expected_gtins(self, lines, products, demand):
        """Return the GTINs of the products that a transfer expects, packagings
        included, where one of the lines may be a slip in one of them.
        """
        if not any(
            line.scan.kind == "plain" and may_be_gtin(line.scan.serial)
            for line in lines
        ):
            return frozenset()
        if demand is not None:
            products = products.filtered(lambda product: product.id in demand)
        barcodes = products.mapped("barcode")
        packagings = self.env["product.uom"].search_fetch(
            [("product_id", "in", products.ids)], ["barcode"]
        )
        barcodes += packagings.mapped("barcode")
        return frozenset(filter(None, map(gtin_14, barcodes)))

    @api.model
    def _get_known_products(self, lines, by_gtin, lots, demand):
        """Return all products that a line may turn out to be, fetched together."""
        products = self.env["product.product"].union(*by_gtin.values())
        products |= products.browse(line.product_id for line in lines).filtered("id")
        products |= products.browse(demand or ())
        # Of a serial that is not the user's to see, only its number is compared.
        return products | lots.product_id._filtered_access("read").sudo(False)

    @api.model
    def _get_product_fact(self, product, target):
        policy = product.product_tmpl_id._get_serial_policy()
        fact = verdict.Product(
            product.id, product.display_name, target._is_scanned_by_serial(product)
        )
        if not policy:
            return fact
        return replace(
            fact,
            form=policy._get_foreign_form(),
            require_batch=policy.require_batch,
            require_expiry=policy.require_expiry,
            unexpected_serial=policy.unexpected_serial,
            announced_only=policy.numbered_by == "announced"
            and target._must_be_announced(),
            scheme=self._get_checked_scheme(policy),
        )

    @api.model
    def _get_checked_scheme(self, policy):
        """Return how our numbers look, where a slip shows in them, else None."""
        # Stands in for reading the scheme, of which a scan only tells that a number
        # does not follow it.
        scheme = policy.sudo().scheme_id
        return scheme._get_rules() if scheme.check_character else None

    # ---- Serials ----

    @api.model
    def _find_lots(self, names):
        """Return the serials of these names, of all companies."""
        if not names:
            return self.env["stock.lot"].sudo()
        # Stands in for seeing that a number is taken in a company the user cannot
        # read: only that fact is told, see KnownSerial.foreign.
        return (
            self.env["stock.lot"]
            .sudo()
            .search_fetch(
                [("name", "in", list(names)), ("product_id.tracking", "=", "serial")],
                [
                    "name",
                    "product_id",
                    "company_id",
                    "batch_id",
                    "expiration_date",
                    "retired",
                    "is_locked",
                ],
            )
        )

    @api.model
    def _get_known_serials(self, lots, target, purpose):
        """Return ``{name: serials}`` as the rules want to know them."""
        places = self._get_places(lots, target._get_scan_source())
        reservations = self._get_reservations(lots, target, purpose)
        held = {} if purpose == "announce" else target._get_held_back(lots)
        serials = defaultdict(tuple)
        companies = target.company_id | self.env["res.company"]
        for lot in lots:
            fact = self._get_serial_fact(
                lot, companies, places.get(lot.id), reservations.get(lot.id)
            )
            fact = replace(fact, held_for=held.get(lot.id, ""))
            serials[lot.name] += (fact,)
        return serials

    @api.model
    def _get_serial_fact(self, lot, companies, place, reservation):
        foreign = bool(lot.company_id) and lot.company_id not in companies
        fact = verdict.KnownSerial(
            lot.id, lot.product_id.id, lot.name, foreign=foreign, retired=lot.retired
        )
        if foreign:
            return fact
        where, location = place or ("nowhere", "")
        transfer, firmly = reservation or ("", False)
        moment = lot.expiration_date
        # Stands in for the right to read one's own company's contact.
        zone = self.env.company.sudo().partner_id.tz
        return replace(
            fact,
            product_name=lot.product_id.display_name,
            batch=lot.batch_id.name or "",
            expiry=local_date(moment, zone) if moment else None,
            place=where,
            location=location,
            reserved_by=transfer,
            reserved_firmly=firmly,
        )

    @api.model
    def _get_places(self, lots, source):
        """Return ``{lot id: (here or elsewhere, name of the place)}``.

        A place of another company is told as elsewhere, without its name.
        """
        # Stands in for seeing that another company has the unit in stock.
        quants = lots.env["stock.quant"].search_fetch(
            [
                ("lot_id", "in", lots.ids),
                ("quantity", ">", 0),
                ("location_id.usage", "in", _KEPT_USAGES),
            ],
            ["lot_id", "location_id", "company_id"],
        )
        places = {}
        for quant in quants:
            location = quant.location_id
            if source and location._child_of(source):
                places[quant.lot_id.id] = ("here", location.display_name)
            else:
                own = quant.company_id in self.env.companies
                name = location.display_name if own else ""
                places.setdefault(quant.lot_id.id, ("elsewhere", name))
        return places

    @api.model
    def _get_reservations(self, lots, target, purpose):
        """Return ``{lot id: (name of the other transfer, whether it has picked)}``."""
        if purpose != "take" or not lots:
            return {}
        lines = lots.env["stock.move.line"].search_fetch(
            [
                ("lot_id", "in", lots.ids),
                ("state", "not in", ("done", "cancel", "draft")),
                ("quantity_product_uom", ">", 0),
                ("picking_id", "!=", target.id),
                ("location_id", "child_of", target._get_scan_source().id),
            ],
            ["lot_id", "picking_id", "move_id", "picked"],
        )
        reservations = {}
        for line in lines:
            transfer = line.picking_id.name or line.move_id.reference or ""
            earlier = reservations.get(line.lot_id.id, ("", False))[1]
            reservations[line.lot_id.id] = (transfer, line.picked or earlier)
        return reservations

    @api.model
    def _get_issued(self, names, target, purpose):
        """Return what is known of numbers that we issued, where units come in."""
        if purpose not in ("receive", "announce", "stocktake"):
            return {}
        return target._get_issued_numbers(names)

    @api.model
    def _get_held(self, products, target, purpose):
        """Return the products that the sender numbers from blocks of ours."""
        if purpose not in ("receive", "announce"):
            return {}
        return target._get_held_products(products)

    @api.model
    def _note_moved(self, serials, lots):
        """Return ``serials`` with which of them came in before."""
        moved = set(lots._get_moved().ids)
        return {
            name: tuple(replace(fact, moved=fact.id in moved) for fact in facts)
            for name, facts in serials.items()
        }

    @api.model
    def _get_batch_expiries(self, lines, products):
        """Return ``{(product id, batch number): expiry}`` of batches that are known."""
        numbers = {line.scan.batch for line in lines if line.scan.batch}
        if not numbers:
            return {}
        batches = self.env["serial.batch"].search_fetch(
            [
                ("name", "in", list(numbers)),
                ("product_id", "in", products.ids),
                ("expiration_date", "!=", False),
            ],
            ["name", "product_id", "expiration_date"],
        )
        return {
            (batch.product_id.id, batch.name): batch.expiration_date
            for batch in batches
        }


def _gtin_forms(gtin):
    """Return the texts with which a GTIN of 14 digits may stand in a barcode field."""
    return [
        gtin[14 - length :]
        for length in _GTIN_LENGTHS
        if is_digits(gtin) and not gtin[: 14 - length].strip("0")
    ]
