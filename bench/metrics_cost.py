"""What /metrics costs a turn, and each answer. Run it as `python -m bench.metrics_cost`."""

from __future__ import annotations

import time

from open_llm_vtuber.conversation.metrics import Times
from open_llm_vtuber.conversation.turn_record import TurnRecord
from open_llm_vtuber.server.measurements import Measurements
from open_llm_vtuber.server.snapshot import Snapshot

TURNS = 20_000
SCRAPES = 100


def main() -> None:
    """Print both."""
    measurements, begin = Measurements(), time.perf_counter()
    times = Times(begin, begin, heard=begin + 0.1, first_token=begin + 0.3, first_line=begin + 0.4)
    times.first_made, times.first_audio = begin + 0.5, begin + 0.51
    record = TurnRecord("1", "person", "answered", times, begin + 5, 2.0, begin - 0.2, 3, 4.0)
    before = time.perf_counter()
    for _ in range(TURNS):
        measurements.begun("person")
        measurements.ended(record)
    print(f"a turn: {(time.perf_counter() - before) / TURNS * 1e6:.0f} us")
    before = time.perf_counter()
    for _ in range(SCRAPES):
        measurements.take(Snapshot())
        measurements.text("")
    print(f"an answer, in a thread: {(time.perf_counter() - before) / SCRAPES * 1e3:.1f} ms")


if __name__ == "__main__":
    main()
