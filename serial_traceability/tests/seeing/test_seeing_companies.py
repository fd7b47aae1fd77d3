from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import Form, new_test_user, tagged

from ..common import SerialCase


@tagged("post_install", "-at_install")
class TestSeeingCompanies(SerialCase):
    """What a company sees of a serial that it shares with another one."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lot = cls.receive(cls.phone, ["CO-1"])
        cls.deliver(cls.lot)
        cls.other_company = cls.env["res.company"].create({"name": "Other Company"})
        cls.stranger = new_test_user(
            cls.env,
            "seeing_stranger",
            "serial_traceability.group_serial_quality_manager",
            company_id=cls.other_company.id,
            company_ids=[Command.set(cls.other_company.ids)],
        )

    def test_the_shared_serial_has_no_company(self):
        self.assertFalse(self.lot.company_id)

    def test_stranger_sees_the_serial_and_none_of_its_events(self):
        lot = self.lot.with_user(self.stranger)
        self.assertEqual(lot.name, "CO-1")
        page = lot.get_timeline()
        self.assertEqual(page, {"entries": [], "has_older": False, "notice": ""})
        self.assertRecordValues(
            lot,
            [
                {
                    "disposition": False,
                    "custodian_id": False,
                    "last_event_id": False,
                    "event_count": 0,
                    "last_seen_time": False,
                    "last_seen_place": False,
                    "last_seen_by": False,
                }
            ],
        )

    def test_stranger_s_form_opens(self):
        self.assertEqual(Form(self.lot.with_user(self.stranger)).name, "CO-1")

    def test_grouping_shows_a_stranger_nothing(self):
        for field in ("disposition", "custodian_id"):
            groups = (
                self.env["stock.lot"]
                .with_user(self.stranger)
                .formatted_read_group([("id", "=", self.lot.id)], [field], ["__count"])
            )
            self.assertEqual([group[field] for group in groups], [False])
        own = (
            self.env["stock.lot"]
            .with_user(self.auditor)
            .formatted_read_group(
                [("id", "=", self.lot.id)], ["custodian_id"], ["__count"]
            )
        )
        self.assertEqual(own[0]["custodian_id"], (self.customer.id, "Buyer Inc"))

    def test_searching_by_state_finds_a_stranger_nothing(self):
        lots = self.env["stock.lot"].with_user(self.stranger)
        self.assertFalse(lots.search([("disposition", "=", "in_transit")]))
        self.assertFalse(lots.search([("custodian_id", "=", self.customer.id)]))
        self.assertFalse(lots.search([("event_line_ids.lot_name", "=", "CO-1")]))

    def test_switching_to_a_foreign_company_is_refused(self):
        lot = self.lot.with_user(self.stranger)
        with self.assertRaises(AccessError):
            lot.with_context(allowed_company_ids=self.company.ids).get_timeline()

    def test_user_of_both_companies_sees_both(self):
        self.stranger.company_ids += self.company
        lot = self.lot.with_user(self.stranger).with_context(
            allowed_company_ids=(self.other_company | self.company).ids
        )
        self.assertEqual(len(lot.get_timeline()["entries"]), 2)
        self.assertTrue(lot.last_seen_time)

    def test_events_of_another_company_cannot_be_opened(self):
        event = self.events(self.lot)[0].with_user(self.stranger)
        with self.assertRaises(AccessError):
            event.read(["document_name"])
