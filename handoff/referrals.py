"""Public doors for those whom no consortium covers: where they can go, never a lead. Pure."""

from dataclasses import dataclass

from dialogues.errors import Problem
from dialogues.yaml_source import Node, read
from handoff.errors import DirectoryInvalid


@dataclass(frozen=True, slots=True)
class Referral:
    """A door. ``serves``: needs and publics it is for, empty for everybody; ages in years, both included."""

    id: str
    name: str
    phone: str
    url: str
    serves: frozenset[str]
    from_age: int | None
    to_age: int | None

    @property
    def words(self) -> str:
        """The key of what the person reads."""
        return f"utter_referral_{self.id.replace('-', '_')}"


def load_referrals(text: str, name: str = "handoff/referrals.yml") -> tuple[Referral, ...]:
    """The doors, in the order of the file. Raises DirectoryInvalid naming every problem with its line."""
    problems: list[Problem] = []
    doors = [
        _referral(child) for node in read({name: text}, problems.append) for child in node.children("referrals")
    ]
    if not doors and not problems:
        problems.append(Problem(name, 1, "there is no door at all: somebody would be turned away"))
    if problems:
        raise DirectoryInvalid(tuple(problems))
    return tuple(doors)


def doors(
    referrals: tuple[Referral, ...], need: str, age: int | None = None, publics: frozenset[str] = frozenset(),
) -> tuple[Referral, ...]:
    """Those worth naming to this person, the ones for their need first. Never empty: some doors are everybody's."""
    wanted = {need, *publics} - {""}

    def fits(door: Referral) -> bool:
        if age is not None and (
            (door.from_age is not None and age < door.from_age) or (door.to_age is not None and age > door.to_age)
        ):
            return False
        return not door.serves or bool(door.serves & wanted)

    return tuple(sorted((door for door in referrals if fits(door)), key=lambda door: not door.serves))


def _referral(node: Node) -> Referral:
    node.only({"id", "name", "phone", "url", "for", "from_age", "to_age"})
    return Referral(
        id=node.text("id"), name=node.text("name"), phone=node.text("phone", ""), url=node.text("url", ""),
        serves=frozenset(node.texts("for")), from_age=_age(node, "from_age"), to_age=_age(node, "to_age"),
    )


def _age(node: Node, key: str) -> int | None:
    value = node.values.get(key)
    if value is not None and (isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= 120):
        node.problem(key, f"« {key} » must be an age in years")
        return None
    return value
