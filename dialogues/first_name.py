"""How to call somebody, from what they wrote: the first name or an invented one, never the family name."""

import re

# More is no name but a sentence, or something else.
LONGEST, MOST_WORDS = 40, 4
# A name that begins so goes on with the next word ("Abd El Kader", "Mme Diallo").
_UNFINISHED = frozenset({
    "abd", "el", "al", "abu", "abou", "oum", "umm", "عبد", "ابو", "أبو", "ام", "أم",
    "mme", "madame", "mlle", "m", "mr", "mrs", "ms", "monsieur", "frère", "sœur",
})
# What people write before their name, in the languages spoken here.
_BEFORE = (
    "je m'appelle", "je m appelle", "je mappelle", "m'appelle", "mon prénom est", "mon prénom c'est",
    "mon prenom est", "mon prenom c'est", "mon prénom", "mon prenom", "mon nom est", "mon nom c'est", "mon nom",
    "appelez-moi", "appelez moi", "appelle-moi", "appelle moi", "moi c'est", "my first name is", "my name is",
    "my name's", "call me", "me llamo", "mi nombre es", "me chamo", "chamo-me", "meu nome é", "mă numesc",
    "ma numesc", "mă cheamă", "ma cheama", "numele meu este", "benim adım", "adım", "ismim", "меня зовут",
    "моё имя", "мое имя", "мене звати", "моє ім'я", "اسمي", "إسمي", "انا اسمي", "أنا اسمي", "اسم من", "نام من",
    "زما نوم", "ስመይ", "ሽመይ", "quhem", "më quajnë", "me quajne", "emri im është", "emri im eshte", "իմ անունը",
    "անունս",
)
# The same, where they may be part of a name or of a sentence further on.
_OPENING = (
    "c'est", "je suis", "i'm", "im", "i am", "soy", "sou", "sunt", "я", "أنا", "انا", "من", "ኣነ", "unë jam",
    "une jam", "ես",
)
_GREETINGS = "bonjour|bonsoir|salut|hello|hi|hola|olá|bună|merhaba|привет|здравствуйте|سلام|السلام عليكم"
_LEAD = re.compile(
    r"(?<!\w)(?:{before})(?!\w)[\s:,=]*|^(?:(?:{greetings})\W+)?(?:{opening})(?!\w)[\s:,]+".format(
        greetings=_GREETINGS, **{
            name: "|".join(map(re.escape, sorted(words, key=len, reverse=True)))  # the longest that fits
            for name, words in (("before", _BEFORE), ("opening", _OPENING))}),
    re.IGNORECASE)
# Whatever begins so is no name.
_NO_NAME = frozenset({
    "je", "j", "non", "ne", "pas", "no", "not", "i", "don't", "dont", "rien", "personne", "aucun", "pourquoi",
    "why", "لا", "ليش", "لماذا", "нет", "не", "ні", "hayır", "nu", "não", "nao", "jo", "نه", "ոչ", "ኣይፋል",
})
_EDGES = " \t\n.,;:!?…\"«»()[]*_~`“”"


def first_name(text: str) -> str | None:
    """The name to use, None where there is none: a refusal, a number, a sentence."""
    plain = " ".join(text.replace("’", "'").split())
    lead = _LEAD.search(plain)
    said = plain[lead.end():] if lead else plain
    words = [word for word in (one.strip(_EDGES) for one in said.split()) if word]
    if not words or (lead is None and len(words) > MOST_WORDS):
        return None
    name = [words[0]]
    while name[-1].casefold() in _UNFINISHED and len(name) < len(words):
        name.append(words[len(name)])
    if name[0].casefold() in _NO_NAME or not any(letter.isalpha() for letter in name[0]) or "@" in name[0]:
        return None
    return " ".join(name)[:LONGEST]
