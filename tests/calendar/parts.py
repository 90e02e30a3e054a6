"""A map and a directory small enough to read, and a calendar file written from rows."""

import csv
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from bot.calendar.entries import Entry
from bot.calendar.importing import read_calendar
from bot.calendar.rows import Defaults
from dialogues.snapshot import Commune

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
TOWNS = {
    "69259": Commune("69259", "Vénissieux", "69", 45.70, 4.87),
    "69273": Commune("69273", "Corbas", "69", 45.67, 4.9),
}
HEADER = ("identifiant;lieu;commune;territoire;structure;date;début;fin;répétition;places;sans rendez-vous;sauf;"
          "état;équipe")
ROW: Mapping[str, str] = {
    "identifiant": "marche", "lieu": "Place du marché", "commune": "69259", "territoire": "portes-du-sud",
    "structure": "ifra", "date": "01/12/2026", "début": "9h", "fin": "12h30", "places": "8",
}


class Towns:
    def by_insee(self, insee: str) -> Commune | None:
        return TOWNS.get(insee)

    def named(self, name: str) -> Commune | None:
        return next((town for town in TOWNS.values() if town.name.casefold() == name.casefold()), None)


class Bodies:
    def has(self, territory: str, body: str) -> bool:
        return (territory, body) == ("portes-du-sud", "ifra")


def write(folder: Path, *rows: Mapping[str, str], name: str = "calendrier.csv") -> Path:
    """A CSV of these rows, each of them ROW with changes."""
    columns = [*dict.fromkeys([*HEADER.split(";"), *(key for row in rows for key in row)])]
    path = folder / name
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, delimiter=";")
        out.writerow(columns)
        out.writerows([{**ROW, **row}.get(key, "") for key in columns] for row in rows)
    return path


def read(path: Path) -> tuple[Entry, ...]:
    return read_calendar(path, Towns(), Bodies(), Defaults())
