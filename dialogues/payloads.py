"""What a button sends: ``/o12.3``, ``/intent{"slot":"value"}`` or ``/SetSlots(slot=value)`` (Rasa's forms)."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

_INTENT = re.compile(r"^/([a-z_]+)(\{.*\})?$", re.DOTALL)
_SET_SLOTS = re.compile(r"^/SetSlots\(([^()]*)\)$")
_OFFER = re.compile(r"^/o(\d{1,9})\.(\d{1,3})$")


@dataclass(frozen=True, slots=True)
class Payload:
    """A parsed payload: an intent (with slots it sets), or only slots when ``intent`` is None."""

    intent: str | None
    slots: Mapping[str, str] = field(default_factory=dict)


def parse_payload(payload: str) -> Payload | None:
    """What ``payload`` means, None when it has no form of ours (then it is not a button's)."""
    if match := _SET_SLOTS.match(payload):
        pairs = [pair.split("=", 1) for pair in match[1].split(",") if "=" in pair]
        return Payload(None, {name.strip(): value.strip() for name, value in pairs}) if pairs else None
    if match := _INTENT.match(payload):
        if match[2] is None:
            return Payload(match[1])
        try:
            slots = json.loads(match[2])
        except ValueError:
            return None
        if isinstance(slots, dict) and all(isinstance(value, str) for value in slots.values()):
            return Payload(match[1], {str(name): value for name, value in slots.items()})
    return None


def parse_offer(payload: str) -> tuple[int, int] | None:
    """(offer's serial, option's index) of ``/o12.3``, None for anything else."""
    match = _OFFER.match(payload)
    return (int(match[1]), int(match[2])) if match else None


def offer_payload(serial: int, index: int) -> str:
    """The payload of an option of an offer: short, and worth nothing in another conversation."""
    return f"/o{serial}.{index}"


def intent_payload(intent: str, **slots: str) -> str:
    """The payload that triggers ``intent`` with these slots set."""
    return f"/{intent}{json.dumps(slots, separators=(',', ':'))}" if slots else f"/{intent}"
