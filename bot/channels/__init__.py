"""Channels: their updates become Inbound, our Outbound becomes their calls. Adapters, no rules."""
