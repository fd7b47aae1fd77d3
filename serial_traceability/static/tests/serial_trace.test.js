import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { expect, test } from "@odoo/hoot";
import { animationFrame, click, edit, queryAllTexts } from "@odoo/hoot-dom";
import {
    defineActions,
    getService,
    mountWithCleanup,
    onRpc,
    patchWithCleanup,
} from "@web/../tests/web_test_helpers";
import { download } from "@web/core/network/download";
import { WebClient } from "@web/webclient/webclient";
import { BOX, expandUnits, layOut, shortRange } from "@serial_traceability/serial_trace/trace_layout";

defineMailModels();
defineActions([
    {
        id: 42,
        name: "Trace",
        tag: "serial_trace",
        type: "ir.actions.client",
        context: { active_model: "stock.picking", active_ids: [7] },
        params: {},
    },
]);

function node(key, kind, stage, column, values = {}) {
    return {
        key, kind, stage, column,
        round: 0, merged: 1, label: key, detail: "", is_subject: false,
        res_model: false, res_id: false, ...values,
    };
}

function edge(source, target, units) {
    return { source, target, units, quantities: {} };
}

/** A delivery of two serials out of one receipt. */
function makeTrace(direction = "both") {
    return {
        subject: { model: "stock.picking", ids: [7], name: "WH/OUT/7" },
        direction,
        nodes: [
            node("Maker", "partner", "source", 0, { res_model: "res.partner", res_id: 3 }),
            node("WH/IN/1", "document", "inbound", 1, { time: "2026-01-02 10:00:00" }),
            node("S1 … S2", "units", "units", 2, {
                count: 2, lot_ids: [1, 2], detail: "Phone", first: "S1", last: "S2",
            }),
            node("WH/Stock", "place", "inside", 3),
            node("WH/OUT/7", "document", "outbound", 4, { is_subject: true }),
            node("Buyer", "partner", "destination", 5),
        ],
        edges: [
            edge("Maker", "WH/IN/1", 2), edge("WH/IN/1", "S1 … S2", 2),
            edge("S1 … S2", "WH/Stock", 2), edge("WH/Stock", "WH/OUT/7", 2),
            edge("WH/OUT/7", "Buyer", 2),
        ],
        lots: [
            { id: 1, name: "S1", product: "Phone", batch: "B1" },
            { id: 2, name: "S2", product: "Phone", batch: "B1" },
        ],
        events: [makeEvent("WH/IN/1", "Maker"), makeEvent("WH/OUT/7", "Buyer")],
        rows: [[0, 0, 1, "Units", ""], [1, 0, 1, "Units", ""], [0, 1, 1, "Units", ""], [1, 1, 1, "Units", ""]],
        row_count: 4,
        totals: { serials: 2, lots: 0, suppliers: 1, customers: 1, documents: 2, steps: 4 },
        import: { state: "done", percent: 100 },
    };
}

function makeEvent(document, partner) {
    return {
        id: 1, time: "2026-01-02 10:00:00", step: "Shipping", document, origin: "",
        source: "WH/Stock", destination: "Customers", partner, imported: false,
        res_model: false, res_id: false,
    };
}

/** Open the screen; return the list of what it asks the server. */
async function open(answer = makeTrace()) {
    const asked = [];
    onRpc("serial.trace", "get_trace", ({ args, kwargs }) => {
        asked.push([...args, kwargs.direction, kwargs.per_column]);
        return answer;
    });
    await mountWithCleanup(WebClient);
    await getService("action").doAction(42);
    await animationFrame();
    return asked;
}

test("shows boxes, counts and rows of what the server traced", async () => {
    const asked = await open();
    expect(asked).toEqual([["stock.picking", [7], "both", 12]]);
    expect(".o_serial_trace_box").toHaveCount(6);
    expect(queryAllTexts(".o_serial_trace_amount")).toEqual(["2", "2", "2", "2", "2"]);
    expect(".o_serial_trace_subject").toHaveText("WH/OUT/7");
    expect(".o_serial_trace_row").toHaveCount(4);
    expect("[data-total=serials]").toHaveText("Serials\n2");
    expect("[data-total=lots]").toHaveCount(0);
});

test("asks again for another direction", async () => {
    const asked = await open();
    await click("[data-direction=back]");
    await animationFrame();
    expect(asked[1]).toEqual(["stock.picking", [7], "back", 12]);
    expect("[data-direction=back]").toHaveClass("active");
});

test("a box of serials filters the list and opens into single boxes", async () => {
    const trace = makeTrace();
    trace.nodes[2].lot_ids = [2];
    await open(trace);
    await click(".o_serial_trace_units button");
    await animationFrame();
    expect(".o_serial_trace_row").toHaveCount(2);
    await click(".o_serial_trace_only");
    await animationFrame();
    expect(".o_serial_trace_row").toHaveCount(4);
    await click(".o_serial_trace_expand");
    await animationFrame();
    expect(queryAllTexts(".o_serial_trace_units .fw-bold")).toEqual(["S2"]);
});

test("search finds rows by any of their words", async () => {
    await open();
    await click("input[type=search]");
    await edit("s1 buyer");
    await animationFrame();
    expect(".o_serial_trace_row").toHaveCount(1);
    await edit("nobody");
    await animationFrame();
    expect(".o_serial_trace_none").toHaveText("No step fits the search.");
});

test("boxes drawn as one ask for more of them", async () => {
    const trace = makeTrace();
    Object.assign(trace.nodes[5], { merged: 9, label: "" });
    const asked = await open(trace);
    expect(".o_serial_trace_more").toHaveText("9 more\nShow more boxes");
    await click(".o_serial_trace_more button");
    await animationFrame();
    expect(asked[1]).toEqual(["stock.picking", [7], "both", 48]);
});

test("a box opens its record", async () => {
    await open();
    patchWithCleanup(getService("action"), {
        doAction: (action) => expect.step([action.res_model, action.res_id]),
    });
    await click(".o_serial_trace_partner button:not(:disabled)");
    await animationFrame();
    expect.verifySteps([["res.partner", 3]]);
});

test("export asks for the trace on the screen", async () => {
    patchWithCleanup(download, {
        _download: ({ url, data }) => expect.step([url, data]),
    });
    await open();
    await click(".o_serial_trace_csv");
    expect.verifySteps([
        [
            "/serial_traceability/trace/export",
            { model: "stock.picking", ids: "7", direction: "both", file_format: "csv" },
        ],
    ]);
});

test("says so where nothing happened", async () => {
    await open({ ...makeTrace(), nodes: [], edges: [], rows: [], row_count: 0, totals: {} });
    expect(".o_serial_trace_empty").toHaveCount(1);
    expect(".o_serial_trace_xlsx").not.toBeEnabled();
    expect(".o_serial_trace_import").toHaveCount(0);
});

test("tells how far the past has been imported", async () => {
    await open({ ...makeTrace(), import: { state: "running", percent: 41.7 } });
    expect(".o_serial_trace_import").toHaveText(/imported to 41%/);
});

test("lines run from box to box and never share a place", () => {
    const drawing = layOut(makeTrace());
    expect(drawing.boxes).toHaveLength(6);
    expect(drawing.lines[0].path.startsWith(`M ${drawing.boxes[0].x + BOX.width} `)).toBe(true);
    expect(drawing.headings.map((heading) => heading.stage)).toEqual([
        "source", "inbound", "units", "inside", "outbound", "destination",
    ]);
    const places = new Set(drawing.boxes.map((box) => `${box.x},${box.y}`));
    expect(places.size).toBe(6);
});

test("a line over several columns keeps clear of their boxes", () => {
    const nodes = [0, 1, 1, 2].map((column, number) => node(`n${number}`, "place", "inside", column));
    const edges = [edge("n0", "n1", 1), edge("n0", "n2", 1), edge("n1", "n3", 1), edge("n0", "n3", 1)];
    const { boxes, lines } = layOut({ nodes, edges });
    const long = lines[3].path.match(/H/g);
    expect(long).toHaveLength(1);
    const lane = Number(lines[3].path.match(/([\d.]+) H/)[1]);
    for (const box of boxes.filter((each) => each.column === 1)) {
        expect(lane < box.y || lane > box.y + BOX.height).toBe(true);
    }
});

test("goods that go back are drawn to the left", () => {
    const nodes = [node("a", "place", "inside", 0), node("b", "place", "inside", 1)];
    const { lines } = layOut({ nodes, edges: [edge("a", "b", 2), edge("b", "a", 1)] });
    expect(lines).toHaveLength(2);
});

test("long ranges of serials show where they differ", () => {
    expect(shortRange("S1", "S20")).toBe("S1 – S20");
    expect(shortRange("3520990000001", "3520990000040")).toBe("…00001 – …00040");
});

test("an opened box hands its lines on to each serial", () => {
    const graph = expandUnits(makeTrace(), new Set(["S1 … S2"]), (id) => `S${id}`);
    expect(graph.nodes.filter((each) => each.kind === "units").map((each) => each.label)).toEqual([
        "S1", "S2",
    ]);
    expect(graph.edges.filter((each) => each.target === "WH/Stock").map((each) => each.units)).toEqual([1, 1]);
});
