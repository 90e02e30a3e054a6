"""What an example sentence must not be: in another script than its variety, or about somebody real."""

import re
from collections.abc import Iterator

import phonenumbers

from nlu.language import scripts_in

# The script of each variety; those not named are written in Latin letters.
SCRIPTS = {
    "ar": "arabic", "ary": "arabic", "fa": "arabic", "ps": "arabic", "ru": "cyrillic", "uk": "cyrillic",
    "ti": "ethiopic", "hy": "armenian",
}  # fmt: skip
# "RSA ?", "CAF svp": people write French names in French letters, and nothing else, in any language.
_NAMES_ONLY = 4

ADDRESS = re.compile(
    r"\b\d{1,4}\s*(?:bis|ter)?,?\s+(?:rue|avenue|av|boulevard|bd|impasse|allée|chemin)\s+\w+", re.IGNORECASE
)
MAIL = re.compile(r"[\w.+-]+@[\w-]+\.\w{2,}")
_LONG_NUMBER = re.compile(r"(?:\d[\s.-]?){9,}")
IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?:\s?[A-Z0-9]{4}){3,}")
_SECURITY = re.compile(r"\b[12]\s?\d{2}\s?(?:0\d|1[0-2])\s?\d{2}\s?\d{3}\s?\d{3}\b")  # a social security number


def wrongs(variety: str, text: str) -> Iterator[str]:
    """What is wrong with ``text`` as an example of ``variety``, one sentence each."""
    wanted = SCRIPTS.get(variety, "latin")
    found = scripts_in(text)
    if found and wanted not in found and (wanted == "latin" or len(text.split()) > _NAMES_ONLY):
        yield f"“{text}” has no {wanted} letter, and {variety} is written in these"
    kind = personal(text)
    if kind is not None:
        yield f"“{text}” holds {kind}: examples are about nobody real"


def personal(text: str) -> str | None:
    """What sort of personal data a text holds, None when it holds none that can be told by its form."""
    if MAIL.search(text):
        return "an e-mail address"
    if IBAN.search(text):
        return "an account number"
    if _SECURITY.search(text):
        return "a social security number"
    if _LONG_NUMBER.search(text) and phonenumbers.PhoneNumberMatcher(text, "FR").has_next():
        return "a phone number"
    if ADDRESS.search(text):
        return "an address"
    return None
