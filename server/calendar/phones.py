"""Phone numbers of customers, as written or read off a caller ID, to E.164."""

from __future__ import annotations

import re
import unicodedata

import phonenumbers

# Mobile, geographic and national-prefix ranges. Numbering plans in libraries call a tenth of living mobile numbers
# invalid, so the length and the prefix decide, and no library.
_ISRAELI = re.compile(r"0(?:5\d{8}|[23489]\d{7}|7[2-9]\d{7})")
_MOBILE = re.compile(r"\+9725\d{8}")
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


def is_mobile(phone: str | None) -> bool:
    """Whether an E.164 number is an Israeli one that text messages reach; landlines have none."""
    return phone is not None and _MOBILE.fullmatch(phone) is not None


def local_form(phone: str) -> str:
    """As Israelis write it: "052-345-6789"; a foreign number in international form."""
    try:
        parsed = phonenumbers.parse(phone)
    except phonenumbers.NumberParseException:
        return phone
    is_israeli = parsed.country_code == 972
    form = phonenumbers.PhoneNumberFormat.NATIONAL if is_israeli else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(parsed, form)


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
