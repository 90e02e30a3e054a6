"""State to JSON and back. What cannot be read is an error, never an empty state.

Buttons are written once, and offers say which of them they are: the same few stand in most of a talk's offers.
"""

from datetime import date, datetime
from functools import lru_cache
from typing import Any, TypeAlias

import orjson

from dialogues.errors import UnreadableStateError
from dialogues.state import Frame, Offer, Option, Said, State
from dialogues.text import Arg, Bullets, Moment, Quoted, Text

VERSION = 2
_FIRST = 1  # its offers have their buttons written out; rows of before are read
Json: TypeAlias = Any  # what orjson.loads gives: checked as it is read


def encode(state: State) -> str:
    """The state as JSON text."""
    buttons = _Buttons()
    return orjson.dumps(
        {
            "v": VERSION,
            "lang": state.language,
            "chosen": state.chosen,
            "greeted": state.greeted,
            "origin": state.origin,
            "territory": state.territory,
            "stack": [
                [f.flow, f.step, f.waiting, list(f.trail), f.called, f.query,
                 None if f.kept is None else dict(f.kept)]
                for f in state.stack
            ],
            "slots": dict(state.slots),
            "offers": [
                [o.serial, o.flow, o.step, buttons.places(o.options), o.outcome, o.passing]
                for o in state.offers
            ],
            "serial": state.serial,
            "mode": state.mode,
            "consents": dict(state.consents),
            "misses": state.misses,
            "album": state.album,
            "easy": state.easy,
            "heard": None if state.heard_at is None else state.heard_at.isoformat(),
            "offered": state.offered_language,
            "said": None if state.said is None else [
                _text(state.said.text), buttons.places(state.said.choices), state.said.passing,
            ],
            "buttons": buttons.written,
        },
    ).decode()


def decode(text: str | None) -> State:
    """The state that ``encode`` wrote; a fresh one for None. Raises UnreadableStateError."""
    if text is None:
        return State()
    try:
        raw = orjson.loads(text)
        if raw["v"] not in (_FIRST, VERSION):
            raise UnreadableStateError(f"version {raw['v']}")
        said = raw["said"]
        button = _read_option if raw["v"] == _FIRST else _read_options(raw["buttons"]).__getitem__
        return State(
            language=raw["lang"],
            chosen=raw["chosen"],
            greeted=raw["greeted"],
            origin=raw["origin"],
            territory=raw["territory"],
            # rows of an earlier version have nothing kept in a frame, and do not say what passes
            stack=tuple(Frame(f[0], f[1], f[2], tuple(f[3]), f[4], f[5], *f[6:7]) for f in raw["stack"]),
            slots=raw["slots"],
            offers=tuple(
                Offer(o[0], o[1], o[2], tuple(map(button, o[3])), o[4], *o[5:6])
                for o in raw["offers"]
            ),
            serial=raw["serial"],
            mode=raw["mode"],
            consents=raw["consents"],
            misses=raw["misses"],
            album=raw.get("album", ""),  # rows of an earlier version have none, nor the next two
            easy=raw.get("easy", False),
            heard_at=None if raw.get("heard") is None else datetime.fromisoformat(raw["heard"]),
            offered_language=raw["offered"],
            said=None if said is None else Said(
                _read_text(said[0]), tuple(map(button, said[1])), *said[2:3]),
        )
    except (ValueError, KeyError, TypeError, IndexError) as cause:
        raise UnreadableStateError(str(cause)) from cause


class _Buttons:
    """The buttons of a state, each written once."""

    def __init__(self) -> None:
        self.written: list[Json] = []
        self._places: dict[object, int] = {}

    def places(self, options: tuple[Option, ...]) -> list[int]:
        """Where each of them stands in ``written``."""
        found = []
        for one in options:
            # Most titles are a key alone; one with something in it is the same only if it is this very one.
            key = id(one) if one.title.args else (one.title.key, one.payload)
            place = self._places.get(key)
            if place is None:
                place = self._places[key] = len(self.written)
                self.written.append([_text(one.title), one.payload])
            found.append(place)
        return found


def _read_options(raw: list[Json]) -> list[Option]:
    return [_read_option(one) for one in raw]


def _read_option(raw: Json) -> Option:
    title, payload = raw
    return _plain_option(title[0], payload) if len(title) == 1 else Option(_read_text(title), payload)


# The menus' buttons, the same in everybody's last offers; a title with something in it is one person's.
@lru_cache(2_000)
def _plain_option(title: str, payload: str) -> Option:
    return Option(Text(title), payload)


def _text(text: Text) -> list[Any]:
    return [text.key, {name: _arg(value) for name, value in text.args.items()}] if text.args else [text.key]


def _read_text(raw: list[Any]) -> Text:
    return Text(raw[0], {name: _read_arg(value) for name, value in raw[1].items()} if len(raw) > 1 else {})


def _arg(value: Arg) -> Json:
    match value:
        case Text():
            return {"t": _text(value)}
        case Bullets(items=items):
            return {"b": [_arg(item) for item in items]}
        case Quoted(words=words):
            return {"q": words}
        case Moment(at=at, style=style):
            return {"m": [at.isoformat(), style]}
        case datetime() | date():
            return {"d": value.isoformat()}
        case _:
            return value


def _read_arg(raw: Json) -> Arg:
    if not isinstance(raw, dict):
        return raw  # type: ignore[no-any-return]  # str or int, as written above
    ((kind, value),) = raw.items()
    match kind:
        case "t":
            return _read_text(value)
        case "b":
            return Bullets(tuple(_read_arg(item) for item in value))  # type: ignore[misc]  # only texts were written
        case "q":
            return Quoted(value)
        case "m":
            return Moment(datetime.fromisoformat(value[0]), value[1])
        case _:
            return date.fromisoformat(value)
