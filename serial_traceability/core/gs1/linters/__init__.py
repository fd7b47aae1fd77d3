"""Linters: what a component of a value must be beyond characters and length.

Each takes the component's text and returns a :class:`Fault` or None. Their names are
those of the GS1 Syntax Dictionary, which the table of application identifiers uses.
"""

from . import checksums, codes, coupons, dates, numbers
from .fault import Fault, Linter

LINTERS: dict[str, Linter] = {
    linter.__name__: linter
    for linter in (
        checksums.csum,
        checksums.csumalpha,
        checksums.gcppos1,
        checksums.gcppos2,
        checksums.iban,
        codes.hyphen,
        codes.importeridx,
        codes.iso3166,
        codes.iso3166999,
        codes.iso3166alpha2,
        codes.iso4217,
        codes.iso5218,
        codes.mediatype,
        codes.packagetype,
        codes.winding,
        codes.yesno,
        coupons.couponcode,
        coupons.couponposoffer,
        dates.hh,
        dates.hhmi,
        dates.mi,
        dates.ss,
        dates.yymmd0,
        dates.yymmdd,
        dates.yyyymmdd,
        numbers.hasnondigit,
        numbers.latitude,
        numbers.longitude,
        numbers.nonzero,
        numbers.nozeroprefix,
        numbers.pcenc,
        numbers.pieceoftotal,
        numbers.posinseqslash,
        numbers.zero,
    )
}
