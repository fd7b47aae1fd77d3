import re

from odoo.tests import HttpCase, new_test_user, tagged

from ..json2 import Json2Mixin
from .common import NoticeCase


@tagged("post_install", "-at_install")
class TestNoticesPortal(Json2Mixin, NoticeCase, HttpCase):
    browser_size = "390x844"
    touch_enabled = True

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.prepare()
        cls.notice = cls.recall.notice_ids.filtered(
            lambda row: row.partner_id == cls.customer
        )
        cls.other = cls.recall.notice_ids.filtered(
            lambda row: row.partner_id == cls.by_letter
        )
        cls.token = cls.notice.access_token
        cls.buyer = cls.new_portal_user("recall_buyer", cls.branch)
        cls.stranger = cls.new_portal_user(
            "recall_stranger", cls.env["res.partner"].create({"name": "Stranger"})
        )

    @classmethod
    def new_portal_user(cls, login, partner):
        return new_test_user(
            cls.env,
            login=login,
            groups="base.group_portal",
            partner_id=partner.id,
            email=f"{login}@example.com",
        )

    def open(self, notice=None, token=None, **query):
        notice = notice or self.notice
        if token:
            query["access_token"] = token
        arguments = "&".join(f"{key}={value}" for key, value in query.items())
        return self.url_open(f"/my/recalls/{notice.id}?{arguments}")

    def answer(self, values, notice=None, token=None, csrf=None):
        """Post the form of a notice's page, as its visitor does."""
        if csrf is None:
            page = self.open(token=self.token) if token else self.open()
            found = re.search(r'name="csrf_token"\s+value="([^"]+)"', page.text)
            csrf = found and found.group(1)
        values = {"csrf_token": csrf or "", "access_token": token or "", **values}
        return self.url_open(
            f"/my/recalls/{(notice or self.notice).id}/answer", data=values
        )

    # ---- Who sees it ----

    def test_token_opens_the_page_without_login(self):
        page = self.open(token=self.token)
        self.assertEqual(page.status_code, 200)
        for text in ("Overheating battery", "Switch it off.", "P1", "P6"):
            self.assertIn(text, page.text)
        self.assertNotIn("P7", page.text)
        self.assertEqual(page.headers["Referrer-Policy"], "no-referrer")
        self.assertIn("no-store", page.headers["Cache-Control"])

    def test_without_token_or_with_anothers_there_is_no_page(self):
        for token in (None, "", "x", self.other.access_token):
            self.assertEqual(self.open(token=token).status_code, 404, token)
        self.assertEqual(self.open(self.other, token=self.token).status_code, 404)

    def test_customers_user_sees_it_and_no_other(self):
        self.authenticate("recall_buyer", "recall_buyer")
        self.assertEqual(self.open().status_code, 200)
        self.assertEqual(self.open(self.other).status_code, 404)
        self.authenticate("recall_stranger", "recall_stranger")
        self.assertEqual(self.open().status_code, 404)

    def test_list_shows_the_customers_own(self):
        self.authenticate("recall_buyer", "recall_buyer")
        page = self.url_open("/my/recalls").text
        self.assertIn(f"/my/recalls/{self.notice.id}", page)
        self.assertNotIn(f"/my/recalls/{self.other.id}", page)
        self.authenticate("recall_stranger", "recall_stranger")
        self.assertIn("None of your units", self.url_open("/my/recalls").text)

    def test_list_asks_for_a_login(self):
        page = self.url_open("/my/recalls", allow_redirects=False)
        self.assertIn("/web/login", page.headers.get("Location", ""))

    def test_user_of_another_company_of_ours_does_not_see_it(self):
        company = self.env["res.company"].create({"name": "Other"})
        new_test_user(
            self.env,
            login="recall_elsewhere",
            groups="serial_traceability.group_serial_quality_manager",
            company_id=company.id,
            company_ids=[(6, 0, company.ids)],
        )
        self.authenticate("recall_elsewhere", "recall_elsewhere")
        self.assertEqual(self.open().status_code, 404)

    def test_portal_user_reads_nothing_by_the_api(self):
        for records in (self.notice, self.notice.unit_ids, self.recall):
            response = self.call(self.buyer, records, "read", fields=["id"])
            self.assertIn(response.status_code, (401, 403), records)

    # ---- Answering ----

    def test_answers_are_kept_unit_by_unit(self):
        units = self.notice.unit_ids
        self.answer(
            {
                f"answer_{units[0].id}": "has",
                f"answer_{units[1].id}": "sold_on",
                f"note_{units[1].id}": "to Third Ltd",
                f"answer_{units[2].id}": "",
            },
            token=self.token,
        )
        self.assertRecordValues(
            units[:3],
            [
                {"answer": "has", "answer_note": False},
                {"answer": "sold_on", "answer_note": "to Third Ltd"},
                {"answer": False, "answer_note": False},
            ],
        )
        self.assertTrue(units[0].answer_time)

    def test_one_answer_for_all_answers_the_notice(self):
        page = self.answer({"all": "destroyed"}, token=self.token)
        self.assertIn("Your answer is kept", page.text)
        self.assertEqual(set(self.notice.unit_ids.mapped("answer")), {"destroyed"})
        self.assertEqual(self.notice.state, "answered")

    def test_another_answer_follows_the_first(self):
        unit = self.notice.unit_ids[0]
        self.answer({f"answer_{unit.id}": "has"}, token=self.token)
        self.answer({f"answer_{unit.id}": "destroyed"}, token=self.token)
        self.assertEqual(unit.answer, "destroyed")
        self.assertEqual(
            unit.answer_ids.sorted("id").mapped("answer"), ["has", "destroyed"]
        )
        self.assertEqual(
            len(self.notice.message_ids.filtered(lambda m: "Answered" in m.body)), 2
        )

    def test_the_same_answer_again_is_not_kept_twice(self):
        unit = self.notice.unit_ids[0]
        for _time in range(2):
            self.answer({f"answer_{unit.id}": "has"}, token=self.token)
        self.assertEqual(len(unit.answer_ids), 1)

    def test_units_of_another_notice_are_refused(self):
        foreign = self.other.unit_ids[0]
        own = self.notice.unit_ids[0]
        page = self.answer(
            {f"answer_{own.id}": "has", f"answer_{foreign.id}": "destroyed"},
            token=self.token,
        )
        self.assertEqual(page.status_code, 404)
        self.assertFalse(foreign.answer or own.answer)

    def test_unknown_units_and_answers_are_refused(self):
        unit = self.notice.unit_ids[0]
        for values, status in (
            ({"answer_0": "has"}, 404),
            ({"answer_x": "has"}, 404),
            ({"answer_²": "has"}, 404),
            ({f"answer_{unit.id}": "eaten"}, 400),
            ({"all": "eaten"}, 400),
        ):
            page = self.answer(values, token=self.token)
            self.assertEqual(page.status_code, status, values)
        self.assertFalse(self.env["serial.recall.answer"].search_count([]))

    def test_answer_needs_the_token_and_the_form(self):
        values = {f"answer_{self.notice.unit_ids[0].id}": "has"}
        good = self.answer({}, token=self.token)
        csrf = re.search(r'name="csrf_token"\s+value="([^"]+)"', good.text).group(1)
        self.assertEqual(self.answer(values, token="x", csrf=csrf).status_code, 404)
        self.assertEqual(
            self.answer(values, token=self.token, csrf="x").status_code, 400
        )
        self.assertFalse(self.notice.unit_ids[0].answer)

    def test_stranger_with_a_login_does_not_answer(self):
        self.authenticate("recall_stranger", "recall_stranger")
        page = self.url_open("/my/recalls").text
        self.assertNotIn("csrf_token: undefined", page)
        csrf = re.search(r'csrf_token: "([^"]+)"', page).group(1)
        values = {f"answer_{self.notice.unit_ids[0].id}": "has"}
        self.assertEqual(self.answer(values, csrf=csrf).status_code, 404)

    def test_closed_recall_says_so_and_takes_no_answer(self):
        unit = self.notice.unit_ids[0]
        page = self.open(token=self.token)
        csrf = re.search(r'name="csrf_token"\s+value="([^"]+)"', page.text).group(1)
        self.recall._note({"state": "closed"})
        page = self.answer({f"answer_{unit.id}": "has"}, token=self.token, csrf=csrf)
        self.assertIn("This recall is closed", page.text)
        self.assertNotIn("<select", page.text)
        self.assertFalse(unit.answer)

    def test_units_that_came_back_are_not_asked_for(self):
        unit = self.notice.unit_ids[0]
        unit.outcome = "returned"
        page = self.open(token=self.token)
        self.assertNotIn(f"answer_{unit.id}", page.text)
        page = self.answer({f"answer_{unit.id}": "has"}, token=self.token)
        self.assertEqual(page.status_code, 404)

    def test_many_units_come_page_by_page(self):
        lots = self.receive(self.phone, [f"M{n:03}" for n in range(60)])
        units = self.add_units(lots, self.customer)
        self.prepare()
        self.assertEqual(len(self.notice.unit_ids), 66)
        first = self.open(token=self.token).text
        second = self.open(token=self.token, page=2).text
        self.assertIn("Page 1 of 2", re.sub(r"\s+", " ", re.sub("<[^>]+>", "", first)))
        self.assertIn(f"answer_{units[-1].id}", second)
        self.assertNotIn(f"answer_{units[-1].id}", first)
        self.answer({"all": "has"}, token=self.token)
        self.assertTrue(all(self.notice.unit_ids.mapped("answer")))

    # ---- On a phone ----

    def test_page_fits_a_phone_and_is_answered_there(self):
        unit = self.notice.unit_ids[0]
        self.browser_js(
            f"/my/recalls/{self.notice.id}?access_token={self.token}",
            f"""
            const width = document.documentElement.scrollWidth;
            if (width > window.innerWidth) {{
                throw new Error("The page is wider than the phone: " + width);
            }}
            document.querySelector("[name=answer_{unit.id}]").value = "sold_on";
            document.querySelector("[name=note_{unit.id}]").value = "to Third Ltd";
            const form = document.querySelector(".o_serial_recall_units");
            fetch(form.action, {{method: "POST", body: new FormData(form)}})
                .then((response) => response.text())
                .then((text) => {{
                    if (!text.includes("Your answer is kept")) {{
                        throw new Error("The page does not thank for the answer.");
                    }}
                    console.log("test successful");
                }});
            """,
            ready="document.querySelector('.o_serial_recall') !== null",
            login=None,
        )
        self.assertRecordValues(
            unit, [{"answer": "sold_on", "answer_note": "to Third Ltd"}]
        )

    # ---- On the telephone ----

    def test_service_enters_an_answer_by_telephone(self):
        wizard = (
            self.env["serial.recall.reply"]
            .with_user(self.service)
            .create({"notice_id": self.other.id, "answer": "has"})
        )
        self.assertEqual(wizard.unit_ids, self.other.unit_ids)
        wizard.action_apply()
        self.assertRecordValues(
            self.other.unit_ids.answer_ids,
            [{"answer": "has", "source": "telephone", "user_id": self.service.id}],
        )
        self.assertEqual(self.other.state, "answered")

    def test_operator_enters_no_answer(self):
        response = self.call(self.operator, self.other, "action_take_answer")
        self.assertEqual(response.status_code, 403)

    def test_reply_takes_units_of_its_notice_only(self):
        wizard = (
            self.env["serial.recall.reply"]
            .with_user(self.service)
            .create(
                {
                    "notice_id": self.other.id,
                    "answer": "has",
                    "unit_ids": self.notice.unit_ids.ids,
                }
            )
        )
        response = self.call(self.service, wizard, "action_apply")
        self.assertEqual(response.status_code, 422)
        self.assertFalse(any(self.notice.unit_ids.mapped("answer")))

    def test_answers_are_never_changed(self):
        self.answer({"all": "has"}, token=self.token)
        response = self.call(
            self.quality_manager,
            self.notice.answer_ids[:1],
            "write",
            vals={"answer": "destroyed"},
        )
        self.assertEqual(response.status_code, 403)
