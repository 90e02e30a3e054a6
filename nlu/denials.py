"""What a person does not want: "not in the morning", "je ne veux pas voir une femme", "sabah gelemem".

And when they cannot come: "je travaille le matin".
"""

from collections.abc import Iterable

from dialogues.sessions import DENIED
from nlu.normalise import Token
from nlu.spans import Span

# Tokens that may stand between the words that deny and what they deny ("pas envie de voir une femme").
_FAR = 3
# Ends what a denial is about: "pas le matin, le soir".
_STOPS = frozenset(".,;:!?…()\n—–،؛؟۔።፣፤፧։՝,")
_COMMAS = frozenset(",،፣՝")
# What one is busy at is a time, never a counsellor.
_NO_TIME = frozenset({"wish", "public"})


def denied(text: str, found: tuple[Token, ...], spans: list[Span], named: Iterable[Span]) -> frozenset[Span]:
    """Those of ``named`` that the message says no to.

    Of two that could be meant, the one that stands beside; else both, since nobody is to be offered what they
    cannot: "le matin je ne peux pas le soir". What stands in the same words is denied with it ("pas demain
    matin"), and what is joined to it by "nor" or "or".
    """
    clauses = _Clauses(text, found, spans)
    candidates = sorted(set(named), key=lambda s: (s.start, s.end))
    no: set[Span] = set()
    busy = _busy(spans)
    # Where somebody who is busy has time: "je travaille tous les jours sauf lundi".
    but_for = [s for s in spans if s.kind == "except" and any(
        b.end <= s.start and clauses.one(b.end, s.start) for b in busy)]
    for word in _denials(spans):
        if any((s.start, s.end) == (word.start, word.end) for s in but_for):
            continue
        after = next((s for s in candidates if s.start >= word.end), None)
        before = next((s for s in reversed(candidates) if s.end <= word.start), None)
        if not _within(word, spans, "denies") or after is None or not clauses.near(word.end, after.start):
            after = None
        if not _within(word, spans, "denies_back") or before is None or not clauses.near(
                before.end, word.start, over_commas=word.end == len(found)):
            before = None
        if before is not None and after is not None and before.end == word.start < word.end < after.start:
            after = None
        for meant in (before, after):
            if meant is not None:
                no |= _with_it(meant, candidates, clauses)
    times = [s for s in candidates if s.kind not in _NO_TIME]
    for word in busy:
        until = min((s.start for s in but_for if s.start >= word.end), default=len(found))
        after = next((s for s in times if word.end <= s.start < until), None)
        before = next((s for s in reversed(times) if s.end <= word.start), None)
        if after is not None and clauses.near(word.end, after.start):
            no |= _chain(after, [s for s in times if after.start <= s.start < until], clauses)
        if before is not None and clauses.near(before.end, word.start, over_commas=word.end == len(found)):
            no |= _with_it(before, times, clauses)
    return frozenset(no)


def say_no(spans: list[Span], no: frozenset[Span]) -> list[Span]:
    """What is wished for; only when there is nothing, what is not, as "not_" and its value."""
    wished = [s for s in spans if s not in no]
    return wished or [Span(s.kind, DENIED + s.value, s.start, s.end) for s in spans]


class _Clauses:
    def __init__(self, text: str, found: tuple[Token, ...], spans: list[Span]) -> None:
        self._text, self._found = text, found
        self._but = {i for s in spans if s.kind == "but" for i in range(s.start, s.end)}
        self.joins = {i for s in spans if s.kind == "nor" for i in range(s.start, s.end)}

    def near(self, start: int, end: int, *, over_commas: bool = False) -> bool:
        """Whether two places are in one clause, not far apart. ``over_commas``: a comma parts nothing."""
        if end - start > _FAR or self._but.intersection(range(start, end)):
            return False
        between = self._text[self._found[start - 1].end : self._found[min(end, len(self._found) - 1)].start]
        return not _STOPS.intersection(between) - (_COMMAS if over_commas else frozenset())

    def one(self, start: int, end: int) -> bool:
        """Whether two places are in one sentence, however far."""
        between = self._text[self._found[start - 1].end : self._found[end].start]
        return not _STOPS.intersection(between) - _COMMAS and not self._but.intersection(range(start, end))


def _denials(spans: list[Span]) -> list[Span]:
    """The words that deny; not those of "pas de problème", which is a yes, nor of "pourquoi pas le soir"."""
    shields = [s for s in spans if s.kind in {"yes", "denies_not"}]
    words = {(s.start, s.end): s for s in spans if s.kind == "denies_back"}
    words |= {(s.start, s.end): s for s in spans if s.kind == "denies"}
    free = [s for s in words.values() if not any(o.start <= s.start and s.end <= o.end for o in shields)]
    outer = [s for s in free if not any(
        o != s and o.start <= s.start and s.end <= o.end and o.end - o.start > s.end - s.start for o in free)]
    return sorted(outer, key=lambda s: s.start)


def _busy(spans: list[Span]) -> list[Span]:
    """What says that one is elsewhere then: "je travaille"; not "je travaille pas"."""
    return [s for s in spans if s.kind == "busy" and not any(
        o.kind == "denies_not" and o.start <= s.start and s.end <= o.end for o in spans)]


def _chain(first: Span, times: list[Span], clauses: _Clauses) -> set[Span]:
    """The times said one after the other from the first on: "lundi et mardi", "du lundi au vendredi"."""
    chain = {first}
    for s in times:
        end = max(one.end for one in chain)
        listed = s.kind == first.kind == "day"  # "lundi, mardi et jeudi"; but "le matin, le soir" may be a wish
        if s.start < end or (s.start <= end + 1 and clauses.near(end, s.start, over_commas=listed)):
            chain.add(s)
    return chain


def _within(word: Span, spans: list[Span], kind: str) -> bool:
    return any(s.kind == kind and word.start <= s.start and s.end <= word.end for s in spans)


def _with_it(meant: Span, candidates: list[Span], clauses: _Clauses) -> set[Span]:
    """What is meant, and what is said in the same breath: "demain matin", "le matin ni le soir"."""
    group, grown = {meant}, True
    while grown:
        start, end = min(s.start for s in group), max(s.end for s in group)
        more = {s for s in candidates if s not in group and (
            (s.start < end and start < s.end) or _when(s, group)
            or _joined(end, s.start, clauses) or _joined(s.end, start, clauses))}
        group |= more
        grown = bool(more)
    return group


def _when(span: Span, group: set[Span]) -> bool:
    """Whether it says more of the same moment: a day beside its part."""
    beside = {s.kind for s in group if s.end == span.start or s.start == span.end}
    return (span.kind, *beside) in {("day", "period"), ("period", "day")}


def _joined(end: int, start: int, clauses: _Clauses) -> bool:
    return start - end in (1, 2) and clauses.joins.issuperset(range(end, start))
