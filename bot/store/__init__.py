"""The store: the one door to SQLAlchemy. Rows in, values out, one transaction a turn."""
