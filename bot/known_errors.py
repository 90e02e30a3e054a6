"""What can be wrong with the data or the set-up: said in one sentence, without a traceback."""

from bot.calendar.errors import CalendarError
from bot.store.errors import StoreError
from bot.translations import ContentError
from handoff.errors import HandoffError
from nlu.errors import NluError

KNOWN_ERRORS = (ContentError, CalendarError, HandoffError, NluError, StoreError)
