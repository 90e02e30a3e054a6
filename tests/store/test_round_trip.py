"""What is written as iCalendar and read again is the same calendar; on both engines."""

from datetime import timedelta
from pathlib import Path

from bot.calendar.ical import write_ical
from bot.calendar.importing import lay_out_further
from bot.store.calendar_replace import Changes
from bot.store.store import Store
from tests.calendar.parts import NOW, write
from tests.clock import FixedClock
from tests.store.test_import import put

ROWS = (
    {"répétition": "toutes les semaines", "titre": "Un, deux; trois", "accueil": "femme", "langues": "fr, ar",
     "repère": "devant l'école", "adresse": "3, rue de l'Église", "transports": "tram T4", "photo": "https://a.fr/p",
     "latitude": "45.697123", "longitude": "4.88634", "sans rendez-vous": "2", "équipe": "camion",
     "présents": "Fatou", "accessibilité": "rampe", "publics": "jeunes, voisins"},
    {"identifiant": "creneaux", "lieu": "Salle, au fond", "répétition": "tous les mois", "créneau": "60",
     "date": "02/12/2026", "commune": "69273", "aussi les jours fériés": "oui"},
    {"identifiant": "noel", "date": "25/12/2026", "aussi les jours fériés": "oui", "type": "atelier",
     "état": "complet", "équipe": "b"},
    {"identifiant": "fini", "date": "03/12/2026", "équipe": "c"},
)


async def exported(store: Store, folder: Path) -> Path:
    path = folder / "export.ics"
    async with store.calendar() as desk:
        path.write_bytes(write_ical(await desk.stored(NOW), "Premier Pas", NOW))
    return path


async def test_an_export_that_comes_back_changes_nothing(store: Store, tmp_path: Path, hours: FixedClock) -> None:
    await put(store, write(tmp_path, *ROWS))
    gone = "portes-du-sud:ifra:fini:2026-12-03"
    async with store.calendar() as desk:
        await desk.change(gone, "cancelled")
        before = await desk.stored(NOW)
    path = await exported(store, tmp_path)
    assert "Fatou" not in path.read_text("utf-8")
    wanted, told = await put(store, path)
    assert (wanted.changes, told) == (Changes(), 0)
    async with store.calendar() as desk:
        assert await desk.stored(NOW) == before
    hours.advance(days=30)  # and its lines go on giving dates
    assert await lay_out_further(store, (), hours.now) >= 4
    async with store.calendar() as desk:
        assert len(await desk.stored(NOW + timedelta(days=120))) >= 4


async def test_a_demonstration_comes_back_as_one(store: Store, tmp_path: Path) -> None:
    await put(store, write(tmp_path, {"répétition": "toutes les semaines", "exemple": "oui"}))
    wanted, _ = await put(store, await exported(store, tmp_path))
    assert wanted.changes == Changes()
    async with store.calendar() as desk:
        assert await desk.has_real() == frozenset()
