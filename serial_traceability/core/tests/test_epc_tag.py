import importlib
import json
import pathlib
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from serial_traceability.core.epc import (
    CODINGS,
    FILTER_VALUES,
    SCHEMES,
    Epc,
    Tag,
    from_hex,
)
from serial_traceability.core.epc.tag import PREFIX_BITS
from serial_traceability.core.errors import EpcError
from serial_traceability.core.gs1.charsets import CSET_82

TDT = pathlib.Path(__file__).parents[4] / "shared/reference/gs1/tdt"

# Source: GS1 EPC Tag Data Standard, annex E.3; hex filled up to whole 16-bit words.
ANNEX_E3 = [
    (
        "3074257BF7194E4000001A85",
        "urn:epc:tag:sgtin-96:3.0614141.812345.6789",
        {"01": "80614141123458", "21": "6789"},
    ),
    (
        "3674257BF6B7A659B2C2BF100000000000000000000000000000",
        "urn:epc:tag:sgtin-198:3.0614141.712345.32a%2Fb",
        {"01": "70614141123451", "21": "32a/b"},
    ),
    (
        "3174257BF4499602D2000000",
        "urn:epc:tag:sscc-96:3.0614141.1234567890",
        {"00": "106141412345678908"},
    ),
    (
        "3274257BF46072000000162E",
        "urn:epc:tag:sgln-96:3.0614141.12345.5678",
        {"414": "0614141123452", "254": "5678"},
    ),
    (
        "3974257BF46072CD9615F8800000000000000000000000000000",
        "urn:epc:tag:sgln-195:3.0614141.12345.32a%2Fb",
        {"414": "0614141123452", "254": "32a/b"},
    ),
    (
        "3376451FD40C0E400000162E",
        "urn:epc:tag:grai-96:3.9521141.12345.5678",
        {"8003": "095211411234545678"},
    ),
    (
        "3776451FD40C0E59B2C2BF1000000000000000000000",
        "urn:epc:tag:grai-170:3.9521141.12345.32a%2Fb",
        {"8003": "0952114112345432a/b"},
    ),
    (
        "3474257BF40000000000162E",
        "urn:epc:tag:giai-96:3.0614141.5678",
        {"8004": "06141415678"},
    ),
    (
        "3874257BF59B2C2BF10000000000000000000000000000000000",
        "urn:epc:tag:giai-202:3.0614141.32a%2Fb",
        {"8004": "061414132a/b"},
    ),
]


def refusal(function, *args, **kwargs):
    with pytest.raises(EpcError) as caught:
        function(*args, **kwargs)
    return caught.value


@pytest.mark.parametrize(("hex_", "uri", "values"), ANNEX_E3)
def test_annex_e3_examples_hold_in_every_direction(hex_, uri, values):
    tag = from_hex(hex_)
    assert tag.uri == uri
    assert Tag.parse(uri).hex == hex_
    assert tag == Tag.parse(uri)
    assert from_hex(hex_.lower()) == tag
    assert tag.filter_value == 3
    assert tag.epc.to_element_values() == values
    assert Epc.from_element_values(values, prefix_length=7) == tag.epc


@pytest.mark.parametrize(
    ("hex_", "uri"),
    [
        # as annex E.3 prints them, cut behind the half byte with the last bit
        (
            "3674257BF6B7A659B2C2BF1000000000000000000000000000",
            "urn:epc:tag:sgtin-198:3.0614141.712345.32a%2Fb",
        ),
        (
            "3974257BF46072CD9615F8800000000000000000000000000",
            "urn:epc:tag:sgln-195:3.0614141.12345.32a%2Fb",
        ),
    ],
)
def test_hex_cut_behind_its_last_bit_is_read_too(hex_, uri):
    assert from_hex(hex_).uri == uri
    assert from_hex(hex_).hex.rstrip("0") == hex_.rstrip("0")


def altered(hex_, **bits):
    """Return ``hex_`` with fields set: name → (offset, length, value)."""
    value, total = int(hex_, 16), len(hex_) * 4
    for offset, length, number in bits.values():
        shift = total - offset - length
        value = value & ~(((1 << length) - 1) << shift) | number << shift
    return f"{value:0{len(hex_)}X}"


SGTIN_96 = ANNEX_E3[0][0]
SGTIN_198 = ANNEX_E3[1][0]
SGLN_96 = ANNEX_E3[3][0]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty"),
        ("3", "length"),
        (SGTIN_198[:-1], "odd_hex"),
        ("3074257BF7194E4000001A8", "odd_hex"),
        ("3074257BF7194E4000001A8G", "hex"),
        (" 3074257BF7194E4000001A85", "hex"),
        ("0x74257BF7194E4000001A85", "hex"),
        ("3074257BF7194E4000001A\uff18\uff15", "hex"),
        ("3074257BF7194E4000001A", "length"),
        ("3074257BF7194E4000001A8500", "length"),
        (SGTIN_198[:-4], "length"),
        (SGTIN_198 + "00", "length"),
        ("00" * 12, "header"),
        ("E2" * 12, "header"),
        ("FF" * 12, "header"),
        (altered(SGTIN_96, partition=(11, 3, 7)), "partition"),
        (altered(SGTIN_96, prefix=(14, 24, 10**7)), "company_prefix"),
        (altered(SGTIN_96, reference=(38, 20, 10**6)), "reference"),
        ("3174257BF4499602D2000001", "padding"),
        ("3174257BF4499602D2800000", "padding"),
        (SGTIN_198[:-1] + "1", "padding"),
        (altered(SGTIN_198, after_end=(58 + 6 * 7, 7, 65)), "padding"),
        (altered(SGTIN_198, no_serial=(58, 140, 0)), "serial"),
        (altered(SGTIN_198, control=(58, 7, 1)), "serial"),
        (altered(SGTIN_198, space=(58, 7, 32)), "serial"),
        (altered(SGTIN_198, tilde=(58, 7, 126)), "serial"),
        # prefixes of 12 digits leave no location reference: its one bit is zero
        (altered(SGLN_96, partition=(11, 3, 0), prefix=(14, 41, 1)), "reference"),
        (altered("38" + "0" * 50, six=(11, 3, 6), a=(34, 7, 65), end=(201, 1, 1)),
         "padding"),
    ],
)  # fmt: skip
def test_hex_that_is_no_epc_is_refused_with_its_reason(text, code):
    assert refusal(from_hex, text).code == code


def test_a_wrong_hex_character_is_told_with_its_place():
    error = refusal(from_hex, "3074257BF7194E4000O01A85")
    assert (error.position, error.expected) == (18, "hex digits")
    assert error.message == (
        "'3074257BF7194E4000O01A85' has 'O' at position 18, which is no hex digit."
    )


def test_a_wrong_length_is_told_with_the_right_one():
    assert refusal(from_hex, SGTIN_96 + "0000").expected == "24 hex digits"


@pytest.mark.parametrize(
    ("uri", "code"),
    [
        ("urn:epc:tag:sgtin-96:3.0614141.812345.274877906944", "serial"),
        ("urn:epc:tag:sgtin-96:3.0614141.812345.007", "serial"),
        ("urn:epc:tag:sgtin-96:3.0614141.812345.00", "serial"),
        ("urn:epc:tag:sgtin-96:3.0614141.812345.A1", "serial"),
        ("urn:epc:tag:sgtin-96:3.0614141.812345.", "serial"),
        ("urn:epc:tag:sgtin-96:3.0614141.812345.*", "pattern"),
        ("urn:epc:tag:sgtin-96:3.0614141.812345", "parts"),
        ("urn:epc:tag:sgtin-96:8.0614141.812345.1", "filter"),
        ("urn:epc:tag:sgtin-96:x.0614141.812345.1", "filter"),
        ("urn:epc:tag:sgtin-96:10.0614141.812345.1", "uri"),
        ("urn:epc:tag:sgtin-96:.0614141.812345.1", "uri"),
        ("urn:epc:tag:sgtin-64:3.0614141.812345.1", "coding"),
        ("urn:epc:tag:sgtin-198:3.0614141.812345." + "1" * 21, "serial"),
        ("urn:epc:tag:sgln-96:3.0614141.12345.2199023255552", "serial"),
        ("urn:epc:tag:sgln-96:3.0614141.12345.01", "serial"),
        ("urn:epc:tag:grai-96:3.0614141.12345.274877906944", "serial"),
        ("urn:epc:tag:grai-96:3.0614141.12345.01", "serial"),
        ("urn:epc:tag:giai-96:3.0614141.01", "reference"),
        ("urn:epc:tag:giai-96:3.0614141.288230376151711744", "reference"),
        ("urn:epc:tag:giai-96:3.0614141.1A", "reference"),
        ("urn:epc:id:sgtin:0614141.812345.1", "uri"),
    ],
)
def test_a_tag_uri_out_of_bounds_is_refused(uri, code):
    assert refusal(Tag.parse, uri).code == code


@pytest.mark.parametrize(
    ("uri", "last"),
    [
        ("urn:epc:tag:sgtin-96:0.0614141.812345.274877906943", "274877906943"),
        ("urn:epc:tag:sgtin-96:0.0614141.812345.0", "0"),
        ("urn:epc:tag:sgln-96:0.061414112345..2199023255551", "2199023255551"),
        ("urn:epc:tag:grai-96:0.061414112345..274877906943", "274877906943"),
        ("urn:epc:tag:giai-96:0.0614141.288230376151711743", "288230376151711743"),
        ("urn:epc:tag:giai-96:0.061414112345.4398046511103", "4398046511103"),
        ("urn:epc:tag:sgtin-198:0.0614141.812345.0012", "0012"),
    ],
)
def test_the_largest_and_the_smallest_values_fit(uri, last):
    tag = Tag.parse(uri)
    assert from_hex(tag.hex) == tag
    assert tag.uri.endswith("." + last)


def test_a_coding_writes_only_its_own_scheme_and_single_things():
    sscc = Epc.parse("urn:epc:id:sscc:0614141.1234567890")
    assert refusal(Tag, sscc, "sgtin-96").code == "scheme"
    pattern = Epc.parse("urn:epc:idpat:sgtin:0614141.812345.*")
    assert refusal(Tag, pattern, "sgtin-96").code == "scheme"
    assert refusal(Tag, sscc, "sscc-96", 8).code == "filter"
    assert refusal(Tag, sscc, "sscc-96", -1).code == "filter"
    lot = Epc.parse("urn:epc:class:lgtin:4012345.012345.998877")
    assert refusal(Tag.shortest, lot).code == "scheme"


@pytest.mark.parametrize(
    ("serial", "coding"),
    [
        ("1", "sgtin-96"),
        ("01", "sgtin-198"),
        ("A", "sgtin-198"),
        ("9" * 12, "sgtin-198"),
    ],
)
def test_the_shortest_coding_that_fits_is_taken(serial, coding):
    tag = Tag.shortest(Epc("sgtin", "0614141", "812345", serial), 1)
    assert (tag.coding, tag.filter_value) == (coding, 1)


# What one widely used library gets wrong (epcpy 0.1.8), each here as it should be.


def test_hex_of_a_serial_too_large_is_refused_and_not_longer():
    epc = Epc("sgtin", "0614141", "812345", str(2**38))
    assert refusal(Tag, epc, "sgtin-96").code == "serial"


def test_hex_never_drops_leading_zeros_of_a_serial():
    epc = Epc("sgtin", "0614141", "812345", "007")
    assert refusal(Tag, epc, "sgtin-96").code == "serial"
    assert from_hex(Tag(epc, "sgtin-198").hex).epc.serial == "007"


def test_letters_in_a_numeric_serial_are_our_error():
    epc = Epc("sgtin", "0614141", "812345", "A")
    assert refusal(Tag, epc, "sgtin-96").expected == "0 to 274877906943"


def test_decoding_keeps_the_filter_value():
    for filter_value in range(8):
        tag = Tag(Epc("sgtin", "0614141", "812345", "1"), "sgtin-96", filter_value)
        assert from_hex(tag.hex).filter_value == filter_value


def test_scheme_and_namespace_of_a_tag_uri_are_read_in_either_case():
    tag = Tag.parse("URN:Epc:tag:sgtin-96:3.0614141.812345.6789")
    assert tag.uri == "urn:epc:tag:sgtin-96:3.0614141.812345.6789"
    for uri in (
        "URN:EPC:TAG:sgtin-96:3.0614141.812345.6789",
        "URN:EPC:tag:SGTIN-96:3.0614141.812345.6789",
        "urn:epc:id:sgtin-96:3.0614141.812345.6789",
    ):
        assert refusal(Tag.parse, uri)


def test_lower_case_escapes_in_a_tag_uri_are_read():
    tag = Tag.parse("urn:epc:tag:sgtin-198:3.0614141.712345.32a%2fb")
    assert tag.hex == SGTIN_198
    assert tag.uri.endswith("32a%2Fb")


def numbers(digits):
    return st.from_regex(f"[0-9]{{{digits}}}", fullmatch=True)


@st.composite
def tags(draw, characters=CSET_82):
    name = draw(st.sampled_from(sorted(CODINGS)))
    coding = CODINGS[name]
    length = draw(st.integers(6, 12))
    bits = coding.key_bits - PREFIX_BITS[12 - length]
    if coding.reference == "digits":
        reference = draw(numbers(SCHEMES[coding.scheme].digits - length))
    elif coding.reference == "number":
        reference = str(draw(st.integers(0, 2**bits - 1)))
    else:
        reference = draw(st.text(sorted(characters), min_size=1, max_size=30 - length))
    serial = None
    if coding.serial_bits and coding.serial == "number":
        serial = str(draw(st.integers(0, 2**coding.serial_bits - 1)))
    elif coding.serial_bits:
        longest = coding.serial_bits // 7
        serial = draw(st.text(sorted(characters), min_size=1, max_size=longest))
    epc = Epc(coding.scheme, draw(numbers(length)), reference, serial)
    return Tag(epc, name, draw(st.integers(0, 7)))


@given(tags())
def test_every_tag_comes_back_from_hex_and_uri(tag):
    assert from_hex(tag.hex) == tag
    assert Tag.parse(tag.uri) == tag
    assert len(tag.hex) == CODINGS[tag.coding].hex_digits


# epcpy cuts URIs at colons and misreads escapes, so both are left out here
@given(tags(set(CSET_82) - set(':"%&/<>?')))
def test_tag_uri_and_hex_agree_with_epcpy(tag):
    pytest.importorskip("epcpy")
    name = tag.epc.scheme
    module = importlib.import_module(f"epcpy.epc_schemes.{name}")
    theirs = getattr(module, name.upper()).from_hex(tag.hex)
    size = next(size for size in theirs.BinaryCodingScheme if size.value == tag.coding)
    filter_value = getattr(module, f"{name.upper()}FilterValue")(str(tag.filter_value))
    assert theirs.epc_uri == tag.epc.uri
    form = {"binary_coding_scheme": size, "filter_value": filter_value}
    assert theirs.tag_uri(**form) == tag.uri
    assert theirs.hex(**form).rstrip("0") == tag.hex.rstrip("0")


@given(st.sampled_from(sorted(CODINGS)), st.data())
def test_any_bits_either_are_one_epc_or_are_refused(name, data):
    coding = CODINGS[name]
    rest = coding.hex_digits * 4 - 8
    number = data.draw(st.integers(0, 2**rest - 1))
    text = f"{coding.header << rest | number:0{coding.hex_digits}X}"
    try:
        tag = from_hex(text)
    except EpcError:
        return
    assert tag.hex == text


@pytest.mark.parametrize("name", sorted(CODINGS))
def test_tables_are_those_of_gs1_tag_data_translation(name):
    path = TDT / f"{name.upper()}.json"
    if not path.exists():
        pytest.skip("GS1's Tag Data Translation file is not at hand")
    scheme = json.loads(path.read_text())["tdt:epcTagDataTranslation"]["scheme"]
    coding = CODINGS[name]
    assert int(scheme["tagLength"]) == coding.bits
    levels = {level["type"]: level for level in scheme["level"]}
    assert int(levels["BINARY"]["prefixMatch"], 2) == coding.header
    assert len(levels["BINARY"]["option"]) == len(PREFIX_BITS)
    for option in levels["BINARY"]["option"]:
        digits = int(option["optionKey"])
        partition = re.search(r"\)([01]{3})\(", option["pattern"])[1]
        assert int(partition, 2) == 12 - digits
        fields = {field["name"]: field for field in option["field"]}
        prefix, reference, *serial = (
            field for key, field in fields.items() if key != "filter"
        )
        bits = PREFIX_BITS[12 - digits]
        assert int(prefix["bitLength"]) == bits
        assert int(reference["bitLength"]) == coding.key_bits - bits
        if coding.reference == "digits":
            assert int(reference["length"]) == SCHEMES[coding.scheme].digits - digits
        for field in serial:
            assert int(field["bitLength"]) == coding.serial_bits
            assert (field.get("compaction") == "7-bit") == (coding.serial == "text")
            if coding.serial == "number":
                assert int(field["decimalMaximum"]) == 2**coding.serial_bits - 1


def test_filter_values_are_named_for_every_scheme_with_a_coding():
    assert set(FILTER_VALUES) == {coding.scheme for coding in CODINGS.values()}
