"""Through what do we speak? Channels, and the mode in which each can carry a decision."""

from __future__ import annotations

from typing import Literal

Mode = Literal["inbound", "campaign", "triggered"]
MessageClass = Literal["marketing", "service", "legal"]

INBOUND_CHANNELS: tuple[str, ...] = ("web", "app", "call_centre", "shop")
OUTBOUND_CHANNELS: tuple[str, ...] = ("sms", "email", "push", "mail", "call")
CHANNELS: tuple[str, ...] = INBOUND_CHANNELS + OUTBOUND_CHANNELS
MESSAGE_CLASSES: tuple[MessageClass, ...] = ("marketing", "service", "legal")
