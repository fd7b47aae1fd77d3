import { registry } from "@web/core/registry";

const GTIN = "09520001100017";

/** Paste two units and a faulty one, correct that, apply; then scan a third. */
registry.category("web_tour.tours").add("serial_scan_import_tour", {
    steps: () => [
        {
            trigger: "button[name='action_scan_serials']",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name='scan_text'] textarea",
            run: (helpers) => helpers.edit(`]d201${GTIN}21A1\n]d201${GTIN}21`),
        },
        {
            trigger: ".modal button[name='action_read']",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name='summary']:contains('Empty serial: 1')",
        },
        {
            trigger: ".modal .o_field_widget[name='wrong_line_ids'] td[name='text']",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name='wrong_line_ids'] [name='text'] input",
            run: `edit ]d201${GTIN}21A2`,
        },
        {
            trigger: ".modal .nav-link:contains('Wrong')",
            run: "click",
        },
        {
            trigger: ".modal button[name='action_apply']",
            run: "click",
        },
        {
            trigger: "body:not(:has(.modal)) .o_serial_scanner",
            run() {
                const { barcode } = odoo.__WOWL_DEBUG__.root.env.services;
                barcode.bus.trigger("barcode_scanned", {
                    barcode: `]d201${GTIN}21A3`,
                    target: document.body,
                });
            },
        },
        {
            trigger: ".o_serial_scanner_answer.alert-success:contains('3 of 3')",
        },
    ],
});
