import pytest

from serial_traceability.core.epcis import canonical_uri, is_uri


@pytest.mark.parametrize(
    ("uri", "canonical"),
    [
        # domain, query and fragment go; the finest qualifier stays
        (
            "https://shop.example.com/x/01/09506000134352/10/L1/21/7?17=261231#a",
            "https://id.gs1.org/01/09506000134352/21/7",
        ),
        (
            "http://id.gs1.org/01/09506000134352/22/2A/10/L1",
            "https://id.gs1.org/01/09506000134352/10/L1",
        ),
        (
            "https://id.gs1.org/01/09506000134352/22/2A",
            "https://id.gs1.org/01/09506000134352",
        ),
        (
            "https://id.gs1.org/01/09506000134352/",
            "https://id.gs1.org/01/09506000134352",
        ),
        # the shorter GTINs and the words of Digital Link 1.0
        (
            "https://id.gs1.org/01/9506000134352/21/7",
            "https://id.gs1.org/01/09506000134352/21/7",
        ),
        (
            "https://id.gs1.org/gtin/95010939/ser/7",
            "https://id.gs1.org/01/00000095010939/21/7",
        ),
        # escapes keep their meaning, in upper case
        (
            "https://id.gs1.org/01/09506000134352/21/a%2fb",
            "https://id.gs1.org/01/09506000134352/21/a%2Fb",
        ),
        (
            "https://example.com/01/09506000134352/21/a%2Fb?17=261231",
            "https://id.gs1.org/01/09506000134352/21/a%2Fb",
        ),
        (
            "https://example.com/8018/401234598765400000/8019/1",
            "https://id.gs1.org/8018/401234598765400000",
        ),
        (
            "urn:epc:id:sgtin:0614141.812345.6789%2f!",
            "https://id.gs1.org/01/80614141123458/21/6789%2F%21",
        ),
        (
            "urn:epc:id:upui:1234567.098765.51qIgY)%3C%26Jp3*j7'SDB",
            "https://id.gs1.org/01/01234567987651/235/51qIgY%29%3C%26Jp3%2Aj7'SDB",
        ),
    ],
)
def test_a_name_of_a_gs1_key_gets_its_one_canonical_form(uri, canonical):
    assert canonical_uri(uri) == canonical
    assert canonical_uri(canonical) == canonical


@pytest.mark.parametrize(
    "uri",
    [
        "geo:47.506694,11.104301",
        "http://transaction.acme.com/po/12345678",
        "https://example.com/01/12345/21/7",
        "https://example.com/01/09506000134352/21",
        "https://example.com/01/09506000134352/99/7",
        "https://example.com/8004/ab",
        "https://example.com",
        "urn:epcglobal:cbv:bt:5200001000008:4711",
        "urn:epc:id:sgtin:0614141.812345",
        "urn:epc:idpat:sgtin:0614141.*.*",
        "urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6",
    ],
)
def test_what_names_no_gs1_key_stays_as_it_is(uri):
    assert canonical_uri(uri) == uri


@pytest.mark.parametrize(
    "text",
    ["", "receiving", "a b:c", "urn:a b", "1x:y", ":x", "urn:", "x:\u00e9", "u:\n"],
)
def test_what_is_no_absolute_uri(text):
    assert not is_uri(text)
