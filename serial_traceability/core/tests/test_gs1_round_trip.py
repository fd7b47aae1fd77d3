"""What is built is read as the same, in every form; whatever comes, nothing breaks."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from serial_traceability.core.errors import Gs1Error
from serial_traceability.core.gs1 import (
    APPLICATION_IDENTIFIERS,
    DEFAULT_SEPARATORS,
    GS,
    WEDGE_SEPARATORS,
    build_bracketed,
    build_digital_link,
    build_element_string,
    build_hri,
    parse,
    parse_bracketed,
    parse_digital_link,
    parse_element_string,
)
from serial_traceability.core.gs1.charsets import CHARSETS, CSET_82
from serial_traceability.core.gs1.check_digit import check_digit

#: AIs whose values can be drawn freely: no linter checks them.
PLAIN = [
    entry
    for entry in APPLICATION_IDENTIFIERS.values()
    if not any(part.linters or part.charset == "z" for part in entry.components)
]

gtins = st.text("0123456789", min_size=13, max_size=13).map(
    lambda body: body + check_digit(body)
)
texts = st.text(CSET_82, min_size=1, max_size=20)
dates = st.dates(date(2001, 1, 1), date(2049, 12, 31)).map(
    lambda day: day.strftime("%y%m%d")
)


@st.composite
def plain_elements(draw):
    """Draw an element of an AI without linters."""
    entry = draw(st.sampled_from(PLAIN))
    value = ""
    for part in entry.components:
        if part.optional and draw(st.booleans()):
            break
        characters = CHARSETS[part.charset][0]
        value += draw(st.text(characters, min_size=part.minimum, max_size=part.maximum))
    return entry.ai, value


@st.composite
def messages(draw):
    """Draw elements with AIs that differ, in any order."""
    elements = draw(
        st.lists(plain_elements(), max_size=6, unique_by=lambda one: one[0])
    )
    chosen = {"01": draw(gtins), "17": draw(dates)} | dict(elements)
    return draw(st.permutations(list(chosen.items())))


@st.composite
def units(draw):
    """Draw elements that a Digital Link of a trade item can carry."""
    unit = {"01": draw(gtins)}
    for ai, values in (("22", texts), ("10", texts), ("21", texts)):
        if draw(st.booleans()):
            unit[ai] = draw(values)
    for ai, values in (("17", dates), ("99", texts), ("240", texts)):
        if draw(st.booleans()):
            unit[ai] = draw(values)
    return draw(st.permutations(list(unit.items())))


def pairs(message):
    return [(one.ai, one.value) for one in message]


def built(build, *arguments, **options):
    """Return what is built, None where the elements exclude one another."""
    try:
        return build(*arguments, required=False, **options)
    except Gs1Error as error:
        assert error.code == "excluded_ai"
        return None


@given(messages(), st.sampled_from(["", "]d2", "]C1", "]Q3"]), st.booleans())
def test_an_element_string_is_read_as_it_was_built(elements, identifier, trailing):
    text = built(build_element_string, elements, symbology_identifier=identifier)
    if text is None:
        return
    text += GS if trailing else ""
    message = parse_element_string(text, required=False)
    assert pairs(message) == elements
    assert message.symbology_identifier == identifier
    for element in message:
        assert text[element.position :].startswith(element.value)


@given(messages(), st.sampled_from(["|", "~", "^]", "{GS}"]))
def test_stand_ins_are_read_as_separators(elements, separator):
    text = built(build_element_string, elements, separator=separator)
    if text is not None:
        message = parse_element_string(
            text, separators=(*DEFAULT_SEPARATORS, separator), required=False
        )
        assert pairs(message) == elements


@given(messages())
def test_a_bracketed_string_is_read_as_it_was_built(elements):
    text = built(build_bracketed, elements)
    if text is not None:
        assert pairs(parse_bracketed(text, required=False)) == elements
        assert pairs(parse(text, required=False)) == elements


@given(units())
def test_a_digital_link_is_read_as_it_was_built(elements):
    message = parse_digital_link(build_digital_link(elements))
    assert message.as_dict() == dict(elements)


@given(units())
def test_every_form_says_the_same(elements):
    messages = [
        parse(build_element_string(elements, symbology_identifier="]d2")),
        parse(build_bracketed(elements)),
        parse(build_digital_link(elements)),
    ]
    assert all(message.as_dict() == dict(elements) for message in messages)
    assert len(build_hri(messages[0])) == len(elements)


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused(text):
    for strict in (True, False):
        try:
            message = parse(text, strict=strict)
        except Gs1Error as error:
            assert error.position is None or 0 <= error.position <= len(text)
        else:
            assert message.text == text


@given(st.text(CSET_82 + GS + "\\]|^~{}#", max_size=80))
def test_any_text_after_an_identifier_is_read_or_refused(text):
    for identifier in ("]d2", "]E0", "]Q1", ""):
        try:
            parse(identifier + text, separators=WEDGE_SEPARATORS, strict=False)
        except Gs1Error as error:
            assert error.message
