"""What a person answers to an offer: which of the things offered, yes or no."""

from nlu.normalise import Token
from nlu.spans import Numbers, Span, starting

_ANSWER = 6  # words: a longer message is a story, "non" in it answers nothing
_LEAST_LIVES = 3  # letters: "jam", "ana", "im in"; "en", "de", "f" stand before much else
_CHOICES = 20  # a bare number up to this may be a choice
# What may stand beside a number that chooses: "oui, 2", "2 svp", "le 2".
_BESIDE_CHOICE = frozenset({"beside", "yes", "the", "choice"})


def find_ordinal(found: tuple[Token, ...], spans: list[Span], numbers: Numbers, used: set[int]) -> Span | None:
    """ "la 2ème", "the second one", "الثاني", "option 2", "2", "2 svp"; None in a longer story.

    A number that counts something chooses nothing: "un avocat", "2 semaines".
    """
    if len(found) > 8:
        return None
    endings = starting(spans, "ending")
    choice = {s.end for s in spans if s.kind == "choice"}
    the = {s.end for s in spans if s.kind == "the"}
    beside = {i for s in spans if s.kind in _BESIDE_CHOICE for i in range(s.start, s.end)}
    for place, (number, end) in sorted(numbers.items()):
        alone = beside.issuperset({*range(place), *range(end, len(found))})
        if not 1 <= number <= _CHOICES:
            continue
        if end in endings and found[end].start == found[end - 1].end:
            return Span("ordinal", str(number), place, endings[end].end)
        if place in choice or (place not in used and alone) or (place in the and len(found) <= 3):
            return Span("ordinal", str(number), place, end)
    named = [s for s in spans if s.kind == "ordinal" and s.start not in used]
    return max(named, key=lambda s: s.end - s.start) if named else None


def find_yes_no(found: tuple[Token, ...], spans: list[Span]) -> Span | None:
    """The answer a short message begins with, or the only one in it.

    A yes that is taken back, or put off, is a no: "да нет, не надо", "ok mais pas maintenant", "d'accord, plus
    tard". Nobody is to be booked, passed on or erased for a word that was only polite.
    """
    if len(found) > _ANSWER:
        return None
    answers = sorted((s for s in spans if s.kind in {"yes", "no"}), key=lambda s: (s.start, s.start - s.end))
    outer = [s for s in answers if not _inside(s, answers)]
    wants = [s for s in spans if s.kind == "wants" and (s.start, s.end) == (0, len(found))]
    if not outer:
        return Span("yes", "", 0, len(found)) if wants else None
    first = outer[0]
    if first.kind == "yes":
        taken_back = [s for s in outer if s.kind == "no"]
        # "öğleden sonra" is the afternoon, not "later".
        put_off = [s for s in spans if s.kind == "defers" and not any(
            o.start <= s.start and s.end <= o.end and o.end - o.start > s.end - s.start for o in spans)]
        if taken_back or (put_off and first.start == 0):
            return Span("no", "", (taken_back or put_off)[0].start, (taken_back or put_off)[0].end)
        beside = {i for s in spans if s.kind in {"beside", "yes", "greeting"} for i in range(s.start, s.end)}
        return first if first.start == 0 or beside.issuperset(range(len(found))) else None
    if first.start == 0 or (len({s.kind for s in outer}) == 1 and len(found) <= 4):
        return first
    return None


def find_more(found: tuple[Token, ...], spans: list[Span]) -> Span | None:
    """A few words about what was just answered: "quels papiers ?", "how much", "а если откажут".

    ``value``: "alone" when nothing else is said, else "with".
    """
    more = [s for s in spans if s.kind == "more"]
    if not more or len(found) > _ANSWER:
        return None
    beside = {"more", "beside", "yes", "but", "greeting"}
    said = {i for s in spans if s.kind in beside for i in range(s.start, s.end)}
    first = max(more, key=lambda s: s.end - s.start)
    return Span("more", "alone" if said.issuperset(range(len(found))) else "with", first.start, first.end)


def is_a_home(found: tuple[Token, ...], spans: list[Span], town: tuple[int, int]) -> bool:
    """Whether a message says where somebody lives, and no more; ``town``: where its name stands (characters).

    A town by itself does not say so, nor with a "de": « basta » and « de ley » are no places where one lives.
    """
    start, end = town
    named = {i for i, token in enumerate(found) if token.start < end and start < token.end}
    beside = {"lives_in", "beside", "greeting", "yes"}
    said = {i for s in spans if s.kind in beside for i in range(s.start, s.end)}
    answered = {i for s in spans if s.kind == "yes" for i in range(s.start, s.end)}  # "avec plaisir": a town too
    lives = [range(s.start, s.end) for s in spans if s.kind == "lives_in"]
    long_enough = any(sum(len(found[i].norm) for i in one) >= _LEAST_LIVES
                      for one in lives if not named.union(answered).intersection(one))
    return long_enough and not named & answered and said.union(named).issuperset(range(len(found)))


def _inside(span: Span, spans: list[Span]) -> bool:
    return any(o.start <= span.start and span.end <= o.end and o != span for o in spans)
