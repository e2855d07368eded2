"""Phone numbers of customers, as written or read off a caller ID, to E.164."""

from __future__ import annotations

import re
import unicodedata

import phonenumbers

# Mobile, geographic and national-prefix ranges. Numbering plans in libraries call a tenth of living mobile numbers
# invalid, so the length and the prefix decide, and no library.
_ISRAELI = re.compile(r"0(?:5\d{8}|[23489]\d{7}|7[2-9]\d{7})")
_LONGEST = 40


def parse_phone(text: str) -> str | None:
    """`text` as E.164, or None if it is no number that one can call a customer back on.

    Israeli numbers may be local ("050-1234567"), or international in any writing ("+972 (0)50…", "00972…"); others
    need their "+" or "00". Short codes ("*6050") and 1-800 and 1-700 numbers are not customers'.
    """
    if len(text) > _LONGEST:
        return None
    plain = _digits(text)
    if plain is None:
        return None
    national = _national(plain)
    if national is not None:
        return f"+972{national[1:]}" if _ISRAELI.fullmatch(national) else None
    return _foreign(plain)


def _digits(text: str) -> str | None:
    """Digits and a leading plus alone; None if anything else but separators is there."""
    text = unicodedata.normalize("NFKC", text).strip()
    text = text.replace("(0)", "")
    kept = [
        c if c == "+" else str(unicodedata.digit(c)) for c in text if c == "+" or unicodedata.digit(c, None) is not None
    ]
    others = {c for c in text if c != "+" and unicodedata.digit(c, None) is None}
    plain = "".join(kept)
    is_clean = others <= set(" -–־./()\u00a0") and "+" not in plain[1:]
    return plain if is_clean and plain else None


def _national(plain: str) -> str | None:
    """The number as dialled inside Israel, or None for another country's."""
    for prefix in ("+972", "00972", "972"):
        if plain.startswith(prefix):
            return "0" + plain[len(prefix) :].removeprefix("0")
    return None if plain.startswith(("+", "00")) else plain


def _foreign(plain: str) -> str | None:
    try:
        number = phonenumbers.parse("+" + plain.removeprefix("+").removeprefix("00"), None)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
