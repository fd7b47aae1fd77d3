import { ConnectionLostError } from "@web/core/network/rpc";
import OrderPaymentValidation from "@point_of_sale/app/utils/order_payment_validation";
import { patch } from "@web/core/utils/patch";

patch(OrderPaymentValidation.prototype, {
    /** Note what the customer takes away before the server has heard of it. */
    handleValidationError(error) {
        if (error instanceof ConnectionLostError) {
            this.order.serial_handed_over = true;
        }
        return super.handleValidationError(...arguments);
    },
});
