"""What differs from place to place: one more line where the town is known, the general answer where it is not."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from bot.app import ROOT
from bot.content import read_content
from bot.translations import ContentError
from dialogues.effects import Say
from dialogues.events.person import ButtonPressed
from dialogues.expiry import endings
from dialogues.intents import RIGHTS
from dialogues.local import Local, LocalLine, Zone
from dialogues.reminders import PARIS
from dialogues.snapshot import Appointment, Commune
from nlu.communes import Gazetteer
from tests.dialogues.rig import NOW, Talk, content, session

LYON, NANTES, SAINT_NAZAIRE = "69259", "44109", "44184"
TODAY = NOW.date()


def answer(topic: str, commune: str | None, payload: str | None = None) -> str:
    talk = Talk()
    talk.state = replace(talk.state, language="fr", slots={"commune": commune} if commune else {})
    talk.happens(ButtonPressed(payload or f"/{topic}"))
    said = next(deed for deed in talk.effects if isinstance(deed, Say))
    return content().text(said.text, "fr")


def details(topic: str, commune: str | None) -> str:
    return answer(topic, commune, f'/rights_more{{"topic":"{topic}"}}')


def test_in_the_metropole_the_one_who_decides_is_named() -> None:
    assert "🏠 Chez vous, c'est la Métropole de Lyon qui décide du RSA." in details("rights_rsa", LYON)


@pytest.mark.parametrize("commune", [None, "29019", "unknown"])
def test_elsewhere_and_unknown_get_the_general_answer(commune: str | None) -> None:
    assert "🏠" not in details("rights_rsa", commune)


def test_a_line_of_around_lyon_is_not_said_to_who_lives_elsewhere_in_a_zone_or_in_none() -> None:
    assert "TCL" in answer("rights_transport", None)
    assert "TCL" in answer("rights_transport", LYON)
    for commune in ("38185", "29019"):  # Grenoble and Brest: in no zone
        assert "TCL" not in answer("rights_transport", commune), commune
        assert "Source : Service-public" in answer("rights_transport", commune)
        assert "RSJ" not in details("rights_youth", commune)
        assert "TCL" not in details("rights_transport", commune), commune


def test_the_cards_of_lyon_and_of_the_region_are_told_apart() -> None:
    for commune, lyon, region in ((LYON, True, True), ("69264", True, True), ("38185", False, True),
                                  ("29019", False, False), (None, True, True)):
        said = details("rights_transport", commune)
        assert ("TCL" in said, "Illico" in said) == (lyon, region), commune


def test_the_trains_of_a_region_are_said_in_the_region() -> None:
    for commune, there in ((None, True), (LYON, True), ("38185", True), ("29019", False)):
        assert ("Illico" in details("rights_transport", commune)) is there, commune


def test_where_the_town_is_known_the_first_answer_is_no_longer_than_elsewhere() -> None:
    for topic in RIGHTS:
        assert len(answer(topic, LYON)) <= len(answer(topic, None)), topic


def test_a_line_of_one_zone_is_not_said_in_another() -> None:
    assert "RSJ" in details("rights_youth", LYON)
    local = content().catalog.local
    drome = next(zone for zone in local.zones if zone.id == "drome")
    assert local.line("rights_youth", drome, TODAY) is None
    assert local.line("rights_rsa", drome, TODAY) is not None


def test_a_seat_tells_the_place_too() -> None:
    talk = Talk(appointments=[Appointment("a1", "ACDE", session(1, 1))])
    talk.happens(ButtonPressed('/rights_more{"topic":"rights_rsa"}'))
    said = next(deed for deed in talk.effects if isinstance(deed, Say))
    assert "la Métropole de Lyon" in content().text(said.text, "fr")


def test_the_communes_of_the_metropole_exist_and_those_beside_it_are_not_in_it() -> None:
    gazetteer = Gazetteer()
    zone = content().catalog.local.zones[0]
    known = [code for code in sorted(zone.communes) if gazetteer.by_insee(code) is not None]
    # The nine arrondissements of Lyon, and a commune that was joined to another, may be missing from the list.
    assert len(known) >= 57
    for beside in ("69264", "69270", "38053"):  # Villefranche-sur-Saône, Chaponost, Bourgoin-Jallieu
        assert beside not in zone.communes


def test_the_answer_stays_short_in_every_zone() -> None:
    local = content().catalog.local
    for line in local.lines:
        for zone in local.zones:
            if line.zone in (None, zone.id):
                words = content().messages[line.key].replace("{place}", content().messages[f"zone/{zone.id}"])
                assert len(words) <= 130, words


def place_of(topic: str, insee: str) -> str | None:
    """The zone that a local line of this topic names there."""
    local = content().catalog.local
    zone = local.zone_of(Commune(insee, "", insee[:2]))
    assert zone is not None
    return local.decides(topic, zone).id if local.line(topic, zone, TODAY) else None


def test_around_nantes_what_is_the_metropoles_is_told_from_what_is_the_departements() -> None:
    assert place_of("rights_housing_benefit", NANTES) == "nantes-metropole"
    assert place_of("rights_housing_benefit", SAINT_NAZAIRE) == "loire-atlantique"
    assert place_of("rights_rsa", NANTES) == place_of("rights_rsa", SAINT_NAZAIRE) == "loire-atlantique"
    assert place_of("rights_transport", NANTES) == "nantes-metropole"
    assert place_of("rights_transport", SAINT_NAZAIRE) is None


def test_the_communes_of_nantes_metropole_exist() -> None:
    gazetteer = Gazetteer()
    zone = next(zone for zone in content().catalog.local.zones if zone.id == "nantes-metropole")
    assert len([code for code in zone.communes if gazetteer.by_insee(code)]) == 24


def test_a_local_line_past_its_day_is_left_out_and_said_to_the_admins_before() -> None:
    local = content().catalog.local
    lyon = local.zones[0]
    assert local.line("rights_youth", lyon, date(2027, 2, 28)) is not None
    assert local.line("rights_youth", lyon, date(2027, 3, 1)) is None
    found = endings(content().catalog, date(2027, 2, 1))
    assert ("local/rights_youth/metropole-de-lyon", date(2027, 2, 28)) in {(one.line, one.on) for one in found}


def test_lines_that_hold_in_one_zone_are_left_out_elsewhere() -> None:
    lyon, drome = Zone("lyon", communes=frozenset({LYON})), Zone("drome", "26")
    lines = (LocalLine("t", "k"), LocalLine("t", "k2", "lyon"))
    local = Local((lyon, drome), lines, {"t/more/1": frozenset({"lyon"})})
    town, other, none = Commune(LYON, "", "69"), Commune("26362", "", "26"), Commune("13055", "", "13")
    assert [local.holds("t/more/1", one) for one in (None, town, other, none)] == [True, True, False, False]
    assert local.holds("t/more/2", other)
    assert [local.line("t", zone, TODAY) for zone in (None, lyon, drome)] == [None, local.lines[1], local.lines[0]]
    assert local.zone_of(Commune(LYON, "Vénissieux", "69", 0, 0)) == lyon
    assert local.zone_of(Commune("69264", "Villefranche-sur-Saône", "69", 0, 0)) is None


@pytest.mark.parametrize("wrong", [
    "topic: rights_nothing", "zone: nowhere", 'owner: ""', "expires_on: soon", "within: nowhere",
])
def test_a_wrong_line_stops_the_start_with_its_place(tmp_path_factory: pytest.TempPathFactory, wrong: str) -> None:
    root = tmp_path_factory.mktemp("root")
    (root / "locales").symlink_to(ROOT / "locales")
    for path in (ROOT / "dialogues").rglob("*.yml"):
        copy = root / "dialogues" / path.relative_to(ROOT / "dialogues")
        copy.parent.mkdir(parents=True, exist_ok=True)
        words = path.read_text("utf-8")
        if path.name == "local.yml":
            key = wrong.split(":")[0]
            first = next(line for line in words.splitlines() if f" {key}: " in line and not line.startswith("#"))
            words = words.replace(first, first.split(key)[0] + wrong, 1)
        copy.write_text(words, "utf-8")
    with pytest.raises(ContentError, match=r"local\.yml"):
        read_content(root)


def test_past_its_day_a_person_and_an_appointment_near_by_are_still_one_press_away() -> None:
    talk = Talk(now=NOW.replace(year=2031))
    talk.state = replace(talk.state, language="fr")
    assert talk.happens(ButtonPressed("/rights_residence_permit")) == ["utter_rights_expired"]
    assert {option.payload for option in talk.state.offers[-1].options} >= {"/find_permanence", "/ask_human"}


def test_an_answer_ends_at_midnight_in_france() -> None:
    last = content().catalog.rights["rights_residence_permit"].expires_on
    for minutes, said in ((-1, "utter_rights"), (1, "utter_rights_expired")):
        midnight = datetime.combine(last + timedelta(days=1), time.min, PARIS)
        talk = Talk(now=(midnight + timedelta(minutes=minutes)).astimezone(UTC))
        talk.state = replace(talk.state, language="fr")
        assert talk.happens(ButtonPressed("/rights_residence_permit")) == [said]
