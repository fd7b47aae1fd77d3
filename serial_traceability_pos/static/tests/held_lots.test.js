import { expect, test } from "@odoo/hoot";
import { contains, onRpc } from "@web/../tests/web_test_helpers";
import { ConnectionLostError } from "@web/core/network/rpc";
import OrderPaymentValidation from "@point_of_sale/app/utils/order_payment_validation";
import { SelectLotPopup } from "@point_of_sale/app/components/popups/select_lot_popup/select_lot_popup";
import { definePosModels } from "@point_of_sale/../tests/unit/data/generate_model_definitions";
import { getFilledOrder, mountPosDialog, setupPosEnv } from "@point_of_sale/../tests/unit/utils";

definePosModels();

const MESSAGE = "P1 is on hold: Quality. Take another unit.";

function answerHeldLots() {
    onRpc("pos.order.line", "get_held_lots", ({ args }) => {
        expect.step(`asked for ${args[2]}`);
        return [{ name: "P1", message: MESSAGE }];
    });
}

test("the lot editor says why a number is on hold", async () => {
    answerHeldLots();
    const store = await setupPosEnv();
    await store.loadHeldLots({ id: 5 });
    expect.verifySteps(["asked for 5"]);
    const popup = await mountPosDialog(SelectLotPopup, {
        array: [],
        isSingleItem: false,
        title: "Numbers",
        name: "Phone",
        getPayload: () => {},
        options: [{ id: 1, name: "P2", product_qty: 1 }],
        customInput: true,
        isLotNameUsed: () => false,
    });
    const [source] = popup.getSources();
    expect(source.options("P2").map((option) => option.label)).toEqual(["P2"]);
    const [option] = source.options(" P1 ");
    expect(option.label).toBe(MESSAGE);
    option.onSelect();
    expect(popup.state.values).toEqual([]);
});

test("a scanned unit on hold is not put on the order", async () => {
    answerHeldLots();
    const store = await setupPosEnv();
    const order = await getFilledOrder(store);
    const product = store.models["product.product"].get(5);
    const line = await store.addLineToOrder(
        { product_id: product, product_tmpl_id: product.product_tmpl_id },
        order,
        { code: { type: "lot", code: "P1" } }
    );
    expect(line).toBe(undefined);
    expect(order.lines).toHaveLength(2);
    expect.verifySteps(["asked for 5"]);
});

test("without a connection nothing is known to be on hold", async () => {
    const store = await setupPosEnv();
    store.heldLots = new Map([["P1", MESSAGE]]);
    onRpc("pos.order.line", "get_held_lots", () => {
        throw new ConnectionLostError("/web/dataset/call_kw");
    });
    const held = await store.loadHeldLots({ id: 5 });
    expect(held.size).toBe(0);
});

test("what is sold without a connection is handed over", async () => {
    const store = await setupPosEnv();
    const order = await getFilledOrder(store);
    const validation = new OrderPaymentValidation({ pos: store, orderUuid: order.uuid });
    validation.afterOrderValidation = () => {};
    validation.handleValidationError(new ConnectionLostError("/")).message;
    expect(order.serial_handed_over).toBe(true);
    expect.errors(1);
});
