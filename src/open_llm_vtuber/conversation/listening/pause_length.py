"""How long a pause must be before the turn is taken, out of what is known of it. Pure.

What is known adds up as log-odds that the person is done, and these make the usual pause shorter or
longer. Nothing known: the pause is the usual one.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from .pace import USUAL_PAUSE_S
from .words_cue import Cue

DETECTOR = 0.4
"""How much the turn detector's log-odds count: it is sure of itself more often than it is right."""
MOST = 3.0
"""Log-odds of one answer beyond that, either way, count as that."""
CUES = {Cue.COMPLETE: 0.9, Cue.UNKNOWN: 0.0, Cue.OPEN: -1.3, Cue.INCOMPLETE: -3.5}
"""Log-odds that the words so far stand for."""
ODDS_PER_HALVING = 1.4
"""Log-odds that halve the pause; as many against it double it."""

SHORTEST, LONGEST = 0.4, 2.4
"""Of the usual pause: 0.31 and 1.84 s where that is 0.77 s."""
WORDLESS = 0.65
"""The shortest one where the words say nothing: 0.5 s. The sound alone is wrong too often."""
AWAITED = 1.3
"""The same while they are still being written down: 1 s. There is no answer before they are."""
FLOOR_S, CEILING_S = 0.2, 2.0
"""However quick or calm the person wants it; only the usual pause itself may be longer."""

QUICKEST, SLOWEST = 0.85, 1.5
"""What somebody's own pace makes of a pause, at most."""


@dataclass(frozen=True)
class Evidence:
    """What is known of a pause, so far."""

    detector: tuple[float, ...] = ()
    """How likely the turn detector thought it complete each time that it was asked, 0 to 1."""
    cue: Cue = Cue.UNKNOWN
    """What the words so far say."""
    awaits_words: bool = False
    """Whether the words are still being written down."""
    pace_s: float | None = None
    """A long pause for this person, after which they spoke on; None while that is not known."""


def needed_s(evidence: Evidence, usual_s: float, neutral: float = 0.5) -> float:
    """Return how long the pause must be, in seconds.

    `usual_s` is for a pause of which nothing is known; a detector that answers `neutral` changes
    nothing.
    """
    odds = CUES[evidence.cue]
    if answers := evidence.detector:
        certain = sum(_log_odds(answer) for answer in answers) / len(answers)
        odds += DETECTOR * (certain - _log_odds(neutral))
    wanted = usual_s * 2 ** (-odds / ODDS_PER_HALVING)
    if evidence.pace_s is not None:
        wanted *= min(max(math.sqrt(evidence.pace_s / USUAL_PAUSE_S), QUICKEST), SLOWEST)
    least = WORDLESS if evidence.cue is Cue.UNKNOWN else SHORTEST
    shortest = min(max(usual_s * least, FLOOR_S), usual_s)
    longest = max(min(usual_s * LONGEST, CEILING_S), usual_s)
    found = min(max(wanted, shortest), longest)
    return max(found, usual_s * AWAITED) if evidence.awaits_words else found


def _log_odds(probability: float) -> float:
    """Return the log-odds of a probability, at most `MOST` either way."""
    edge = 1 / (1 + math.exp(MOST))
    inside = min(max(probability, edge), 1 - edge)
    return math.log(inside / (1 - inside))
