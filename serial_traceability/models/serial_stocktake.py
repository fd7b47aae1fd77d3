from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import SQL

from ..core import stocktake as rules
from ..core.movement import HELD

#: How many places an error names.
_NAMED = 10


class SerialStocktake(models.Model):
    """One product being brought over to tracking by unique serial number, with the
    goods that it has in stock.

    A quality manager opens it; operators collect numbers place by place while the
    product goes on being bought, moved and sold untracked; they may stop and go on as
    they like. In the end a quality manager switches: in one transaction each unit gets
    one of the numbers collected where it stands, and the product is tracked from then
    on. Quantities, reservations and value stay as they are. A done stocktake never
    changes.
    """

    _name = "serial.stocktake"
    _description = "Stocktake of Serials"
    _inherit = ["serial.steps", "mail.thread"]
    _order = "id desc"
    _rec_name = "product_tmpl_id"
    _beginning = {"state": "draft", "switch_time": False}
    _following = frozenset({"company_id"})

    product_tmpl_id = fields.Many2one(
        "product.template",
        "Product",
        required=True,
        index=True,
        ondelete="restrict",
        domain="[('is_storable', '=', True), ('tracking', '!=', 'lot')]",
        help="All its variants are brought over together, as Odoo tracks them alike.",
    )
    company_id = fields.Many2one(
        related="product_tmpl_id.company_id", store=True, index=True
    )
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("collecting", "Collecting"),
            ("done", "Done"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        readonly=True,
        default="draft",
        copy=False,
        tracking=True,
    )
    line_ids = fields.One2many("serial.stocktake.line", "stocktake_id", "Places")
    number_ids = fields.One2many("serial.stocktake.number", "stocktake_id")
    switch_time = fields.Datetime("Switched On", readonly=True, copy=False)
    quantity = fields.Float("Units", compute="_compute_progress")
    number_count = fields.Integer("Numbers Collected", compute="_compute_progress")
    missing_count = fields.Integer("Numbers Missing", compute="_compute_progress")
    progress = fields.Float(compute="_compute_progress")
    can_collect = fields.Boolean(compute="_compute_can_collect")

    _open_unique = models.UniqueIndex(
        "(product_tmpl_id) WHERE state IN ('draft', 'collecting')",
        "A stocktake of this product is already open. Go on with that one.",
    )

    @api.depends("line_ids.quantity", "line_ids.number_count")
    def _compute_progress(self):
        for stocktake in self:
            lines = stocktake.line_ids
            stocktake.quantity = sum(lines.mapped("quantity"))
            stocktake.number_count = sum(lines.mapped("number_count"))
            missing = (line.quantity - line.number_count for line in lines)
            stocktake.missing_count = int(sum(each for each in missing if each > 0))
            stocktake.progress = (
                100 * (1 - stocktake.missing_count / stocktake.quantity)
                if stocktake.quantity > 0
                else 100
            )

    @api.depends("state")
    @api.depends_context("uid")
    def _compute_can_collect(self):
        allowed = self.env.user.has_group("serial_traceability.group_serial_operator")
        for stocktake in self:
            stocktake.can_collect = allowed and stocktake.state == "collecting"

    @api.constrains("product_tmpl_id")
    def _check_product(self):
        for product in self.product_tmpl_id:
            if not product.is_storable or product.tracking == "lot":
                raise ValidationError(
                    self.env._(
                        "%(product)s cannot get serials by a stocktake: it has no "
                        "stock, or is tracked by lots. Choose a product with "
                        "untracked stock.",
                        product=product.display_name,
                    )
                )

    def write(self, vals):
        """Refuse to change the product on the way."""
        begun = self.filtered(lambda stocktake: stocktake.state != "draft")
        if begun and "product_tmpl_id" in vals:
            raise UserError(
                self.env._(
                    "The stocktake of %(product)s has begun, so its product cannot "
                    "change. Cancel it and begin another one.",
                    product=begun[0].product_tmpl_id.display_name,
                )
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_begun(self):
        begun = self.filtered(lambda stocktake: stocktake.state != "draft")
        if begun:
            raise UserError(
                self.env._(
                    "The stocktake of %(product)s has begun and cannot be deleted. "
                    "Cancel it instead.",
                    product=begun[0].product_tmpl_id.display_name,
                )
            )

    # ---- Rights ----

    @api.model
    def _check_manager(self):
        """Refuse who may not open, switch or cancel a stocktake."""
        if not self.env.su and not self.env.user.has_group(
            "serial_traceability.group_serial_quality_manager"
        ):
            raise AccessError(
                self.env._(
                    "Only a quality manager may bring a product over to serials. Ask "
                    "one to do it."
                )
            )

    def _ensure_collecting(self):
        """Refuse to go on with a stocktake that is not being worked on."""
        self.ensure_one()
        self.check_access("read")
        if self.state != "collecting":
            raise UserError(
                self.env._(
                    "Numbers of %(product)s can be collected only while its stocktake "
                    "is open. Start it, or begin a new one.",
                    product=self.product_tmpl_id.display_name,
                )
            )

    def _keep_open(self):
        """Keep stocktakes from being switched or cancelled while numbers are written.

        Whoever is doing that is waited for; the caller then fails with a
        serialization error, is run again by Odoo and is told that the stocktake is
        over. Those who write numbers do not wait for each other.
        """
        self.flush_recordset(["state"])
        self.env.cr.execute(
            SQL(
                "SELECT id FROM serial_stocktake WHERE id = ANY(%s) ORDER BY id "
                "FOR SHARE",
                list(self.ids),
            )
        )

    # ---- Life ----

    def action_start(self):
        """List the places where the product stands, and let numbers be collected.

        :raises AccessError: where the user is not a quality manager.
        :raises UserError: where it has been started before.
        """
        self._check_manager()
        self.check_access("write")
        for stocktake in self:
            if stocktake.state != "draft":
                raise UserError(
                    self.env._(
                        "The stocktake of %(product)s has been started already.",
                        product=stocktake.product_tmpl_id.display_name,
                    )
                )
            stocktake._note({"state": "collecting"})
            stocktake._list_places()

    def action_compare(self):
        """Bring the list of places up to what is in stock now.

        Goods that were moved since are found where they are; numbers stay where they
        were collected until they are scanned anew.
        """
        self.env["serial.resolver"]._check_operator()
        self._ensure_collecting()
        self._list_places()

    def action_cancel(self):
        """Give up: the product stays untracked, the numbers are kept for reading."""
        self._check_manager()
        self.check_access("write")
        for stocktake in self:
            if stocktake.state == "done":
                raise UserError(
                    self.env._(
                        "The stocktake of %(product)s is done: its units bear their "
                        "numbers. It cannot be cancelled.",
                        product=stocktake.product_tmpl_id.display_name,
                    )
                )
        self._note({"state": "cancelled"})
        # Another one of the product may begin at once.
        self.flush_recordset(["state"])

    def action_switch(self):
        """Give each unit its number and track the product by serial from now on.

        All of it happens in one transaction, or nothing. Whoever moves the product
        at this moment is waited for, or waits.

        :raises AccessError: where the user is not a quality manager.
        :raises UserError: where numbers and goods do not fit each other; names where.
        """
        self._check_manager()
        self._ensure_collecting()
        self.check_access("write")
        assignment = self.env["serial.assignment"]
        assignment._lock(self)
        self._check_ready()
        lots = assignment._assign(self)
        self._note({"state": "done", "switch_time": fields.Datetime.now()})
        self.message_post(
            body=self.env._(
                "%(count)s units have their numbers; %(product)s is tracked by unique "
                "serial number from now on.",
                count=len(lots),
                product=self.product_tmpl_id.display_name,
            )
        )

    @api.model
    def _is_open_for(self, product):
        """Return whether numbers of a product are being collected."""
        return bool(
            self.search_count(
                [
                    ("product_tmpl_id", "=", product.product_tmpl_id.id),
                    ("state", "=", "collecting"),
                ],
                limit=1,
            )
        )

    # ---- Places ----

    def _get_stock(self):
        """Return ``{(product, location, package, owner ids): (quantity, reserved,
        whether a count is entered)}`` of the untracked stock, of all companies.

        Constant queries.
        """
        # Stands in for seeing the stock of all companies that share the product:
        # it can be brought over only as a whole. What is told of it is checked where
        # it is told.
        groups = (
            self.env["stock.quant"]
            .sudo()
            ._read_group(
                [
                    ("product_id.product_tmpl_id", "in", self.product_tmpl_id.ids),
                    ("lot_id", "=", False),
                    ("location_id.usage", "in", tuple(HELD)),
                ],
                ["product_id", "location_id", "package_id", "owner_id"],
                [
                    "quantity:sum",
                    "reserved_quantity:sum",
                    "inventory_quantity_set:bool_or",
                ],
            )
        )
        return {
            tuple(record.id for record in key): (quantity, reserved, bool(counting))
            for *key, quantity, reserved, counting in groups
            if quantity or reserved
        }

    def _list_places(self):
        """Add the places where there is stock and that are not listed yet; drop those
        where nothing is left and nothing was collected.
        """
        self.ensure_one()
        stock = self._get_stock()
        # Stands in for writing the list, which nobody may by hand, also for places
        # of other companies: each sees its own.
        lines = self.sudo().with_context(active_test=False).line_ids
        listed = {line._get_place_key(): line for line in lines}
        idle = (line.id for key, line in listed.items() if key not in stock)
        lines.browse(idle).filtered(lambda line: not line.number_ids).unlink()
        lines.create(
            [
                {
                    "stocktake_id": self.id,
                    "product_id": product_id,
                    "location_id": location_id,
                    "package_id": package_id,
                    "owner_id": owner_id,
                }
                for product_id, location_id, package_id, owner_id in stock
                if (product_id, location_id, package_id, owner_id) not in listed
            ]
        )
        self.invalidate_recordset(["line_ids"])

    # ---- What keeps it from being switched ----

    def _check_ready(self):
        """Refuse to switch where goods and numbers do not fit, naming all places."""
        faults = self._get_faults()
        if not faults:
            return
        if len(faults) > _NAMED:
            more = self.env._("… and %(count)s more.", count=len(faults) - _NAMED)
            faults = [*faults[:_NAMED], more]
        raise UserError(
            self.env._(
                "%(product)s cannot be switched to serials yet. Nothing was changed:\n"
                "%(faults)s",
                product=self.product_tmpl_id.display_name,
                faults="\n".join(faults),
            )
        )

    def _get_faults(self):
        """Return a sentence for each place and transfer that does not fit."""
        assignment = self.env["serial.assignment"]
        stock = self._get_stock()
        on_lines = assignment._get_reserved(self)
        # Stands in for seeing the list of all companies, as in _get_stock.
        lines = self.sudo().line_ids
        listed = {line._get_place_key(): line for line in lines}
        faults = [self._get_unlisted_fault(key) for key in stock if key not in listed]
        for key, line in listed.items():
            quantity, reserved, counting = stock.get(key, (0.0, 0.0, False))
            place = rules.Place(
                quantity=quantity,
                numbers=line.number_count,
                reserved=reserved,
                on_lines=on_lines.get(key, 0.0),
                counting=counting,
            )
            problem = rules.find_problem(place)
            if problem:
                faults.append(line._get_fault(problem, place))
        return faults + assignment._get_transfer_faults(self)

    def _get_unlisted_fault(self, key):
        """Return the sentence for goods that arrived where none were."""
        _product, location_id, _package, _owner = key
        # Stands in for reading the place's name, which _place_name shows only to
        # users of its company.
        location = self.env["stock.location"].sudo().browse(location_id)
        return self.env._(
            "%(place)s: goods were moved there meanwhile. Compare with the stock, then "
            "collect their numbers.",
            place=self.env["serial.stocktake.line"]._place_name(location),
        )

    # ---- Moves of the product meanwhile ----

    @api.model
    def _hold_off(self, templates):
        """Keep products that are about to be moved from being switched meanwhile.

        A switch in progress is waited for; the caller then fails with a serialization
        error, is run again by Odoo and finds the product tracked. ``KEY SHARE``: those
        who move do not wait for each other.

        :param templates: untracked products.
        """
        if not templates:
            return
        self.flush_model(["state", "product_tmpl_id"])
        self.env.cr.execute(
            SQL(
                "SELECT id FROM serial_stocktake WHERE product_tmpl_id = ANY(%s) "
                "AND state = 'collecting' FOR KEY SHARE",
                list(templates.ids),
            )
        )
