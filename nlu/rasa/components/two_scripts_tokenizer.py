"""Rasa component: words, and for arabizi the same words in Arabic letters besides."""

from __future__ import annotations

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.constants import TOKENS_NAMES
from rasa.nlu.tokenizers.tokenizer import Token
from rasa.nlu.tokenizers.whitespace_tokenizer import WhitespaceTokenizer
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from nlu.arabizi import in_arabic_letters
from nlu.normalise import SIGNS_WITHIN

from .spelling import spelt
from .spelt_store import SpeltStore

# Of a training example, its words as they are compared.
SPELT = "spelt"
_WITHOUT_SIGNS = str.maketrans("", "", SIGNS_WITHIN)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_TOKENIZER, is_trainable=False)
class TwoScriptsTokenizer(WhitespaceTokenizer):
    """Rasa's WhitespaceTokenizer; arabizi gets a second set of words, which stand after the text's end."""

    def tokenize(self, message: Message, attribute: str) -> list[Token]:
        """The words of one attribute of the message, in order."""
        text = message.get(attribute)
        # Rasa's own cuts a word at a sign that Armenian writes inside it.
        tokens = super().tokenize(Message({attribute: text.translate(_WITHOUT_SIGNS)}), attribute)
        respelt = in_arabic_letters(text) if attribute == TEXT else None
        at = len(text) + 1
        for word in (respelt or "").split():
            tokens.append(Token(word, at, at + len(word)))
            at += len(word) + 1
        return tokens

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Gives each example its words under SPELT: nothing later in our pipeline asks for two million tokens."""
        store = SpeltStore.from_environment()
        found = store.spell((e.get(TEXT) for e in training_data.training_examples), self._cut)
        for example in training_data.training_examples:
            example.set(SPELT, found[example.get(TEXT)])
        return training_data

    def _cut(self, text: str) -> str:
        return spelt(token.text for token in self.tokenize(Message.build(text), TEXT))


def words_of(message: Message) -> str:
    """The words of a message that was cut, or of an example, as they are compared."""
    known: str | None = message.get(SPELT)
    return spelt(token.text for token in message.get(TOKENS_NAMES[TEXT]) or ()) if known is None else known
