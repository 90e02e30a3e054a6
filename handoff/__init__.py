"""The human side: who gets a lead, what becomes of it, where counsellors see it."""
