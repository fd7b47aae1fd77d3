import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("serial_trace_delivery", {
    steps: () => [
        {
            content: "Open the trace of the delivery",
            trigger: ".oe_stat_button:contains(Trace):has(.fa-sitemap)",
            run: "click",
        },
        {
            content: "The serials are one box",
            trigger: ".o_serial_trace_units:contains(V0 – V2)",
        },
        {
            content: "Customer and supplier stand at the ends",
            trigger: ".o_serial_trace_partner:contains(Buyer Inc)",
        },
        {
            content: "Three serials, two steps each",
            trigger: ".o_serial_trace_list:has(.o_serial_trace_row:nth-of-type(6))",
        },
        {
            content: "Where from only",
            trigger: "button[data-direction=back]",
            run: "click",
        },
        { trigger: "button[data-direction=back].active" },
        {
            content: "Show each serial of the box",
            trigger: ".o_serial_trace_units .o_serial_trace_expand",
            run: "click",
        },
        {
            content: "Open one of them",
            trigger: ".o_serial_trace_units button[title^=V1]",
            run: "click",
        },
        { trigger: ".o_form_view .o_field_widget[name=name]:contains(V1), .o_form_view [name=name] input" },
    ],
});
