"""Understanding: text in, Reading out."""
