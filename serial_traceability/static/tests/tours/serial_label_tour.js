import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("serial_label_print", {
    steps: () => [
        {
            content: "The serial shows its symbol",
            trigger: ".o_field_widget[name=symbol_url] img[src*='/symbol/datamatrix.svg']",
        },
        {
            content: "Open the dialog",
            trigger: "button:contains(Print Label)",
            run: "click",
        },
        {
            content: "The preview shows the label",
            trigger: ".modal .o_field_widget[name=preview] img[src^='data:image/svg']",
        },
        {
            content: "A symbol that has no room",
            trigger: ".modal .o_field_widget[name=symbology] input",
            run: "click",
        },
        {
            trigger: ".o_select_menu_menu .o_select_menu_item:contains(GS1-128)",
            run: "click",
        },
        {
            content: "It is said what is wrong, and nothing can be printed",
            trigger:
                ".modal:not(:has(footer button.btn-primary:visible)) .alert-danger:contains(no room)",
        },
        {
            content: "Another symbol",
            trigger: ".modal .o_field_widget[name=symbology] input",
            run: "click",
        },
        {
            trigger: ".o_select_menu_menu .o_select_menu_item:contains(Digital Link)",
            run: "click",
        },
        {
            content: "Print it",
            trigger: ".modal:not(:has(.alert-danger:visible)) footer button:contains(Print)",
            run: "click",
        },
        {
            content: "The dialog is closed",
            trigger: "body:not(:has(.modal)) .o_form_view",
        },
    ],
});
