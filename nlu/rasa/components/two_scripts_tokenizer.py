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


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_TOKENIZER, is_trainable=False)
class TwoScriptsTokenizer(WhitespaceTokenizer):
    """Rasa's WhitespaceTokenizer; arabizi gets a second set of words, which stand after the text's end."""

    def tokenize(self, message: Message, attribute: str) -> list[Token]:
        """The words of one attribute of the message, in order."""
        tokens = super().tokenize(message, attribute)
        text = message.get(attribute)
        respelt = in_arabic_letters(text) if attribute == TEXT else None
        at = len(text) + 1
        for word in (respelt or "").split():
            tokens.append(Token(word, at, at + len(word)))
            at += len(word) + 1
        return tokens

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Cuts the examples; Rasa would look for eight other things in each, which ours do not have."""
        for example in training_data.training_examples:
            example.set(TOKENS_NAMES[TEXT], self.tokenize(example, TEXT))
        return training_data
