import hashlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from serial_traceability.core.errors import LedgerError
from serial_traceability.core.ledger import canonical_json, leaf_hash

_scalars = (
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.text(st.characters(exclude_categories=["Cs"]))
)
_keys = st.text(st.characters(max_codepoint=127))
_entries = st.dictionaries(
    _keys,
    st.recursive(
        _scalars,
        lambda inner: st.lists(inner) | st.dictionaries(_keys, inner),
        max_leaves=20,
    ),
)


@given(_entries)
def test_canonical_form_is_that_of_rfc8785_library(entry):
    rfc8785 = pytest.importorskip("rfc8785")
    assert canonical_json(entry) == rfc8785.dumps(entry)


@given(_entries)
def test_canonical_form_reads_back_as_the_same_entry(entry):
    assert json.loads(canonical_json(entry)) == entry


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        ({}, b"{}"),
        ({"b": 1, "a": 2, "B": 3, "_": 4}, b'{"B":3,"_":4,"a":2,"b":1}'),
        # RFC 8785 §3.2.2's sample of strings and literals, its numbers left out
        (
            {
                "string": '€$\u000f\u000aA\'B"\\\\"/',
                "literals": [None, True, False],
            },
            b'{"literals":[null,true,false],'
            b'"string":"\xe2\x82\xac$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
        ),
        ({"controls": "\b\t\n\f\r\x00\x1f\x7f"},
         b'{"controls":"\\b\\t\\n\\f\\r\\u0000\\u001f\x7f"}'),
        ({"line separator": "\u2028"}, b'{"line separator":"\xe2\x80\xa8"}'),
        ({"n": 2**53 - 1, "m": -(2**53) + 1, "z": 0},
         b'{"m":-9007199254740991,"n":9007199254740991,"z":0}'),
        ({"nested": {"y": [], "x": {}}}, b'{"nested":{"x":{},"y":[]}}'),
    ],
)  # fmt: skip
def test_canonical_form_of_known_entries(entry, expected):
    assert canonical_json(entry) == expected


def test_canonical_form_does_not_depend_on_the_order_of_keys():
    assert canonical_json({"a": 1, "b": 2}) == canonical_json({"b": 2, "a": 1})


@pytest.mark.parametrize(
    ("entry", "place"),
    [
        ({"qty": 1.0}, "entry.qty"),
        ({"qty": float("nan")}, "entry.qty"),
        ({"lines": [{"qty": 1}, {"qty": 0.5}]}, "entry.lines[1].qty"),
        ({"n": 2**53}, "entry.n"),
        ({"n": -(2**53)}, "entry.n"),
        ({"pair": (1, 2)}, "entry.pair"),
        ({"raw": b"x"}, "entry.raw"),
        ({"name": "\ud800"}, "entry.name"),
        ({"lines": ["ok", "\udfff"]}, "entry.lines[1]"),
        ({1: "x"}, "a key of entry"),
        ({None: "x"}, "a key of entry"),
        ({"lines": [{"é": 1}]}, "a key of entry.lines[0]"),
        ({"\ud800": 1}, "a key of entry"),
        ([], "entry"),
        ("text", "entry"),
    ],
)
def test_what_has_no_canonical_form_is_refused_with_its_place(entry, place):
    with pytest.raises(LedgerError) as caught:
        canonical_json(entry)
    assert caught.value.code == "not_canonical"
    assert caught.value.message.startswith(f"{place} is ")


def test_an_entry_that_contains_itself_is_refused():
    entry = {}
    entry["self"] = [entry, 0.5]
    with pytest.raises(LedgerError) as caught:
        canonical_json(entry)
    assert caught.value.code == "too_deep"


def test_leaf_hash_is_sha256_of_zero_byte_and_canonical_form():
    entry = {"seq": 1, "epc": "https://id.gs1.org/01/09506000134352/21/1"}
    form = b'{"epc":"https://id.gs1.org/01/09506000134352/21/1","seq":1}'
    assert leaf_hash(entry) == hashlib.sha256(b"\x00" + form).digest()


def test_leaf_hash_changes_with_any_value():
    assert leaf_hash({"lines": [{"epc": "a"}]}) != leaf_hash({"lines": [{"epc": "b"}]})
