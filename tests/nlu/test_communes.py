"""Towns are found as people write them, and ordinary words are not towns."""

from pathlib import Path

import pytest

from nlu.commune import TERRITORIES, distance_km
from nlu.commune_register import GazetteerFileInvalid, Register
from nlu.communes import LOOKUPS, Gazetteer


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return Gazetteer()


def names(gazetteer: Gazetteer, text: str) -> list[str]:
    return [match.commune.name for match in gazetteer.find(text)]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Vénissieux", "Vénissieux"),
        ("venisieux", "Vénissieux"),
        ("je suis a venicieu", "Vénissieux"),
        ("j'habite à vénissieu depuis 2 ans", "Vénissieux"),
        ("st fons", "Saint-Fons"),
        ("saint font", "Saint-Fons"),
        ("feizin", "Feyzin"),
        ("69200", "Vénissieux"),
        ("mon code postal 69200 svp", "Vénissieux"),
        ("lyon 8", "Lyon"),
        ("Lyon 69008", "Lyon"),
        ("69008", "Lyon"),
        ("vaulx en velin", "Vaulx-en-Velin"),
        ("valance", "Valence"),
        ("montelimard", "Montélimar"),
        ("la mairie de Romans", "Romans-sur-Isère"),
        ("chateaudun", "Châteaudun"),
        ("nante", "Nantes"),
        ("st nazaire", "Saint-Nazaire"),
        ("la roche sur yon", "La Roche-sur-Yon"),
        ("les sables", "Les Sables-d'Olonne"),
        ("je suis à Rue", "Rue"),
        ("i live near corbas", "Corbas"),
        ("rani fi villeurbanne", "Villeurbanne"),
        ("فينيسيو", "Vénissieux"),
        ("أنا بفينيسيو", "Vénissieux"),
        ("أنا في سان فون", "Saint-Fons"),
        ("نسكن فكوربا", "Corbas"),
        ("فيزان", "Feyzin"),
        ("لا روش سور يون", "La Roche-sur-Yon"),
    ],
)
def test_a_town_is_found(gazetteer: Gazetteer, text: str, name: str) -> None:
    assert names(gazetteer, text) == [name]


@pytest.mark.parametrize(
    "text",
    [
        "je suis dans la rue",
        "j'espère que vous allez bien",
        "mon mari est parti",
        "c'est vers où la garde de nuit",
        "j'ai un rendez-vous à la mairie pour mon fils",
        "merci beaucoup bonne journée",
        "I want to work in a restaurant",
        "je cherche du travail en cuisine",
        "12345678",
        "99999",
        "je viens demain soir",
        "أنا بخير والحمد لله",
        "bghit nkhdem m3akom",
    ],
)
def test_ordinary_words_are_not_towns(gazetteer: Gazetteer, text: str) -> None:
    assert names(gazetteer, text) == []


@pytest.mark.parametrize(
    ("text", "town"),
    [
        ("я живу в Венисьё", "Vénissieux"),
        ("грузовик в Лионе есть?", "Lyon"),
        ("запишите в фейзин", "Feyzin"),
        ("موعد في كورباص", "Corbas"),
        ("ሊዮን", "Lyon"),
        ("у Нанті", "Nantes"),
        ("ապրում եմ Վենիսյոյում", "Vénissieux"),
        ("ኣብ ቬኒስዩ", "Vénissieux"),
        ("در ونیسیو زندگی میکنم", "Vénissieux"),
        ("زه په والانس کې یم", "Valence"),
    ],
)
def test_the_towns_of_the_territories_in_other_scripts(gazetteer: Gazetteer, text: str, town: str) -> None:
    assert names(gazetteer, text) == [town]


@pytest.mark.parametrize("text", ["нужна бронь", "у меня живот болит", "крест на шее"])
def test_ordinary_words_of_other_scripts_are_not_towns(gazetteer: Gazetteer, text: str) -> None:
    assert names(gazetteer, text) == []


def test_two_towns_are_both_found(gazetteer: Gazetteer) -> None:
    assert names(gazetteer, "plutôt Corbas ou feizin") == ["Corbas", "Feyzin"]


def test_a_postcode_beside_the_name_is_one_place(gazetteer: Gazetteer) -> None:
    assert [m.commune.insee for m in gazetteer.find("Saint-Denis 93200")] == ["93066"]


def test_the_place_in_the_text_is_told(gazetteer: Gazetteer) -> None:
    text = "je suis à Vénissieux !"
    (match,) = gazetteer.find(text)
    assert (text[match.start : match.end], match.score) == ("Vénissieux", 100.0)


@pytest.mark.parametrize(
    ("code", "name"),
    [("69387", "Lyon"), ("75118", "Paris"), ("13216", "Marseille"), ("69123", "Lyon")],
)
def test_an_arrondissement_is_its_city(gazetteer: Gazetteer, code: str, name: str) -> None:
    found = gazetteer.by_insee(code)
    assert found is not None
    assert found.name == name


@pytest.mark.parametrize("code", ["69380", "69390", "75100", "75121", "13200", "13217", "6938", "６９３８７", ""])
def test_what_is_no_part_of_a_city_is_no_commune(gazetteer: Gazetteer, code: str) -> None:
    assert gazetteer.by_insee(code) is None


def test_the_nearest_town_hall(gazetteer: Gazetteer) -> None:
    found = gazetteer.nearest(45.697, 4.885)
    assert found is not None
    assert found.name == "Vénissieux"
    assert gazetteer.nearest(0.0, 0.0) is None


def test_kilometres_between_two_town_halls(gazetteer: Gazetteer) -> None:
    lyon, nantes = gazetteer.by_insee("69123"), gazetteer.by_insee("44109")
    assert lyon is not None
    assert nantes is not None
    assert distance_km(lyon, nantes) == pytest.approx(516, abs=8)
    assert distance_km(lyon, lyon) == 0
    assert gazetteer.by_insee("00000") is None


def test_every_commune_of_the_four_territories_has_a_place_in_its_own_country() -> None:
    here = [c for c in Register(LOOKUPS).insee.values() if c.departement in TERRITORIES]
    assert len(here) > 1400
    for commune in here:
        assert commune.lat is not None
        assert commune.lon is not None
        assert 44 < commune.lat < 49
        assert -3 < commune.lon < 6


def test_a_line_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    for name in ("communes_ar.csv", "ordinary.txt", "place_words.yml"):
        (tmp_path / name).write_bytes((LOOKUPS / name).read_bytes())
    head = "insee,name,postcodes,departement,population,lat,lon,former_names\n"
    (tmp_path / "communes.csv").write_text(head + "69259,Vénissieux,69200,69,many,45.7,4.9,\n", "utf-8")
    with pytest.raises(GazetteerFileInvalid, match=r"communes\.csv, line 2"):
        Gazetteer(tmp_path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(GazetteerFileInvalid, match=r"ordinary\.txt"):
        Gazetteer(tmp_path)
