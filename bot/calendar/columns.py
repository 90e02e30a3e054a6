"""The columns of a calendar spreadsheet, under the names people give them."""

import unicodedata
from collections.abc import Mapping, Sequence

# The name in the template first, then others that are understood. Accents and capitals do not count.
COLUMNS: Mapping[str, Sequence[str]] = {
    "id": ("identifiant", "id", "uid"),
    "place": ("lieu", "place", "endroit"),
    "commune": ("commune", "ville", "insee", "code insee", "town"),
    "address": ("adresse", "address"),
    "landmark": ("repère", "point de repère", "landmark"),
    "latitude": ("latitude", "lat"),
    "longitude": ("longitude", "lon", "lng"),
    "transport": ("transports", "transport", "comment venir"),
    "accessibility": ("accessibilité", "accessibility"),
    "photo": ("photo",),
    "territory": ("territoire", "territory", "consortium"),
    "body": ("structure", "body", "membre", "organisme"),
    "first": ("date", "jour", "premier jour", "first day"),
    "starts": ("début", "heure de début", "starts", "de"),
    "ends": ("fin", "heure de fin", "ends", "à"),
    "rule": ("répétition", "recurrence", "récurrence", "rrule", "repeat"),
    "until": ("jusqu'au", "until", "dernier jour"),
    "without": ("sauf", "sauf le", "exceptions", "exdate", "except"),
    "holidays": ("jours fériés", "aussi les jours fériés", "holidays"),
    "capacity": ("places", "capacité", "capacity", "seats"),
    "walk_in": ("sans rendez-vous", "places sans rendez-vous", "walk in", "walk-in"),
    "slot": ("créneau", "durée du créneau", "slot", "minutes"),
    "team": ("équipe", "véhicule", "camion", "team"),
    "crew": ("présents", "conseillers", "crew", "counsellors"),
    "languages": ("langues", "languages"),
    "publics": ("publics", "public"),
    "wishes": ("accueil", "particularités", "wishes"),
    "kind": ("type", "kind"),
    "title": ("titre", "title", "atelier"),
    "status": ("état", "statut", "status"),
    "sample": ("exemple", "sample"),
    "formerly": ("ancien nom du lieu", "ancien nom", "former name"),
    "replaces": ("remplace", "replaces", "recurrence-id"),
}
NEEDED = ("place", "commune", "first", "starts", "ends", "capacity")


def header(name: object) -> str:
    """A column's name without accents, capitals, marks."""
    text = unicodedata.normalize("NFKD", str(name or "")).replace("’", "'").casefold()
    return " ".join("".join(c for c in text if not unicodedata.combining(c)).replace("_", " ").split())


KNOWN: Mapping[str, str] = {header(alias): key for key, aliases in COLUMNS.items() for alias in aliases}


def titles() -> tuple[str, ...]:
    """The template's header."""
    return tuple(aliases[0] for aliases in COLUMNS.values())
