import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from serial_traceability.core.epc import SCHEMES, Epc, escape, lgtin, sgtin, unescape
from serial_traceability.core.errors import EpcError, Gs1Error
from serial_traceability.core.gs1.keys import CSET_82


def refusal(function, *args, **kwargs):
    with pytest.raises(EpcError) as caught:
        function(*args, **kwargs)
    return caught.value


# Source: the examples of GS1 EPC Tag Data Standard §6.3 and §7 and of annex E.3.
IDENTITIES = [
    ("urn:epc:id:sgtin:0614141.112345.400", {"01": "10614141123459", "21": "400"}),
    ("urn:epc:id:sgtin:0614141.112345.32a%2Fb",
     {"01": "10614141123459", "21": "32a/b"}),
    ("urn:epc:id:sgtin:00000950.01093.Serial",
     {"01": "00000095010939", "21": "Serial"}),
    ("urn:epc:class:lgtin:4012345.012345.998877",
     {"01": "04012345123456", "10": "998877"}),
    ("urn:epc:id:sscc:0614141.1234567890", {"00": "106141412345678908"}),
    ("urn:epc:id:sgln:0614141.12345.400", {"414": "0614141123452", "254": "400"}),
    ("urn:epc:id:sgln:0614141.12345.0", {"414": "0614141123452"}),
    ("urn:epc:id:sgln:061414112345..32a%2Fb", {"414": "0614141123452", "254": "32a/b"}),
    ("urn:epc:id:grai:0614141.12345.400", {"8003": "00614141123452400"}),
    ("urn:epc:id:grai:061414112345..A.B", {"8003": "00614141123452A.B"}),
    ("urn:epc:id:giai:0614141.12345400", {"8004": "061414112345400"}),
    ("urn:epc:id:giai:0614141.a.b%3Cc", {"8004": "0614141a.b<c"}),
    ("urn:epc:id:gsrn:0614141.1234567890", {"8018": "061414112345678902"}),
    ("urn:epc:id:gsrnp:0614141.1234567890", {"8017": "061414112345678902"}),
    ("urn:epc:id:gdti:0614141.12345.400", {"253": "0614141123452400"}),
    ("urn:epc:id:sgcn:4012345.67890.04711", {"255": "401234567890104711"}),
    ("urn:epc:id:cpi:0614141.5PQ7%2FZ43.12345",
     {"8010": "06141415PQ7/Z43", "8011": "12345"}),
    ("urn:epc:id:ginc:0614141.xyz47%2F11", {"401": "0614141xyz47/11"}),
    ("urn:epc:id:gsin:0614141.123456789", {"402": "06141411234567890"}),
    ("urn:epc:id:itip:4012345.012345.01.02.987",
     {"8006": "040123451234560102", "21": "987"}),
    ("urn:epc:id:upui:1234567.098765.51qIgY)%3C%26Jp3*j7'SDB",
     {"01": "01234567987651", "235": "51qIgY)<&Jp3*j7'SDB"}),
    ("urn:epc:id:pgln:1234567.89012", {"417": "1234567890128"}),
    ("urn:epc:idpat:sgtin:4012345.066666.*", {"01": "04012345666663"}),
    ("urn:epc:idpat:grai:4012345.66666.*", {"8003": "04012345666663"}),
    ("urn:epc:idpat:cpi:4012345.ABC.*", {"8010": "4012345ABC"}),
]  # fmt: skip


@pytest.mark.parametrize("start", ["URN:EPC:", "Urn:Epc:", "urn:EPC:", "URN:epc:"])
def test_scheme_and_namespace_are_read_in_either_case_and_written_in_lower(start):
    uri = "urn:epc:id:sgtin:0614141.112345.32a%2Fb"
    assert Epc.parse(uri.replace("urn:epc:", start)).uri == uri


@pytest.mark.parametrize(("uri", "values"), IDENTITIES)
def test_uri_and_element_string_say_the_same(uri, values):
    epc = Epc.parse(uri)
    assert epc.uri == uri
    assert epc.to_element_values() == values
    length = len(epc.company_prefix)
    assert Epc.from_element_values(values, prefix_length=length) == epc
    assert Epc.from_element_values(values, company_prefix=epc.company_prefix) == epc


@pytest.mark.parametrize(
    ("uri", "code"),
    [
        ("", "uri"),
        ("urn:epc:id:sgtin", "uri"),
        ("URN:EPC:ID:sgtin:0614141.112345.400", "kind"),
        ("URN:EPC:id:SGTIN:0614141.112345.400", "scheme"),
        ("URN:EPD:id:sgtin:0614141.112345.400", "uri"),
        ("URN:EPC:ID:SGTIN:0614141.112345.400", "scheme"),
        ("urn:epc:raw:96:x", "scheme"),
        ("urn:epc:id:gid:1.2.3", "scheme"),
        ("urn:epc:class:sgtin:0614141.112345.400", "kind"),
        ("urn:epc:id:lgtin:0614141.112345.400", "kind"),
        ("urn:epc:tag:sgtin:0614141.112345.400", "kind"),
        ("urn:epc:id:sgtin:0614141.112345", "parts"),
        ("urn:epc:id:sgtin:0614141.11234.400", "reference"),
        ("urn:epc:id:sgtin:0614141.1123456.400", "reference"),
        ("urn:epc:id:sgtin:0614141.1123a5.400", "character"),
        ("urn:epc:id:sgtin:06141.41112345.400", "prefix"),
        ("urn:epc:id:sgtin:0614141112345..400", "prefix"),
        ("urn:epc:id:sgtin:061414a.112345.400", "prefix"),
        ("urn:epc:id:sgtin:0614141.112345.", "serial"),
        ("urn:epc:id:sgtin:0614141.112345." + "1" * 21, "serial"),
        ("urn:epc:id:sgtin:0614141.112345.a/b", "character"),
        ("urn:epc:id:sgtin:0614141.112345.a b", "character"),
        ("urn:epc:id:sgtin:0614141.112345.a\u00e9", "character"),
        ("urn:epc:id:sgtin:0614141.112345.a%2", "character"),
        ("urn:epc:id:sgtin:0614141.112345.a%", "character"),
        ("urn:epc:id:sgtin:0614141.112345.a%zz", "character"),
        ("urn:epc:id:sgtin:0614141.112345.a%20", "character"),
        ("urn:epc:id:sgtin:0614141.112345.a%C3%A9", "character"),
        ("urn:epc:id:sgtin:0614141.112345.*", "pattern"),
        ("urn:epc:idpat:sgtin:0614141.112345.400", "pattern"),
        ("urn:epc:idpat:sgtin:0614141.*.*", "character"),
        ("urn:epc:idpat:lgtin:0614141.112345.*", "serial_missing"),
        ("urn:epc:idpat:sgln:0614141.12345.*", "serial_missing"),
        ("urn:epc:idpat:sscc:0614141.1234567890", "pattern"),
        ("urn:epc:id:sscc:0614141.123456789", "reference"),
        ("urn:epc:id:sscc:0614141.1234567890.1", "character"),
        ("urn:epc:id:giai:0614141." + "1" * 24, "reference"),
        ("urn:epc:id:giai:0614141.", "reference"),
        ("urn:epc:id:sgcn:4012345.67890.A", "character"),
        ("urn:epc:id:cpi:0614141.abc.1", "character"),
        ("urn:epc:id:cpi:0614141.ABC.01", "serial"),
        ("urn:epc:id:itip:4012345.012345.1.02.987", "parts"),
        ("urn:epc:id:itip:4012345.012345.0x.02.987", "parts"),
    ],
)
def test_a_uri_that_breaks_its_scheme_is_refused(uri, code):
    assert refusal(Epc.parse, uri).code == code


def test_escapes_are_read_in_both_cases_and_written_in_upper_case():
    lower = "urn:epc:id:sgtin:0614141.112345.%22%25%26%2f%3c%3e%3f"
    epc = Epc.parse(lower)
    assert epc.serial == '"%&/<>?'
    assert epc.uri == "urn:epc:id:sgtin:0614141.112345.%22%25%26%2F%3C%3E%3F"


def test_an_escape_that_was_not_needed_is_read_and_not_written():
    epc = Epc.parse("urn:epc:id:sgtin:0614141.112345.%41%2D1")
    assert epc.uri == "urn:epc:id:sgtin:0614141.112345.A-1"


def test_a_stray_character_is_told_with_its_place():
    error = refusal(unescape, "ab%2Fc/d")
    assert (error.position, error.value) == (6, "ab%2Fc/d")


@given(st.text(sorted(CSET_82)))
def test_escaping_and_reading_back_gives_the_same_text(text):
    escaped = escape(text)
    assert unescape(escaped) == text
    assert unescape(escaped.lower() if text == text.lower() else escaped) == text


def test_prefix_or_its_length_must_be_given():
    values = {"01": "10614141123459", "21": "400"}
    error = refusal(Epc.from_element_values, values)
    assert (error.code, error.expected) == (
        "prefix_missing", "company_prefix or prefix_length",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("kwargs", "code"),
    [
        ({"company_prefix": "4012345"}, "prefix_mismatch"),
        ({"company_prefix": "0614"}, "prefix"),
        ({"prefix_length": 5}, "prefix"),
        ({"prefix_length": 13}, "prefix_length"),
    ],
)
def test_a_prefix_that_cannot_be_is_refused(kwargs, code):
    values = {"01": "10614141123459", "21": "400"}
    assert refusal(Epc.from_element_values, values, **kwargs).code == code


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({}, "key_missing"),
        ({"21": "400"}, "key_missing"),
        ({"01": "10614141123458", "21": "400"}, "check_digit"),
        ({"01": "1061414112345A", "21": "400"}, "check_digit"),
        ({"01": "0614141123459", "21": "400"}, "key"),
        ({"01": "010614141123459", "21": "400"}, "key"),
        ({"01": "10614141123459", "21": ""}, "serial"),
        ({"01": "10614141123459", "21": "a~b"}, "serial"),
        ({"01": "10614141123459", "21": "1" * 21}, "serial"),
        ({"414": "0614141123452", "254": "0"}, "serial"),
        ({"8003": "10614141123452400"}, "key"),
        ({"00": "106141412345678909"}, "check_digit"),
        ({"8004": "0614141"}, "reference"),
    ],
)
def test_an_element_string_that_no_epc_has_is_refused(values, code):
    error = refusal(Epc.from_element_values, values, prefix_length=7)
    assert error.code == code


def test_further_elements_do_not_disturb():
    values = {"01": "10614141123459", "17": "261231", "10": "L1", "21": "400"}
    epc = Epc.from_element_values(values, prefix_length=7)
    assert epc.uri == "urn:epc:id:sgtin:0614141.112345.400"


def test_a_gtin_without_serial_names_a_class():
    epc = Epc.from_element_values({"01": "10614141123459"}, prefix_length=7)
    assert epc.uri == "urn:epc:idpat:sgtin:0614141.112345.*"
    assert epc.is_class
    assert lgtin("10614141123459", "L1", prefix_length=7).is_class
    assert not sgtin("10614141123459", "1", prefix_length=7).is_class


def test_sgtin_takes_a_gtin_of_any_length():
    for gtin in ("614141123452", "0614141123452", "00614141123452"):
        assert sgtin(gtin, "1", prefix_length=7).uri == (
            "urn:epc:id:sgtin:0614141.012345.1"
        )
    with pytest.raises(Gs1Error):
        sgtin("614141123453", "1", prefix_length=7)


def test_leading_zeros_of_a_serial_are_kept():
    assert (
        sgtin("614141123452", "007", prefix_length=7).to_element_values()["21"] == "007"
    )


def test_an_epc_cannot_be_made_wrong():
    assert refusal(Epc, "sgtin", "0614141", "112345", "~").code == "serial"
    assert refusal(Epc, "sscc", "0614141", "1234567890", "1").code == "serial"
    assert refusal(Epc, "sgtin", "0614141", "112345", "1", ("01",)).code == "parts"
    assert refusal(Epc, "tgtin", "0614141", "112345", "1").code == "scheme"


@st.composite
def epcs(draw):
    name = draw(st.sampled_from(sorted(SCHEMES)))
    shape = SCHEMES[name]
    prefix = draw(st.from_regex("[0-9]{6,12}", fullmatch=True))
    room = shape.digits - len(prefix)
    alphabet = sorted(shape.reference)
    least = 1 if shape.is_textual else room
    reference = draw(st.text(alphabet, min_size=least, max_size=room))
    serial = None
    if shape.serial:
        serial = draw(
            st.text(
                sorted(shape.serial.characters),
                min_size=1,
                max_size=shape.serial.maximum,
            )
        )
        assume(shape.serial.leading_zeros or serial == "0" or serial[0] != "0")
    parts = tuple("0" * length for length in shape.parts)
    return Epc(name, prefix, reference, serial, parts)


@given(epcs().filter(lambda epc: epc.serial != "*"))
def test_every_epc_comes_back_from_uri_and_element_string(epc):
    assert Epc.parse(epc.uri) == epc
    values = epc.to_element_values()
    assert Epc.from_element_values(values, company_prefix=epc.company_prefix) == epc
