"""All that ``./premierpas check content`` fails on."""

from datetime import date

from bot.check import translation_problems
from bot.content import Content
from bot.content_checks import differences, holes


def content_problems(content: Content, today: date) -> list[str]:
    """Every one of them, a sentence each: any key in any language, any day that has passed or not come."""
    return [*holes(content, today), *differences(content), *translation_problems(content), *days(content, today)]


def days(content: Content, today: date) -> list[str]:
    """Answers past their day, and figures before theirs."""
    catalog = content.catalog
    dated = [*((right.topic, right.expires_on) for right in catalog.rights.values()),
             *((one.intent, one.expires_on) for one in catalog.emergencies.values())]
    past = [f"« {topic} » is past since {day}: it has to be checked again" for topic, day in dated if day < today]
    early = [f"figures.yml: « {name} » is valid from {figure.valid_from} on; what holds until then is missing"
             for name, figure in catalog.figures.items() if figure.valid_from > today]
    return past + early
