from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL, ormcache

from ..core.errors import Gs1Error
from ..core.gs1 import allocation
from ..core.identity import SSCC_AI, package_sscc


class SerialCompanyPrefix(models.Model):
    """A GS1 Company Prefix that was licensed to one of our companies or to a partner.

    The one place that says where a GTIN is divided in an EPC; nothing is guessed for
    prefixes that are not here. Of a company's prefix GTINs and SSCCs are given,
    each once; those of a partner are only recognised. Administrators write prefixes,
    the counters move by giving numbers alone. A prefix of which a GTIN was given can
    be archived, never deleted.
    """

    _name = "serial.company.prefix"
    _description = "GS1 Company Prefix"
    _order = "sequence, id"

    name = fields.Char("GS1 Company Prefix", required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        index=True,
        ondelete="restrict",
        default=lambda self: self.env.company,
        help="Whose GTINs and SSCCs are given of it. Empty for a partner's prefix.",
    )
    partner_id = fields.Many2one(
        "res.partner",
        index="btree_not_null",
        ondelete="restrict",
        help="Another company that GS1 licensed the prefix to. EPCs of its goods are "
        "derived, GTINs are not given.",
    )
    licensee = fields.Char("Licensed To", compute="_compute_licensee")
    gtin_ids = fields.One2many("serial.gtin", "prefix_id", "GTINs", readonly=True)
    capacity = fields.Integer(
        compute="_compute_usage",
        help="How many item references the prefix leaves room for.",
    )
    used_count = fields.Integer("Used", compute="_compute_usage")
    free_count = fields.Integer("Free", compute="_compute_usage")
    next_reference = fields.Integer(
        "Next Item Reference",
        default=0,
        help="Where the search for a free item reference begins. What is or was in "
        "use is skipped.",
    )
    sscc_extension = fields.Integer(
        "SSCC Extension Digit",
        default=0,
        help="First digit of the next SSCC, 0 to 9; it moves on by itself where the "
        "serial references of one digit are used up.",
    )
    next_sscc_reference = fields.Integer(
        "Next SSCC Reference",
        default=0,
        help="Serial reference of the next SSCC. It can only be raised: no SSCC is "
        "given twice.",
    )

    _name_unique = models.Constraint(
        "UNIQUE (name)",
        "This GS1 company prefix is entered already. Look it up in the list of "
        "prefixes and change it there.",
    )
    _one_licensee = models.Constraint(
        "CHECK ((company_id IS NULL) <> (partner_id IS NULL))",
        "A GS1 company prefix is licensed either to one of your companies or to a "
        "partner. Enter one of the two.",
    )

    @api.depends("company_id", "partner_id")
    def _compute_licensee(self):
        for prefix in self:
            prefix.licensee = (prefix.company_id or prefix.partner_id).display_name

    @api.depends("name", "gtin_ids.item_reference")
    def _compute_usage(self):
        counts = dict(
            self.env["serial.gtin"]._read_group(
                [("prefix_id", "in", self.ids)],
                ["prefix_id"],
                ["item_reference:count_distinct"],
            )
        )
        for prefix in self:
            number = prefix.name or ""
            room = allocation.capacity(number, prefix._get_foreign()) if number else 0
            prefix.capacity = room
            prefix.used_count = counts.get(prefix._origin, 0)
            prefix.free_count = room - prefix.used_count

    # ---- Entering prefixes ----

    @api.onchange("partner_id")
    def _onchange_partner_id(self):
        if self.partner_id:
            self.company_id = False

    @api.onchange("company_id")
    def _onchange_company_id(self):
        if self.company_id:
            self.partner_id = False

    @api.constrains("name")
    def _check_name(self):
        for prefix in self:
            try:
                allocation.check_company_prefix(prefix.name)
            except Gs1Error as error:
                raise ValidationError(
                    self.env._(
                        "GS1 company prefix %(prefix)s of %(licensee)s is not made of "
                        "4 to 12 digits. Enter it as it stands in the GS1 licence.",
                        prefix=prefix.name,
                        licensee=prefix.licensee,
                    )
                ) from error

    @api.constrains("next_reference", "sscc_extension", "next_sscc_reference")
    def _check_counters(self):
        for prefix in self:
            if (
                min(prefix.next_reference, prefix.next_sscc_reference) < 0
                or not 0 <= prefix.sscc_extension <= 10
            ):
                raise ValidationError(
                    self.env._(
                        "The next numbers of GS1 company prefix %(prefix)s cannot be "
                        "negative, and an extension digit is one from 0 to 9.",
                        prefix=prefix.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        """Find the GTINs that products already have of the new prefixes."""
        prefixes = super().create([self._clean(vals) for vals in vals_list])
        prefixes._renew()
        return prefixes

    def write(self, vals):
        """Keep what was given: neither prefix nor licensee of it change any more."""
        vals = self._clean(vals)
        self._check_given_untouched(vals)
        self._check_counter_raised(vals)
        result = super().write(vals)
        if not vals.keys().isdisjoint({"name", "active", "company_id", "partner_id"}):
            self._renew()
        return result

    @api.model
    def _clean(self, vals):
        """Return ``vals`` with a prefix as it is compared: no blanks around it."""
        name = vals.get("name")
        return {**vals, "name": name.strip()} if isinstance(name, str) else vals

    def _check_given_untouched(self, vals):
        changed = self.filtered(
            lambda prefix: (
                vals.get("name", prefix.name) != prefix.name
                or vals.get("company_id", prefix.company_id.id) != prefix.company_id.id
            )
        )
        given = changed._filter_given()
        if given:
            raise UserError(
                self.env._(
                    "GTINs were given of GS1 company prefix %(prefix)s: neither its "
                    "digits nor its company can be changed. Archive it and enter "
                    "another one.",
                    prefix=given[0].name,
                )
            )

    def _check_counter_raised(self, vals):
        if vals.keys().isdisjoint({"sscc_extension", "next_sscc_reference"}):
            return
        for prefix in self:
            old = (prefix.sscc_extension, prefix.next_sscc_reference)
            new = (
                vals.get("sscc_extension", old[0]),
                vals.get("next_sscc_reference", old[1]),
            )
            if new < old:
                raise UserError(
                    self.env._(
                        "The next SSCC of GS1 company prefix %(prefix)s cannot be "
                        "lowered: SSCCs would be given twice.",
                        prefix=prefix.name,
                    )
                )

    def _filter_given(self):
        """Return those prefixes of which a GTIN or an SSCC was given."""
        # Stands in for reading what was given for a product of another company.
        groups = (
            self.env["serial.gtin"]
            .sudo()
            ._read_group(
                [("prefix_id", "in", self.ids), ("origin", "=", "given")], ["prefix_id"]
            )
        )
        with_gtin = self.browse(prefix.id for (prefix,) in groups)
        return with_gtin | self.filtered(
            lambda prefix: prefix.sscc_extension or prefix.next_sscc_reference
        )

    def _renew(self):
        """Forget which prefixes are known, and sort the GTINs in use anew."""
        self.env.registry.clear_cache()
        self.env["stock.lot"].invalidate_model(["epc_uri"], flush=False)
        self.invalidate_model(["capacity", "free_count"], flush=False)
        self.env["serial.gtin"]._sort_in()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_given(self):
        given = self._filter_given()
        if given:
            raise UserError(
                self.env._(
                    "Numbers were given of GS1 company prefix %(prefix)s, and which "
                    "ones must stay known. Archive it instead.",
                    prefix=given[0].name,
                )
            )

    def unlink(self):
        """Let GTINs that products only happened to have go with the prefix."""
        # Stands in for the right to delete rows, which nobody has.
        rows = self.sudo().gtin_ids
        rows.filtered(lambda row: row.origin == "found").unlink()
        result = super().unlink()
        self._renew()
        return result

    # ---- Knowing prefixes ----

    @api.model
    @ormcache()
    def _get_known(self):
        """Return ``{prefix: id}`` of all prefixes in use, of all companies.

        How long a licensed prefix is, is no secret of its holder.
        """
        # Stands in for reading the prefixes of other companies, see above.
        return {
            prefix.name: prefix.id
            for prefix in self.sudo()
            .with_context(active_test=True)
            .search_fetch([], ["name"])
        }

    @api.model
    def _match(self, gtin):
        """Return the digits of the prefix that a GTIN of 14 digits was made from.

        The longest one that fits; None where none is known.
        """
        return allocation.longest_prefix(gtin, self._get_known())

    @api.model
    def _find(self, gtin):
        """Return the prefix that a GTIN of 14 digits was made from, see ``_match``."""
        found = self._match(gtin)
        return self.browse(self._get_known()[found] if found else ())

    def _get_foreign(self):
        """Return the item references of this prefix that longer prefixes hold."""
        self.ensure_one()
        return allocation.foreign_ranges(self.name, self._get_known())

    @api.model
    def _get_default(self, company):
        """Return the prefix of which ``company`` gives numbers unless told otherwise.

        :raises UserError: where it has none.
        """
        prefix = self.search([("company_id", "=", company.id)], limit=1)
        if not prefix:
            raise UserError(
                self.env._(
                    "%(company)s has no GS1 company prefix. Let an administrator "
                    "enter the one that GS1 licensed to it (Serial Traceability ‣ "
                    "Configuration ‣ GS1 Company Prefixes).",
                    company=company.display_name,
                )
            )
        return prefix

    # ---- Giving GTINs ----

    @api.model
    def _check_administrator(self):
        """Refuse who may not give GTINs."""
        if not self.env.su and not self.env.user.has_group(
            "serial_traceability.group_serial_administrator"
        ):
            raise AccessError(
                self.env._(
                    "Only administrators of Serial Traceability may give GTINs. Ask "
                    "one of them."
                )
            )

    def allocate(self, product_ids):
        """Give products the next free GTINs of this prefix as their barcodes.

        :param product_ids: ids of ``product.product``, none with a barcode.
        :return: ``{product id: barcode}``.
        :raises AccessError: where the user is no administrator.
        :raises UserError: where a product has a barcode or belongs to another
            company, or the prefix is a partner's or used up.
        """
        self._check_administrator()
        self.ensure_one()
        self.check_access("read")
        products = self.env["product.product"].browse(product_ids)
        products.check_access("read")
        wishes = [self.env["serial.gtin"]._wish(product) for product in products]
        given = self._give(wishes)
        return {
            product.id: row.barcode
            for product, row in zip(products, given, strict=True)
        }

    def _give(self, wishes):
        """Give each of ``wishes`` its GTIN; see ``serial.gtin``.

        :return: rows of ``serial.gtin`` in the order of the wishes.
        :raises UserError: where one cannot be fulfilled; then none is.
        """
        self._lock()
        answers = self.env["serial.gtin"]._plan(self, wishes)
        refusals = [answer.refusal for answer in answers if answer.refusal]
        if refusals:
            raise UserError("\n".join(refusals[:10]))
        rows = self.env["serial.gtin"]._keep(self, answers)
        items = [row.item_reference for row in rows if row.is_item]
        if items:
            # Stands in for the right to move the counter, which nobody has.
            self.sudo().next_reference = items[-1] + 1
        return rows

    def _lock(self):
        """Make whoever else gives numbers of this prefix wait, and look again.

        Writing the row, not only locking it: who waited fails with a serialization
        error, is run again by Odoo and sees what we took.
        """
        self.flush_recordset()
        self.env.cr.execute(
            SQL(
                "UPDATE serial_company_prefix SET write_date = %s WHERE id = %s",
                self.env.cr.now(),
                self.id,
            )
        )
        self.invalidate_recordset()

    # ---- Giving SSCCs ----

    def _take_ssccs(self, count):
        """Return ``count`` SSCCs that were never given, as text of 18 digits.

        :raises UserError: where the prefix is a partner's or has too few left.
        """
        self.ensure_one()
        self._lock()
        if not self.company_id:
            raise UserError(self._say_of_partner())
        taken, place = [], (self.sscc_extension, self.next_sscc_reference)
        numbers = allocation.sscc_numbers(self.name, *place)
        while len(taken) < count:
            chunk = []
            for extension, reference, sscc in numbers:
                place = (extension, reference)
                chunk.append(sscc)
                if len(chunk) == count - len(taken):
                    break
            if not chunk:
                raise UserError(self._say_no_sscc(count))
            taken += self._drop_used(chunk)
        # Stands in for the right to move the counter, which nobody has.
        self.sudo().write(dict(zip(_SSCC_COUNTER, place, strict=True)))
        return taken

    @api.model
    def _drop_used(self, ssccs):
        """Return those SSCCs that no package bears, entered by hand or imported,
        perhaps with their application identifier.
        """
        # Stands in for seeing that another company's package bears the number.
        packages = self.env["stock.package"].sudo()
        names = [*ssccs, *(f"{SSCC_AI}{sscc}" for sscc in ssccs)]
        bearing = packages.search_fetch([("name", "in", names)], ["name"])
        used = {package_sscc(package.name) for package in bearing}
        return [sscc for sscc in ssccs if sscc not in used]

    def _say_no_sscc(self, count):
        return self.env._(
            "GS1 company prefix %(prefix)s has fewer than %(count)s SSCCs left. "
            "Enter another prefix and let it come first.",
            prefix=self.name,
            count=count,
        )

    def _say_of_partner(self):
        return self.env._(
            "GS1 company prefix %(prefix)s is licensed to %(partner)s, who alone may "
            "give numbers of it. Choose a prefix of your own company.",
            prefix=self.name,
            partner=self.partner_id.display_name,
        )

    # ---- Seeing it ----

    def action_open_gtins(self):
        """Open the list of the prefix's GTINs."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "serial_traceability.serial_gtin_action"
        )
        action["domain"] = Domain("prefix_id", "=", self.id)
        action["name"] = self.env._("GTINs of %(prefix)s", prefix=self.name)
        return action


_SSCC_COUNTER = ("sscc_extension", "next_sscc_reference")
