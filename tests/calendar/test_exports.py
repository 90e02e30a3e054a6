"""What other systems are given: data.inclusion's own schema reads our places, a cancellation is one."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import icalendar
import pytest
from data_inclusion.schema import v1

from bot.calendar.ical import write_ical
from bot.calendar.inclusion import write_inclusion
from bot.store.values import CalendarSession, Place, StoredSession
from tests.calendar.parts import NOW
from tests.channels.web_rig import parts

TRUCK = ("portes-du-sud", "ifra")
PLACE = Place("marche", "Place Léon Sublet", "69259", "Vénissieux", *TRUCK, address="Place Léon-Sublet",
              landmark="devant la mairie", latitude=45.69712, longitude=4.88634)


def postcodes(insee: str) -> tuple[str, ...]:
    return {"69259": ("69200",), "69123": ("69001", "69002", "69003")}.get(insee, ())


def opening(session_id: str, days: int, **more: Any) -> StoredSession:  # noqa: ANN401 - any field of a session
    start = NOW + timedelta(days=days)
    session = CalendarSession(session_id, PLACE.id, start, start + timedelta(hours=3), 5, *TRUCK, **more)
    return StoredSession(session, PLACE, 2, 1, 0, NOW)


def exported(*sessions: StoredSession) -> tuple[list[v1.Structure], list[v1.Service]]:
    """Read back by the schema's own package, which refuses what it does not know."""
    data = json.loads(write_inclusion(sessions, parts().directory, postcodes))
    return ([v1.Structure.model_validate(one) for one in data["structures"]],
            [v1.Service.model_validate(one) for one in data["services"]])


def test_a_place_is_a_structure_and_each_kind_of_session_a_service() -> None:
    workshop = opening("s2", 3, kind="workshop", title="Détours Créatifs", publics=("jeunes", "voisins"))
    (structure,), services = exported(opening("s1", 1), workshop)
    assert (structure.nom, structure.code_insee, structure.latitude) == ("Place Léon Sublet", "69259", 45.69712)
    assert structure.horaires_accueil == "2026 Nov 24 10:00-13:00; 2026 Nov 26 10:00-13:00"
    assert {service.nom for service in services} == {"Permanence d'accueil", "Détours Créatifs"}
    assert {service.structure_id for service in services} == {structure.id}
    by_name = {service.nom: service for service in services}
    assert by_name["Permanence d'accueil"].publics == {v1.Public("tous-publics")}
    assert by_name["Détours Créatifs"].publics == {v1.Public("jeunes")}
    assert by_name["Détours Créatifs"].publics_precisions == "voisins"


def test_a_demonstration_or_a_cancelled_session_sends_nobody_anywhere() -> None:
    assert exported(opening("s1", 1, sample=True), opening("s2", 2, cancelled=True)) == ([], [])


@pytest.mark.parametrize(("commune", "address", "code"), [
    ("69259", "", "69200"), ("69259", "BP 12345, rue X", "69200"), ("69123", "3 rue Y, 69002 Lyon", "69002"),
    ("69123", "3 rue Y", None), ("99999", "3 rue Y, 69002 Lyon", None),
])
def test_the_postcode_is_given_where_it_is_sure(commune: str, address: str, code: str | None) -> None:
    place = replace(PLACE, commune=commune, address=address)
    (structure,), (service,) = exported(replace(opening("s1", 1), place=place))
    assert (structure.code_postal, service.code_postal) == (code, code)


@pytest.mark.parametrize(("said", "link"), [
    ("Plain-pied (https://acceslibre.beta.gouv.fr/app/69-venissieux/a/mairie/erp/mairie-12/)",
     "https://acceslibre.beta.gouv.fr/app/69-venissieux/a/mairie/erp/mairie-12/"),
    ("Deux marches", None), ("https://example.org/acces", None), ("", None),
])
def test_access_is_given_as_the_schema_wants_it(said: str, link: str | None) -> None:
    (structure,), _ = exported(replace(opening("s1", 1), place=replace(PLACE, accessibility=said)))
    assert (structure.accessibilite_lieu and str(structure.accessibilite_lieu)) == link


def test_a_body_the_directory_does_not_know_is_named_by_its_id() -> None:
    stranger = opening("s1", 1)
    (structure,), _ = exported(replace(stranger, place=replace(PLACE, body="inconnue")))
    assert "inconnue" in (structure.description or "")


@pytest.mark.parametrize(("method", "status"), [("PUBLISH", "CONFIRMED"), ("CANCEL", "CANCELLED")])
def test_a_cancellation_is_sent_as_one(method: Any, status: str) -> None:  # noqa: ANN401 - a literal
    calendar = icalendar.Calendar.from_ical(
        write_ical([opening("s1", 1, cancelled=method == "CANCEL")], "Premier Pas", NOW, method))
    event: Any
    (event,) = calendar.walk("VEVENT")
    assert (str(calendar["METHOD"]), str(event["STATUS"]), int(event["SEQUENCE"])) == (method, status, 1)
