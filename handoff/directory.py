"""Who is where: the consortia, their bodies, what each covers. Read from handoff/consortia/*.yml, checked whole."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, cast

from dialogues.errors import Problem
from dialogues.yaml_source import Node, Report, read
from handoff.errors import DirectoryInvalid, UnknownTeam
from handoff.hours import Hours, HoursUnreadable, read_hours

Step = Literal["reperer", "remobiliser", "accompagner", "coordonner"]
Role = Literal["lead", "member", "partner"]

STEPS: tuple[Step, ...] = ("reperer", "remobiliser", "accompagner", "coordonner")
# The programme's minimum: no consortium exists without these two.
MINIMUM: tuple[Step, ...] = ("reperer", "coordonner")
ROLES: tuple[Role, ...] = ("lead", "member", "partner")
# Names of data.inclusion's schema, version 1 (référentiel « publics »).
PUBLICS = frozenset({
    "actifs", "beneficiaires-des-minimas-sociaux", "demandeurs-emploi", "etudiants", "familles", "femmes", "jeunes",
    "personnes-en-situation-de-handicap", "personnes-en-situation-durgence",
    "personnes-en-situation-juridique-specifique", "personnes-exilees", "residents-qpv-frr", "seniors",
})
# INSEE codes: a département (2 characters, Corsica's with a letter, or 3 overseas), then the commune.
_COMMUNE = re.compile(r"(\d{2}|2[AB])\d{3}")
_BODY_KEYS = frozenset({"id", "name", "public_name", "role", "steps", "publics", "languages", "communes", "hours",
                       "capacity", "email"})
_INSEE = "an INSEE code (5 characters, not the postcode)"
_DEPARTMENT = re.compile(r"\d{2,3}|2[AB]")
_LANGUAGE = re.compile(r"[a-z]{2}")
# Enough to catch a slip; whether it exists, only its server knows.
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
# Ids stand in keys, addresses and buttons.
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class Body:
    """A member of a consortium. ``id`` is unique inside its consortium only; ``publics`` empty: everybody.

    ``communes``: its part of the territory (INSEE), empty for all. ``hours``: None when not published.
    ``capacity``: how many requests, offered or taken, it has at once, None when it did not say. ``email``: where
    its admins read that a request waits, empty for nowhere.
    """

    id: str
    name: str
    public_name: str
    role: Role
    steps: frozenset[Step]
    publics: frozenset[str]
    languages: tuple[str, ...]
    communes: frozenset[str] = frozenset()
    hours: Hours | None = None
    capacity: int | None = None
    email: str = ""


@dataclass(frozen=True, slots=True)
class Consortium:
    """Bodies that answer for one territory. ``around_km``: as the crow flies from its communes, or None."""

    id: str
    name: str
    territory: str
    communes: tuple[str, ...]
    departments: tuple[str, ...]
    around_km: float | None
    steps_to_confirm: bool
    bodies: tuple[Body, ...]

    @property
    def lead(self) -> Body:
        """The body that answers for all."""
        return next(body for body in self.bodies if body.role == "lead")


@dataclass(frozen=True, slots=True)
class Directory:
    """All consortia, in the order of their ids."""

    consortia: tuple[Consortium, ...]

    def consortium(self, consortium_id: str) -> Consortium | None:
        """The consortium of that id, or None."""
        return next((one for one in self.consortia if one.id == consortium_id), None)

    def body(self, consortium_id: str, body_id: str) -> Body:
        """A body by its two ids. Raises UnknownTeam."""
        consortium = self.consortium(consortium_id)
        for body in consortium.bodies if consortium else ():
            if body.id == body_id:
                return body
        raise UnknownTeam(f"no body « {body_id} » in a consortium « {consortium_id} »")

    def has(self, territory: str, body: str) -> bool:
        """Whether this body is one of this territory's consortium."""
        consortium = self.consortium(territory)
        return consortium is not None and any(one.id == body for one in consortium.bodies)

    def messages(self) -> Mapping[str, str]:
        """What people read, in French: ``body/<consortium>/<body>`` and ``territory/<consortium>`` -> words."""
        words: dict[str, str] = {}
        for consortium in self.consortia:
            words[f"territory/{consortium.id}"] = consortium.territory
            for body in consortium.bodies:
                words[f"body/{consortium.id}/{body.id}"] = body.public_name
        return words


def load_directory(files: Mapping[str, str]) -> Directory:
    """Read and check all consortia. ``files``: name -> YAML text.

    Raises DirectoryInvalid naming every problem with its file and line.
    """
    problems: list[Problem] = []
    read_from = [(node, _consortium(node, problems.append)) for node in read(files, problems.append)]
    for check in (_same_id, _shared_places):
        problems.extend(check(read_from))
    if not read_from and not problems:
        problems.append(Problem("handoff/consortia", 1, "there is no consortium at all"))
    if problems:
        raise DirectoryInvalid(tuple(problems))
    return Directory(tuple(sorted((consortium for _, consortium in read_from), key=lambda one: one.id)))


def _consortium(node: Node, report: Report) -> Consortium:
    node.only({"id", "name", "territory", "communes", "departments", "around_km", "steps_to_confirm", "bodies"})
    bodies = tuple(_body(child) for child in node.children("bodies"))
    consortium = Consortium(
        id=_matching(node, "id", _ID, "lower-case letters, digits and hyphens"),
        name=node.text("name"),
        territory=node.text("territory"),
        communes=_all_matching(node, "communes", _COMMUNE, _INSEE),
        departments=_all_matching(node, "departments", _DEPARTMENT, "a département"),
        around_km=_kilometres(node),
        steps_to_confirm=node.flag("steps_to_confirm"),
        bodies=bodies,
    )
    if not consortium.communes and not consortium.departments:
        node.problem("communes", "a consortium needs « communes » or « departments »")
    if consortium.around_km is not None and not consortium.communes:
        node.problem("around_km", "« around_km » is counted from « communes », and there are none")
    if sum(body.role == "lead" for body in bodies) != 1:
        node.problem("bodies", "a consortium has exactly one body with « role: lead »")
    covered = {step for body in bodies for step in body.steps}
    for step in MINIMUM:
        if step not in covered:
            node.problem("bodies", f"nobody covers « {step} », which every consortium must")
    seen: set[str] = set()
    for child in node.children("bodies"):
        body_id = child.text("id")
        if body_id in seen:
            report(Problem(child.file, child.line_of("id"), f"the body « {body_id} » is written twice"))
        seen.add(body_id)
    return consortium


def _body(node: Node) -> Body:
    node.only(_BODY_KEYS)
    role = node.text("role")
    if role not in ROLES:
        node.problem("role", f"« {role} » is not a role; known here: {', '.join(ROLES)}")
    steps = node.texts("steps")
    for step in steps:
        if step not in STEPS:
            node.problem("steps", f"« {step} » is not a step; known here: {', '.join(STEPS)}")
    publics = node.texts("publics")
    for public in publics:
        if public not in PUBLICS:
            node.problem("publics", f"« {public} » is not a public; known here: {', '.join(sorted(PUBLICS))}")
    return Body(
        id=_matching(node, "id", _ID, "lower-case letters, digits and hyphens"),
        name=node.text("name"),
        public_name=node.text("public_name"),
        role=cast("Role", role),
        steps=frozenset(cast("tuple[Step, ...]", steps)),
        publics=frozenset(publics),
        languages=_all_matching(node, "languages", _LANGUAGE, "a language of two letters"),
        communes=frozenset(_all_matching(node, "communes", _COMMUNE, _INSEE)),
        hours=_hours(node),
        capacity=_capacity(node),
        email=_email(node),
    )


def _hours(node: Node) -> Hours | None:
    lines = node.texts("hours")
    try:
        return read_hours(lines) if lines else None
    except HoursUnreadable as e:
        node.problem("hours", str(e))
        return None


def _capacity(node: Node) -> int | None:
    value = node.values.get("capacity")
    if value is not None and (isinstance(value, bool) or not isinstance(value, int) or value < 1):
        node.problem("capacity", "« capacity » must be a whole number of requests, 1 or more")
        return None
    return value


def _email(node: Node) -> str:
    value = node.text("email", "")
    if value and not _EMAIL.fullmatch(value):
        node.problem("email", f"« {value} » is not an e-mail address")
    return value


def _matching(node: Node, key: str, pattern: re.Pattern[str], what: str) -> str:
    value = node.text(key)
    if value and not pattern.fullmatch(value):
        node.problem(key, f"« {value} » is not {what}")
    return value


def _all_matching(node: Node, key: str, pattern: re.Pattern[str], what: str) -> tuple[str, ...]:
    values = node.texts(key)
    for value in values:
        if not pattern.fullmatch(value):
            node.problem(key, f"« {value} » is not {what}")
    if len(set(values)) != len(values):
        node.problem(key, f"« {key} » names the same one twice")
    return values


def _kilometres(node: Node) -> float | None:
    value = node.values.get("around_km")
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= 200:
        node.problem("around_km", "« around_km » must be a number of kilometres between 0 and 200")
        return None
    return float(value)


def _same_id(read_from: list[tuple[Node, Consortium]]) -> Iterator[Problem]:
    seen: dict[str, str] = {}
    for node, consortium in read_from:
        if consortium.id in seen:
            sentence = f"the consortium « {consortium.id} » is also written in {seen[consortium.id]}"
            yield Problem(node.file, node.line_of("id"), sentence)
        seen.setdefault(consortium.id, node.file)


def _shared_places(read_from: list[tuple[Node, Consortium]]) -> Iterator[Problem]:
    """A commune, or a département, belongs to one consortium: nobody is sent to two."""
    for key in ("communes", "departments"):
        owners: dict[str, str] = {}
        for node, consortium in read_from:
            places: tuple[str, ...] = consortium.communes if key == "communes" else consortium.departments
            for place in places:
                if owners.setdefault(place, consortium.id) != consortium.id:
                    sentence = f"« {place} » already belongs to « {owners[place]} »"
                    yield Problem(node.file, node.line_of(key), sentence)
