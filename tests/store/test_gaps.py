"""What was not understood waits until somebody has said what it meant."""

from bot.store.store import Store


async def test_a_gap_is_sorted_once_and_then_waits_no_more(store: Store) -> None:
    await store.keep_gap("kelke choz", "fr", (("rights_rsa", 0.3),))
    await store.keep_gap("autre choz", None, ())
    later, earlier = await store.gaps()
    assert (later.text, later.language, later.ranking) == ("autre choz", None, ())
    assert earlier.ranking == (("rights_rsa", 0.3),)
    assert await store.sort_gap(earlier.id, "rights_food")
    assert not await store.sort_gap(earlier.id, "rights_rsa")
    assert await store.sort_gap(later.id, None)
    assert await store.gaps() == ()
    assert [(gap.text, gap.sorted_as) for gap in await store.sorted_gaps()] == [("kelke choz", "rights_food")]
