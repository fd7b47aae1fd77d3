from collections import defaultdict, namedtuple

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

from ..core.gs1 import allocation
from ..core.identity import gtin_14

#: What shall get a GTIN: a product, or its packaging where ``uom`` is given; ``own``
#: asks for an item reference of its own instead of an indicator digit.
Wish = namedtuple("Wish", "product uom level own")
#: A wish with the GTIN it gets, 14 digits, or the sentence why it gets none.
Answer = namedtuple("Answer", "wish gtin refusal")

LEVELS = [
    ("each", "Each"),
    ("inner", "Inner Pack"),
    ("case", "Case"),
    ("pallet", "Pallet"),
]


class SerialGtin(models.Model):
    """A GTIN that was made from a known GS1 company prefix, and what got it.

    A row is written when a GTIN is given, or found as the barcode of a product or of
    a packaging. It stays when the product loses the barcode or is deleted, so that
    no GTIN is given to a second product. Of a row an administrator may correct the
    packaging level and nothing else; nobody deletes one that was given.
    """

    _name = "serial.gtin"
    _description = "GTIN"
    _order = "name"

    name = fields.Char("GTIN", required=True, readonly=True)
    prefix_id = fields.Many2one(
        "serial.company.prefix",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one(
        related="prefix_id.company_id", store=True, index="btree_not_null"
    )
    item_reference = fields.Integer(required=True, readonly=True, aggregator=None)
    is_item = fields.Boolean(
        compute="_compute_texts", help="It has an item reference of its own."
    )
    barcode = fields.Char(
        compute="_compute_texts", help="The GTIN as short as its symbol carries it"
    )
    origin = fields.Selection(
        [("given", "Given Here"), ("found", "Found on a Product")],
        required=True,
        readonly=True,
        index=True,
    )
    level = fields.Selection(LEVELS)
    product_id = fields.Many2one(
        "product.product", readonly=True, index="btree_not_null", ondelete="set null"
    )
    packaging_id = fields.Many2one(
        "product.uom",
        "Packaging Barcode",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    product_name = fields.Char(readonly=True, help="As it was when the GTIN was given")
    uom_name = fields.Char("Packaging Name", readonly=True)
    quantity = fields.Float(
        "Contains", readonly=True, aggregator=None, help="Units of the product in it"
    )
    in_use = fields.Boolean(
        compute="_compute_in_use",
        search="_search_in_use",
        help="It still is the barcode of the product or packaging.",
    )

    _name_unique = models.Constraint(
        "UNIQUE (name)", "This GTIN was already given to a product."
    )

    @api.depends("name")
    def _compute_texts(self):
        for row in self:
            row.is_item = (row.name or "").startswith("0")
            row.barcode = row.name and allocation.barcode_text(row.name)

    @api.depends("name", "packaging_id.barcode", "product_id.barcode")
    def _compute_in_use(self):
        for row in self:
            barcode = (row.packaging_id or row.product_id).barcode
            row.in_use = bool(barcode) and gtin_14(barcode) == row.name

    @api.model
    def _search_in_use(self, operator, value):
        if operator != "in":
            return NotImplemented
        self.env["product.product"].flush_model(["barcode"])
        self.env["product.uom"].flush_model(["barcode"])
        used = SQL(
            "(SELECT row.id FROM serial_gtin row "
            "LEFT JOIN product_product product ON product.id = row.product_id "
            "LEFT JOIN product_uom packaging ON packaging.id = row.packaging_id "
            "WHERE lpad(CASE WHEN row.packaging_id IS NULL THEN product.barcode "
            "ELSE packaging.barcode END, 14, '0') = row.name)"
        )
        return Domain.OR(
            Domain("id", "in" if wanted else "not in", used) for wanted in set(value)
        )

    def write(self, vals):
        """Let people correct the level; all else was decided when it was given."""
        if not self.env.su and not vals.keys() <= {"level"}:
            raise UserError(
                self.env._(
                    "A GTIN is given once and stays with its product. Only its "
                    "packaging level can be corrected."
                )
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_given(self):
        given = self.filtered(lambda row: row.origin == "given")
        if given:
            raise UserError(
                self.env._(
                    "GTIN %(gtin)s was given to %(product)s and stays known, so that "
                    "it is never given again.",
                    gtin=given[0].name,
                    product=given[0].product_name,
                )
            )

    # ---- Planning ----

    @api.model
    def _wish(self, product, uom=None, level="each", own=False):
        """Return what is to be planned: see :class:`Wish`."""
        return Wish(product, uom or self.env["uom.uom"], level, own)

    @api.model
    def _plan(self, prefix, wishes):
        """Say which GTIN each wish would get now; nothing is written.

        :return: one :class:`Answer` a wish, in order.
        """
        plan = _Plan(self.env, prefix)
        return [plan.answer(wish) for wish in wishes]

    @api.model
    def _keep(self, prefix, answers):
        """Write the rows of a plan, then the barcodes; return the rows in order."""
        # Stands in for the right to create rows, which nobody has: they come from
        # giving, whose right was checked.
        rows = self.sudo().create(
            [
                {
                    "origin": "given",
                    "level": wish.level,
                    **self._prepare_vals(prefix, gtin, wish.product, wish.uom),
                }
                for wish, gtin, _refusal in answers
            ]
        )
        for row, answer in zip(rows, answers, strict=True):
            self._write_barcode(answer.wish, row.barcode)
        return rows

    @api.model
    def _write_barcode(self, wish, barcode):
        # Stands in for the right to write products: who may give GTINs need not be
        # able to change anything else of them.
        product = wish.product.sudo()
        if not wish.uom:
            product.barcode = barcode
            return
        product.env["product.uom"].create(
            {
                "product_id": product.id,
                "uom_id": wish.uom.id,
                "barcode": barcode,
                "company_id": product.company_id.id,
            }
        )

    @api.model
    def _prepare_vals(self, prefix, gtin, product, uom):
        return {
            "name": gtin,
            "prefix_id": prefix.id,
            "item_reference": allocation.item_reference(gtin, prefix.name),
            "product_id": product.id,
            "product_name": product.display_name,
            "uom_name": (uom or product.uom_id).name,
            "quantity": uom._compute_quantity(1, product.uom_id) if uom else 1,
        }

    # ---- Knowing what is in use ----

    @api.model
    def _note_barcodes(self, holders):
        """Keep the GTINs that products or packagings now have as their barcode.

        :param holders: products, or packagings (``product.uom``).
        :raises ValidationError: where a GTIN is another product's, or was given to
            another product before.
        """
        prefixes = self.env["serial.company.prefix"]
        if not prefixes._get_known():
            return
        by_gtin = holders.grouped(lambda holder: gtin_14(holder.barcode))
        found = {gtin: prefixes._find(gtin) for gtin in by_gtin if gtin}
        # Stands in for seeing that a GTIN is in use with another company.
        rows = self.sudo()
        known = rows.search([("name", "in", list(found))])
        new = rows.create(
            [
                self._prepare_found_vals(prefix.sudo(), gtin, by_gtin[gtin][0])
                for gtin, prefix in found.items()
                if prefix and gtin not in set(known.mapped("name"))
            ]
        )
        # Those of one call may share a GTIN with one another as with earlier ones:
        # Odoo itself compares texts, and GTINs of 13 and 14 digits are two of them.
        for row in known | new:
            for holder in by_gtin[row.name]:
                row._move_to(holder)

    @api.model
    def _prepare_found_vals(self, prefix, gtin, holder):
        product, packaging = self._split(holder)
        return {
            "origin": "found",
            "level": False if packaging else "each",
            "packaging_id": packaging.id,
            **self._prepare_vals(prefix, gtin, product, packaging.uom_id),
        }

    @api.model
    def _split(self, holder):
        """Return product and packaging of what has a barcode."""
        if holder._name == "product.uom":
            return holder.product_id, holder
        return holder, self.env["product.uom"]

    def _move_to(self, holder):
        """Let the row follow a barcode to its new place, where it may go there."""
        product, packaging = self._split(holder)
        if self.product_id != product:
            self._check_free_for(product)
            name = product.display_name
            self.write({"product_id": product.id, "product_name": name})
        if self.packaging_id != packaging:
            self.packaging_id = packaging

    def _check_free_for(self, product):
        """Refuse a GTIN that is another product's, or once was given to it."""
        if self.in_use and self._shares_company(product):
            raise ValidationError(
                self.env._(
                    "GTIN %(gtin)s already is the barcode of %(other)s. Two products "
                    "cannot have one GTIN: correct the barcode of %(product)s.",
                    gtin=self.name,
                    other=self.product_name,
                    product=product.display_name,
                )
            )
        # A product that was deleted and entered again is the same trade item.
        again = not self.product_id and self.product_name == product.display_name
        if self.origin == "given" and not again:
            raise ValidationError(
                self.env._(
                    "GTIN %(gtin)s was given to %(other)s and is never given to "
                    "another product. Let %(product)s get a GTIN of its own.",
                    gtin=self.name,
                    other=self.product_name,
                    product=product.display_name,
                )
            )

    def _shares_company(self, product):
        one, other = self.product_id.company_id, product.company_id
        return not one or not other or one == other

    @api.model
    def _sort_in(self):
        """Bring the found GTINs up to the prefixes that are known now."""
        prefixes = self.env["serial.company.prefix"]
        self.env["product.product"].flush_model(["barcode"])
        self.env["product.uom"].flush_model(["barcode"])
        # Stands in for finding GTINs of products of other companies, and for writing
        # rows, which nobody may.
        rows = self.sudo()
        for row in rows.search([("origin", "=", "found")]):
            row._sort_under(prefixes.sudo()._find(row.name))
        in_use = self._find_in_use()
        known = set(rows.search([("name", "in", list(in_use))]).mapped("name"))
        rows.create(
            [
                self._prepare_found_vals(prefix, gtin, holder)
                for gtin, (prefix, holder) in in_use.items()
                if gtin not in known
            ]
        )

    def _sort_under(self, prefix):
        """Put a found GTIN under another prefix; drop it where its own was corrected.

        Of an archived prefix it stays: it was in use.
        """
        if not prefix:
            if not self.name[1:].startswith(self.prefix_id.name):
                self.unlink()
            return
        reference = allocation.item_reference(self.name, prefix.name)
        if (self.prefix_id, self.item_reference) != (prefix, reference):
            self.write({"prefix_id": prefix.id, "item_reference": reference})

    @api.model
    def _find_in_use(self):
        """Return ``{GTIN: (prefix, holder)}`` of all barcodes of known prefixes."""
        prefixes = self.env["serial.company.prefix"].sudo()
        if not prefixes._get_known():
            return {}
        in_use = {}
        for model in ("product.product", "product.uom"):
            holders = self.env[model].sudo().with_context(active_test=False)
            for holder in holders.search_fetch([("barcode", "!=", False)], ["barcode"]):
                gtin = gtin_14(holder.barcode)
                prefix = gtin and prefixes._find(gtin)
                if prefix:
                    in_use.setdefault(gtin, (prefix, holder))
        return in_use

    @api.model
    def _get_taken(self, prefix):
        """Return ``{item reference: indicator digits}`` of all GTINs of a prefix."""
        self.flush_model(["name", "prefix_id", "item_reference"])
        taken = defaultdict(set)
        for reference, indicator in self.env.execute_query(
            SQL(
                "SELECT item_reference, left(name, 1) FROM serial_gtin "
                "WHERE prefix_id = %s",
                prefix.id,
            )
        ):
            taken[reference].add(indicator)
        return taken


class _Plan:
    """Answers wishes one after the other, each knowing what the ones before took."""

    def __init__(self, env, prefix):
        self.env = env
        self.prefix = prefix
        self.taken = env["serial.gtin"]._get_taken(prefix)
        self.free = allocation.free_references(
            prefix.name,
            # A view: what is taken on the way counts, too.
            self.taken.keys(),
            start=prefix.next_reference,
            foreign=prefix._get_foreign(),
        )
        self.items = {}

    def answer(self, wish):
        """Return the :data:`Answer` to a wish."""
        refusal = self._refuse(wish)
        if refusal:
            return Answer(wish, None, refusal)
        if wish.uom and not wish.own:
            return self._answer_level(wish)
        reference = next(self.free, None)
        if reference is None:
            return Answer(wish, None, self._say_used_up())
        if not wish.uom:
            self.items[wish.product] = reference
        return self._take(wish, reference, "0")

    def _take(self, wish, reference, indicator):
        self.taken[reference].add(indicator)
        gtin = allocation.build_gtin(self.prefix.name, reference, indicator)
        return Answer(wish, gtin, None)

    def _answer_level(self, wish):
        reference = self.items.get(wish.product)
        if reference is None:
            gtin = gtin_14(wish.product.barcode)
            refusal = self._refuse_level(wish, gtin)
            if refusal:
                return Answer(wish, None, refusal)
            reference = allocation.item_reference(gtin, self.prefix.name)
        for indicator in allocation.INDICATORS:
            if indicator not in self.taken[reference]:
                return self._take(wish, reference, indicator)
        return Answer(wish, None, self._say_no_indicator(wish))

    # ---- What speaks against a wish ----

    def _refuse(self, wish):
        """Return the sentence why a wish cannot be fulfilled, None where it can."""
        prefix, product = self.prefix, wish.product
        if not prefix.company_id:
            return prefix._say_of_partner()
        if product.company_id and product.company_id != prefix.company_id:
            return self._say_other_company(product)
        if not wish.uom and product.barcode:
            return self._say_has_barcode(product.display_name, product.barcode)
        packaging = product.product_uom_ids.filtered(
            lambda packaging: packaging.uom_id == wish.uom
        )
        if wish.uom and packaging:
            name = f"{product.display_name} ({wish.uom.name})"
            return self._say_has_barcode(name, packaging[0].barcode)
        return None

    def _refuse_level(self, wish, gtin):
        if not gtin:
            return self.env._(
                "%(product)s has no GTIN that its packaging %(packaging)s could share. "
                "Give it one first, or give the packaging a number of its own.",
                product=wish.product.display_name,
                packaging=wish.uom.name,
            )
        if self.env["serial.company.prefix"]._find(gtin) != self.prefix:
            return self.env._(
                "GTIN %(gtin)s of %(product)s is not of GS1 company prefix %(prefix)s. "
                "Whoever holds its prefix numbers its packagings.",
                gtin=gtin,
                product=wish.product.display_name,
                prefix=self.prefix.name,
            )
        return None

    def _say_other_company(self, product):
        return self.env._(
            "%(product)s belongs to %(company)s, and GS1 company prefix %(prefix)s is "
            "licensed to %(licensee)s. Choose a prefix of %(company)s.",
            product=product.display_name,
            company=product.company_id.display_name,
            prefix=self.prefix.name,
            licensee=self.prefix.licensee,
        )

    def _say_has_barcode(self, name, barcode):
        return self.env._(
            "%(product)s already has the barcode %(barcode)s. If that is wrong, empty "
            "it first.",
            product=name,
            barcode=barcode,
        )

    def _say_used_up(self):
        return self.env._(
            "GS1 company prefix %(prefix)s is used up: each of its %(capacity)s item "
            "references is or was in use. Choose another prefix, or have GS1 license "
            "one.",
            prefix=self.prefix.name,
            capacity=self.prefix.capacity,
        )

    def _say_no_indicator(self, wish):
        return self.env._(
            "All eight indicator digits of %(product)s are in use. Give its packaging "
            "%(packaging)s a number of its own.",
            product=wish.product.display_name,
            packaging=wish.uom.name,
        )
