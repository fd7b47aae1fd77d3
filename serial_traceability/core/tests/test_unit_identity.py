"""URIs of units, packages and private things."""

from serial_traceability.core.identity import (
    gtin_14,
    is_gs1_serial,
    package_uri,
    private_urn,
    unit_uri,
)

DATABASE = "0b6f6c1e-7a0a-4a7e-9c57-0d1f0e6f1a11"
GTIN = "09520001100017"


def test_gtins_of_all_lengths_become_14_digits():
    assert gtin_14("96385074") == "00000096385074"
    assert gtin_14("614141000036") == "00614141000036"
    assert gtin_14(" 09520001100017 ") == GTIN
    assert gtin_14("٠٩٥٢٠٠٠١١٠٠٠١٧") is None
    assert gtin_14(None) is None


def test_serial_and_lot_have_different_uris():
    serial = unit_uri(DATABASE, 1, "A/1", GTIN, is_serial=True)
    lot = unit_uri(DATABASE, 1, "A/1", GTIN, is_serial=False)
    assert serial == f"https://id.gs1.org/01/{GTIN}/21/A%2F1"
    assert lot == f"https://id.gs1.org/01/{GTIN}/10/A%2F1"


def test_what_gs1_cannot_name_gets_a_private_urn_that_stays():
    for name, gtin in (("SN 1", GTIN), ("S" * 21, GTIN), ("SN1", None)):
        urn = unit_uri(DATABASE, 1, name, gtin, is_serial=True)
        assert urn == private_urn(DATABASE, "stock.lot", 1)
    assert private_urn(DATABASE, "stock.lot", 1) != private_urn(
        DATABASE, "stock.package", 1
    )


def test_character_set_82_bounds_a_serial():
    assert is_gs1_serial("!\"%&'()*+,-./:;<=>?_")
    for name in ("a#b", "a b", "é", "a\x1d", "²", ""):
        assert not is_gs1_serial(name)


def test_package_is_named_by_a_valid_sscc_only():
    uri = package_uri(DATABASE, 5, "395200010000000011")
    assert uri == "https://id.gs1.org/00/395200010000000011"
    for name in ("395200010000000012", "PACK0000005"):
        assert package_uri(DATABASE, 5, name) == private_urn(
            DATABASE, "stock.package", 5
        )
