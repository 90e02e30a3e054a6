"""How the encoder's adapter is made from our examples. Needs PyTorch, which nothing else here does."""
