"""Is it noticed at all? The chance that a message, call or page is noticed, by channel, hour, habit and fatigue.

Reads the crowd and the state; returns one chance a contact. Before: wishes.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from hogar.telco.channels import CHANNELS, INBOUND_CHANNELS
from hogar.twin.arrays import Floats, Index
from hogar.twin.parameters.reactions import Reactions
from hogar.twin.reactions.crowd import Crowd
from hogar.twin.reactions.state import State

INBOUND = len(INBOUND_CHANNELS)
CALL, MAIL, EMAIL, SMS = (CHANNELS.index(name) for name in ("call", "mail", "email", "sms"))
DAY = 86_400


def reach(
    crowd: Crowd, state: State, person: NDArray[Any], channel: NDArray[Any], at: Index, params: Reactions
) -> Floats:
    """The chance that the person notices; `at` in seconds. Opting out is not looked at here."""
    usual = crowd.channel[person, np.maximum(channel - INBOUND, 0)]
    usual = np.where(channel == CALL, usual * params.pick_up / 0.5, usual)
    hour = (at % DAY) / 3600
    apart = np.abs(hour - crowd.awake[person])
    apart = np.minimum(apart, 24 - apart)
    patient = np.isin(channel, (MAIL, EMAIL))  # lies there until it is read
    width = params.hour_width * np.where(patient, 4.0, 1.0)
    by_hour = params.hour_floor + (1 - params.hour_floor) * np.exp(-0.5 * (apart / width) ** 2)
    tired = pressure(state, person, at, params)
    left = 1 - params.fatigue_most * tired**2 / (tired**2 + params.fatigue_half**2)
    outbound = np.clip(usual * by_hour * left, 0, 0.98)
    return np.where(channel < INBOUND, params.inbound, outbound)


def pressure(state: State, person: NDArray[Any], at: Index, params: Reactions) -> Floats:
    """How many messages of late still weigh on the person."""
    days = np.maximum(at - state.heard_at[person], 0) / DAY
    return np.asarray(state.pressure[person] * np.exp(-days / params.fatigue_days))
