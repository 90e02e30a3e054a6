"""An acronym is said with its meaning where it first stands: someone who arrived last week knows none of them."""

import re
from datetime import date
from functools import cache

import pytest

from bot.answers import UNSEEN, answer
from bot.app import ROOT
from bot.check import content_of
from bot.content import Content
from bot.content_checks import TOPICS
from bot.translations import TEAM_KEYS
from dialogues.state import EASY

TODAY = date(2026, 11, 23)
# Words of every day, as people say them in most languages.
KNOWN = frozenset({"SMS", "CV"})
# What has to stand near an acronym, once in an answer: a regular expression for each.
MEANINGS = {
    "AAH": "allocation|aide|handicap", "ADA": "aide", "ADIL": "logement", "AEEH": "aide",
    "AGEPI": "aide|enfant|s'appelle", "AIF": "formation", "AME": "soins|médicale",
    "ANEF": "étrangers|renouveler|titre", "APL": "loyer", "ARE": "chômage", "ARIPA": "pension|paie",
    "ARS": "rentrée", "ASF": "aide", "ASI": "handicap", "ASPA": "retraite|âgées", "ASS": "aide", "AVIP": "places",
    "C2S": "CSS|complémentaire", "CAF": "aides|allocations|paie", "CASNAV": "élèves", "CCAS": "mairie",
    "CDDI": "contrat", "CEJ": "engagement|jeunes", "CFA": "école", "CIR": "contrat", "CMG": "paie",
    "CMP": "médico-psychologique", "CNDA": "juge", "CPAM": "maladie|soins", "CPF": "compte",
    "CSAPA": "centre de soins", "CSS": "complémentaire|soins", "DALO": "droit au logement",
    "ENIC": "comparabilité|service", "EPIDE": "apprendre|lieux", "FICP": "crédits", "FSL": "aide",
    "GUDA": "guichet unique", "HLM": "logement social", "IAE": "emplois", "MDMPH": "s'appelle",
    "MDPH": "maison du handicap", "MSA": "agriculture", "NARIC": "comparabilité|service",
    "O2R": "programme|repérage", "OFII": "immigration|service de l'État", "OFPRA": "asile",
    "OQTF": "quitter la France", "PASS": "soins|soigne|hôpital|accord", "PMI": "santé", "RESF": "association",
    "RIB": "compte|banque", "RQTH": "handicapé", "RSA": "revenu minimum|en argent|aide", "RSJ": "aide|jeunes",
    "SIAO": "place", "SMIC": "salaire minimum|petit salaire", "SPADA": "premier accueil",
    "SPIP": "insertion|prison", "TCL": "bus|transport", "TER": "trains", "UPE2A": "classe", "VAE": "diplôme",
}
_ACRONYM = re.compile(r"\b[A-Z][A-Z0-9]*[A-Z][A-Z0-9]*\b")
# The name of a page is quoted as that page is called; an address has no acronyms to be read.
_NOT_SAID = re.compile(r"^(Source :|Cette réponse vient de :).*$|https?://\S+", re.MULTILINE)
NEAR = {"fr": 70, EASY: 250}  # characters before and after; in easy French a list may stand in between


@cache
def words() -> Content:
    return content_of(ROOT)


def unexplained(text: str, language: str, said: str = "") -> list[str]:
    """Acronyms of ``text`` without their meaning near them, in it or in what was ``said`` before."""
    text, said = (_NOT_SAID.sub("", part.translate(UNSEEN)) for part in (text, said))
    found = []
    for acronym in dict.fromkeys(_ACRONYM.findall(text)):
        if acronym in KNOWN:
            continue
        # In the whole answer, where it stands the first time.
        place = re.search(rf"\b{acronym}\b", said + text)
        assert place is not None
        around = (said + text)[max(0, place.start() - NEAR[language]):place.end() + NEAR[language]]
        if acronym not in MEANINGS or not re.search(MEANINGS[acronym], around, re.IGNORECASE):
            found.append(acronym)
    return found


@pytest.mark.parametrize("language", ["fr", EASY])
def test_an_acronym_is_explained_where_it_first_stands(language: str) -> None:
    found = {}
    for topic in TOPICS:
        shown = answer(words(), topic, language, TODAY)
        left = [*unexplained(shown.first, language), *unexplained(shown.more, language, shown.first)]
        if left:
            found[topic] = left
    assert found == {}


@pytest.mark.parametrize("language", ["fr", EASY])
def test_so_it_is_in_the_endings_of_a_check(language: str) -> None:
    keys = [key for key in words().messages if key.startswith("utter_check_")]
    before = {"utter_check_french": "utter_ask_contract", "utter_check_rsa": "label/rights_rsa"}  # said before
    found = {}
    for key in keys:
        said = " ".join(words().words(other, language) for start, other in before.items() if key.startswith(start))
        found[key] = unexplained(words().words(key, language), language, f"{said} ")
    assert {key: left for key, left in found.items() if left} == {}


def in_brackets(text: str, acronym: str, within: int = 20) -> bool:
    """Whether ``acronym`` stands once in brackets, or brackets open behind it ``within`` so many characters."""
    text = text.translate(UNSEEN)
    for place in re.finditer(rf"(?<![A-Z0-9]){acronym}(?![A-Z0-9])", text):  # a case ending may follow at once
        before = text[:place.start()]
        if before.count("(") > before.count(")") or "(" in text[place.end():place.end() + within]:
            return True
    return False


@pytest.mark.parametrize("language", [one for one in words().languages if one != "fr"])
def test_what_the_french_explains_in_brackets_every_language_explains(language: str) -> None:
    found = {}
    for key, french in words().messages.items():
        if key.startswith(TEAM_KEYS):
            continue
        explained = [one for one in dict.fromkeys(_ACRONYM.findall(french)) if in_brackets(french, one, 2)]
        left = [one for one in explained if not in_brackets(words().translations[language].texts[key], one)]
        if left:
            found[key] = left
    assert found == {}


@pytest.mark.parametrize(("text", "explained"), [
    ("The CAF (family benefits).", True), ("Family benefits (CAF).", True), ("Ask the CAF. It pays.", False),
    ("Family benefits.", False),
])
def test_brackets_are_looked_for_around_the_acronym(text: str, explained: bool) -> None:
    assert in_brackets(text, "CAF") is explained


@pytest.mark.parametrize(("text", "said", "left"), [
    ("Demandez à la CAF.", "", ["CAF"]), ("Demandez à la CAF.", "La CAF (caisse des aides).", []),
    ("Voyez le XYZ (bureau).", "", ["XYZ"]), ("Écrivez un SMS.", "", []),
])
def test_what_is_not_known_or_not_explained_is_found(text: str, said: str, left: list[str]) -> None:
    assert unexplained(text, "fr", said) == left
