"""A mailbox is a team's for as long as the directory says so."""

from dataclasses import replace

from bot.desk.mailboxes import follow_directory
from handoff.directory import Directory
from tests.handoff.office import LEAD_BODY, TRUCK, Office

OLD, NEW = "ancienne@ifra.example", "equipe@ifra.example"


def with_mail(directory: Directory, mailboxes: dict[tuple[str, str], str]) -> Directory:
    return Directory(tuple(
        replace(one, bodies=tuple(
            replace(body, email=mailboxes.get((one.id, body.id), "")) for body in one.bodies))
        for one in directory.consortia))


async def follow(office: Office, mailboxes: dict[tuple[str, str], str], *, connect: bool = True) -> dict[str, str]:
    """The mailboxes that are connected after that, and their teams."""
    office.desk.directory = with_mail(office.teams.directory, mailboxes)
    await follow_directory(office.desk, connect=connect)
    return {chat.address: f"{chat.consortium}/{chat.body}" for chat in await office.store.team_chats()}


async def test_an_address_that_the_directory_names_no_more_is_left(office: Office) -> None:
    truck = "/".join(TRUCK)
    assert await follow(office, {TRUCK: OLD}) == {OLD: truck}
    assert await follow(office, {TRUCK: OLD}) == {OLD: truck}
    assert await follow(office, {TRUCK: NEW}) == {NEW: truck}
    assert await office.store.team_chat("mail", OLD) is None  # its links open nothing
    assert await follow(office, {}, connect=False) == {}


async def test_an_address_that_is_another_teams_now_is_that_teams(office: Office) -> None:
    await follow(office, {TRUCK: OLD})
    assert await follow(office, {LEAD_BODY: OLD}) == {OLD: "/".join(LEAD_BODY)}


async def test_groups_are_not_concerned(office: Office) -> None:
    await office.group("group-truck", TRUCK)
    assert await follow(office, {}) == {"group-truck": "/".join(TRUCK)}
