import csv
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.calendar.recurrence import holiday
from bot.teams import Teams
from dialogues.effects import FindTeam
from handoff.directory import Body, Consortium, Directory, Step, load_directory
from handoff.routing import Asked, Now, order, publics_of, queue, route
from tests.handoff.office import LEAD_BODY, START
from tests.handoff.small_map import COMMUNES, SmallMap

with (Path(__file__).parent / "cases.tsv").open(encoding="utf-8", newline="") as _file:
    CASES = list(csv.DictReader(_file, delimiter="\t"))
_FOLDER = Path(__file__).parents[2] / "handoff" / "consortia"
DIRECTORY = load_directory({path.name: path.read_text(encoding="utf-8") for path in _FOLDER.glob("*.yml")})
MAP = SmallMap()
INSIDE = ("69259", "69199", "69273", "69276", "69296", "26362", "28088", "28051", "44109", "85191")
NEEDS = ("papers", "health", "work", "rights_youth", "emergency_violence", "", "j'ai besoin d'un lit")


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['commune']}-{case['territory']}-{case['refused']}")
def test_cases(case: dict[str, str]) -> None:
    team = route(
        DIRECTORY, MAP, commune=case["commune"] or None, territory=case["territory"] or None, need=case["need"],
        language=case["language"], urgent=case["urgent"] == "yes",
        refused=frozenset(case["refused"].split(",")) - {""},
    )
    assert (f"{team.territory}/{team.body}" if team else "-") == case["expected"]
    assert "; ".join(team.reasons if team else ()) == (case["reasons"] or "")


communes = st.sampled_from([commune.insee for commune in COMMUNES])
needs = st.sampled_from(NEEDS)
languages = st.sampled_from(["fr", "ar", "en", "hy"])
bodies = st.frozensets(st.sampled_from(sorted({body.id for one in DIRECTORY.consortia for body in one.bodies})))


@given(st.sampled_from(INSIDE), needs, languages, st.booleans(), bodies)
def test_inside_the_territories_there_is_always_somebody_until_all_refused(
    commune: str, need: str, language: str, urgent: bool, refused: frozenset[str]
) -> None:
    def ask(refused: frozenset[str]) -> tuple[str, str] | None:
        team = route(DIRECTORY, MAP, commune=commune, territory=None, need=need, language=language, urgent=urgent,
                     refused=refused)
        return (team.territory, team.body) if team else None

    first = ask(frozenset())
    assert first is not None
    consortium = DIRECTORY.consortium(first[0])
    assert consortium is not None
    able = {body.id for body in consortium.bodies if body.steps}
    now = ask(refused)
    assert (now is None) == (able <= refused)
    if now is not None:
        assert now[0] == first[0]
        assert now[1] in able - refused


@given(communes, st.sampled_from([one.id for one in DIRECTORY.consortia]), needs, languages)
def test_a_known_commune_decides_whatever_link_they_came_by(
    commune: str, territory: str, need: str, language: str
) -> None:
    with_link = route(DIRECTORY, MAP, commune=commune, territory=territory, need=need, language=language,
                      urgent=False)
    without = route(DIRECTORY, MAP, commune=commune, territory=None, need=need, language=language, urgent=False)
    assert with_link == without


@given(communes, needs, languages, st.permutations(DIRECTORY.consortia))
def test_the_order_of_the_consortia_changes_nothing(
    commune: str, need: str, language: str, shuffled: list[Consortium]
) -> None:
    def ask(directory: Directory) -> object:
        return route(directory, MAP, commune=commune, territory=None, need=need, language=language, urgent=False)

    assert ask(Directory(tuple(shuffled))) == ask(DIRECTORY)


def _body(name: str, role: str = "member", steps: tuple[str, ...] = ("reperer",), **more: object) -> Body:
    body = Body(name, name, name, "member", frozenset(), frozenset(), ("fr",))
    return replace(body, role=role, steps=frozenset(steps), **more)  # type: ignore[arg-type]


def _order(*members: Body, need: str = "", language: str = "fr") -> list[str]:
    consortium = Consortium("x", "x", "x", ("69259",), (), None, False, members)
    return [body.id for body in order(consortium, Asked(need=need, language=language))]


def test_the_public_comes_before_the_language_and_the_lead_last() -> None:
    members = (
        _body("lead", "lead"), _body("plain"), _body("arabic", languages=("fr", "ar")),
        _body("young", publics=frozenset({"jeunes"})), _body("later", steps=("accompagner",)),
        _body("partner", "partner", ()),
    )
    assert _order(*members) == ["plain", "arabic", "young", "later", "lead"]
    assert _order(*members, language="ar") == ["arabic", "plain", "young", "later", "lead"]
    assert _order(*members, need="rights_youth") == ["young", "plain", "arabic", "later", "lead"]


def test_a_lead_that_alone_does_the_first_contact_comes_first() -> None:
    assert _order(_body("later", steps=("accompagner",)), _body("lead", "lead")) == ["lead", "later"]


STEP_CASES = [
    # commune, step, age, publics, full -> first body
    ("69199", "reperer", None, (), (), "ifra"),
    ("69199", "accompagner", None, (), (), "innovation-et-developpement"),
    ("69199", "reperer", 22, ("personnes-exilees",), (), "ifra"),
    ("69199", "reperer", None, (), ("ifra",), "innovation-et-developpement"),
    ("26362", "accompagner", 40, (), (), "ifra"),
    ("28088", "reperer", 19, (), (), "instep-idf"),
    ("44109", "coordonner", None, (), (), "cfp-presquile"),
]


@pytest.mark.parametrize("case", STEP_CASES, ids=lambda case: f"{case[0]}-{case[1]}-{case[2]}")
def test_the_step_the_age_and_the_room_left_decide(
    case: tuple[str, Step, int | None, tuple[str, ...], tuple[str, ...], str]
) -> None:
    commune, step, age, publics, full, expected = case
    asked = Asked(commune, None, "", "fr", False, step, age, frozenset(publics))
    found = queue(DIRECTORY, MAP, asked, Now(full=frozenset(full)))
    assert found is not None
    assert found.bodies[0].id == expected
    assert full or step in found.bodies[0].steps


def test_a_body_with_no_room_is_asked_last_and_the_reasons_say_so() -> None:
    team = route(DIRECTORY, MAP, commune="69199", territory=None, need="", language="fr", urgent=False,
                 now=Now(full=frozenset({"ifra"})), age=22)
    assert team is not None
    assert team.body == "innovation-et-developpement"
    assert "plus de place chez : IFRA, équipe du Pic Up Tour" in team.reasons
    assert "âge : moins de 26 ans" in team.reasons


def test_a_body_full_in_one_territory_has_room_in_the_other_where_it_works() -> None:
    limited = tuple(replace(one, bodies=tuple(replace(body, capacity=1) for body in one.bodies))
                    for one in DIRECTORY.consortia)
    teams = Teams(replace(DIRECTORY, consortia=limited), MAP, (), holiday)
    asked = FindTeam("69199", "", "fr")
    for load, body in (({("drome", "ifra"): 1}, "ifra"), ({("portes-du-sud", "ifra"): 1}, LEAD_BODY[1])):
        team = teams.find(asked, load, START).team
        assert team is not None
        assert (team.territory, team.body) == ("portes-du-sud", body)
        assert any("plus de place" in reason for reason in team.reasons) == (body != "ifra")


def test_when_it_is_urgent_a_team_that_is_there_comes_before_one_that_is_not() -> None:
    consortium = Consortium("x", "X", "X", ("69199",), (), None, False, (
        _body("early"), _body("late"), _body("lead", "lead", ("coordonner",)),
    ))
    now = Now(open=frozenset({"late"}))
    assert order(consortium, Asked(urgent=True), now)[0].id == "late"
    assert order(consortium, Asked(), now)[0].id == "early"


def test_a_body_with_its_own_communes_comes_first_there_only() -> None:
    consortium = Consortium("x", "X", "X", ("69199", "69259"), (), None, False, (
        replace(_body("south"), communes=frozenset({"69259"})), _body("anywhere"),
        _body("lead", "lead", ("coordonner",)),
    ))
    assert order(consortium, Asked("69259"))[0].id == "south"
    assert order(consortium, Asked("69199"))[0].id == "anywhere"


@given(st.integers(0, 120), needs)
def test_an_age_says_at_most_one_public(age: int, need: str) -> None:
    found = publics_of(Asked(age=age, need="")) & {"jeunes", "seniors"}
    assert len(found) <= 1
    assert ("jeunes" in found) == (16 <= age <= 25)
    assert publics_of(Asked(need=need)) <= publics_of(Asked(need=need, age=age))
