from datetime import datetime, timedelta

from serial_traceability.core.trace import (
    Document,
    Place,
    Subject,
    TraceEvent,
    TraceLine,
    assign_columns,
    build_graph,
    collapse,
    group_units,
    select,
)
from serial_traceability.core.trace import Unit as TraceUnit

MAKER = Place("supplier", 1, "Vendors", 11)
STOCK = Place("internal", 2, "WH/Stock")
SHELF = Place("internal", 3, "WH/Stock/Shelf")
BUYER = Place("customer", 4, "Customers", 12)
OTHER = Place("customer", 4, "Customers", 13)
START = datetime(2026, 1, 1)


def event(number, source=None, destination=None, document=None, **values):
    return TraceEvent(
        number,
        values.pop("time", START + timedelta(hours=number)),
        Document("stock.picking", document or number),
        source,
        destination,
        **values,
    )


RECEIPT = event(1, MAKER, STOCK)
PUTAWAY = event(2, STOCK, SHELF)
DELIVERY = event(3, SHELF, BUYER)
RETURN = event(4, BUYER, STOCK)
RESALE = event(5, STOCK, OTHER)
LIFE = (RECEIPT, PUTAWAY, DELIVERY, RETURN, RESALE)


def trace(rows, lots, direction="both", document=None):
    """Return the ids of the events per lot of a trace.

    ``rows``: triples of lot id, event and role or quantity.
    """
    lines, events = [], {}
    for number, (lot, happened, what) in enumerate(rows):
        events[happened.id] = happened
        is_role = isinstance(what, str)
        lines.append(
            TraceLine(
                lot,
                happened.id,
                what if is_role else "quantity",
                1 if is_role else what,
                "m",
                number,
            )
        )
    subject = Subject(frozenset(lots), document and Document("stock.picking", document))
    return select(lines, events, subject, direction)


def ids(steps, lot=None):
    return [step.event.id for step in steps if lot in (None, step.line.lot_id)]


def life(lot, events=LIFE):
    return [(lot, each, "unit") for each in events]


def graph_of(steps, serials=True):
    lots = {step.line.lot_id for step in steps}
    units = {lot: TraceUnit(lot, f"S{lot}", 1, serials) for lot in lots}
    graph = build_graph(group_units(steps, units))
    assign_columns(graph)
    return graph


def names(graph):
    """Return ``{(name of source, name of target): units}``."""

    def name(key):
        subject = graph.nodes[key].subject
        if isinstance(subject, Document):
            return f"D{subject.id}"
        if isinstance(subject, Place):
            return f"{subject.name} {subject.partner_id or ''}".strip()
        return "units"

    found = {}
    for (source, target), flow in graph.edges.items():
        key = name(source), name(target)
        found[key] = found.get(key, 0) + flow.units
    return found


class TestDirection:
    def test_whence_of_a_serial_is_how_it_came_to_us(self):
        assert ids(trace(life(1), [1], "back")) == [1]

    def test_whither_of_a_serial_is_all_since(self):
        assert ids(trace(life(1), [1], "forward")) == [2, 3, 4, 5]

    def test_both_ways_is_the_whole_life(self):
        assert ids(trace(life(1), [1])) == [1, 2, 3, 4, 5]

    def test_a_document_divides_the_life_of_its_serials(self):
        assert ids(trace(life(1), [1], "back", document=3)) == [1, 2, 3]
        assert ids(trace(life(1), [1], "forward", document=3)) == [3, 4, 5]

    def test_a_dropship_leads_both_ways(self):
        sale = event(1, MAKER, BUYER)
        assert ids(trace([(1, sale, "unit")], [1], "back")) == [1]
        assert ids(trace([(1, sale, "unit")], [1], "forward")) == [1]

    def test_a_serial_without_receipt_starts_where_it_is_first_seen(self):
        assert ids(trace(life(1, (DELIVERY, RETURN)), [1], "back")) == [3]

    def test_other_deliveries_of_a_lot_are_not_where_one_delivery_is_from(self):
        sold = event(6, STOCK, BUYER)
        sold_elsewhere = event(5, STOCK, OTHER)
        rows = [(1, RECEIPT, 100.0), (1, sold_elsewhere, 40.0), (1, sold, 10.0)]
        assert ids(trace(rows, [1], "back", document=6)) == [1, 6]

    def test_of_a_lot_only_the_return_of_that_customer_follows_a_delivery(self):
        rows = [
            (1, event(1, MAKER, STOCK), 100.0),
            (1, event(2, STOCK, BUYER), 10.0),
            (1, event(3, STOCK, OTHER), 10.0),
            (1, event(4, OTHER, SHELF), 1.0),
            (1, event(5, BUYER, SHELF), 1.0),
        ]
        assert ids(trace(rows, [1], "forward", document=2)) == [2, 5]

    def test_receipts_of_a_lot_are_where_it_is_from(self):
        again = event(6, MAKER, STOCK)
        rows = [(1, RECEIPT, 10.0), (1, RETURN, 1.0), (1, again, 10.0)]
        assert ids(trace(rows, [1], "back")) == [1, 6]


class TestCorrections:
    def test_an_undone_line_is_left_out_and_its_new_telling_stands_in_its_time(self):
        wrong = event(1, MAKER, STOCK)
        undo = event(7, STOCK, MAKER, document=1, is_undo=True)
        right = event(8, MAKER, SHELF, document=1, time=wrong.time)
        events = {each.id: each for each in (wrong, undo, right, DELIVERY)}
        lines = [
            TraceLine(1, 1, "unit", move_line_id=5),
            TraceLine(1, 7, "unit", move_line_id=5),
            TraceLine(1, 8, "unit", move_line_id=5),
            TraceLine(1, 3, "unit", move_line_id=6),
        ]
        steps = select(lines, events, Subject(frozenset([1])))
        assert ids(steps) == [8, 3]

    def test_a_serial_replaced_by_another_is_no_part_of_the_document(self):
        undo = event(7, STOCK, MAKER, document=1, is_undo=True)
        events = {each.id: each for each in (RECEIPT, undo)}
        lines = [
            TraceLine(1, 1, "unit", move_line_id=5),
            TraceLine(1, 7, "unit", move_line_id=5),
        ]
        assert not select(lines, events, Subject(frozenset([1])))


class TestLinks:
    MAKING = TraceEvent(3, START + timedelta(hours=3), Document("mrp.production", 9))
    ROWS = [
        (1, event(1, MAKER, STOCK), "unit"),
        (2, event(2, MAKER, STOCK), "unit"),
        (1, MAKING, "input"),
        (3, MAKING, "output"),
        (3, event(4, STOCK, BUYER), "unit"),
        (2, event(5, STOCK, OTHER), "unit"),
    ]

    def test_what_a_unit_was_made_from_is_followed_to_its_supplier(self):
        steps = trace(self.ROWS, [3], "back")
        assert ids(steps, 1) == [1, 3]
        assert ids(steps, 3) == [3]
        assert not ids(steps, 2)

    def test_what_a_part_was_built_into_is_followed_to_its_customer(self):
        steps = trace(self.ROWS, [1], "forward")
        assert ids(steps, 1) == [3]
        assert ids(steps, 3) == [3, 4]

    def test_the_rest_of_a_lot_is_not_followed_from_what_it_was_used_for(self):
        rows = [(1, RECEIPT, 100.0), *self.ROWS[2:5], (1, event(2, STOCK, BUYER), 5.0)]
        assert ids(trace(rows, [3], "back"), 1) == [1, 3]

    def test_parts_that_turn_into_each_other_end(self):
        back = TraceEvent(6, START + timedelta(hours=6), Document("mrp.unbuild", 9))
        rows = [*self.ROWS, (3, back, "input"), (1, back, "output")]
        assert set(ids(trace(rows, [1]))) == {1, 3, 4, 6}

    def test_graph_joins_the_part_to_what_was_made(self):
        edges = names(graph_of(trace(self.ROWS, [3], "back")))
        assert edges[("WH/Stock", "D9")] == 1
        assert edges[("D9", "units")] == 1


class TestGraph:
    def test_serials_of_one_way_are_one_box(self):
        rows = [row for lot in range(1, 101) for row in life(lot, LIFE[:3])]
        graph = graph_of(trace(rows, range(1, 101)))
        assert names(graph) == {
            ("Vendors 11", "D1"): 100,
            ("D1", "units"): 100,
            ("units", "WH/Stock"): 100,
            ("WH/Stock", "D2"): 100,
            ("D2", "WH/Stock/Shelf"): 100,
            ("WH/Stock/Shelf", "D3"): 100,
            ("D3", "Customers 12"): 100,
        }

    def test_columns_run_from_supplier_to_customer(self):
        graph = graph_of(trace(life(1, LIFE[:3]), [1]))
        columns = {
            str(node.subject): node.column
            for node in graph.nodes.values()
            if node.kind != "units"
        }
        assert [columns[str(each)] for each in (MAKER, STOCK, SHELF, BUYER)] == [
            0, 3, 5, 7,
        ]  # fmt: skip
        assert all(
            graph.nodes[source].column < graph.nodes[target].column
            for source, target in graph.edges
        )

    def test_a_return_and_resale_read_on_to_the_right(self):
        graph = graph_of(trace(life(1), [1]))
        assert all(
            graph.nodes[source].column < graph.nodes[target].column
            for source, target in graph.edges
        )
        rounds = sorted(
            node.round for node in graph.nodes.values() if node.subject == STOCK
        )
        assert rounds == [0, 1]

    def test_a_unit_let_out_a_hundred_times_stays_a_small_graph(self):
        events = [RECEIPT]
        for number in range(2, 202, 2):
            events += [
                event(number, STOCK, BUYER, document=2),
                event(number + 1, BUYER, STOCK, document=3),
            ]
        graph = graph_of(trace(life(1, events), [1]))
        assert len(graph.nodes) < 30

    def test_to_and_fro_between_two_places_ends(self):
        events = [
            RECEIPT, PUTAWAY, event(3, SHELF, STOCK), event(4, STOCK, SHELF),
        ]  # fmt: skip
        graph = graph_of(trace(life(1, events), [1]))
        assert len(graph.nodes) == 8

    def test_a_lot_is_a_box_with_its_quantities(self):
        rows = [(1, RECEIPT, 100.0), (1, PUTAWAY, 30.0)]
        graph = graph_of(trace(rows, [1]), serials=False)
        flows = [flow.quantities for flow in graph.edges.values()]
        assert flows.count({"m": 100.0}) == 3
        assert flows.count({"m": 30.0}) == 2

    def test_few_boxes_stand_for_many_customers(self):
        rows = []
        for lot in range(1, 51):
            sale = event(
                100 + lot, STOCK, Place("customer", 4, "Customers", 1000 + lot)
            )
            rows += life(lot, (RECEIPT, sale))
        graph = graph_of(trace(rows, range(1, 51)))
        small = collapse(graph, 5)
        assert len(small.nodes) < 25
        boxes = [node for node in small.nodes.values() if node.merged > 1]
        assert [box.merged for box in boxes] == [46, 46, 46]
        entering = [
            flow.units
            for (_source, target), flow in small.edges.items()
            if small.nodes[target].kind == "partner"
        ]
        assert sum(entering) == 50
