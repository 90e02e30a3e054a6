"""The hours a person names, in figures or words."""

from nlu.normalise import Token
from nlu.spans import Numbers, Span, counts_something, joined, starting

_OFFICE_HOURS = range(7, 22)  # an hour without "heures" or "am/pm" is believed only in these


def find_hours(
    found: tuple[Token, ...], spans: list[Span], numbers: Numbers, used: set[int]
) -> tuple[list[Span], set[int]]:
    """ "14h", "14h30", "14:30", "à 9 heures et demie", "2pm", "at 3", "الساعة الثالثة مساء", "midi".

    As HH:MM, in the order of the text; and the places of all tokens that said so. `used`: places that say a day.
    """
    hour_words, parts = starting(spans, "hour_word"), starting(spans, "afternoon", "morning")
    halves = starting(spans, "half", "quarter")
    at = {s.end for s in spans if s.kind == "at"}
    ordinals = {s.start: (int(s.value), s.end) for s in spans if s.kind == "ordinal"}
    # "de l'après-midi" is not noon.
    in_parts = {i for part in parts.values() for i in range(part.start, part.end)}
    hours = [s for s in spans if s.kind == "hour" and s.start not in used | in_parts]
    for place, (hour, end) in {**{p: v for p, v in ordinals.items() if p in at}, **numbers}.items():
        if place in used or hour > 24:
            continue
        minute, named = 0, False
        if end in hour_words:
            end, named = hour_words[end].end, True
            if end in numbers and numbers[end][0] < 60 and found[end].norm.isdigit():
                minute, end = numbers[end]
        elif end in numbers and _clock(found, place) and numbers[end][0] < 60:
            (minute, end), named = numbers[end], True
        if end in halves:
            minute, end = (30 if halves[end].kind == "half" else 15), halves[end].end
            named = True
            if end not in parts and 0 < hour < _OFFICE_HOURS.start:  # nobody is seen at half past two at night
                hour += 12
        part = parts.get(end)
        if part:
            end, named = part.end, True
            if part.kind == "afternoon" and hour < 12:
                hour += 12
            elif part.kind == "morning" and hour == 12:
                hour = 0
        elif not named:
            if place not in at or counts_something(found, spans, end):
                continue
            hour = hour + 12 if hour < _OFFICE_HOURS.start else hour
            named = hour in _OFFICE_HOURS
        if named and place not in {i for s in hours for i in range(s.start, s.end)}:
            hours.append(Span("hour", f"{hour % 24:02d}:{minute:02d}", place, end))
    hours.sort(key=lambda s: s.start)
    return hours, {i for s in hours for i in range(s.start, s.end)}


def _clock(found: tuple[Token, ...], place: int) -> bool:
    """14:30, two digits after the sign."""
    return joined(found, place) and len(found[place + 1].norm) == 2
