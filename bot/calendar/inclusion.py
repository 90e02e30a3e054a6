"""Places and what happens there, as structures and services of data.inclusion's schema, version 1.

Names and values: https://gip-inclusion.github.io/data-inclusion-schema/. Only what a poster would say, and no
demonstration: a directory that is fed a place which does not exist sends people to it.
"""

import json
import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from bot.clock import PARIS
from bot.store.values import Place, StoredSession
from handoff.directory import PUBLICS, Directory
from handoff.errors import UnknownTeam

SOURCE = "premierpas"
_TITLES = {"permanence": "Permanence d'accueil", "workshop": "Atelier"}
_THEMES = ("difficultes-administratives-ou-juridiques--accompagnement-pour-lacces-aux-droits",)
_ATELIER_THEMES = ("remobilisation--lien-social",)
_POSTCODE = re.compile(r"(?<!\d)\d{5}(?!\d)")
# The schema takes an address of this site alone; what else a team writes of access is for people to read.
_ACCESS = re.compile(r"https://acceslibre\.beta\.gouv\.fr/[^\s,;)»]+")
# The postcodes of a commune, by INSEE code.
Postcodes = Callable[[str], tuple[str, ...]]


def write_inclusion(sessions: Iterable[StoredSession], directory: Directory, postcodes: Postcodes) -> str:
    """These sessions' places as JSON: ``structures`` (one a place) and ``services`` (one a place and kind)."""
    by_place: dict[str, list[StoredSession]] = {}
    for one in sessions:
        if not (one.session.sample or one.session.cancelled):
            by_place.setdefault(one.place.id, []).append(one)
    found = list(by_place.values())
    services = [service for held in found for service in _services(held, directory, postcodes)]
    data = {"structures": [_structure(held, directory, postcodes) for held in found], "services": services}
    return json.dumps(data, ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def _structure(held: Sequence[StoredSession], directory: Directory, postcodes: Postcodes) -> dict[str, Any]:
    place = held[0].place
    access = _ACCESS.search(place.accessibility)
    return {
        "source": SOURCE, "id": _id(place.id), "nom": place.name if len(place.name) > 2 else place.commune_name,
        "date_maj": _changed(held), "description": f"Lieu de permanence de {_team(place, directory)}.",
        "horaires_accueil": _hours(held), "accessibilite_lieu": access[0] if access else None,
        **_where(place, postcodes),
    }


def _services(
    held: Sequence[StoredSession], directory: Directory, postcodes: Postcodes,
) -> Iterable[dict[str, Any]]:
    place = held[0].place
    for kind in sorted({one.session.kind for one in held}):
        some = [one for one in held if one.session.kind == kind]
        title = next((one.session.title for one in some if one.session.title), _TITLES.get(kind, kind))
        said = {public for one in some for public in one.session.publics}
        yield {
            "source": SOURCE, "id": _id(f"{place.id}--{kind}"), "structure_id": _id(place.id), "nom": title,
            "description": f"{title} de {_team(place, directory)}, à {place.commune_name}. Gratuit, avec ou sans "
                           "rendez-vous selon les places.",
            "date_maj": _changed(some), "type": "atelier" if kind != "permanence" else "information",
            "thematiques": list(_THEMES if kind == "permanence" else _ATELIER_THEMES), "frais": "gratuit",
            "publics": sorted(said & PUBLICS) if said else ["tous-publics"],
            "publics_precisions": ", ".join(sorted(said - PUBLICS)) or None,
            "modes_accueil": ["en-presentiel"], "modes_mobilisation": ["se-presenter"],
            "mobilisable_par": ["professionnels", "usagers"], "horaires_accueil": _hours(some),
            **_where(place, postcodes),
        }


def _where(place: Place, postcodes: Postcodes) -> dict[str, Any]:
    return {
        "commune": place.commune_name, "code_insee": place.commune,
        "code_postal": _postcode(place, postcodes(place.commune)), "adresse": place.address or None,
        "complement_adresse": place.landmark or None, "latitude": place.latitude, "longitude": place.longitude,
    }


def _postcode(place: Place, known: Sequence[str]) -> str | None:
    """That of the address, when it is one of the commune's; else the commune's only one."""
    said = next((found for found in _POSTCODE.findall(place.address) if found in known), None)
    return said or (known[0] if len(known) == 1 else None)


def _hours(held: Sequence[StoredSession]) -> str:
    """The dates to come as OpenStreetMap's opening_hours: a truck has dates, not weekly hours."""
    spans = ((one.session.starts_at.astimezone(PARIS), one.session.ends_at.astimezone(PARIS)) for one in held)
    return "; ".join(f"{first:%Y %b %d} {first:%H:%M}-{last:%H:%M}" for first, last in sorted(spans))


def _changed(held: Sequence[StoredSession]) -> str:
    return max(one.changed_at for one in held).astimezone(PARIS).date().isoformat()


def _team(place: Place, directory: Directory) -> str:
    try:
        return directory.body(place.territory, place.body).public_name
    except UnknownTeam:
        return place.body


def _id(own: str) -> str:
    return f"{SOURCE}--{own}"
