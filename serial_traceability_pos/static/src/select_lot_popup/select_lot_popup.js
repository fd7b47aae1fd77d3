import { SelectLotPopup } from "@point_of_sale/app/components/popups/select_lot_popup/select_lot_popup";
import { usePos } from "@point_of_sale/app/hooks/pos_hook";
import { patch } from "@web/core/utils/patch";

patch(SelectLotPopup.prototype, {
    setup() {
        super.setup(...arguments);
        this.pos = usePos();
    },

    /** Say why a number is stopped instead of proposing to add it. */
    getSources() {
        return super.getSources().map((source) => ({
            ...source,
            options: (input) => {
                const message = this.pos.heldLots.get(input.trim());
                return message ? [this.getHeldOption(message)] : source.options(input);
            },
        }));
    },

    getHeldOption(message) {
        return {
            label: message,
            cssClass: "text-danger",
            onSelect: () => this.notification.add(message, { type: "danger" }),
        };
    },
});
