from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import NoticeCase


@tagged("post_install", "-at_install")
class TestNoticesClosing(NoticeCase):
    def setUp(self):
        super().setUp()
        self.prepare()

    def approve(self, user, reason=None):
        recall = self.recall.with_user(user)
        context = recall.action_close()["context"]
        wizard = (
            self.env["serial.recall.closing"]
            .with_user(user)
            .with_context(**context)
            .create({"reason": reason})
        )
        wizard.action_approve()

    def account_for_all(self):
        self.units.sudo().outcome = "refunded"
        self.recall.invalidate_recordset()

    def test_two_managers_close_a_recall(self):
        self.account_for_all()
        self.approve(self.quality_manager)
        self.assertEqual(self.recall.state, "recalling")
        self.approve(self.second_manager)
        self.assertEqual(self.recall.state, "closed")
        self.assertTrue(self.recall.closed_time)
        self.assertEqual(
            self.recall.approval_ids.mapped("user_name"),
            [self.quality_manager.name, self.second_manager.name],
        )

    def test_one_person_does_not_approve_twice(self):
        self.account_for_all()
        self.approve(self.quality_manager)
        with self.assertRaisesRegex(UserError, "Another quality manager"):
            self.approve(self.quality_manager)
        self.assertEqual(self.recall.state, "recalling")

    def test_open_units_ask_for_a_reason_that_is_kept(self):
        for reason in (None, "  "):
            with self.assertRaisesRegex(UserError, "8 units are not accounted for"):
                self.approve(self.quality_manager, reason)
        self.approve(self.quality_manager, "Nobody answers")
        self.approve(self.second_manager, "Authority agrees")
        self.assertRecordValues(
            self.recall.approval_ids,
            [
                {"open_quantity": 8, "reason": "Nobody answers"},
                {"open_quantity": 8, "reason": "Authority agrees"},
            ],
        )

    def test_approval_is_void_once_more_units_are_open(self):
        self.account_for_all()
        self.approve(self.quality_manager)
        [lot] = self.receive(self.phone, ["LATE"])
        self.add_units(lot, self.customer)
        self.recall.invalidate_recordset()
        self.approve(self.second_manager, "One is lost")
        self.assertEqual(self.recall.state, "recalling")
        self.assertEqual(self.recall.approval_ids.user_id, self.second_manager)
        self.approve(self.quality_manager, "One is lost")
        self.assertEqual(self.recall.state, "closed")

    def test_only_quality_managers_approve(self):
        for user in (self.operator, self.auditor, self.service, self.stock_user):
            with self.assertRaises(AccessError, msg=user.login):
                self.recall.with_user(user).action_close()
            with self.assertRaises(AccessError, msg=user.login):
                self.env["serial.recall.closer"].with_user(user)._approve(
                    self.recall.with_user(user)
                )

    def test_approvals_cannot_be_written(self):
        with self.assertRaises(AccessError):
            self.env["serial.recall.approval"].with_user(self.quality_manager).create(
                {
                    "recall_id": self.recall.id,
                    "company_id": self.company.id,
                    "user_name": "Nobody",
                    "time": "2026-01-01",
                }
            )

    def test_recall_of_another_company_is_refused(self):
        other = self.env["res.company"].create({"name": "Other"})
        self.env.cr.execute(
            "UPDATE serial_recall SET company_id = %s WHERE id = %s",
            [other.id, self.recall.id],
        )
        self.recall.invalidate_recordset()
        with self.assertRaises(AccessError):
            self.recall.with_user(self.quality_manager).action_close()

    def test_draft_is_not_closed(self):
        self.recall._note({"state": "draft"})
        with self.assertRaisesRegex(UserError, "Draft"):
            self.recall.with_user(self.quality_manager).action_close()

    def test_what_is_held_stays_held_and_can_be_released(self):
        reason = self.env.ref("serial_traceability.hold_reason_recall")
        lock = self.env["serial.lock"]
        lock._place(self.phones[:2], reason, recall=self.recall)
        self.account_for_all()
        self.approve(self.quality_manager)
        self.approve(self.second_manager)
        self.assertTrue(all(self.phones[:2].mapped("is_locked")))
        [message] = self.recall.message_ids.filtered(lambda m: "stay held" in m.body)
        self.assertIn("2 units stay held", message.body)
        lock._lift(self.recall.hold_ids, "Sold as scrap")
        self.assertFalse(any(self.phones[:2].mapped("is_locked")))

    # ---- How well it works ----

    def test_numbers_follow_the_units(self):
        self.add_units(self.receive(self.phone, ["S1", "S2"]), None, place="on_hand")
        [lost] = self.receive(self.phone, ["S3"])
        self.add_units(lost, None, place="unknown")
        self.send(self.hand_over())
        notice = self.get_notice(self.customer)
        notice._answer({("has", ""): notice.unit_ids[:3]}, "page")
        self.units[:2].outcome = "returned"
        self.recall.invalidate_recordset()
        self.assertRecordValues(
            self.recall,
            [
                {
                    "total_quantity": 11,
                    "found_quantity": 10,
                    "out_quantity": 8,
                    "contacted_quantity": 6,
                    "contacted_percent": 75,
                    "answered_quantity": 3,
                    "answered_percent": 37.5,
                    "recovered_quantity": 2,
                    "recovered_percent": 25,
                    "open_quantity": 7,
                    "unreachable_count": 1,
                    "letter_count": 1,
                }
            ],
        )

    def test_who_answers_was_contacted_though_the_mail_came_back(self):
        notice = self.get_notice(self.customer)
        notice._answer({("has", ""): notice.unit_ids[:3]}, "page")
        self.recall.invalidate_recordset()
        self.assertRecordValues(
            self.recall, [{"contacted_quantity": 3, "answered_quantity": 3}]
        )

    def test_numbers_of_many_recalls_cost_the_same_queries(self):
        recalls = self.recall | self._create_recall() | self._create_recall()
        self.assertEqual(
            self.count_queries(self.recall.mapped, "recovered_percent"),
            self.count_queries(recalls.mapped, "recovered_percent"),
        )

    def test_chart_counts_each_step_once(self):
        self.send(self.hand_over())
        notice = self.get_notice(self.customer)
        notice._answer({("has", ""): notice.unit_ids[:3]}, "page")
        self.units[:2].write({"outcome": "returned", "outcome_time": "2026-03-01"})
        self.env.flush_all()
        progress = self.env["serial.recall.progress"].with_user(self.auditor)
        steps = dict(
            progress._read_group(
                [("recall_id", "=", self.recall.id)], ["step"], ["quantity:sum"]
            )
        )
        self.assertEqual(
            steps,
            {"1_found": 8, "2_contacted": 6, "3_answered": 3, "4_recovered": 2},
        )

    def test_units_delivered_to_nobody_are_shown(self):
        self.add_units(self.receive(self.phone, ["N1"]), None)
        self.recall.invalidate_recordset()
        self.assertEqual(self.recall.unnamed_count, 1)

    # ---- Samples ----

    def draw(self, size, user=None):
        wizard = (
            self.env["serial.recall.sampling"]
            .with_user(user or self.quality_manager)
            .create({"recall_id": self.recall.id, "size": size})
        )
        wizard.action_draw()
        return self.recall.sample_ids[:1]

    def test_sample_larger_than_all_takes_all(self):
        self.send(self.hand_over())
        sample = self.draw(50)
        self.assertEqual(sample.check_ids.partner_id, self.customer)
        self.assertRecordValues(sample, [{"size": 50, "population_count": 1}])

    def test_draw_can_be_drawn_again(self):
        partners = self.env["res.partner"].create(
            [{"name": f"C{n}", "email": f"c{n}@example.com"} for n in range(20)]
        )
        lots = self.receive(self.phone, [f"C{n}" for n in range(20)])
        for lot, partner in zip(lots, partners, strict=True):
            self.add_units(lot, partner)
        self.prepare()
        self.send(self.hand_over())
        samples = self.env["serial.recall.sample"]
        drawn = []
        for seed in ("00", "00", "01"):
            sample = samples._draw(self.recall, 5, seed)
            drawn.append(sample.check_ids.notice_id.ids)
            sample.check_ids.unlink()
        self.assertEqual(drawn[0], drawn[1])
        self.assertNotEqual(drawn[0], drawn[2])
        self.assertEqual(len(drawn[0]), 5)
        self.assertEqual(len(sample.population.split(",")), 21)

    def test_who_was_drawn_is_not_drawn_again(self):
        self.send(self.hand_over())
        self.draw(1)
        with self.assertRaisesRegex(UserError, "nobody to draw"):
            self.draw(1)

    def test_nobody_is_drawn_before_notices_went_out(self):
        with self.assertRaisesRegex(UserError, "nobody to draw"):
            self.draw(1)

    def test_call_says_who_called_and_when(self):
        self.send(self.hand_over())
        check = self.draw(1).check_ids
        check.with_user(self.service).write({"outcome": "acted", "note": "Sent back"})
        self.assertRecordValues(
            check, [{"outcome": "acted", "called_by_id": self.service.id}]
        )
        self.assertTrue(check.called_time)
        self.recall.invalidate_recordset()
        self.assertRecordValues(
            self.recall, [{"called_count": 1, "acted_percent": 100}]
        )

    def test_checks_are_written_by_callers_alone(self):
        self.send(self.hand_over())
        check = self.draw(1).check_ids
        for user in (self.operator, self.auditor):
            with self.assertRaises(AccessError, msg=user.login):
                check.with_user(user).outcome = "acted"
        with self.assertRaises(AccessError):
            check.with_user(self.service).called_by_id = self.auditor
        with self.assertRaises(AccessError):
            check.with_user(self.quality_manager).unlink()

    def test_only_quality_managers_draw(self):
        with self.assertRaises(AccessError):
            self.draw(1, user=self.service)

    # ---- Report ----

    def render(self, user):
        report = self.env["ir.actions.report"].with_user(user)
        name = "serial_traceability.report_serial_recall"
        html = report._render_qweb_html(name, self.recall.ids)[0].decode()
        return " ".join(html.split())

    def test_report_tells_the_whole_case(self):
        self.send(self.hand_over())
        self.draw(1).check_ids.with_user(self.service).outcome = "acted"
        notice = self.get_notice(self.customer)
        notice._answer({("has", ""): notice.unit_ids[:3]}, "page")
        collector = self.env["serial.recall.collector"].with_user(self.quality_manager)
        collector._end(self.units[5], "destroyed", witness="J. Doe")
        self.approve(self.quality_manager, "Lost for good")
        self.approve(self.second_manager, "Agreed")
        html = self.render(self.auditor)
        for text in (
            "Closing Report",
            "Overheating battery",
            "The battery may catch fire.",
            "Answered “Has It” of 3 units",
            "Customers drawn to be called",
            "Closing approved",
            "Recalling → Closed",
            "J. Doe",
            "Lost for good",
            "Agreed",
            self.quality_manager.name,
            self.second_manager.name,
            "Paper Ltd",
            self.recall.sample_ids.seed,
        ):
            self.assertIn(text, html)
        for event in self.recall._get_events():
            self.assertIn(event.record_hash[:12], html)

    def test_report_of_a_running_recall_says_so(self):
        self.assertIn("The recall is not closed", self.render(self.auditor))

    def test_report_is_for_readers(self):
        with self.assertRaises(AccessError):
            self.render(self.stock_user)

    def test_without_a_pdf_program_the_report_is_a_page(self):
        report = type(self.env["ir.actions.report"])
        self.patch(report, "get_wkhtmltopdf_state", lambda self: "install")
        action = self.recall.with_user(self.auditor).action_open_report()
        self.assertIn("/report/html/", action["url"])
        self.patch(report, "get_wkhtmltopdf_state", lambda self: "ok")
        action = self.recall.with_user(self.auditor).action_open_report()
        self.assertEqual(action["type"], "ir.actions.report")
