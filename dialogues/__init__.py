"""The rules: what the bot does with what it is told. Pure: no I/O, no clock, nothing of the other rooms."""
