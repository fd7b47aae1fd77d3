import json
import pathlib

import pytest

from serial_traceability.core.epcis import (
    BIZ_STEP,
    BIZ_STEPS,
    BIZ_TRANSACTION_TYPE,
    BIZ_TRANSACTION_TYPES,
    DISPOSITION,
    DISPOSITIONS,
    ERROR_REASON,
    ERROR_REASONS,
    SOURCE_DESTINATION_TYPE,
    SOURCE_DESTINATION_TYPES,
)
from serial_traceability.core.errors import EpcisError

SCHEMA = (
    pathlib.Path(__file__).parents[4]
    / "shared/reference/gs1/epcis/EPCIS-JSON-Schema.json"
)
ALL = [
    BIZ_STEP,
    DISPOSITION,
    BIZ_TRANSACTION_TYPE,
    SOURCE_DESTINATION_TYPE,
    ERROR_REASON,
]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("bizStep", BIZ_STEPS),
        ("disposition", DISPOSITIONS),
        ("bizTransaction-type", BIZ_TRANSACTION_TYPES),
        ("source-dest-type", SOURCE_DESTINATION_TYPES),
        ("error-reason", ERROR_REASONS),
    ],
)
def test_words_are_those_of_gs1_json_schema(name, words):
    if not SCHEMA.exists():
        pytest.skip("the EPCIS JSON schema is not at hand")
    definition = json.loads(SCHEMA.read_text())["definitions"][name]
    assert words == set(definition["anyOf"][1]["enum"])


@pytest.mark.parametrize("vocabulary", ALL, ids=lambda vocabulary: vocabulary.urn)
def test_every_spelling_of_every_word_leads_to_every_other(vocabulary):
    for word in vocabulary.words:
        urn, web = vocabulary.as_urn(word), vocabulary.as_web_uri(word)
        for spelling in (
            word,
            urn,
            web,
            web.replace("https://ref.gs1.org/cbv/", "cbv:"),
        ):
            assert vocabulary.bare(spelling) == word
            assert vocabulary.as_urn(spelling) == urn
            assert vocabulary.as_web_uri(spelling) == web


def test_spellings_are_those_of_the_standard():
    assert BIZ_STEP.as_urn("shipping") == "urn:epcglobal:cbv:bizstep:shipping"
    assert DISPOSITION.as_web_uri("recalled") == "https://ref.gs1.org/cbv/Disp-recalled"
    assert SOURCE_DESTINATION_TYPE.as_urn("owning_party") == (
        "urn:epcglobal:cbv:sdt:owning_party"
    )
    assert ERROR_REASON.as_web_uri("did_not_occur") == (
        "https://ref.gs1.org/cbv/ER-did_not_occur"
    )


def test_a_word_of_ones_own_is_a_uri_and_stays():
    own = "http://epcis.example.com/user/vocab/bizstep/exampling"
    assert BIZ_STEP.bare(own) == BIZ_STEP.as_urn(own) == BIZ_STEP.as_web_uri(own) == own


@pytest.mark.parametrize(
    "value",
    [
        "",
        "Shipping",
        "exampling",
        "urn:epcglobal:cbv:bizstep:exampling",
        "https://ref.gs1.org/cbv/BizStep-",
    ],
)
def test_what_only_looks_like_a_standard_word_is_refused(value):
    with pytest.raises(EpcisError) as caught:
        BIZ_STEP.bare(value)
    assert caught.value.code == "vocabulary"
    assert "shipping" in caught.value.expected
