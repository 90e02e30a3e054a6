"""The life of a lead, as a table: which verb is possible in which state, what it leads to, who may say it."""

from collections.abc import Mapping
from typing import Literal, TypeAlias

from handoff.errors import ForbiddenMove

State: TypeAlias = Literal["offered", "unowned", "taken", "handed_back", "closed", "withdrawn"]
Verb: TypeAlias = Literal[
    "take", "refuse", "offer", "ask_again", "reply", "hand_back", "close", "withdraw", "return", "expire",
    "pass_on",
]
Role: TypeAlias = Literal["counsellor", "admin", "person", "bot"]

# offered: a body has it, nobody of it answered yet. unowned: a body said no, and for as long as no other is
# found somebody has to look. taken: a human talks. handed_back: theirs still, but the bot talks.
# closed, withdrawn (by the person): over.
OPEN: frozenset[State] = frozenset({"offered", "unowned", "taken", "handed_back"})
OVER: frozenset[State] = frozenset({"closed", "withdrawn"})
# A human and the person are talking: the bot keeps silent.
WITH_HUMAN: frozenset[State] = frozenset({"taken"})

TRANSITIONS: Mapping[tuple[State, Verb], State] = {
    ("unowned", "take"): "taken",
    ("unowned", "offer"): "offered",
    ("unowned", "ask_again"): "offered",
    ("unowned", "withdraw"): "withdrawn",
    ("unowned", "expire"): "closed",
    ("offered", "take"): "taken",
    ("offered", "refuse"): "unowned",
    ("offered", "ask_again"): "offered",
    ("offered", "withdraw"): "withdrawn",
    ("offered", "expire"): "closed",
    ("taken", "reply"): "taken",
    ("taken", "hand_back"): "handed_back",
    ("taken", "close"): "closed",
    ("taken", "withdraw"): "withdrawn",
    ("taken", "return"): "offered",
    ("taken", "pass_on"): "offered",
    ("handed_back", "pass_on"): "offered",
    ("handed_back", "take"): "taken",
    ("handed_back", "close"): "closed",
    ("handed_back", "ask_again"): "offered",
    ("handed_back", "return"): "offered",
    ("handed_back", "withdraw"): "withdrawn",
}

# A colleague of the taker may hand back or close: the taker may be ill, and the log says who did it.
MAY: Mapping[Verb, frozenset[Role]] = {
    "take": frozenset({"counsellor", "admin"}),
    "refuse": frozenset({"counsellor", "admin"}),
    "offer": frozenset({"bot"}),
    "ask_again": frozenset({"person"}),
    "reply": frozenset({"counsellor", "admin"}),
    "hand_back": frozenset({"counsellor", "admin"}),
    "close": frozenset({"counsellor", "admin"}),
    "withdraw": frozenset({"person", "bot"}),
    "return": frozenset({"bot"}),
    "pass_on": frozenset({"person"}),
    "expire": frozenset({"bot"}),
}

# How far a lead came with the person, whoever talks; only forward. contacted: by the first words that went out;
# back to new when they turn out never to arrive.
STAGES: tuple[str, ...] = ("new", "contacted", "met", "enrolled")
# What came of it, said in two taps once it is closed. expired: nobody could be found, the bot closed it.
OUTCOMES: Mapping[str, str] = {
    "enrolled": "entrée dans le programme",
    "answered": "réponse donnée, c'est réglé",
    "elsewhere": "orientée vers un autre service",
    "unreachable": "ne répond plus",
    "declined": "ne souhaite pas continuer",
    "other": "autre",
    "expired": "personne n'a été trouvé",
}
# Those a human may say.
CHOICES: tuple[str, ...] = tuple(code for code in OUTCOMES if code != "expired")

# Why a team says no: the word in the button -> what counsellors read.
REFUSALS: Mapping[str, str] = {
    "territory": "hors territoire",
    "followed": "déjà suivie",
    "full": "plus de place",
    "other": "autre",
}


def stages_before(stage: str) -> frozenset[str]:
    """The stages from which a lead may come to this one. Raises ValueError for one that does not exist."""
    return frozenset(STAGES[: STAGES.index(stage)])


def stages_ahead(stage: str) -> tuple[str, ...]:
    """What a counsellor may still say of how far it came; « contacted » comes by itself."""
    return tuple(one for one in STAGES[2:] if stage in stages_before(one))


def transition(state: State, verb: Verb) -> State:
    """The state after ``verb``. Raises ForbiddenMove when a lead in that state does not take it."""
    try:
        return TRANSITIONS[state, verb]
    except KeyError as e:
        raise ForbiddenMove(state, verb) from e


def possible(state: State, role: Role) -> tuple[Verb, ...]:
    """The verbs that somebody of that role may say to a lead in that state, in the order of the table."""
    return tuple(verb for (start, verb) in TRANSITIONS if start == state and role in MAY[verb])


def before(verb: Verb) -> frozenset[State]:
    """The states in which ``verb`` is possible: what a conditional update expects."""
    return frozenset(start for (start, known) in TRANSITIONS if known == verb)
