"""Consent to keep what a booking needs."""

from collections.abc import Mapping
from dataclasses import replace

from dialogues.effects import RecordConsent
from dialogues.world import CONSENT_VERSIONS, Action, Context, Result


def record_storage_consent(context: Context) -> Result:
    """Record the yes or the no, with the version of the words that were shown."""
    granted = context.slot("consent_storage") == "yes"
    version = CONSENT_VERSIONS["storage"]
    consents = {**context.state.consents, "storage": version} if granted else {
        kind: known for kind, known in context.state.consents.items() if kind != "storage"
    }
    return Result((RecordConsent("storage", version, granted),), state=replace(context.state, consents=consents))


def recall_storage_consent(context: Context) -> Result:
    """Take an earlier yes to the same words as the answer: nobody is asked twice."""
    known = context.state.consents.get("storage") == CONSENT_VERSIONS["storage"]
    return Result(slots={"consent_storage": "yes" if known else None})


ACTIONS: Mapping[str, Action] = {
    "action_record_storage_consent": record_storage_consent,
    "action_recall_storage_consent": recall_storage_consent,
}
