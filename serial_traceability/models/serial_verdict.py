from odoo import api, models

from ..core.verdict import Verdict

#: What can be said of a scanned line, with the short words that lists show.
VERDICTS = [
    ("ok", "OK"),
    ("surplus", "Surplus"),
    ("not_expected", "Not announced"),
    ("reserved", "Reserved elsewhere"),
    ("expired", "Expired"),
    ("duplicate", "Duplicate"),
    ("already_scanned", "Already scanned"),
    ("already_announced", "Already announced"),
    ("counted_elsewhere", "Counted elsewhere"),
    ("in_stock", "Already in stock"),
    ("retired", "Out of use for good"),
    ("locked", "Locked"),
    ("not_here", "Not here"),
    ("not_known", "Unknown serial"),
    ("other_product", "Other product"),
    ("other_company", "Other company"),
    ("other_block", "Other block"),
    ("block_expired", "Block expired"),
    ("not_issued", "Never issued"),
    ("number_returned", "Number returned"),
    ("number_destroyed", "Number destroyed"),
    ("used_twice", "Used twice"),
    ("other_batch", "Other batch"),
    ("other_expiry", "Other expiry"),
    ("unknown_product", "Unknown product"),
    ("ambiguous_product", "Ambiguous product"),
    ("ambiguous_serial", "Ambiguous serial"),
    ("wrong_product", "Wrong product"),
    ("not_serial_tracked", "Not tracked by serial"),
    ("no_serial", "No serial"),
    ("empty_serial", "Empty serial"),
    ("serial_too_long", "Serial too long"),
    ("batch_too_long", "Batch too long"),
    ("bad_character", "Bad character"),
    ("unicode_digits", "Odd digits"),
    ("check_digit", "Check digit wrong"),
    ("mistyped_gtin", "GTIN, check digit wrong"),
    ("bad_date", "Bad date"),
    ("fnc1_missing", "Separator missing"),
    ("unknown_ai", "Unknown identifier"),
    ("malformed", "Not GS1"),
    ("sscc", "Logistic unit"),
    ("other_epc", "Not a unit"),
    ("unknown_text", "Unknown text"),
    ("unreadable", "Unreadable"),
    ("empty_line", "Empty line"),
    ("batch_missing", "Batch missing"),
    ("expiry_missing", "Expiry missing"),
    ("wrong_form", "Wrong form"),
    ("odd_serial", "Odd serial"),
    ("check_character", "Check character wrong"),
]


class SerialVerdict(models.AbstractModel):
    """Says in the user's language what :mod:`..core.verdict` found.

    One method a verdict, named after its code, so that each sentence stands whole.
    """

    _name = "serial.verdict"
    _description = "Verdicts on Scanned Lines"

    @api.model
    def _get_message(self, said):
        """Return the sentence for a :class:`..core.verdict.Verdict`, "" for ``ok``."""
        if said.code == "ok":
            return ""
        return getattr(self, f"_say_{said.code}")(said, said.details)

    @api.model
    def _say_fault(self, number, name):
        """Return the sentence that speaks against a number that we issued.

        :param number: :class:`..core.verdict.IssuedNumber` with a fault.
        """
        details = {"serial": name, "block": number.block, "expired": number.expired}
        return self._get_message(Verdict(number.fault, "wrong", details))

    # ---- Units ----

    def _say_surplus(self, said, details):
        return self.env._(
            "More than the %(demand)s units that were asked for.",
            demand=_count(details["demand"]),
        )

    def _say_not_expected(self, said, details):
        return self.env._(
            "Serial %(serial)s is not on the list that the supplier announced.",
            serial=details["serial"],
        )

    def _say_reserved(self, said, details):
        if said.level == "wrong":
            return self.env._(
                "Serial %(serial)s is already picked for %(transfer)s. Take another "
                "unit.",
                serial=details["serial"],
                transfer=details["transfer"],
            )
        return self.env._(
            "Serial %(serial)s is reserved for %(transfer)s, which will get another "
            "unit.",
            serial=details["serial"],
            transfer=details["transfer"],
        )

    def _say_expired(self, said, details):
        return self.env._("It expired on %(date)s.", date=details["expiry"])

    def _say_duplicate(self, said, details):
        return self.env._("The same unit as in line %(first)s.", first=details["first"])

    def _say_already_scanned(self, said, details):
        return self.env._(
            "Serial %(serial)s is already scanned here.",
            serial=details["serial"],
        )

    def _say_already_announced(self, said, details):
        return self.env._(
            "Serial %(serial)s is already announced.", serial=details["serial"]
        )

    def _say_counted_elsewhere(self, said, details):
        return self.env._(
            "Serial %(serial)s was counted at %(location)s before. From now on it "
            "counts here.",
            serial=details["serial"],
            location=details["location"],
        )

    def _say_in_stock(self, said, details):
        if not details["location"]:
            return self.env._(
                "Serial %(serial)s is already in stock.", serial=details["serial"]
            )
        return self.env._(
            "Serial %(serial)s is already in stock at %(location)s.",
            serial=details["serial"],
            location=details["location"],
        )

    def _say_retired(self, said, details):
        return self.env._(
            "Serial %(serial)s is out of use for good: its number was taken out of "
            "use, or the unit destroyed. Give the unit another number.",
            serial=details["serial"],
        )

    def _say_locked(self, said, details):
        return self.env._(
            "Serial %(serial)s is on hold: %(reasons)s. Put it aside, take another "
            "unit, and tell a quality manager.",
            serial=details["serial"],
            reasons=details["reasons"],
        )

    def _say_not_here(self, said, details):
        if not details["location"]:
            return self.env._(
                "Serial %(serial)s is not at the place that this transfer takes from.",
                serial=details["serial"],
            )
        return self.env._(
            "Serial %(serial)s is at %(location)s, not at the place that this "
            "transfer takes from.",
            serial=details["serial"],
            location=details["location"],
        )

    def _say_not_known(self, said, details):
        return self.env._(
            "Nobody knows serial %(serial)s here: it was never received.",
            serial=details["serial"],
        )

    def _say_other_product(self, said, details):
        return self.env._(
            "Serial %(serial)s is known as a unit of %(products)s. Compare the label.",
            serial=details["serial"],
            products=", ".join(details["products"]),
        )

    def _say_other_company(self, said, details):
        return self.env._(
            "Serial %(serial)s belongs to another company.", serial=details["serial"]
        )

    def _say_other_block(self, said, details):
        return self.env._(
            "Number %(serial)s is one of block %(block)s, which is not this sender's. "
            "Ask them where they have it from.",
            serial=details["serial"],
            block=details["block"],
        )

    def _say_block_expired(self, said, details):
        return self.env._(
            "Number %(serial)s is one of block %(block)s, which expired on %(date)s. A "
            "quality manager may give the block more time.",
            serial=details["serial"],
            block=details["block"],
            date=details["expired"],
        )

    def _say_not_issued(self, said, details):
        return self.env._(
            "Number %(serial)s was never issued, and the sender puts numbers of block "
            "%(block)s on units of %(product)s. Keep the unit aside, and ask the "
            "sender where its number is from.",
            serial=details["serial"],
            block=details["block"],
            product=details["product"],
        )

    def _say_number_returned(self, said, details):
        return self.env._(
            "Number %(serial)s was returned unused and is never used again.",
            serial=details["serial"],
        )

    def _say_number_destroyed(self, said, details):
        return self.env._(
            "Number %(serial)s was destroyed and is never used again.",
            serial=details["serial"],
        )

    def _say_used_twice(self, said, details):
        return self.env._(
            "Number %(serial)s of block %(block)s is in use already: a unit that "
            "bears it was received before. Keep this one aside.",
            serial=details["serial"],
            block=details["block"],
        )

    def _say_other_batch(self, said, details):
        return self.env._(
            "The label says batch %(scanned)s, but the serial is known with batch "
            "%(batch)s.",
            scanned=details["scanned"],
            batch=details["batch"],
        )

    def _say_other_expiry(self, said, details):
        return self.env._(
            "The label says expiry %(scanned)s, but batch %(batch)s is known with "
            "expiry %(expiry)s.",
            scanned=details["scanned"],
            batch=details["batch"],
            expiry=details["expiry"],
        )

    # ---- Products ----

    def _say_unknown_product(self, said, details):
        return self.env._(
            "No product has GTIN %(gtin)s. Enter it as the product's barcode.",
            gtin=details["gtin"],
        )

    def _say_ambiguous_product(self, said, details):
        return self.env._(
            "GTIN %(gtin)s is the barcode of several products: %(products)s. Choose "
            "one, or correct the barcodes.",
            gtin=details["gtin"],
            products=", ".join(details["products"]),
        )

    def _say_ambiguous_serial(self, said, details):
        return self.env._(
            "Serial %(serial)s is known for several products: %(products)s. Choose "
            "one.",
            serial=details["serial"],
            products=", ".join(details["products"]),
        )

    def _say_wrong_product(self, said, details):
        return self.env._(
            "%(product)s is not asked for here.", product=details["product"]
        )

    def _say_not_serial_tracked(self, said, details):
        return self.env._(
            "%(product)s is not tracked by unique serial number.",
            product=details["product"],
        )

    # ---- Labels ----

    def _say_no_serial(self, said, details):
        return self.env._(
            "This names %(product)s, but the serial number is missing. Enter it or "
            "drop the line.",
            product=details["product"],
        )

    def _say_empty_serial(self, said, details):
        return self.env._(
            "The serial number is missing. Enter it or drop the line.",
        )

    def _say_serial_too_long(self, said, details):
        return self.env._(
            "Serial number %(value)s has more than 20 characters, which GS1 does not "
            "allow. Perhaps a separator is missing behind it.",
            value=details["value"],
        )

    def _say_batch_too_long(self, said, details):
        return self.env._(
            "Batch number %(value)s has more than 20 characters, which GS1 does not "
            "allow. Perhaps a separator is missing behind it.",
            value=details["value"],
        )

    def _say_bad_character(self, said, details):
        return self.env._(
            "%(value)s has a character that GS1 does not allow there.",
            value=details["value"],
        )

    def _say_unicode_digits(self, said, details):
        return self.env._(
            "%(value)s is no digit from 0 to 9. Set the scanner to plain digits.",
            value=details["value"],
        )

    def _say_check_digit(self, said, details):
        return self.env._(
            "The check digit of %(value)s is wrong. Scan it again.",
            value=details["value"],
        )

    def _say_mistyped_gtin(self, said, details):
        return self.env._(
            "%(value)s is taken for a serial number, but looks like the GTIN %(gtin)s "
            "with one slip: its check digit is wrong. Compare it with the label and "
            "scan the unit's own serial number.",
            value=details["value"],
            gtin=details["gtin"],
        )

    def _say_bad_date(self, said, details):
        return self.env._("%(value)s is no date.", value=details["value"])

    def _say_fnc1_missing(self, said, details):
        return self.env._(
            "The separator behind %(value)s is missing, so the serial number cannot "
            "be told from it. Set the scanner to send the group separator (GS).",
            value=details["value"],
        )

    def _say_unknown_ai(self, said, details):
        return self.env._(
            "GS1 knows no application identifier that starts like %(value)s.",
            value=details["value"],
        )

    def _say_malformed(self, said, details):
        return self.env._(
            "This is no valid GS1 code: %(value)s is wrong, expected %(expected)s.",
            value=details["value"] or self.env._("something"),
            expected=details["expected"] or self.env._("something else"),
        )

    def _say_sscc(self, said, details):
        return self.env._(
            "%(sscc)s is a logistic unit (SSCC), not one unit. Scan what is in it.",
            sscc=details["sscc"],
        )

    def _say_other_epc(self, said, details):
        return self.env._(
            "%(value)s is an EPC of another kind, not one unit of a product.",
            value=details["value"],
        )

    def _say_unknown_text(self, said, details):
        return self.env._(
            "“%(text)s” is neither a GS1 code nor a known serial.",
            text=details["text"],
        )

    def _say_unreadable(self, said, details):
        return self.env._("This is no text. Upload a text or CSV file.")

    def _say_empty_line(self, said, details):
        return self.env._("The line is empty.")

    # ---- Policy ----

    def _say_batch_missing(self, said, details):
        return self.env._(
            "The policy of %(product)s asks for a batch number.",
            product=details["product"],
        )

    def _say_expiry_missing(self, said, details):
        return self.env._(
            "The policy of %(product)s asks for an expiry date.",
            product=details["product"],
        )

    def _say_odd_serial(self, said, details):
        return self.env._(
            "%(serial)s is not what GS1 allows as a serial: 1 to 20 letters, digits or "
            "the usual signs, without spaces. No GS1 symbol can carry it. Compare it "
            "with the label.",
            serial=details["serial"],
        )

    def _say_check_character(self, said, details):
        return self.env._(
            "%(serial)s looks like a number of ours, but its check character is wrong: "
            "one of its characters was mistyped or misread. Compare it with the label.",
            serial=details["serial"],
        )

    def _say_wrong_form(self, said, details):
        if details["form"] == "sgtin96":
            return self.env._(
                "Numbers of %(product)s must fit RFID tags (SGTIN-96), which "
                "%(serial)s does not: a whole number below 274,877,906,944 without "
                "leading zeros. Ask the supplier for the right one.",
                product=details["product"],
                serial=details["serial"],
            )
        if details["form"] == "plain":
            return self.env._(
                "Numbers of %(product)s have at most 64 characters and no spaces, "
                "unlike %(serial)s. Compare it with the label.",
                product=details["product"],
                serial=details["serial"],
            )
        return self.env._(
            "The policy of %(product)s allows GS1 serials only, which %(serial)s is "
            "not: 1 to 20 characters without spaces.",
            product=details["product"],
            serial=details["serial"],
        )


def _count(quantity):
    return int(quantity) if float(quantity).is_integer() else quantity
