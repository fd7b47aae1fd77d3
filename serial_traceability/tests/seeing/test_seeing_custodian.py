from odoo.fields import Domain
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from ..common import SerialCase


@tagged("post_install", "-at_install")
class TestSeeingCustodian(SerialCase):
    """Who has a serial: a plain id that is read, searched and grouped as a contact."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.survivor = cls.env["res.partner"].create({"name": "Buyer Group"})
        lots = cls.receive(cls.phone, ["H1", "H2", "H3"])
        cls.deliver(lots[0])
        cls.deliver(lots[1], partner=cls.survivor)
        cls.lots = lots.with_user(cls.auditor)
        cls.own = cls.company.partner_id

    def merge(self):
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        with mute_logger("odoo.models.unlink"):
            wizard._merge((self.customer | self.survivor).ids, self.survivor)
        self.env.invalidate_all()

    def find(self, operator, value):
        """Return the names of those of our serials that a search finds."""
        domain = Domain("id", "in", self.lots.ids)
        found = self.lots.search(domain & Domain("custodian_id", operator, value))
        return sorted(found.mapped("name"))

    def group(self):
        """Return ``{who: how many}`` as a list shows it."""
        groups = self.lots.formatted_read_group(
            [("id", "in", self.lots.ids)], ["custodian_id"], ["__count"]
        )
        return {
            group["custodian_id"] and group["custodian_id"][1]: group["__count"]
            for group in groups
        }

    def test_serials_are_found_by_who_has_them(self):
        self.assertEqual(self.find("=", self.customer.id), ["H1"])
        self.assertEqual(
            self.find("in", (self.customer | self.survivor).ids), ["H1", "H2"]
        )
        self.assertEqual(self.find("ilike", "Buyer"), ["H1", "H2"])
        self.assertEqual(self.find("any", [("name", "=", "Buyer Inc")]), ["H1"])
        self.assertEqual(self.find("!=", self.customer.id), ["H2", "H3"])
        self.assertEqual(self.find("not ilike", "Buyer"), ["H3"])

    def test_serials_that_nobody_has_are_found(self):
        fresh = self.env["stock.lot"].create(
            {"name": "H9", "product_id": self.phone.id}
        )
        domain = Domain("id", "in", (self.lots | fresh).ids)
        nobody = self.lots.search(domain & Domain("custodian_id", "=", False))
        self.assertEqual(nobody.mapped("name"), ["H9"])
        somebody = self.lots.search(domain & Domain("custodian_id", "!=", False))
        self.assertEqual(somebody, self.lots)

    def test_list_is_grouped_by_who_has_them(self):
        self.assertEqual(
            self.group(),
            {"Buyer Inc": 1, "Buyer Group": 1, self.own.display_name: 1},
        )
        description = self.lots.fields_get(["custodian_id"], ["groupable"])
        self.assertTrue(description["custodian_id"]["groupable"])

    def test_group_opens_what_it_counts(self):
        groups = self.lots.formatted_read_group(
            [("id", "in", self.lots.ids)], ["custodian_id"], ["__count"]
        )
        for group in groups:
            domain = Domain("id", "in", self.lots.ids) & Domain(group["__extra_domain"])
            self.assertEqual(self.lots.search_count(domain), group["__count"])

    def test_merged_contact_is_found_and_grouped_as_the_survivor(self):
        self.merge()
        self.assertEqual(self.lots[:2].custodian_id, self.survivor)
        self.assertEqual(self.find("=", self.survivor.id), ["H1", "H2"])
        self.assertEqual(self.group(), {"Buyer Group": 2, self.own.display_name: 1})

    def test_merging_contacts_writes_no_serial(self):
        self.env.flush_all()
        place = "SELECT id, ctid::text FROM stock_lot WHERE id IN %s ORDER BY id"
        before = self.env.execute_query_dict(SQL(place, tuple(self.lots.ids)))
        self.merge()
        after = self.env.execute_query_dict(SQL(place, tuple(self.lots.ids)))
        self.assertEqual(after, before)

    def test_deleted_contact_has_nothing(self):
        gone = self.env["res.partner"].create({"name": "Gone"})
        picking = self.deliver(self.lots[2], partner=gone)
        picking.partner_id = picking.move_ids.partner_id = self.customer
        self.assertEqual(self.lots[2].custodian_id, gone)
        with mute_logger("odoo.models.unlink"):
            gone.unlink()
        self.env.invalidate_all()
        self.assertFalse(self.lots[2].custodian_id)
        self.assertEqual(self.find("=", False), ["H3"])
        self.assertEqual(self.group(), {"Buyer Inc": 1, "Buyer Group": 1, False: 1})

    def test_reading_who_has_many_serials_takes_no_query_each(self):
        lots = self.lots.browse(self.lots.ids)
        lots.mapped("custodian_id")
        counts = []
        for some in (lots[:1], lots):
            counts.append(self.count_queries(some.mapped, "custodian_id"))
        self.assertEqual(*counts)
