"""GS1 Digital Link URIs: what is read, what is refused and where, what is written."""

import pytest

from serial_traceability.core.errors import Gs1Error
from serial_traceability.core.gs1 import (
    Element,
    Source,
    build_digital_link,
    parse_digital_link,
)

GTIN = "09520001100017"
ITEM = f"https://id.gs1.org/01/{GTIN}"


def refused(uri, **options):
    with pytest.raises(Gs1Error) as caught:
        parse_digital_link(uri, **options)
    error = caught.value
    assert error.message and error.expected
    return error


def values(uri, **options):
    return [(one.ai, one.value) for one in parse_digital_link(uri, **options)]


def test_path_and_attributes_come_in_order_with_their_positions():
    message = parse_digital_link(f"{ITEM}/10/B17A/21/A1?17=281231&11=260901")
    assert message.elements == (
        Element("01", GTIN, 22),
        Element("10", "B17A", 40),
        Element("21", "A1", 48),
        Element("17", "281231", 54),
        Element("11", "260901", 64),
    )
    assert message.source is Source.DIGITAL_LINK


@pytest.mark.parametrize("scheme", ["https", "http", "HTTPS", "HTTP"])
def test_schemes_are_written_in_one_case(scheme):
    assert values(f"{scheme}://a/01/{GTIN}") == [("01", GTIN)]


@pytest.mark.parametrize("scheme", ["Https", "ftp", "urn", ""])
def test_other_schemes_are_refused(scheme):
    assert refused(f"{scheme}://a/01/{GTIN}").code == "uri_scheme"


@pytest.mark.parametrize(
    "domain",
    [
        "a",
        "a.",
        "example.com:8443",
        "192.0.2.1",
        "[2001:db8::1]",
        "xn--bcher-kva.example",
    ],
)
def test_any_domain_may_stand_before_the_path(domain):
    assert values(f"https://{domain}/01/{GTIN}") == [("01", GTIN)]


@pytest.mark.parametrize(
    ("uri", "position"),
    [
        ("https://", 8),
        ("https:///01/" + GTIN, 8),
        ("https://a", 8),
        ("https://a_b/01/" + GTIN, 9),
        ("https://user@a/01/" + GTIN, 12),
        ("https://[fe80::1%25lo]/01/" + GTIN, 16),
    ],
)
def test_a_domain_that_is_none_is_refused(uri, position):
    error = refused(uri)
    assert (error.code, error.position) == ("uri_domain", position)


def test_the_path_may_have_more_before_the_key():
    assert values(f"https://a/some/stem/01/{GTIN}") == [("01", GTIN)]


def test_the_rightmost_key_counts():
    assert values(f"https://a/01/x/01/{GTIN}") == [("01", GTIN)]


@pytest.mark.parametrize(
    "uri",
    [
        "https://a/",
        "https://a/b",
        "https://a/01",
        "https://a/21/A1",
        f"https://01/{GTIN}",
        f"{ITEM}/",
        f"{ITEM}/x/y",
        f"{ITEM}/89/X",
    ],
)
def test_a_path_must_end_in_key_and_qualifiers(uri):
    assert refused(uri).code == "no_primary_key"


@pytest.mark.parametrize(
    "path",
    ["22/V/10/B/21/S", "22/V/21/S", "10/B", "21/S", "235/T", "22/V/10/B"],
)
def test_qualifiers_of_a_gtin_stand_in_their_order(path):
    assert len(values(f"{ITEM}/{path}")) == 1 + (path.count("/") + 1) // 2


@pytest.mark.parametrize(
    "path", ["21/S/10/B", "10/B/22/V", "235/T/21/S", "21/S/21/S", "17/281231"]
)
def test_qualifiers_in_another_order_are_refused(path):
    error = refused(f"{ITEM}/{path}")
    assert error.code == "qualifier_sequence"
    assert error.position == len(ITEM) + 1 + path.index("/") + 1


def test_a_key_without_qualifiers_takes_none():
    error = refused("https://a/253/9520001100017/21/S")
    assert error.expected == "(253) alone"


def test_a_qualifier_in_the_query_is_refused():
    error = refused(f"{ITEM}?10=B17A")
    assert (error.code, error.position) == ("qualifier_in_query", len(ITEM) + 4)


def test_what_the_path_cannot_take_may_stand_in_the_query():
    assert values(f"{ITEM}/235/T?10=B17A")[2] == ("10", "B17A")


def test_a_serial_is_no_attribute():
    assert refused(f"{ITEM}?21=A1").code == "not_an_attribute"


@pytest.mark.parametrize("query", [f"01={GTIN}", "10=B", "99=X&99=X"])
def test_an_ai_stands_only_once(query):
    assert refused(f"{ITEM}/10/B?{query}").code == "repeated_ai"


def test_percent_encoding_is_undone():
    uri = f"{ITEM}/21/32a%2Fb%25%3f?99=A%2FB%26"
    assert values(uri)[1:] == [("21", "32a/b%?"), ("99", "A/B&")]


def test_a_plus_sign_is_one_in_the_path_and_a_space_in_the_query():
    assert values(f"{ITEM}/21/A+B")[1] == ("21", "A+B")
    error = refused(f"{ITEM}?99=A+B")
    assert (error.code, error.position) == ("outside_charset", len(ITEM) + 5)


def test_the_place_of_a_fault_counts_percent_encoding():
    error = refused(f"{ITEM}/21/%41%42%7E")
    assert (error.code, error.position) == ("outside_charset", len(ITEM) + 4 + 6)


def test_an_encoded_nul_is_refused():
    error = refused(f"{ITEM}/21/A%00B")
    assert (error.code, error.position) == ("illegal_null", len(ITEM) + 5)


def test_encoded_utf_8_is_outside_set_82():
    assert refused(f"{ITEM}/21/%C3%A9").code == "outside_charset"


def test_a_fragment_is_left_out():
    assert values(f"{ITEM}/21/A1#x?17=281231") == [("01", GTIN), ("21", "A1")]
    assert values(f"{ITEM}?17=281231#x")[1] == ("17", "281231")


def test_other_parameters_are_reported():
    message = parse_digital_link(f"{ITEM}?&linkType=gs1:pip&&17=281231&flag&")
    assert message.ignored == ("linkType=gs1:pip", "flag")
    assert message.get("17") == "281231"


@pytest.mark.parametrize("query", ["999=X", "=X", "8=X", "89=X"])
def test_a_number_that_is_no_ai_is_refused(query):
    error = refused(f"{ITEM}?17=281231&{query}")
    assert (error.code, error.position) == ("unknown_ai", len(ITEM) + 11)


@pytest.mark.parametrize("tail", ["/21/", "?17=", "/21/?17=281231"])
def test_an_empty_value_is_refused(tail):
    assert refused(ITEM + tail).code == "value_empty"


@pytest.mark.parametrize("character", [" ", "é", "\x1d", "<", '"', "\0", "٣", "^"])
def test_a_character_that_is_none_of_a_uri_is_refused(character):
    error = refused(f"{ITEM}/21/A{character}")
    assert (error.code, error.position) == ("uri_character", len(ITEM) + 5)


def test_convenience_names_are_read_only_when_asked_for():
    uri = f"https://a/gtin/{GTIN}/lot/B/ser/S"
    assert refused(uri).code == "no_primary_key"
    assert values(uri, convenience_alphas=True) == [
        ("01", GTIN),
        ("10", "B"),
        ("21", "S"),
    ]


@pytest.mark.parametrize(
    ("short", "gtin"),
    [
        ("9520001100017", "09520001100017"),
        ("416000336108", "00416000336108"),
        ("02345673", "00000002345673"),
    ],
)
def test_a_short_gtin_is_read_only_when_asked_for(short, gtin):
    assert refused(f"https://a/01/{short}").code == "value_too_short"
    assert values(f"https://a/01/{short}", zero_suppressed_gtin=True) == [("01", gtin)]


def test_lenient_reading_keeps_an_unknown_attribute_and_reports_it():
    error = refused(f"{ITEM}?89=X", unknown_attributes=True)
    assert (error.code, error.position) == ("unknown_ai", len(ITEM) + 1)
    message = parse_digital_link(f"{ITEM}?89=X&17=281231", strict=False)
    assert message.unknown == (Element("89", "X", len(ITEM) + 4),)
    assert message.get("17") == "281231"


def test_unknown_attributes_can_be_refused_in_lenient_reading():
    uri = f"{ITEM}?89=X"
    error = refused(uri, strict=False, unknown_attributes=False)
    assert error.code == "not_an_attribute"


@pytest.mark.parametrize("path", ["/89/X/21/A1", "/21/A1/89/X", "/22/V/89/X/21/A1"])
def test_lenient_reading_keeps_an_unknown_ai_in_the_path(path):
    assert refused(ITEM + path).code == "no_primary_key"
    message = parse_digital_link(ITEM + path, strict=False)
    assert message.unknown == (Element("89", "X", len(ITEM) + path.index("X")),)
    assert (message.gtin, message.serial) == (GTIN, "A1")


def test_lenient_reading_keeps_the_order_of_qualifiers():
    assert refused(f"{ITEM}/21/A/89/X/10/B", strict=False).code == "qualifier_sequence"
    assert refused(f"{ITEM}/89/X?21=A", strict=False).code == "not_an_attribute"


@pytest.mark.parametrize("name", ["8", "801", "89012"])
def test_lenient_reading_refuses_a_number_that_can_be_no_ai(name):
    error = refused(f"{ITEM}?{name}=X", strict=False)
    assert (error.code, error.position) == ("unknown_ai", len(ITEM) + 1)


def test_associations_are_checked():
    assert refused(f"{ITEM}?02={GTIN}&37=5").code == "excluded_ai"
    assert refused("https://a/8010/9520X?17=281231").code == "required_ai"
    assert values("https://a/8010/9520X?17=281231", required=False)


def test_very_long_input_is_refused():
    assert refused(f"{ITEM}/21/{'A' * 100_000}").code == "value_too_long"
    assert refused("https://a" + "/" * 100_000).code == "no_primary_key"


def test_building_puts_qualifiers_in_their_order_and_the_rest_in_the_query():
    elements = [
        ("10", "B17A"),
        ("99", "X"),
        ("21", "32a/b"),
        ("17", "281231"),
        ("01", GTIN),
    ]
    uri = build_digital_link(elements)
    assert uri == f"{ITEM}/10/B17A/21/32a%2Fb?17=281231&99=X"


@pytest.mark.parametrize("domain", ["https://example.com/x", "https://example.com/x/"])
def test_building_takes_any_domain(domain):
    uri = build_digital_link([("01", GTIN)], domain=domain)
    assert uri == f"https://example.com/x/01/{GTIN}"


def test_building_encodes_what_a_uri_reserves():
    value = "!\"%&'()*+,/:;<=>?"
    uri = build_digital_link([("01", GTIN), ("21", value), ("99", value)])
    encoded = "%21%22%25%26%27%28%29%2A%2B%2C%2F%3A%3B%3C%3D%3E%3F"
    assert uri == f"{ITEM}/21/{encoded}?99={encoded}"
    assert parse_digital_link(uri).serial == value


def test_the_first_key_is_the_primary_key_unless_another_is_named():
    elements = [("253", "9520001100017"), ("01", GTIN), ("99", "X")]
    assert build_digital_link(elements) == (
        f"https://id.gs1.org/253/9520001100017?01={GTIN}&99=X"
    )
    assert build_digital_link(elements, primary_key="01") == (
        f"{ITEM}?253=9520001100017&99=X"
    )


def test_what_is_given_twice_is_written_once():
    elements = [("01", GTIN), ("99", "X"), ("01", GTIN), ("99", "X")]
    assert build_digital_link(elements) == f"{ITEM}?99=X"


def test_the_qualifiers_are_chosen_so_that_the_rest_may_be_attributes():
    elements = [("01", GTIN), ("10", "B"), ("235", "T")]
    assert build_digital_link(elements) == f"{ITEM}/235/T?10=B"


@pytest.mark.parametrize(
    ("elements", "code"),
    [
        ([], "no_element"),
        ([("99", "X")], "no_primary_key"),
        ([("01", GTIN), ("8200", "http://example.com")], "not_an_attribute"),
        ([("01", GTIN), ("235", "T"), ("22", "V")], "not_an_attribute"),
        ([("01", GTIN), ("89", "X")], "unknown_ai"),
        ([("01", GTIN), ("17", "281331")], "illegal_month"),
        ([("01", GTIN), ("02", GTIN)], "excluded_ai"),
    ],
)
def test_building_refuses(elements, code):
    with pytest.raises(Gs1Error) as caught:
        build_digital_link(elements)
    assert caught.value.code == code


def test_building_refuses_a_primary_key_that_is_not_there():
    with pytest.raises(Gs1Error) as caught:
        build_digital_link([("01", GTIN)], primary_key="00")
    assert caught.value.code == "no_primary_key"


def test_an_unknown_ai_is_written_only_when_asked_for():
    elements = [("01", GTIN), ("89", "X")]
    with pytest.raises(Gs1Error):
        build_digital_link(elements, strict=False)
    uri = build_digital_link(elements, strict=False, unknown_attributes=True)
    assert uri == f"{ITEM}?89=X"


def test_a_text_without_ai_has_no_place_in_a_link():
    elements = [("01", GTIN), ("", "89X")]
    with pytest.raises(Gs1Error) as caught:
        build_digital_link(elements, strict=False, unknown_attributes=True)
    assert caught.value.code == "unknown_ai"
