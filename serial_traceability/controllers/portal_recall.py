from collections import defaultdict
from urllib.parse import urlencode

from odoo import http
from odoo.exceptions import UserError
from odoo.http import request
from odoo.tools import consteq
from werkzeug.exceptions import BadRequest, NotFound

from odoo.addons.portal.controllers.portal import CustomerPortal, pager

#: Units on one page.
_STEP = 50
#: The longest note that is taken with an answer.
_NOTE_LENGTH = 500
_PREFIX = "answer_"
#: Neither kept by browsers nor told to other sites: the address opens the page.
_HEADERS = {"Referrer-Policy": "no-referrer", "Cache-Control": "no-store"}


class RecallPortal(CustomerPortal):
    """The pages on which customers see the recalls they are told of, and answer.

    A page opens with its notice's token, without login, or for users of the customer's
    own company. Whatever else is asked for is not found.
    """

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "recall_count" in counters:
            notices = self._get_own_notices()
            values["recall_count"] = notices.search_count(self._get_own_domain())
        return values

    @http.route(
        ["/my/recalls", "/my/recalls/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
    )
    def portal_my_recalls(self, page=1, **_kw):
        """Return the list of the recalls that the user's company is told of."""
        notices, domain = self._get_own_notices(), self._get_own_domain()
        pages = pager("/my/recalls", notices.search_count(domain), page=page, step=20)
        values = self._prepare_portal_layout_values()
        values.update(
            notices=notices.search(
                domain, order="id desc", limit=20, offset=pages["offset"]
            ),
            page_name="recalls",
            pager=pages,
            default_url="/my/recalls",
        )
        return request.render("serial_traceability.portal_my_recalls", values)

    @http.route(
        "/my/recalls/<int:notice_id>",
        type="http",
        auth="public",
        website=True,
        methods=["GET"],
    )
    def portal_recall(self, notice_id, access_token=None, page="1", saved="", **_kw):
        """Return the page of one notice.

        :param access_token: the notice's, from its mail or letter.
        :param page: of the units, from 1.
        """
        notice = self._get_notice(notice_id, access_token)
        domain = [
            ("notice_id", "=", notice.id),
            "|",
            ("quantity", ">", 0),
            ("outcome", "!=", False),
        ]
        units = notice.env["serial.recall.unit"]
        pages = pager(
            f"/my/recalls/{notice.id}",
            units.search_count(domain),
            page=int(page) if page.isdecimal() and len(page) < 6 else 1,
            step=_STEP,
        )
        values = self._get_page_view_values(
            notice, access_token, {}, "my_recalls_history", False
        )
        values.update(
            notice=notice,
            recall=notice.recall_id,
            units=units.search(domain, limit=_STEP, offset=pages["offset"]),
            pages=pages,
            open_count=units.search_count([*domain, ("outcome", "=", False)]),
            answers=notice._get_page_answers(),
            saved=saved == "1",
            page_name="recalls",
        )
        response = request.render("serial_traceability.portal_recall", values)
        response.headers.update(_HEADERS)
        return response

    @http.route(
        "/my/recalls/<int:notice_id>/answer",
        type="http",
        auth="public",
        website=True,
        methods=["POST"],
    )
    def portal_recall_answer(self, notice_id, access_token=None, **post):
        """Take the answers of the page's form: ``answer_<unit>`` and ``note_<unit>`` of
        each unit, or ``all`` and ``all_note`` of all that have not come back.

        :raises NotFound: of a unit that is not of this notice.
        :raises BadRequest: of an answer that there is not.
        """
        notice = self._get_notice(notice_id, access_token)
        answers = self._read_answers(notice, post)
        if answers:
            try:
                notice._answer(answers, "page")
            except UserError:
                # The page itself says that the recall is over.
                return request.redirect(self._get_page(notice, access_token))
        return request.redirect(self._get_page(notice, access_token, saved=True))

    # ---- Whose it is ----

    def _get_own_notices(self):
        # Stands in for reading notices, of which a customer sees their own, and no more
        # of them than the page shows.
        return request.env["serial.recall.notice"].sudo()

    def _get_own_domain(self):
        customer = request.env.user.partner_id.commercial_partner_id
        return [
            ("partner_id.commercial_partner_id", "=", customer.id),
            ("recall_id.state", "in", ("recalling", "closed")),
        ]

    def _get_notice(self, notice_id, access_token):
        """Return a notice that the visitor may see, with all rights.

        :raises NotFound: where there is none, or it is another's.
        """
        # Stands in for reading a notice, for whom it is addressed to.
        notice = request.env["serial.recall.notice"].sudo().browse(notice_id).exists()
        if not notice or not self._is_addressee(notice, access_token):
            raise NotFound()
        if request.env.user._is_public() and notice.partner_id.lang:
            request.update_context(lang=notice.partner_id.lang)
            notice = notice.with_context(lang=notice.partner_id.lang)
        return notice

    def _is_addressee(self, notice, access_token):
        token = notice.access_token
        if access_token and token and consteq(token, access_token):
            return True
        user = request.env.user
        customer = notice.partner_id.commercial_partner_id
        return (
            not user._is_public() and user.partner_id.commercial_partner_id == customer
        )

    # ---- Answers ----

    def _read_answers(self, notice, post):
        """Return ``{(answer, note): units}`` of what the form changes."""
        open_units = notice.unit_ids.filtered(lambda unit: not unit.outcome)
        if post.get("all"):
            wanted = {unit: (post["all"], post.get("all_note")) for unit in open_units}
        else:
            wanted = {
                self._find_unit(open_units, key): (
                    value,
                    post.get(key.replace(_PREFIX, "note_", 1)),
                )
                for key, value in post.items()
                if key.startswith(_PREFIX) and value
            }
        return self._group_answers(notice, wanted)

    def _find_unit(self, units, key):
        number = key.removeprefix(_PREFIX)
        unit = units.browse(int(number) if number.isdecimal() else 0)
        if unit not in units:
            raise NotFound()
        return unit

    def _group_answers(self, notice, wanted):
        known = {name for name, _label in notice.unit_ids._fields["answer"].selection}
        groups = defaultdict(notice.unit_ids.browse)
        for unit, (answer, note) in wanted.items():
            if answer not in known:
                raise BadRequest()
            note = (note or "").strip()[:_NOTE_LENGTH]
            if (unit.answer, unit.answer_note or "") != (answer, note):
                groups[answer, note] |= unit
        return groups

    def _get_page(self, notice, access_token, saved=False):
        query = {"access_token": access_token} if access_token else {}
        if saved:
            query["saved"] = "1"
        return f"/my/recalls/{notice.id}?{urlencode(query)}"
