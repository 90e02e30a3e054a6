"""A team that nothing reaches any more: noticed, told to those who can mend it, shown on the first page."""

from datetime import timedelta

from bot.jobs.outbox import send_waiting
from bot.outbound import Delivered, Outbound
from bot.ports import ChannelBlocked
from bot.team_inbound import Connect, TeamLeft
from tests.handoff.office import LEAD_BODY, TRUCK, Office

GROUP, CHIEFS, OTHERS = "group-truck", "group-consortium", "group-lead-body"


class Refusing:
    """A channel on which one address is gone."""

    name = "telegram"

    def __init__(self, gone: str) -> None:
        self.gone = gone
        self.sent: list[Outbound] = []

    async def send(self, outbound: Outbound) -> Delivered:
        if outbound.address == self.gone:
            raise ChannelBlocked
        self.sent.append(outbound)
        return Delivered(f"m{outbound.id}")


async def connect(office: Office) -> None:
    await office.group(GROUP, TRUCK)
    await office.group(CHIEFS, (TRUCK[0], None))
    await office.group(OTHERS, LEAD_BODY)


async def test_a_group_that_threw_the_bot_out_is_told_to_the_consortium_once(office: Office) -> None:
    await connect(office)
    await office.says(GROUP, "Fatou", TeamLeft())
    await office.says(GROUP, "Fatou", TeamLeft())
    told = await office.deliver()
    assert [row.address for row in told] == [CHIEFS]
    assert "ne reçoit plus rien par Telegram" in told[0].rendered.text
    (line,) = await office.desk.lost.since(TRUCK[0], None)
    assert "IFRA" in line


async def test_a_chat_that_refuses_a_card_is_noticed_and_the_lead_keeps_its_clock(office: Office) -> None:
    await connect(office)
    lead = await office.lead()
    channel = Refusing(GROUP)
    notice = office.desk.lost.notice
    await send_waiting(office.store, {"telegram": channel}, office.turns, office.hours.clock, notice)
    told = [row for row in channel.sent if row.address == CHIEFS]
    assert any(row.kind == "card" for row in told)  # the consortium's group has the card
    assert any("ne reçoit plus rien" in row.rendered.text for row in told)
    assert not any("ne reçoit plus rien" in row.rendered.text for row in channel.sent if row.address == OTHERS)
    assert await office.next_due() is not None
    assert (await office.row(lead.ref)).state == "offered"


async def test_a_team_that_had_only_somebodys_own_chat_is_missed_when_it_goes(office: Office) -> None:
    await office.group(CHIEFS, (TRUCK[0], None))
    for address in ("fatou", "marc"):
        code = await office.store.new_code("connect", *TRUCK, "counsellor", timedelta(hours=1))
        await office.says(address, address, Connect(code, direct=True))
    await office.deliver()
    await office.says("fatou", "fatou", TeamLeft())
    assert await office.heard(CHIEFS) == []
    assert await office.desk.lost.since(TRUCK[0], None) == ()
    await office.says("marc", "marc", TeamLeft())
    (told,) = await office.heard(CHIEFS)
    assert "ne reçoit plus rien par Telegram" in told
    (line,) = await office.desk.lost.since(TRUCK[0], None)
    assert "n'a pas d'autre moyen" in line


async def test_connected_again_the_first_page_is_calm(office: Office) -> None:
    await connect(office)
    await office.says(GROUP, "Fatou", TeamLeft())
    await office.group("group-new", TRUCK)
    assert await office.desk.lost.since(TRUCK[0], None) == ()


async def test_it_is_shown_to_that_team_and_the_consortium_and_for_a_month(office: Office) -> None:
    await connect(office)
    await office.says(GROUP, "Fatou", TeamLeft())
    assert await office.desk.lost.since(TRUCK[0], LEAD_BODY[1]) == ()
    assert len(await office.desk.lost.since(TRUCK[0], TRUCK[1])) == 1
    office.hours.now += timedelta(days=31)
    assert await office.desk.lost.since(TRUCK[0], None) == ()


async def test_a_team_that_is_reached_elsewhere_is_not_said_to_be_lost(office: Office) -> None:
    await connect(office)
    await office.group("group-second", TRUCK)
    await office.says(GROUP, "Fatou", TeamLeft())
    assert not any("ne reçoit plus rien" in row.rendered.text for row in await office.deliver())
