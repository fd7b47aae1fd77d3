from odoo.tests import tagged

from ..demo.common import DemoCase


@tagged("post_install", "-at_install")
class TestRecallDemo(DemoCase):
    """The recalls of the demo company."""

    def test_a_mock_recall_was_run(self):
        recall = self.demo("recall_mock")
        self.assertRecordValues(recall, [{"kind": "mock", "state": "closed"}])
        self.assertRecordValues(
            recall.run_ids,
            [{"unit_count": 30, "found_count": 30, "traced_count": 30}],
        )
        self.assertFalse(any(recall.unit_ids.lot_id.mapped("is_locked")))

    def test_a_real_one_is_told_to_its_customers(self):
        recall = self.demo("recall_medicine")
        self.assertRecordValues(
            recall, [{"state": "recalling", "count_total": 18, "count_delivered": 10}]
        )
        self.assertTrue(all(recall.unit_ids.lot_id.mapped("is_locked")))
        self.assertEqual(len(recall.unit_ids.partner_id), 1)
