"""Counts that name nobody: small ones hidden so that neither a sum nor knowing these rules gives one away.

What is done depends only on what is then shown, so that whoever knows the rules learns nothing from them:
- a count under five is written « <5 », and the next larger one « masqué », for the sum would give it away;
- where that still leaves one possible value for a small count, the whole group is hidden (None).
"""

from collections.abc import Mapping

# A count below this could be somebody.
SMALLEST = 5
HIDDEN = f"<{SMALLEST}"
MASKED = "masqué"


def shown(counts: Mapping[str, int], *, total_shown: bool = True) -> dict[str, str] | None:
    """The cells as they may be shown, where their sum is known; None when none may be.

    ``total_shown``: False where even the sum is only known to be under five.
    """
    small = sorted(value for value, count in counts.items() if 0 < count < SMALLEST)
    larger = sorted((count, value) for value, count in counts.items() if count >= SMALLEST)
    if not small:
        return {value: str(count) for value, count in counts.items()}
    masked = larger[:1]
    sum_hidden = sum(counts[value] for value in small) + sum(count for count, _ in masked)
    least, most = len(small), (SMALLEST - 1) * len(small)
    if not total_shown:
        low, high = least, min(most, SMALLEST - 1)
    elif masked:
        low, high = max(least, sum_hidden - _largest(masked[0][1], larger[1:], sum_hidden)), min(
            most, sum_hidden - SMALLEST)
    else:
        low = high = sum_hidden
    # What the small ones add up to lies between the two; one alone, or all at an end, would be known.
    alone = len(small) == 1 and total_shown
    if low >= high and (alone or low in (least, most)):
        return None
    hidden = dict.fromkeys(small, HIDDEN) | {value: MASKED for _, value in masked}
    return {value: hidden.get(value, str(count)) for value, count in counts.items()}


def _largest(masked: str, others: list[tuple[int, str]], sum_hidden: int) -> int:
    """How large the masked cell may be, for who knows that it is the smallest of those of five and more."""
    if not others:
        return sum_hidden
    count, value = others[0]
    return count if masked < value else count - 1
