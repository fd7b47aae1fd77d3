import logging
import time

from odoo import api, fields, models
from odoo.exceptions import AccessError, ConcurrencyError, UserError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from psycopg2.errors import UniqueViolation

from .. import name_index
from ..core import identity, numbering

_logger = logging.getLogger(__name__)

#: Numbers made and committed at once; bounds memory, and how long somebody waits who
#: issues from the same gap-free count.
PIECE_SIZE = 10_000
#: What is issued at once, in the user's own request; more is a job in the background.
AT_ONCE = 5000
#: The most that one run issues.
MOST = 1_000_000
#: What nobody changes once the run has begun.
_ASKED_FIELDS = frozenset(
    {
        "product_id",
        "batch_id",
        "scheme_id",
        "company_id",
        "quantity",
        "commission",
        "move_id",
        "reference",
    }
)


class SerialIssue(models.Model):
    """One run of issuing: so many numbers of a scheme for a product and batch.

    Operators start one; a small one is done at once, a large one by a scheduled
    action, piece by piece, each committed with how far it came. It can be stopped and
    continued, and a crash loses one piece at most, which is made anew: no number comes
    twice. A run that issued something is never deleted.
    """

    _name = "serial.issue"
    _description = "Issue of Serial Numbers"
    _inherit = ["serial.job", "serial.steps"]
    _order = "id desc"
    _check_company_auto = True
    _beginning = {
        "state": "draft",
        "done_count": 0,
        "work_seconds": 0,
        "message": False,
        "block_id": False,
    }

    name = fields.Char(compute="_compute_name")
    product_id = fields.Many2one(
        "product.product",
        required=True,
        index=True,
        check_company=True,
        ondelete="restrict",
        domain=[("tracking", "=", "serial")],
    )
    batch_id = fields.Many2one(
        "serial.batch",
        index="btree_not_null",
        check_company=True,
        ondelete="restrict",
        domain="[('product_id', '=', product_id)]",
    )
    scheme_id = fields.Many2one(
        "serial.scheme",
        compute="_compute_scheme_id",
        store=True,
        readonly=False,
        required=True,
        index=True,
        precompute=True,
        check_company=True,
        ondelete="restrict",
        help="Taken from the product's policy.",
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
        ondelete="restrict",
    )
    quantity = fields.Integer("How Many", default=1, required=True)
    commission = fields.Boolean(
        "Create the Serials",
        default=True,
        help="The units exist: create their serials and write them on the ledger as "
        "commissioned. Else the numbers are set aside until the units are there.",
    )
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("running", "Running"),
            ("stopped", "Stopped"),
            ("done", "Done"),
        ],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
    )
    done_count = fields.Integer("Issued", readonly=True, copy=False)
    work_seconds = fields.Float(readonly=True, copy=False)
    message = fields.Char("Why It Stopped", readonly=True, copy=False)
    percent = fields.Float(compute="_compute_progress")
    minutes_left = fields.Integer(compute="_compute_progress")
    sample = fields.Char("Looks Like", compute="_compute_outlook")
    taken = fields.Char("Issued Before", compute="_compute_outlook")
    left = fields.Char("May Still Be Issued", compute="_compute_outlook")
    guess_now = fields.Char("Guessed Now", compute="_compute_outlook")
    guess_after = fields.Char("Guessed Afterwards", compute="_compute_outlook")
    refusal = fields.Char(compute="_compute_outlook")
    move_id = fields.Many2one(
        "stock.move",
        "Move of the Receipt",
        readonly=True,
        check_company=True,
        ondelete="set null",
        index="btree_not_null",
        help="The units that are numbered come, or came, with this move.",
    )
    reference = fields.Char(
        copy=False,
        help="What the program that asked for the numbers calls its order. Asked for "
        "again under the same reference, these numbers are the answer.",
    )
    picking_id = fields.Many2one(related="move_id.picking_id", string="For Receipt")
    number_ids = fields.One2many("serial.number", "issue_id", "Numbers", readonly=True)
    block_id = fields.Many2one(
        "serial.block",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        help="Who was given the numbers, where somebody else puts them on units.",
    )

    _state_idx = models.Index("(state) WHERE state = 'running'")
    _reference_unique = models.UniqueIndex(
        "(company_id, reference) WHERE reference IS NOT NULL",
        "Numbers were issued under this reference already.",
    )

    @api.depends("product_id", "quantity")
    def _compute_name(self):
        for issue in self:
            if not issue.product_id:
                issue.name = self.env._("New")
                continue
            issue.name = self.env._(
                "%(quantity)s of %(product)s",
                quantity=issue.scheme_id._format_count(issue.quantity),
                product=issue.product_id.display_name or "",
            )

    @api.depends("product_id")
    def _compute_scheme_id(self):
        for issue in self:
            template = issue.product_id.product_tmpl_id
            policy = template and template._get_serial_policy()
            issue.scheme_id = (policy and policy.scheme_id) or issue.scheme_id

    @api.depends("quantity", "done_count", "work_seconds", "state")
    def _compute_progress(self):
        for issue in self:
            done, total = issue.done_count, max(issue.quantity, 1)
            issue.percent = 100 * done / total
            rate = done / issue.work_seconds if issue.work_seconds else 0
            issue.minutes_left = -(-(total - done) // (60 * rate)) if rate else 0

    @api.depends(
        "product_id", "batch_id", "scheme_id", "quantity", "done_count", "company_id"
    )
    @api.depends_context("lang")
    def _compute_outlook(self):
        """Say how many numbers are left, and how likely one is guessed."""
        for issue in self:
            issue.taken = issue.left = issue.guess_now = issue.guess_after = False
            issue.refusal = issue.sample = False
            if not issue.product_id or not issue.scheme_id:
                continue
            try:
                issue._set_outlook()
            except numbering.NumberingError as error:
                issue.refusal = issue.scheme_id._get_message(error)

    def _set_outlook(self):
        scheme = self.scheme_id
        rules, parts = scheme._get_rules(), self._get_parts()
        space, capacity = (
            numbering.space(rules, parts),
            numbering.capacity(rules, parts),
        )
        taken = self._count_taken()
        self.sample = scheme._get_sample(rules, parts, taken)
        wanted = max(0, self.quantity - self.done_count)
        self.taken = scheme._format_count(taken)
        self.left = scheme._format_count(max(0, capacity - taken))
        if rules.kind == "random":
            self.guess_now = self._get_guess_text(taken, space)
            self.guess_after = self._get_guess_text(taken + wanted, space)
        self.refusal = self._get_refusal(wanted, capacity - taken)

    def _get_guess_text(self, issued, space):
        """Return how likely a number made up is one that was issued."""
        if not issued:
            return self.env._("never")
        return self.env._(
            "1 in %(many)s", many=self.scheme_id._format_count(space // issued)
        )

    def _count_taken(self):
        """Return how many numbers the same count has given so far; of drawn ones, how
        many there are that somebody could hit who makes one up.
        """
        # Stands in for reading a count, which says no more than what may be issued.
        counters = self.env["serial.counter"].sudo()
        key = self._get_counter_key()
        counter = counters.search(
            [(name, "=", value or False) for name, value in key.items()]
        )
        taken = counter._get_taken() if counter else 0
        return taken + counters._count_alike(key)

    def _get_parts(self):
        """Return what prefix and suffix of the run's numbers name, today."""
        return self.scheme_id._get_parts(self.batch_id, self.company_id)

    def _get_counter_key(self):
        return self.scheme_id._get_counter_key(
            self.product_id._origin, self.batch_id._origin, self.company_id._origin
        )

    # ---- Starting and stopping ----

    @api.model
    def issue(
        self,
        product_id,
        quantity,
        batch_id=False,
        scheme_id=False,
        commission=True,
        reference=False,
    ):
        """Issue serial numbers for a product.

        :param product_id: id of a product tracked by serial number.
        :param quantity: how many, 1 to 1,000,000.
        :param batch_id: id of the production batch, False for none.
        :param scheme_id: id of the scheme, False for that of the product's policy.
        :param commission: whether to create the serials; else the numbers are only
            set aside.
        :param reference: what the caller calls this order, each in its company once:
            a call that is repeated, because no answer came, issues nothing and gets
            the answer that was missed.
        :return: ``{"issue_id": id, "state": "done" or "running", "numbers": [...]}``;
            a run of more than 5,000 goes on in the background, and its numbers are
            read from ``serial.number`` once its state is ``done``.
        :raises AccessError: where the user is not an operator.
        :raises UserError: where the scheme, product, batch or quantity do not allow
            it, or something else was issued under the reference.
        """
        self._check_operator()
        values = {
            "product_id": product_id,
            "quantity": quantity,
            "batch_id": batch_id,
            "commission": commission,
        }
        if scheme_id:
            values["scheme_id"] = scheme_id
        if reference:
            values["reference"] = reference
        self._check_known(values)
        run = self._find_repeated(values)
        if not run:
            self._check_scheme_known(values)
            run = self._create_once(values)
            run.action_start()
        numbers = run._get_numbers() if run.state == "done" else []
        return {"issue_id": run.id, "state": run.state, "numbers": numbers}

    @api.model
    def _find_repeated(self, values):
        """Return the run that was asked for before under the same reference.

        :raises UserError: where something else was.
        """
        reference = values.get("reference")
        if not reference:
            return self.browse()
        if not isinstance(reference, str) or not reference.strip():
            raise UserError(
                self.env._(
                    "%(reference)s is no reference. Give a text, such as the number "
                    "of your order.",
                    reference=reference,
                )
            )
        run = self.search(
            [("company_id", "=", self.env.company.id), ("reference", "=", reference)]
        )
        if not run:
            return run
        [known] = run.read(list(values), load="")
        if any(known[name] != (value or False) for name, value in values.items()):
            raise UserError(
                self.env._(
                    "Reference %(reference)s stands for %(run)s already, which is "
                    "something else than was asked for now. Give another reference.",
                    reference=reference,
                    run=run.name,
                )
            )
        return run

    @api.model
    def _create_once(self, values):
        """Create the run of a call.

        :raises ConcurrencyError: where the same call is being answered at the same
            moment: Odoo runs this one again, which then finds that one's run.
        """
        try:
            with self.env.cr.savepoint():
                run = self.create(values)
                run.flush_recordset()
                return run
        except UniqueViolation as error:
            raise ConcurrencyError(
                self.env._(
                    "Numbers are being issued under reference %(reference)s at this "
                    "moment. Ask again.",
                    reference=values.get("reference"),
                )
            ) from error

    @api.model
    def _check_known(self, values):
        """Refuse ids under which there is nothing."""
        for name in ("product_id", "batch_id", "scheme_id"):
            record_id, field = values.get(name), self._fields[name]
            if not record_id and name != "product_id":
                continue
            known = isinstance(record_id, int) and self.env[field.comodel_name].browse(
                record_id or ()
            )
            if not known or not known.exists():
                raise UserError(
                    self.env._(
                        "There is no %(what)s with the id %(id)s. Look it up by its "
                        "name or barcode.",
                        what=field._description_string(self.env),
                        id=record_id,
                    )
                )

    @api.model
    def _check_scheme_known(self, values):
        if values.get("scheme_id"):
            return
        product = self.env["product.product"].browse(values["product_id"])
        if not product.product_tmpl_id._get_serial_policy().scheme_id:
            raise UserError(
                self.env._(
                    "%(product)s has no numbering scheme. Choose one here, or on the "
                    "policy of the product or its category.",
                    product=product.display_name,
                )
            )

    def _get_numbers(self):
        """Return the run's numbers in the order in which they were issued."""
        numbers = self.env["serial.number"].search_fetch(
            [("issue_id", "=", self.id)], ["name"], order="id"
        )
        return numbers.mapped("name")

    def action_start(self):
        """Issue the numbers, or go on issuing: at once if they are few."""
        self._check_operator()
        for run in self:
            if run.state not in ("draft", "stopped"):
                continue
            run._check_possible()
            run._note({"state": "running", "message": False})
            if run.quantity - run.done_count <= AT_ONCE:
                run._issue_next()
                if run.state == "stopped":
                    raise UserError(run.message)
                run._fill_receipt()
            else:
                run._trigger()
        return True

    def _fill_receipt(self):
        """Put the numbers of a finished run on its receipt: on the lines where the
        goods are there, on the list of what is expected where they are to come.
        """
        self.ensure_one()
        if self.state != "done" or not self.move_id:
            return
        picking, batch = self.move_id.picking_id, self.batch_id
        units = [
            {
                "product_id": self.product_id.id,
                "serial": number,
                "lot_id": False,
                "batch": batch.name,
                "production_date": batch.production_date,
                "expiration_date": batch.expiration_date,
            }
            for number in self._get_numbers()
        ]
        policy = self.product_id.product_tmpl_id._get_serial_policy()
        if policy.numbered_by == "ordered":
            self.env["serial.announced"]._announce(picking, units)
            picking.invalidate_recordset(picking._announced_count_fields())
        else:
            self.env["serial.applier"]._lock(picking)
            self.env["serial.applier"]._apply(picking, units)

    def action_stop(self):
        """Stop behind the piece that is being made."""
        self._check_operator()
        self.filtered(lambda run: run.state == "running")._note({"state": "stopped"})
        return True

    def action_refresh(self):
        """Show how far the run has come: the web client reads the record anew."""
        return None

    @api.model
    def _check_operator(self):
        if not self.env.su and not self.env.user.has_group(
            "serial_traceability.group_serial_operator"
        ):
            raise AccessError(
                self.env._(
                    "Only an operator of Serial Traceability may issue numbers. Ask "
                    "an administrator for that role."
                )
            )

    @api.model
    def _trigger(self):
        # Stands in for the right to run a scheduled action, which comes with being
        # allowed to issue.
        self.env.ref("serial_traceability.cron_serial_issue").sudo()._trigger()

    # ---- What must be right before ----

    @api.constrains("quantity")
    def _check_quantity(self):
        for run in self:
            self._check_countable({"quantity": run.quantity})

    @api.model
    def _check_countable(self, vals):
        """Refuse a quantity that no run issues: one that no column holds, too, or that
        is not a whole number.
        """
        quantity = vals.get("quantity", 1)
        whole = isinstance(quantity, int)
        if not whole or not 1 <= quantity <= MOST:
            count = self.env["serial.scheme"]._format_count
            raise UserError(
                self.env._(
                    "%(quantity)s numbers cannot be issued in one run. Issue 1 to "
                    "%(most)s, and more in several runs.",
                    quantity=count(quantity) if whole else (quantity or 0),
                    most=count(MOST),
                )
            )

    def _check_possible(self):
        """Refuse to begin what could not be done."""
        self.ensure_one()
        self._check_quantity()
        self._check_product()
        self._check_batch()
        self._check_receipt()
        self._check_block()
        scheme = self.scheme_id
        if not scheme.active:
            raise UserError(
                self.env._(
                    "Scheme %(scheme)s is archived. Choose another one.",
                    scheme=scheme.name,
                )
            )
        if scheme.fault or self.refusal:
            raise UserError(scheme.fault or self.refusal)

    def _check_block(self):
        if self.block_id.state == "closed":
            raise UserError(
                self.env._(
                    "Block %(block)s is closed and gets no more numbers. Open another "
                    "one.",
                    block=self.block_id.name,
                )
            )

    def _check_product(self):
        product = self.product_id
        if product.tracking != "serial" and (
            self.commission or not self._is_being_numbered(product)
        ):
            raise UserError(
                self.env._(
                    "%(product)s is not tracked by unique serial number, so its units "
                    "cannot be numbered. Change its tracking first.",
                    product=product.display_name,
                )
            )
        if self.scheme_id.form != "plain":
            self._check_gtin()

    @api.model
    def _is_being_numbered(self, product):
        """Return whether a stocktake gives numbers to the product's stock, which is
        tracked by them afterwards.
        """
        return self.env["serial.stocktake"]._is_open_for(product)

    def _check_gtin(self):
        """Refuse numbers for GS1 symbols of a product that has no GTIN of its own."""
        product = self.product_id
        gtin = identity.gtin_14(product.barcode)
        if not gtin:
            raise UserError(
                self.env._(
                    "%(product)s has no GTIN, which GS1 serials stand behind. Enter "
                    "it as the product's barcode, give it one (Actions ‣ Give GTINs on "
                    "the product), or choose a scheme that is not for GS1 symbols.",
                    product=product.display_name,
                )
            )
        # Stands in for seeing products of other companies: a GTIN is one in the world,
        # and units of an archived product still bear its numbers.
        products = product.sudo().with_context(active_test=False)
        others = products.search(
            [
                ("barcode", "in", [gtin[cut:] for cut in (0, 1, 2, 6)]),
                ("id", "!=", product.id),
            ]
        )
        same = others.filtered(lambda each: identity.gtin_14(each.barcode) == gtin)[:1]
        if not same:
            return
        other = same.display_name
        if not same.active:
            other = self.env._("%(product)s, which is archived,", product=other)
        raise UserError(
            self.env._(
                "%(product)s and %(other)s have the same GTIN %(gtin)s, so their "
                "units could not be told apart. Give one of them another GTIN.",
                product=product.display_name,
                other=other,
                gtin=gtin,
            )
        )

    def _check_batch(self):
        rules = self.scheme_id._get_rules()
        policy = self.product_id.product_tmpl_id._get_serial_policy()
        if self.batch_id:
            if self.batch_id.product_id != self.product_id:
                raise UserError(
                    self.env._(
                        "Batch %(batch)s is one of %(other)s. Choose a batch of "
                        "%(product)s.",
                        batch=self.batch_id.name,
                        other=self.batch_id.product_id.display_name,
                        product=self.product_id.display_name,
                    )
                )
        elif numbering.names_batch(rules) or policy.require_batch:
            raise UserError(
                self.env._(
                    "Units of %(product)s must name their batch. Choose the batch.",
                    product=self.product_id.display_name,
                )
            )

    def _check_receipt(self):
        """Refuse numbers for a receipt that does not take them any more."""
        move = self.move_id
        if not move:
            return
        unnumbered = move.picking_id.move_ids._get_unnumbered()
        if move not in unnumbered or move.product_id != self.product_id:
            raise UserError(
                self.env._(
                    "No unit of %(product)s on %(receipt)s waits for a number of ours. "
                    "Who numbers a product says its serial policy.",
                    product=self.product_id.display_name,
                    receipt=move.picking_id.name or move.display_name,
                )
            )
        move.picking_id._ensure_can_scan()
        # Whoever numbers the same units at this moment comes first, and is counted.
        self.env["serial.applier"]._lock(move.picking_id)
        waiting = move._count_unnumbered()
        if self.quantity > min(waiting, AT_ONCE):
            raise UserError(
                self.env._(
                    "%(receipt)s has %(waiting)s units of %(product)s without a "
                    "number, and at most %(most)s are numbered at once. Issue fewer.",
                    receipt=move.picking_id.name,
                    waiting=waiting,
                    product=self.product_id.display_name,
                    most=AT_ONCE,
                )
            )

    def _get_refusal(self, wanted, left):
        """Return why so many may not be issued, False where they may."""
        if wanted <= left:
            return False
        counted = self.scheme_id._format_count
        what = {
            "scheme": self.scheme_id.name,
            "wanted": counted(wanted),
            "left": counted(max(0, left)),
            "product": self.product_id.display_name,
        }
        if self.scheme_id.kind == "sequential":
            return self.env._(
                "%(scheme)s has only %(left)s numbers left for %(product)s, and "
                "%(wanted)s are wanted. Issue fewer, or make the numbers longer.",
                **what,
            )
        return self.env._(
            "%(scheme)s may issue only %(left)s more numbers for %(product)s, and "
            "%(wanted)s are wanted: with more, one that is made up would be real more "
            "often than once in %(one_in)s. Issue fewer, or make the numbers longer.",
            one_in=counted(self.scheme_id.one_in),
            **what,
        )

    # ---- The work ----

    @api.model
    def _cron_issue(self):
        """Do runs piece by piece until they, the time or the order to go on end."""
        for found in self.search([("state", "=", "running")], order="id"):
            run = found._as_who_began()
            while run.state == "running":
                before = run.done_count
                waits = run._issue_in_background()
                done = run.done_count - before
                left = self._count_left()
                if not self.env["ir.cron"]._commit_progress(done, remaining=left):
                    return
                run.invalidate_recordset()
                if waits:
                    break

    def _issue_in_background(self):
        """Issue the next piece; whatever goes wrong stops this run and no other.

        :return: whether others were in its way until now: it is tried another time.
        """
        try:
            self._try(self._issue_or_fail)
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            return True
        return False

    def _issue_or_fail(self):
        """Issue the next piece, or note on the run that something unforeseen broke."""
        try:
            with self.env.cr.savepoint():
                self._issue_next()
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            raise
        except Exception as error:
            _logger.exception("%s stopped.", self)
            self._note(
                {
                    "state": "stopped",
                    "message": self.env._(
                        "Something unforeseen stopped the run: %(error)s. Let it go "
                        "on; if it stops again, show this to an administrator.",
                        error=str(error) or type(error).__name__,
                    ),
                }
            )

    def _as_who_began(self):
        """Return the run for the work in the background: the ledger names who issued
        the numbers, and what stops it is said in that user's language.
        """
        user = self.create_uid
        # Stands in for rights that the user may have lost since the run was started.
        return self.with_user(user).with_context(lang=user.lang).sudo()

    @api.model
    def _count_left(self):
        """Return how many numbers the runs that go on still have to issue."""
        running = self.search([("state", "=", "running")])
        return sum(run.quantity - run.done_count for run in running)

    def _issue_next(self):
        """Issue the next piece of a run, and note how far it came.

        What a run cannot do stops it, with the reason on it: other runs go on.
        """
        self.ensure_one()
        if self.state != "running":
            return
        began = time.monotonic()
        count = min(PIECE_SIZE, self.quantity - self.done_count)
        issuer = self.env["serial.issuer"].with_company(self.company_id)
        # Stands in for writing numbers, which only issuing does.
        issuer = issuer.sudo()
        try:
            # A piece that cannot be made whole leaves nothing of itself.
            with self.env.cr.savepoint():
                issuer.env["serial.numbered.gtin"]._claim(self.product_id)
                issuer._issue_piece(self.sudo(), count)
        except (numbering.NumberingError, UserError) as error:
            self._stop(error)
            return
        # PostgreSQL wrote them, past the cache.
        self.invalidate_recordset(["number_ids"], flush=False)
        done = self.done_count + count
        if done >= self.quantity and self._is_long():
            name_index.sort_in(self.env.cr)
        self._note(
            {
                "done_count": done,
                "state": "done" if done >= self.quantity else "running",
                "work_seconds": self.work_seconds + time.monotonic() - began,
            }
        )

    def _is_long(self):
        """Return whether the run is made in several pieces."""
        return self.quantity > PIECE_SIZE

    def _stop(self, error):
        """Stop with the reason, which may also be that of another addon."""
        if isinstance(error, UserError):
            message = str(error)
        elif error.code == "exhausted":
            wanted = self.quantity - self.done_count
            # Others took some meanwhile.
            self.invalidate_recordset(["refusal"])
            message = self.refusal or self._get_refusal(wanted, 0)
        else:
            message = self.scheme_id._get_message(error)
        self._note({"state": "stopped", "message": message})

    # ---- What a run says of itself ----

    @api.model_create_multi
    def create(self, vals_list):
        """Refuse what cannot be counted; on a receipt, its validation creates the
        serials.
        """
        for vals in vals_list:
            self._check_countable(vals)
        runs = super().create(vals_list)
        runs.filtered("move_id").commission = False
        return runs

    def write(self, vals):
        """Refuse to change a run that has begun."""
        self._check_countable(vals)
        begun = self.filtered(lambda run: run.state != "draft")
        if begun and not _ASKED_FIELDS.isdisjoint(vals):
            raise UserError(
                self.env._(
                    "%(run)s has begun, so what it issues cannot change. Stop it and "
                    "start another one.",
                    run=begun[0].name,
                )
            )
        return super().write(vals)

    # ---- Afterwards ----

    @api.ondelete(at_uninstall=False)
    def _unlink_except_issued(self):
        issued = self.filtered(lambda run: run.done_count or run.state != "draft")
        if issued:
            raise UserError(
                self.env._(
                    "%(runs)s: numbers were issued, and must stay known so that none "
                    "comes twice.",
                    runs=", ".join(issued.mapped("name")),
                )
            )

    def action_open_serials(self):
        """Open the list of the serials that the run made."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Serials: %(run)s", run=self.name),
            "res_model": "stock.lot",
            "view_mode": "list,form",
            "domain": [("issued_number_ids.issue_id", "=", self.id)],
            "context": {"create": False},
        }

    def action_open_numbers(self):
        """Open the list of the numbers that the run issued."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Numbers: %(run)s", run=self.name),
            "res_model": "serial.number",
            "view_mode": "list,kanban",
            "domain": [("issue_id", "=", self.id)],
            "context": {"create": False},
        }
