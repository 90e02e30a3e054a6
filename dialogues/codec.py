"""State to JSON and back. One version; what cannot be read is an error, never an empty state."""

from datetime import date, datetime
from functools import lru_cache
from typing import Any, TypeAlias

import orjson

from dialogues.errors import UnreadableStateError
from dialogues.state import Frame, Offer, Option, Said, State
from dialogues.text import Arg, Bullets, Moment, Quoted, Text

VERSION = 1
Json: TypeAlias = Any  # what orjson.loads gives: checked as it is read


def encode(state: State) -> str:
    """The state as JSON text."""
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
                [o.serial, o.flow, o.step, _options(o.options), o.outcome, o.passing]
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
                _text(state.said.text), _options(state.said.choices), state.said.passing,
            ],
        },
    ).decode()


def decode(text: str | None) -> State:
    """The state that ``encode`` wrote; a fresh one for None. Raises UnreadableStateError."""
    if text is None:
        return State()
    try:
        raw = orjson.loads(text)
        if raw["v"] != VERSION:
            raise UnreadableStateError(f"version {raw['v']}")
        said = raw["said"]
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
                Offer(o[0], o[1], o[2], _read_options(o[3]), o[4], *o[5:6])
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
                _read_text(said[0]), _read_options(said[1]), *said[2:3]),
        )
    except (ValueError, KeyError, TypeError, IndexError) as cause:
        raise UnreadableStateError(str(cause)) from cause


def _options(options: tuple[Option, ...]) -> list[Json]:
    # Most titles are a key alone, and there are a hundred in a state: written here, not one call each.
    return [[_text(one.title) if one.title.args else [one.title.key], one.payload] for one in options]


def _read_options(raw: list[Json]) -> tuple[Option, ...]:
    return tuple([
        _plain_option(title[0], payload) if len(title) == 1 else Option(_read_text(title), payload)
        for title, payload in raw
    ])


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
