from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL

from ..core.errors import RuleError
from ..core.recall import check_range
from .serial_recall_preview import LIVE

#: What a rule asks for; one without any of it would fit every unit.
_CRITERIA = (
    "product_ids",
    "batch_ids",
    "lot_ids",
    "number_ids",
    "serial_from",
    "serial_to",
    "production_from",
    "production_to",
    "supplier_id",
    "picking_ids",
    "location_id",
    "component_batch_ids",
    "component_lot_ids",
)


class SerialRecallScope(models.Model):
    """One rule of which units a recall is about: those to which all of it applies.

    A unit falls under the recall where any of its rules fits, now or whenever it comes.
    Quality managers write rules of a draft; later ones may only be added.
    """

    _name = "serial.recall.scope"
    _description = "Scope of a Recall"
    _order = "id"
    _check_company_auto = True

    recall_id = fields.Many2one(
        "serial.recall", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="recall_id.company_id", store=True)
    state = fields.Selection(related="recall_id.state")
    product_ids = fields.Many2many(
        "product.product",
        "serial_recall_scope_product_rel",
        "scope_id",
        "product_id",
        "Products",
        check_company=True,
        domain=[("tracking", "!=", "none")],
    )
    batch_ids = fields.Many2many(
        "serial.batch",
        "serial_recall_scope_batch_rel",
        "scope_id",
        "batch_id",
        "Batches",
        check_company=True,
    )
    lot_ids = fields.Many2many(
        "stock.lot",
        "serial_recall_scope_lot_rel",
        "scope_id",
        "lot_id",
        "Lots",
        check_company=True,
        help="Of products tracked by lots, the lot is the batch. A unit of one of the "
        "batches or of one of the lots fits.",
    )
    number_ids = fields.One2many("serial.recall.number", "scope_id", "Wanted Numbers")
    number_count = fields.Integer("Numbers", compute="_compute_number_count")
    wrong_count = fields.Integer("Not Read", compute="_compute_number_count")
    number_text = fields.Text(
        "Paste or Scan",
        help="One unit a line: serial, GS1 element string, Digital Link or EPC.",
    )
    number_file = fields.Binary(
        "File", attachment=False, help="Text or CSV, a unit a line"
    )
    serial_from = fields.Char(
        "From Serial",
        help="Numbers of the same length are compared character by character; of "
        "another length than these two, none is in the range.",
    )
    serial_to = fields.Char("To Serial")
    production_from = fields.Date("Produced From")
    production_to = fields.Date("Produced Until")
    supplier_id = fields.Many2one(
        "res.partner",
        index="btree_not_null",
        ondelete="restrict",
        help="Units received from this supplier or a contact of it, or of its batches",
    )
    picking_ids = fields.Many2many(
        "stock.picking",
        "serial_recall_scope_picking_rel",
        "scope_id",
        "picking_id",
        "Receipts",
        check_company=True,
        help="Units that these transfers brought",
    )
    location_id = fields.Many2one(
        "stock.location",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        help="Units that stand there or below",
    )
    component_batch_ids = fields.Many2many(
        "serial.batch",
        "serial_recall_scope_component_batch_rel",
        "scope_id",
        "batch_id",
        "Batches of a Component",
        check_company=True,
        help="Units into which a unit of these batches was built, at whatever level",
    )
    component_lot_ids = fields.Many2many(
        "stock.lot",
        "serial_recall_scope_component_lot_rel",
        "scope_id",
        "lot_id",
        "Components",
        check_company=True,
        help="Units into which one of these serials or lots was built, at whatever "
        "level",
    )

    @api.depends("number_ids.fault")
    def _compute_number_count(self):
        for scope in self:
            wrong = scope.number_ids.filtered("fault")
            scope.wrong_count = len(wrong)
            scope.number_count = len(scope.number_ids) - len(wrong)

    # ---- What must be right ----

    def _is_empty(self):
        """Return whether the rule asks for nothing, and so would fit all."""
        self.ensure_one()
        numbers = self.number_ids.filtered(lambda number: not number.fault)
        return not numbers and not any(
            self[name] for name in _CRITERIA if name != "number_ids"
        )

    def _check_usable(self):
        """Refuse rules that ask for nothing."""
        for scope in self:
            if scope._is_empty():
                raise UserError(
                    self.env._(
                        "A row of the scope of %(recall)s is empty and would fit "
                        "every unit. Fill it in or delete it.",
                        recall=scope.recall_id.display_name,
                    )
                )

    @api.constrains("serial_from", "serial_to")
    def _check_range(self):
        for scope in self:
            if not scope.serial_from and not scope.serial_to:
                continue
            try:
                check_range(scope.serial_from or "", scope.serial_to or "")
            except RuleError as error:
                raise ValidationError(scope._get_range_message(error)) from error

    def _get_range_message(self, error):
        ends = {"first": self.serial_from or "", "last": self.serial_to or ""}
        if error.code == "end_missing":
            return self.env._(
                "A range of serials has two ends. Enter the first and the last one."
            )
        if error.code == "length":
            return self.env._(
                "“%(first)s” and “%(last)s” differ in length, so no order of theirs is "
                "certain. Enter ends of one length, and one row for each length.",
                **ends,
            )
        return self.env._(
            "“%(first)s” comes after “%(last)s”. Exchange the two.", **ends
        )

    @api.constrains("production_from", "production_to")
    def _check_dates(self):
        for scope in self:
            first, last = scope.production_from, scope.production_to
            if first and last and first > last:
                raise ValidationError(
                    self.env._(
                        "The production dates from %(first)s to %(last)s stand the "
                        "wrong way round. Exchange the two.",
                        first=first,
                        last=last,
                    )
                )

    # ---- Writing ----

    @api.model_create_multi
    def create(self, vals_list):
        """Hold what a rule that is added to a live recall is about."""
        scopes = super().create(vals_list)
        for scope in scopes:
            if scope.number_text or scope.number_file:
                scope._read_numbers()
        for recall in scopes.recall_id.filtered(lambda each: each.state != "draft"):
            recall._check_quality_manager()
            if recall.state not in LIVE:
                recall._refuse_scope()
            rows = scopes.filtered(lambda row, recall=recall: row.recall_id == recall)
            rows._check_usable()
            recall._tell([("scope", None, row._get_summary()) for row in rows])
            self.env["serial.recall.locker"]._begin(recall)
        return scopes

    def write(self, vals):
        """Refuse to change what is being recalled already."""
        self._check_draft()
        result = super().write(vals)
        # Whoever saves a form with numbers in it means them to be read.
        for scope in self if vals.get("number_text") or vals.get("number_file") else ():
            scope.action_read()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_drafts_only(self):
        self._check_draft()

    def _check_draft(self):
        for recall in self.recall_id.filtered(lambda each: each.state != "draft"):
            recall._refuse_scope()

    # ---- Reading numbers ----

    def action_read(self):
        """Read the pasted text and the file, and add what they say to the numbers."""
        self.ensure_one()
        self.recall_id._check_quality_manager()
        self._check_draft()
        self._read_numbers()
        return True

    def _read_numbers(self):
        self.env["serial.recall.number"]._read_into(
            self, self.number_text or "", self.number_file
        )
        # Past the check of this model's own write: a rule that is added to a live
        # recall is read once, when it is made.
        return super().write(  # pylint: disable=super-method-mismatch
            {"number_text": False, "number_file": False}
        )

    # ---- The rule in words ----

    def _get_summary(self):
        """Return what the rule asks for in one line, for the ledger."""
        return "; ".join(f"{name}: {text}" for name, text in self._get_criteria_texts())

    def _get_criteria_texts(self):
        """Return ``[(field name, text)]`` of what the rule asks for; of many records
        the first five.
        """
        self.ensure_one()
        asked = []
        for name in _CRITERIA:
            value = self[name]
            if name == "number_ids":
                value = value.filtered(lambda number: not number.fault)
            if isinstance(value, models.BaseModel) and value:
                more = [f"+{len(value) - 5}"] if len(value) > 5 else []
                # Stands in for reading what a rule names that one may read.
                names = value[:5].sudo().mapped("display_name")
                value = ", ".join([*map(str, names), *more])
            if value:
                asked.append((name, str(value)))
        return asked

    @api.depends(*_CRITERIA)
    @api.depends_context("lang")
    def _compute_display_name(self):
        for scope in self:
            scope.display_name = " · ".join(
                f"{scope._fields[name]._description_string(self.env)}: {text}"
                for name, text in scope._get_criteria_texts()
            ) or self.env._("Empty row")

    # ---- As a condition ----

    def _get_component_query(self):
        """Return the SQL query of the ids of the rule's components."""
        return SQL(
            "SELECT component.id FROM stock_lot component "
            "WHERE component.id = ANY(%s) OR component.batch_id = ANY(%s)",
            self.component_lot_ids.ids,
            self.component_batch_ids.ids,
        )

    def _get_component_condition(self):
        """Return the SQL condition that one of the rule's components was built into the
        unit of the row ``lot``, at whatever level.
        """
        return SQL(
            """
            lot.id IN (
                WITH RECURSIVE built (lot_id, is_component) AS (
                    SELECT component.id, TRUE FROM (%(components)s) component
                    UNION
                    SELECT made.lot_id, FALSE FROM built
                    CROSS JOIN LATERAL (%(made)s) made
                )
                SELECT lot_id FROM built WHERE NOT is_component
            )
            """,
            components=self._get_component_query(),
            made=self._get_made_query(),
        )

    def _get_made_query(self, besides=()):
        """Return the SQL query of what the lot of the row ``built`` was built into.

        The ledger tells: what one document used up went into all that it made. A
        bridge adds what it knows better.

        :param besides: models of documents that the bridge speaks for.
        """
        return SQL(
            """
            SELECT made.lot_id
            FROM serial_event_line used
            JOIN serial_event use ON use.id = used.event_id
            JOIN serial_event making
                ON making.document_res_id = use.document_res_id
                AND making.document_model = use.document_model
            JOIN serial_event_line made ON made.event_id = making.id
            WHERE used.lot_id = built.lot_id
            AND use.document_model <> ALL(%(besides)s)
            AND use.company_id = %(company)s
            AND making.company_id = %(company)s
            AND made.lot_id IS NOT NULL
            AND (use.movement = 'consumption' OR used.role = 'input')
            AND (making.movement = 'production' OR made.role = 'output')
            AND NOT EXISTS (
                SELECT 1 FROM serial_event undone
                JOIN serial_event_line gone ON gone.event_id = undone.id
                WHERE undone.corrects_event_id = use.id
                AND undone.movement = 'undo_consumption'
                AND gone.lot_id = used.lot_id)
            """,
            besides=list(besides),
            company=self.recall_id.company_id.id,
        )
