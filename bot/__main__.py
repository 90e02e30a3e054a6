"""``python -m bot``: the command line."""

from bot.collecting import nothing_collected

with nothing_collected():
    from bot.cli import main

main()
