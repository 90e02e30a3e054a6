import asyncio
from datetime import timedelta

from bot.store.store import Store
from bot.store.values import Counsellor, CounsellorSeed, Grant
from tests.clock import FixedClock
from tests.store.conftest import Opener
from tests.store.samples import every_row

HOUR = timedelta(hours=1)
FATOU = CounsellorSeed("drome", "ifra", "counsellor", "Fatou")


async def test_a_code_works_once_for_its_purpose_and_in_its_time(store: Store, hours: FixedClock) -> None:
    code = await store.new_code("sign_in", "drome", None, "admin", HOUR)
    assert await store.use_code(code, "connect") is None
    assert await store.use_code(code + "x", "sign_in") is None
    assert await store.use_code(code, "sign_in") == Grant("sign_in", "drome", None, "admin", None)
    assert await store.use_code(code, "sign_in") is None
    late = await store.new_code("sign_in", "drome", None, "admin", HOUR)
    hours.advance(hours=1)
    assert await store.use_code(late, "sign_in") is None


async def test_a_code_to_type_forgives_case_and_spaces(store: Store) -> None:
    code = await store.new_code("connect", "drome", "ifra", "counsellor", HOUR)
    assert len(code) == 10
    grant = await store.use_code(f" {code.lower()}\n", "connect")
    assert grant == Grant("connect", "drome", "ifra", "counsellor", None)


async def test_a_code_used_twice_at_once_works_once(store: Store, opened: Opener) -> None:
    other = await opened()
    code = await store.new_code("sign_in", "drome", None, "admin", HOUR)
    grants = await asyncio.gather(*(each.use_code(code, "sign_in") for each in (store, other) * 4))
    assert sum(grant is not None for grant in grants) == 1


async def test_neither_codes_nor_tokens_are_kept(store: Store) -> None:
    fatou = await store.add_counsellor(FATOU)
    code = await store.new_code("sign_in", "drome", "ifra", "counsellor", HOUR, fatou.id)
    token = await store.open_console(fatou.id, HOUR)
    held = str(await every_row(store))
    assert code not in held
    assert token not in held


async def test_a_sign_in_lasts_until_its_end_or_its_owners(store: Store, hours: FixedClock) -> None:
    fatou = await store.add_counsellor(FATOU)
    assert fatou == Counsellor(fatou.id, "drome", "ifra", "counsellor", "Fatou")
    tokens = [await store.open_console(fatou.id, ttl) for ttl in (HOUR, 3 * HOUR, 3 * HOUR)]
    assert [await store.console(token) for token in tokens] == [fatou] * 3
    hours.advance(hours=1)
    await store.close_console(tokens[1])
    assert [await store.console(token) for token in tokens] == [None, None, fatou]
    await store.disable_counsellor(fatou.id)
    assert await store.console(tokens[2]) is None
    assert await store.counsellor(fatou.id) is None
    assert await store.console("made up") is None


async def test_a_platforms_author_is_one_counsellor_in_each_consortium(store: Store, opened: Opener) -> None:
    other = await opened()
    assert await store.counsellor_by_author("telegram", "77", "drome") is None
    found = await asyncio.gather(*(
        each.counsellor_by_author("telegram", "77", "drome", FATOU) for each in (store, other) * 4))
    assert len({each.id for each in found if each is not None}) == 1
    assert None not in found
    elsewhere = CounsellorSeed("portes-du-sud", "ifra", "counsellor", "Fatou")
    second = await store.counsellor_by_author("telegram", "77", "portes-du-sud", elsewhere)
    assert second is not None
    assert second not in found
    await store.disable_counsellor(second.id)
    assert await store.counsellor_by_author("telegram", "77", "portes-du-sud", elsewhere) is None
