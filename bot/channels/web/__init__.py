"""The web channels: the Rasa-compatible REST channel and the chat page."""
