"""The Core Business Vocabulary's standard words and their three spellings.

A standard word stands bare in JSON (``in_transit``), as a URN in XML
(``urn:epcglobal:cbv:disp:in_transit``) and as a web URI in the event hash
(``https://ref.gs1.org/cbv/Disp-in_transit``). Words of one's own are URIs.
"""

from dataclasses import dataclass

from ..errors import EpcisError
from .uri import is_uri

_URN = "urn:epcglobal:cbv:"
_WEB = "https://ref.gs1.org/cbv/"
_CURIE = "cbv:"


@dataclass(frozen=True)
class Vocabulary:
    """One list of standard words.

    :param name: what the words are, as the EPCIS field says it.
    :param urn: the list's part of the URN, as ``bizstep``.
    :param web: its part of the web URI, as ``BizStep``.
    :param words: the standard words.
    """

    name: str
    urn: str
    web: str
    words: frozenset[str]

    def bare(self, value: str) -> str:
        """Return the bare word of a standard value, another URI as it is.

        :param value: bare word, URN, web URI or CURIE of this list, or a URI of
            somebody's own.
        :raises EpcisError: where it is neither a standard word nor a URI.

        >>> BIZ_STEP.bare("urn:epcglobal:cbv:bizstep:receiving")
        'receiving'
        """
        if value in self.words:
            return value
        for prefix in self._prefixes():
            if value.startswith(prefix):
                return self._standard(value[len(prefix) :], value)
        return value if is_uri(value) else self._standard(value, value)

    def as_urn(self, value: str) -> str:
        """Return the URN of a standard value, another URI as it is.

        :raises EpcisError: as :meth:`bare`.

        >>> DISPOSITION.as_urn("in_transit")
        'urn:epcglobal:cbv:disp:in_transit'
        """
        word = self.bare(value)
        return f"{_URN}{self.urn}:{word}" if word in self.words else word

    def as_web_uri(self, value: str) -> str:
        """Return the web URI of a standard value, another URI as it is.

        :raises EpcisError: as :meth:`bare`.

        >>> BIZ_TRANSACTION_TYPE.as_web_uri("po")
        'https://ref.gs1.org/cbv/BTT-po'
        """
        word = self.bare(value)
        return f"{_WEB}{self.web}-{word}" if word in self.words else word

    def _prefixes(self) -> tuple[str, str, str]:
        return (
            f"{_URN}{self.urn}:",
            f"{_WEB}{self.web}-",
            f"{_CURIE}{self.web}-",
        )

    def _standard(self, word: str, value: str) -> str:
        """Return ``word``, which must be one of the list."""
        if word not in self.words:
            raise EpcisError(
                f"{value!r} is no {self.name} of the Core Business Vocabulary and no"
                " URI.",
                code="vocabulary",
                value=value,
                expected=", ".join(sorted(self.words)),
            )
        return word


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


#: Source of this and the lists below: Core Business Vocabulary 2.0.
BIZ_STEPS = _words(
    """accepting arriving assembling collecting commissioning consigning
    creating_class_instance cycle_counting decommissioning departing destroying
    disassembling dispensing encoding entering_exiting holding inspecting installing
    killing loading other packing picking receiving removing repackaging repairing
    replacing reserving retail_selling sampling sensor_reporting shipping
    staging_outbound stock_taking stocking storing transporting unloading unpacking
    void_shipping"""
)
DISPOSITIONS = _words(
    """active available completeness_inferred completeness_verified conformant
    container_closed container_open damaged destroyed dispensed disposed encoded
    expired in_progress in_transit inactive mismatch_class mismatch_instance
    mismatch_quantity needs_replacement no_pedigree_match non_conformant
    non_sellable_other partially_dispensed recalled reserved retail_sold returned
    sellable_accessible sellable_not_accessible stolen unavailable unknown"""
)
BIZ_TRANSACTION_TYPES = _words(
    """bol cert desadv inv pedigree po poc prodorder recadv rma testprd testres upevt"""
)
SOURCE_DESTINATION_TYPES = _words("owning_party possessing_party location")
ERROR_REASONS = _words("did_not_occur incorrect_data")

BIZ_STEP = Vocabulary("business step", "bizstep", "BizStep", BIZ_STEPS)
DISPOSITION = Vocabulary("disposition", "disp", "Disp", DISPOSITIONS)
BIZ_TRANSACTION_TYPE = Vocabulary(
    "business transaction type", "btt", "BTT", BIZ_TRANSACTION_TYPES
)
SOURCE_DESTINATION_TYPE = Vocabulary(
    "source or destination type", "sdt", "SDT", SOURCE_DESTINATION_TYPES
)
ERROR_REASON = Vocabulary("error reason", "er", "ER", ERROR_REASONS)
