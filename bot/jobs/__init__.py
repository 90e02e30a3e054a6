"""What the clock sets going: sends, due rows, retention."""
