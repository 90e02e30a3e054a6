"""From the texts of the content files to one checked Catalog. No file is opened here: the shell reads them."""

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import cast

from dialogues import checks
from dialogues.catalog import (
    Catalog,
    Emergency,
    Figure,
    Flow,
    Origin,
    Place,
    Response,
    ResponseButton,
    Right,
    Slot,
    SlotMapping,
    Source,
)
from dialogues.errors import CatalogError, Problem
from dialogues.flow_format import read_flow
from dialogues.local import Local, LocalLine, Zone
from dialogues.payloads import parse_payload
from dialogues.yaml_source import Node, read

RIGHT_KEYS = {"topic", "emoji", "owner", "verified_on", "expires_on", "confidence", "sources", "answer",
              "conditions", "now", "where", "more", "papers", "refused", "related", "late"}


# Who answers for a local line, when it was read where, and its last day.
DATING = ("owner", "verified_on", "expires_on", "source")


AMOUNT = re.compile(r"\d+(\.\d+)?")


class _Loader:
    """Collects what the files hold, and every problem, before anything is refused."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.flows: dict[str, Flow] = {}
        self.responses: dict[str, Response] = {}
        self.slots: dict[str, Slot] = {}
        self.rights: dict[str, Right] = {}
        self.emergencies: dict[str, Emergency] = {}
        self.figures: dict[str, Figure] = {}
        self.origins: list[Origin] = []
        self.local = Local()
        self.messages: dict[str, str] = {}
        self.places: dict[str, Place] = {}

    def readers(self) -> Mapping[str, Callable[[Node], None]]:
        """What to do with each top-level key of a content file."""
        return {
            "flows": self.read_flows,
            "responses": self.read_responses,
            "slots": self.read_slots,
            "labels": self.read_labels,
            "emergencies": self.read_emergencies,
            "figures": self.read_figures,
            "origins": self.read_origins,
            "local": self.read_local,
        }

    def read(self, files: Mapping[str, str]) -> None:
        """Read every file."""
        readers = self.readers()
        for node in read(files, self.problems.append):
            if "topic" in node.values:
                self.read_right(node)
                continue
            for key in node.values:
                if key == "version":
                    continue
                if key in readers:
                    readers[key](node)
                else:
                    node.problem(str(key), f"unknown key « {key} »; known here: {', '.join(sorted(readers))}")

    def say(self, key: str, text: str, node: Node, at: str) -> None:
        """Add a message to be translated; a key used twice is a problem."""
        if key in self.messages:
            node.problem(at, f"the message « {key} » is written twice")
        self.messages[key] = text.strip()
        self.places[key] = Place(node.file, node.line_of(at))

    def read_flows(self, node: Node) -> None:
        for name, flow in node.named("flows"):
            if name in self.flows:
                node.problem("flows", f"flow « {name} » is written twice")
            self.flows[name] = read_flow(name, flow)

    def read_labels(self, node: Node) -> None:
        labels = node.child("labels")
        for key in labels.values:
            self.say(f"label/{key}", labels.text(str(key)), labels, str(key))

    def read_responses(self, node: Node) -> None:
        responses = node.child("responses")
        for key in map(str, responses.values):
            variants = list(responses.children(key))
            if len(variants) != 1:
                responses.problem(key, f"« {key} » must have one variant: a person must recognise what is said")
            for variant in variants[:1]:
                variant.only({"text", "buttons"})
                self.say(key, variant.text("text"), variant, "text")
                buttons = tuple(self.button(key, button) for button in variant.children("buttons"))
                self.responses[key] = Response(key, variant.text("text").strip(), buttons, variant.place)

    def button(self, key: str, node: Node) -> ResponseButton:
        """A button; without a title it takes the label of the intent its payload names."""
        node.only({"title", "payload"})
        payload = node.text("payload")
        parsed = parse_payload(payload)
        if parsed is None:
            node.problem("payload", f"« {payload} » is neither /intent nor /SetSlots(slot=value)")
            return ResponseButton("", payload)
        if "title" not in node.values:
            return ResponseButton(f"label/{parsed.intent}", payload)
        title = f"{key}/{parsed.intent or next(iter(parsed.slots.values()))}"
        self.say(title, node.text("title"), node, "title")
        return ResponseButton(title, payload)

    def read_slots(self, node: Node) -> None:
        for name, slot in node.named("slots"):
            slot.only({"type", "values", "mappings"})
            kind = slot.text("type")
            if kind not in ("text", "categorical", "any"):
                slot.problem("type", f"slot type « {kind} » is not supported: text, categorical, any")
            mappings = tuple(self.slot_mapping(mapping) for mapping in slot.children("mappings"))
            self.slots[name] = Slot(name, kind, slot.texts("values"), mappings, slot.place)  # type: ignore[arg-type]  # checked just above

    def slot_mapping(self, node: Node) -> SlotMapping:
        node.only({"type", "entity", "not_intent"})
        kind = node.text("type")
        if kind not in ("from_entity", "from_text"):
            node.problem("type", f"mapping « {kind} » is not supported: from_entity, from_text")
        entity = node.text("entity") if kind == "from_entity" else None
        return SlotMapping(kind, entity, frozenset(node.texts("not_intent")))  # type: ignore[arg-type]  # checked just above

    def read_right(self, node: Node) -> None:
        node.only(RIGHT_KEYS)
        topic = node.text("topic")
        self.owned(node)
        for part in ("answer", "now", "where", "papers", "refused"):
            self.say(f"{topic}/{part}", node.text(part), node, part)
        conditions = node.texts("conditions")
        for number, condition in enumerate(conditions, start=1):
            self.say(f"{topic}/conditions/{number}", condition, node, "conditions")
        more = node.texts("more")
        for number, detail in enumerate(more, start=1):
            self.say(f"{topic}/more/{number}", detail, node, "more")
        confidence = node.text("confidence")
        if confidence not in ("verified", "partly"):
            node.problem("confidence", "« confidence » is verified or partly")
        sources = tuple(self.source(topic, source) for source in node.children("sources"))
        if not sources:
            node.problem("sources", f"« {topic} » has no source")
        self.rights[topic] = Right(
            topic, node.text("emoji"), node.day("verified_on"), node.day("expires_on"),
            cast("checks.Confidence", confidence), sources, len(conditions), node.texts("related"),
            len(more), *((node.texts("late"),) if "late" in node.values else ()),
        )

    def source(self, topic: str, node: Node) -> Source:
        """A source; one that speaks of a part of the topic names its line."""
        node.only({"name", "url", "of"})
        of = f"{topic}/{node.text('of')}" if "of" in node.values else None
        return Source(node.text("name"), node.text("url"), of)

    def read_emergencies(self, node: Node) -> None:
        for intent, emergency in node.named("emergencies"):
            emergency.only({"emoji", "owner", "verified_on", "expires_on", "sources", "numbers", "answer"})
            self.say(f"{intent}/answer", emergency.text("answer"), emergency, "answer")
            self.owned(emergency)
            sources = tuple(Source(one.text("name"), one.text("url")) for one in emergency.children("sources"))
            self.emergencies[intent] = Emergency(
                intent, emergency.text("emoji"), emergency.texts("numbers"), emergency.day("verified_on"),
                emergency.day("expires_on"), sources)

    def owned(self, node: Node) -> None:
        """Somebody answers for it, and it rests on pages that can be opened."""
        if not node.text("owner").strip():
            node.problem("owner", "« owner » is empty: who answers for it?")
        for source in node.children("sources"):
            if not source.text("url").startswith("https://"):
                source.problem("url", f"« {source.text('url')} » is no address: https://…")

    def read_figures(self, node: Node) -> None:
        for name, figure in node.named("figures"):
            figure.only({"value", "unit", "valid_from", "valid_until", "source", "next"})
            value = str(figure.values.get("value", ""))
            self.figures[name] = Figure(
                name, value, figure.text("unit"), figure.day("valid_from"), figure.text("source"),
                figure.day("valid_until") if "valid_until" in figure.values else None,
            )
            self.amount(figure, figure.text("unit"))
            if "next" in figure.values:
                self.figures[name] = replace(self.figures[name], next=self.next_figure(self.figures[name], figure))

    def next_figure(self, now: Figure, node: Node) -> Figure:
        """The value typed ahead of its day."""
        following = node.child("next")
        following.only({"value", "valid_from", "source"})
        self.amount(following, now.unit)
        day = following.day("valid_from")
        if day <= now.valid_from:
            following.problem("valid_from", f"« {now.name} »: the next value begins after {now.valid_from}")
        return Figure(now.name, str(following.values.get("value", "")), now.unit, day, following.text("source"))

    def amount(self, node: Node, unit: str) -> None:
        """A value is there, and an amount is a number."""
        value = str(node.values.get("value", "")).strip()
        if not value:
            node.problem("value", "« value » is missing")
        elif unit == "EUR" and not AMOUNT.fullmatch(value):
            node.problem("value", f"« {value} » is no amount in euros, as in 651.69")

    def read_origins(self, node: Node) -> None:
        for prefix, origin in node.named("origins"):
            origin.only({"territory", "commune"})
            commune = origin.text("commune") if "commune" in origin.values else None
            self.origins.append(Origin(prefix, origin.text("territory"), commune))


    def read_local(self, node: Node) -> None:
        local = node.child("local")
        local.only({"zones", "answers", "only"})
        zones: list[Zone] = []
        lines: list[LocalLine] = []
        only: dict[str, frozenset[str]] = {}
        for zone in local.children("zones"):
            zone.only({"id", "name", "departement", "communes", "within", "own"})
            self.say(f"zone/{zone.text('id')}", zone.text("name"), zone, "name")
            communes = zone.values.get("communes", [])
            departement = zone.text("departement") if "departement" in zone.values else None
            within = zone.text("within") if "within" in zone.values else None
            if within is not None and within not in {one.id for one in zones}:
                zone.problem("within", f"« {within} » is not a zone above this one")
            codes = frozenset(f"{code:05}" for code in communes)
            zones.append(Zone(zone.text("id"), departement, codes, within, frozenset(zone.texts("own"))))
        known = {zone.id for zone in zones}
        for line in local.children("answers"):
            line.only({"topic", "zone", "text", *DATING})
            for key in ("owner", "source"):
                if not line.text(key).strip():
                    line.problem(key, f"« {key} » is empty")
            line.day("verified_on")
            where = line.text("zone") if "zone" in line.values else None
            if where is not None and where not in known:
                line.problem("zone", f"« {where} » is not a zone")
            key = f"local/{line.text('topic')}" + (f"/{where}" if where else "")
            self.say(key, line.text("text"), line, "text")
            lines.append(LocalLine(line.text("topic"), key, where, line.day("expires_on")))
        for one in local.children("only"):
            one.only({"zones", "departements", "lines"})
            for name in one.texts("zones"):
                if name not in known:
                    one.problem("zones", f"« {name} » is not a zone")
            places = frozenset((*one.texts("zones"), *one.texts("departements")))
            if not places:
                one.problem("lines", "« only » needs « zones » or « departements »")
            only |= dict.fromkeys(one.texts("lines"), places)
        self.local = Local(tuple(zones), tuple(lines), only)


def load(files: Mapping[str, str], actions: frozenset[str]) -> Catalog:
    """Read and check all content. ``files``: name -> text. ``actions``: names that steps may call.

    Raises CatalogError naming every problem with its file and line.
    """
    loader = _Loader()
    loader.read(files)
    digest = hashlib.sha256("\0".join(f"{name}\0{files[name]}" for name in sorted(files)).encode())
    catalog = Catalog(
        flows=loader.flows,
        responses=loader.responses,
        slots=loader.slots,
        triggers={intent: flow.id for flow in loader.flows.values() for intent in flow.triggers},
        rights=loader.rights,
        emergencies=loader.emergencies,
        figures=loader.figures,
        origins=tuple(sorted(loader.origins, key=lambda origin: -len(origin.prefix))),
        messages=loader.messages,
        version=digest.hexdigest()[:12],
        local=loader.local,
    )
    problems = [*loader.problems, *checks.check(catalog, actions, loader.places)]
    if problems:
        raise CatalogError(tuple(problems))
    return catalog
