import pytest

from handoff.directory import Directory, load_directory
from handoff.errors import DirectoryInvalid, HandoffError, UnknownTeam

GOOD = """\
id: ici
name: Ici
territory: Par ici
communes: ["69259"]
bodies:
  - id: chef
    name: Chef
    public_name: l'équipe du chef
    role: lead
    steps: [coordonner]
    publics: []
    languages: [fr]
  - id: terrain
    name: Terrain
    public_name: l'équipe de terrain
    role: member
    steps: [reperer]
    publics: [jeunes]
    languages: [fr, ar]
"""


def test_the_four_consortia_load(directory: Directory) -> None:
    assert [one.id for one in directory.consortia] == [
        "chateaudun", "drome", "loire-atlantique-vendee", "portes-du-sud",
    ]
    assert directory.consortium("portes-du-sud").lead.id == "innovation-et-developpement"  # type: ignore[union-attr]


def test_the_same_body_id_in_two_consortia_is_two_bodies(directory: Directory) -> None:
    assert directory.body("drome", "ifra").name != directory.body("portes-du-sud", "ifra").name


def test_an_unknown_body_is_a_clear_error(directory: Directory) -> None:
    with pytest.raises(UnknownTeam, match="no body « nobody » in a consortium « drome »"):
        directory.body("drome", "nobody")


def test_what_people_read_has_a_key_each(directory: Directory) -> None:
    messages = directory.messages()
    assert messages["body/portes-du-sud/ifra"] == "l'équipe du camion Pic Up Tour"
    assert messages["territory/drome"] == "Drôme"
    assert len(messages) == sum(1 + len(one.bodies) for one in directory.consortia)


@pytest.mark.parametrize(
    ("old", "new", "line", "sentence"),
    [
        ('communes: ["69259"]', 'communes: ["6925"]', 4, "« 6925 » is not an INSEE code"),
        ('communes: ["69259"]', 'communes: ["69259", "69259"]', 4, "names the same one twice"),
        ('communes: ["69259"]', "around_km: 10", 1, "needs « communes » or « departments »"),
        ('communes: ["69259"]', 'communes: ["69259"]\naround_km: -3', 5, "between 0 and 200"),
        ('communes: ["69259"]', 'departments: ["Drôme"]', 4, "« Drôme » is not a département"),
        ("role: lead", "role: boss", 9, "« boss » is not a role"),
        ("role: lead", "role: member", 5, "exactly one body with « role: lead »"),
        ("steps: [reperer]", "steps: [chercher]", 17, "« chercher » is not a step"),
        ("steps: [reperer]", "steps: []", 5, "nobody covers « reperer »"),
        ("steps: [coordonner]", "steps: []", 5, "nobody covers « coordonner »"),
        ("publics: [jeunes]", "publics: [chats]", 18, "« chats » is not a public"),
        ("languages: [fr, ar]", "languages: [french]", 19, "« french » is not a language"),
        ("id: terrain", "id: chef", 13, "the body « chef » is written twice"),
        ("id: ici", "id: Par Ici", 1, "« Par Ici » is not lower-case"),
        ("name: Ici", "nom: Ici", 2, "unknown key « nom »"),
        ("public_name: l'équipe de terrain", "public_name: 3", 15, "must be a text"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(old: str, new: str, line: int, sentence: str) -> None:
    assert old in GOOD
    with pytest.raises(DirectoryInvalid) as caught:
        load_directory({"ici.yml": GOOD.replace(old, new, 1)})
    assert any(
        problem.line == line and sentence in problem.sentence for problem in caught.value.problems
    ), str(caught.value)
    assert isinstance(caught.value, HandoffError)


def test_two_consortia_may_not_share_an_id_or_a_commune() -> None:
    with pytest.raises(DirectoryInvalid) as caught:
        load_directory({"a.yml": GOOD, "b.yml": GOOD})
    assert "b.yml:1: the consortium « ici » is also written in a.yml" in str(caught.value)
    other = GOOD.replace("id: ici", "id: la")
    with pytest.raises(DirectoryInvalid, match=r"b\.yml:4: « 69259 » already belongs to « ici »"):
        load_directory({"a.yml": GOOD, "b.yml": other})


def test_no_file_and_no_yaml_are_refused() -> None:
    with pytest.raises(DirectoryInvalid, match="no consortium at all"):
        load_directory({})
    with pytest.raises(DirectoryInvalid, match="not YAML"):
        load_directory({"a.yml": "id: ["})
