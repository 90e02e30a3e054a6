"""Words are compared whatever a keyboard puts into them."""

import pytest

from nlu.normalise import words


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("Որտե՞ղ է բեռնատարը", "որտեղ է բեռնատարը"),  # the sign of a question stands after its last vowel
        ("օգնե՜ք ինձ", "օգնեք ինձ"),
        ("՞ինչ", "ինչ"),
        ("اين الشـــاحنة", "این الشاحنه"),
    ],
)
def test_signs_within_a_word_do_not_cut_it(text: str, read: str) -> None:
    assert words(text) == words(read)
    assert len(words(text)) == len(text.split())


def test_an_armenian_full_stop_ends_a_word() -> None:
    assert words("այո։ոչ") == ("այո", "ոչ")
