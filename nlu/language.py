"""In which language a message is written, and which one a person asks for."""

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from nlu.language_model import LanguageModel
from nlu.normalise import arabizi_skeleton, words
from nlu.variety_words import variety_words

LANGUAGES = ("fr", "en", "ar", "es", "pt", "ro", "tr", "ru", "uk", "fa", "ps", "ti", "sq", "hy")
_LATIN = ("fr", "en", "es", "pt", "ro", "tr", "sq")

_SHORT = 2  # words: below or at this a Latin message proves nothing ("avocat", "merci", "da")
_OVERTURN = 0.7  # share from which three words or more overturn the language the person used before
_ENOUGH = 5  # words: from this pycld2 alone overturns it, while nothing is learnt
_LEAD = 2  # small words by which a language must lead the others to be believed on these alone
_BELIEVED = 0.6  # share, all evidence together, from which three words or more may switch a conversation
_OWN = 0.25  # share of words known in the likeliest language, below which pycld2 may say it is none of ours
_KNOWN = 2  # words that must be known in a language before it takes over from another
_CLEAR = 0.8  # share from which the examples alone are clear
_BEFORE = 3.0  # weight of the language spoken before
_PROVEN = 4.0  # weight of a word only one way of writing has
_SPRINKLED = 4  # a quarter of the letters shows the script: the rest are names of offices and papers
_HERE = 2.5  # weight of French when nothing was written before: we are in France

_PASHTO = frozenset("ټډړږښګڼېۍځڅ")
_PERSIAN = frozenset("یکپچژگ")
_OTHER_ARABIC_SCRIPT = frozenset("ٹڈڑےںہھڕێۆڵە")  # Urdu, Kurdish, Uyghur: not among ours
_UKRAINIAN = frozenset("іїєґ")
_RUSSIAN = frozenset("ыэъё")
# Latin letters, those that only look so included (full width, mathematical): without any it is no arabizi.
_LATIN_LETTER = re.compile("[A-Za-zÀ-ɏ\uff21-\uff5a\U0001d400-\U0001d7ff]")
_DIGIT_AS_LETTER = re.compile(r"[a-z]*[23579][a-z]{2,}|[a-z]{2,}[23579][a-z]*|[a-z][23579][a-z]")


@dataclass(frozen=True, slots=True)
class Detected:
    """What the words say about the language.

    `language` is one of LANGUAGES, or None when it is none of them or cannot be told.
    `variety` is "ary" (Maghrebi, Arabic letters), "arabizi" or "fr-sms" where it is one of these, else None.
    `sure` says whether this alone may switch a conversation to that language.
    """

    language: str | None
    variety: str | None
    sure: bool


class LanguageDetector:
    """Detects the 14 languages; built once.

    Order of proof: script and letters, unmistakable greetings, then what the project's examples teach; while
    nothing is learnt, arabizi and phone French by their words, then pycld2, which also speaks up for languages
    that are not ours.
    """

    def __init__(self, model: Callable[[], LanguageModel | None] = lambda: None) -> None:
        """``model``: what the project's examples teach, once it is there; until then the rest does alone."""
        self._model = model

    def detect(self, text: str, prior: str | None = None, hint: str | None = None) -> Detected:
        """The language of one message.

        `prior` is the language the conversation is in, `hint` the app's or browser's; both are codes of
        LANGUAGES or None. They stand in when the words prove nothing, and then `sure` is False.
        """
        script = _script(text)
        if script == "latin":
            return self._detect_latin(text, prior, hint)
        if script == "arabic":
            return self._detect_arabic(text, prior, hint)
        if script == "cyrillic":
            return Detected(self._cyrillic_language(text, prior), None, True)
        if script == "armenian":
            return Detected("hy", None, True)
        if script == "ethiopic":
            amharic = _cld2(text) == "am" and not (prior == "ti" or hint == "ti")
            return Detected(None if amharic else "ti", None, not amharic)
        if script == "other":
            return Detected(None, None, True)
        return Detected(prior or hint, None, False)

    def _detect_arabic(self, text: str, prior: str | None, hint: str | None) -> Detected:
        letters = set(text)
        if letters & _PASHTO:
            return Detected("ps", None, True)
        if letters & _OTHER_ARABIC_SCRIPT:
            return Detected(None, None, True)
        said = words(text)
        if set(said) & variety_words().ary:
            return Detected("ar", "ary", True)
        shares = self._learnt(text, ("ar", "fa", "ps"))
        if len(said) > _SHORT and shares and (max(shares.values()) > _CLEAR or not letters & _PERSIAN):
            return Detected(_best(shares), None, True)
        if letters & set("ةىأإ") or (letters & set("يك") and prior not in {"fa", "ps"} and not shares):
            return Detected("ar", None, True)
        if letters & _PERSIAN:
            return Detected("ps" if prior == "ps" and len(said) <= _SHORT else "fa", None, True)
        if len(said) <= _SHORT:
            # "سلام" is everybody's: the conversation's language, then the app's, then the most written here.
            known = next((code for code in (prior, hint) if code in {"ar", "fa", "ps"}), None)
            clear = shares and max(shares.values()) > _CLEAR
            best = _best(shares) if clear else "ar"
            return Detected(known or best, None, True)
        return Detected("fa" if _cld2(text) == "fa" else "ar", None, True)

    def _cyrillic_language(self, text: str, prior: str | None) -> str:
        letters = set(text.casefold())
        if letters & _UKRAINIAN:
            return "uk"
        if letters & _RUSSIAN:
            return "ru"
        if prior in {"ru", "uk"} and len(words(text)) <= _SHORT:
            return str(prior)
        learnt = self._learnt(text, ("ru", "uk"))
        return _best(learnt) if learnt else "uk" if _cld2(text) == "uk" else "ru"

    def _detect_latin(self, text: str, prior: str | None, hint: str | None) -> Detected:
        said = words(text, mixed=True)
        greeting = _greeting(said)
        if len(said) <= _SHORT and greeting:
            return Detected(greeting, "arabizi" if greeting == "ar" else None, True)
        sms = sum(word in variety_words().fr_sms for word in said)
        shares = self._learnt(text, (*_LATIN, "arabizi"))
        if len(said) > _SHORT and shares:
            return self._weighed(text, shares, sms, prior, hint)
        if looks_arabizi(text):
            return Detected("ar", "arabizi", True)
        if len(said) <= _SHORT:
            if prior or hint:
                return Detected(prior or hint, None, False)
            return Detected("fr" if sms else _guess(shares), "fr-sms" if sms else None, False)
        if sms >= 2 or (sms and len(said) <= 6):
            return Detected("fr", "fr-sms", True)
        return self._ranked(text, words(text), prior, hint)

    def _weighed(
        self, text: str, learnt: dict[str, float], sms: int, prior: str | None, hint: str | None
    ) -> Detected:
        """What the examples teach, weighed with the language spoken before and a variety's own words."""
        ours = dict(learnt)
        before = "arabizi" if prior == "ar" else prior
        if before in ours:
            ours[before] *= _BEFORE
        if looks_arabizi(text):
            ours["arabizi"] *= _PROVEN
        if sms:
            ours["fr"] *= _PROVEN
        whole = sum(ours.values())
        best = _best(ours)
        model = self._model()
        known = model.known_words(text, best) if model is not None else 0
        elsewhere = _cld2(text)
        proven = looks_arabizi(text) if best == "arabizi" else best == "fr" and sms
        foreign = elsewhere and elsewhere not in LANGUAGES and not proven
        if foreign and (learnt[best] < _CLEAR or known < _OWN * len(words(text))):
            return Detected(prior or hint, None, False)
        answered_in = "ar" if best == "arabizi" else best
        if prior in (None, answered_in):
            believed = ours[best] / whole >= _BELIEVED
        else:  # rubbish has a likeliest language too: words that are really its own are asked for
            believed = ours[best] / whole >= _OVERTURN and known >= _KNOWN
        if not believed:
            return Detected(prior or hint or answered_in, None, False)
        if best == "arabizi":
            return Detected("ar", "arabizi", True)
        return Detected(best, "fr-sms" if best == "fr" and sms else None, True)

    def _learnt(self, text: str, among: tuple[str, ...]) -> dict[str, float]:
        """Each language's share of the belief by the examples; empty while nothing is learnt."""
        model = self._model()
        return model.shares(text, among) if model is not None else {}

    def _ranked(self, text: str, said: tuple[str, ...], prior: str | None, hint: str | None) -> Detected:
        by_small_words = _by_small_words(said)
        if by_small_words:
            return Detected(by_small_words, None, True)
        elsewhere = _cld2(text)
        # « je comprends pas » is English to pycld2: so few words take nobody out of their language.
        if elsewhere in _LATIN and (prior in (None, elsewhere) or len(said) >= _ENOUGH):
            return Detected(elsewhere, None, True)
        return Detected(prior or hint or (None if elsewhere else "fr"), None, False)


def _guess(learnt: dict[str, float]) -> str:
    """The likeliest language of a word or two that nothing else says anything about."""
    shares = {code: share for code, share in learnt.items() if code != "arabizi"}
    return max(shares, key=lambda code: shares[code] * (_HERE if code == "fr" else 1.0), default="fr")


def _best(shares: dict[str, float]) -> str:
    return max(shares, key=lambda code: shares[code])


def _by_small_words(said: tuple[str, ...]) -> str | None:
    """The language whose small words lead by two, when the message has them."""
    counts = {code: sum(word in own for word in said) for code, own in variety_words().small_words.items()}
    best, second = sorted(counts, key=lambda code: counts[code], reverse=True)[:2]
    return best if counts[best] - counts[second] >= _LEAD else None


def looks_arabizi(text: str) -> bool:
    """Whether a message is Arabic written in Latin letters ("rani m3a drari barra").

    Known words prove it, whatever their vowels, and so do digits used as letters: two of these making up a fifth
    of the message, one in a message of up to three words, or one with small words that fill half of it.
    """
    if _LATIN_LETTER.search(text) is None:
        return False
    lists = variety_words()
    said = words(text, mixed=True)
    proofs = beside = 0
    for word in said:
        if word in lists.not_arabizi:
            continue
        if word in lists.arabizi or _DIGIT_AS_LETTER.fullmatch(word):
            proofs += 1
        elif word in lists.arabizi_beside:
            beside += 1
        elif arabizi_skeleton(word) in lists.arabizi_skeletons:
            proofs += 1
    if proofs >= 2:
        return (proofs + beside) * 5 >= len(said)
    return proofs == 1 and (len(said) <= 3 or (proofs + beside) * 2 >= len(said))


def named_language(text: str) -> str | None:
    """The language a person names when they ask for one ("in English please", "عربي", "arabe").

    None when none is named, when several are, or when the message is a longer story that only mentions one.
    """
    said = words(text)
    if not 0 < len(said) <= 8:
        return None
    padded = f" {' '.join(said)} "
    named = {code for name, code in variety_words().language_names.items() if f" {name} " in padded}
    if len(named) != 1:
        return None
    code = named.pop()
    return None if len(said) > 2 and _about_something_else(padded) else code


def _about_something_else(padded: str) -> bool:
    return any(f" {word} " in padded for word in variety_words().not_asking)


def _greeting(said: tuple[str, ...]) -> str | None:
    greetings = variety_words().greetings
    return greetings.get(" ".join(said)) or (greetings.get(said[0]) if said else None)


def scripts_in(text: str) -> Counter[str]:
    """How many letters of each script a text has: latin, cyrillic, arabic, armenian, ethiopic, other."""
    return Counter(map(_script_of, filter(str.isalpha, text)))


def _script(text: str) -> str | None:
    """The script most letters are in, French names and words aside; None when there are no letters."""
    counts = scripts_in(text)
    own = Counter({name: count for name, count in counts.items() if name != "latin"})
    if own and own.total() * _SPRINKLED >= counts.total():
        return own.most_common(1)[0][0]
    return counts.most_common(1)[0][0] if counts else None


# First and last code point of the blocks we tell apart (Unicode 15 block names).
_BLOCKS = (
    (0x0041, 0x024F, "latin"), (0x1E00, 0x1EFF, "latin"), (0x0400, 0x052F, "cyrillic"),
    (0x0530, 0x058F, "armenian"), (0x0600, 0x06FF, "arabic"), (0x0750, 0x077F, "arabic"),
    (0x08A0, 0x08FF, "arabic"), (0xFB50, 0xFDFF, "arabic"), (0xFE70, 0xFEFF, "arabic"),
    (0x1200, 0x139F, "ethiopic"), (0x2D80, 0x2DDF, "ethiopic"),
)  # fmt: skip


@lru_cache(maxsize=4096)  # letters, never words
def _script_of(char: str) -> str:
    point = ord(char)
    return next((name for first, last, name in _BLOCKS if first <= point <= last), "other")


def _cld2(text: str) -> str | None:
    import pycld2

    try:
        reliable, _, details = pycld2.detect(text, bestEffort=True)
    except pycld2.error:  # invalid UTF-8 or control characters: no opinion
        return None
    return str(details[0][1]) if reliable else None
