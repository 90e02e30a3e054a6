"""The calendar: read from a spreadsheet or iCalendar, checked whole, laid out into sessions, written out again."""
