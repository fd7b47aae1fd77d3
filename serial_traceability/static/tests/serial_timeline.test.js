import { expect, test } from "@odoo/hoot";
import { queryAllTexts } from "@odoo/hoot-dom";
import { animationFrame } from "@odoo/hoot-mock";
import {
    contains,
    defineModels,
    fields,
    MockServer,
    mockService,
    models,
    mountView,
    onRpc,
} from "@web/../tests/web_test_helpers";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";

class StockLot extends models.Model {
    _name = "stock.lot";
    name = fields.Char();
    event_count = fields.Integer();
    _records = [
        { id: 1, name: "P1", event_count: 21 },
        { id: 2, name: "P2", event_count: 0 },
    ];
}
defineMailModels();
defineModels([StockLot]);

const ARCH = `<form><field name="name"/><widget name="serial_timeline"/></form>`;

function entry(id, values = {}) {
    return {
        id,
        step: "receiving",
        title: `Event ${id}`,
        details: [],
        source: "",
        destination: "",
        time: "11/22/2026 09:00:00",
        recorded: "11/22/2026 09:00:01",
        user: "Ann",
        document: false,
        imported: false,
        corrects: false,
        corrected_by: false,
        taken_back: false,
        hash: "00",
        ...values,
    };
}

function answer(entries, hasOlder = false, notice = "") {
    return { entries, has_older: hasOlder, notice };
}

async function mountTimeline(resId = 1) {
    await mountView({ type: "form", resModel: "stock.lot", resId, arch: ARCH });
}

test("an entry says what happened, where, when, by whom and in which document", async () => {
    onRpc("stock.lot", "get_timeline", () =>
        answer([
            entry(7, {
                title: "Received from Maker Ltd",
                source: "Vendors",
                destination: "WH/Stock",
                details: ["Quantity: 5 Units"],
                document: { name: "WH/IN/1", model: "stock.picking", id: 3 },
            }),
        ])
    );
    await mountTimeline();
    expect(".o_serial_title").toHaveText("Received from Maker Ltd");
    expect(".o_serial_icon .fa-sign-in").toHaveCount(1);
    expect(".o_serial_places").toHaveText("Vendors → WH/Stock");
    expect(".o_serial_time").toHaveText("11/22/2026 09:00:00");
    expect(".o_serial_user").toHaveText("by Ann");
    expect("a.o_serial_document").toHaveText("WH/IN/1");
    expect(".o_serial_body").toHaveText(/Quantity: 5 Units/);
    expect(".o_serial_imported").toHaveCount(0);
    expect(".o_serial_corrects").toHaveCount(0);
});

test("a document that cannot be opened is named without a link", async () => {
    onRpc("stock.lot", "get_timeline", () =>
        answer([entry(7, { document: { name: "WH/IN/1", model: "x", id: false } })])
    );
    await mountTimeline();
    expect("a.o_serial_document").toHaveCount(0);
    expect("span.o_serial_document").toHaveText("WH/IN/1");
});

test("imported and corrected entries are marked", async () => {
    onRpc("stock.lot", "get_timeline", () =>
        answer([
            entry(9, { corrects: 7 }),
            entry(7, { corrected_by: 9, taken_back: true, imported: true }),
            entry(5, { corrected_by: 6 }),
        ])
    );
    await mountTimeline();
    expect("[data-event-id='9'] .o_serial_corrects").toHaveText(
        "Correction of an earlier record"
    );
    expect("[data-event-id='7'] .o_serial_corrected_by").toHaveText("Corrected later");
    expect("[data-event-id='7'].o_serial_corrected").toHaveCount(1);
    expect("[data-event-id='5'] .o_serial_corrected_by").toHaveText("Corrected later");
    expect("[data-event-id='5'].o_serial_corrected").toHaveCount(0);
    expect("[data-event-id='7'] .o_serial_imported").toHaveText("Imported");
});

test("older entries come a page at a time", async () => {
    onRpc("stock.lot", "get_timeline", ({ args, kwargs }) => {
        expect.step([args[0], kwargs.offset, kwargs.limit]);
        return kwargs.offset
            ? answer([entry(1)])
            : answer(
                  Array.from({ length: 20 }, (_, index) => entry(21 - index)),
                  true
              );
    });
    await mountTimeline();
    expect(".o_serial_entry").toHaveCount(20);
    await contains(".o_serial_older").click();
    expect(".o_serial_entry").toHaveCount(21);
    expect(queryAllTexts(".o_serial_title").at(-1)).toBe("Event 1");
    expect(".o_serial_older").toHaveCount(0);
    expect.verifySteps([
        [[1], 0, 20],
        [[1], 20, 20],
    ]);
});

test("clicks open the document, the event and what it corrects", async () => {
    mockService("action", {
        doAction: ({ res_model, res_id }) => expect.step(`${res_model} ${res_id}`),
    });
    onRpc("stock.lot", "get_timeline", () =>
        answer([
            entry(9, {
                corrects: 7,
                document: { name: "WH/IN/1", model: "stock.picking", id: 3 },
            }),
        ])
    );
    await mountTimeline();
    await contains(".o_serial_document").click();
    await contains(".o_serial_title").click();
    await contains(".o_serial_corrects").click();
    expect.verifySteps(["stock.picking 3", "serial.event 9", "serial.event 7"]);
});

test("a past that is not told yet is announced", async () => {
    onRpc("stock.lot", "get_timeline", () =>
        answer([entry(1)], false, "Older steps are missing.")
    );
    await mountTimeline();
    expect(".o_serial_notice").toHaveText("Older steps are missing.");
});

test("a serial without events says so", async () => {
    onRpc("stock.lot", "get_timeline", () => answer([]));
    await mountTimeline(2);
    expect(".o_serial_timeline").toHaveText("Nothing is recorded yet.");
});

test("a new event is shown once the record says there is one", async () => {
    let entries = [entry(1)];
    onRpc("stock.lot", "get_timeline", () => answer(entries));
    onRpc("stock.lot", "web_save", ({ parent }) => {
        MockServer.env["stock.lot"].write([1], { event_count: 22 });
        entries = [entry(2), ...entries];
        return parent();
    });
    await mountTimeline();
    expect(".o_serial_entry").toHaveCount(1);
    await contains("[name='name'] input").edit("P1b");
    await contains(".o_form_button_save").click();
    await animationFrame();
    expect(".o_serial_entry").toHaveCount(2);
});
