"""What is counted of one server, for /metrics: no words, no names of people, no addresses."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from prometheus_client import CollectorRegistry, Counter, Histogram, Info, ProcessCollector
from prometheus_client.exposition import choose_encoder
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from .. import __version__
from ..conversation.turn_record import TurnRecord
from ..conversation.turn_request import TurnTrigger
from ..engines.kinds import Kind
from .snapshot import Snapshot

WAITS_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.35, 0.5, 0.75, 1, 1.5, 2, 3, 5, 10, 30)
LENGTHS_S = (0.5, 1, 2, 5, 10, 20, 40, 80, 160, 320, 640)
LAGS_S = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 5)


class Measurements:
    """Belongs to one server, with a registry of its own. It is a `TurnWatch`."""

    def __init__(self) -> None:
        self._registry = registry = CollectorRegistry()
        Info("olv_build", "What runs here.", registry=registry).info({"version": __version__})
        self._begun = Counter(
            "olv_turns_begun",
            "Turns that began, by what made her speak.",
            ["trigger"],
            registry=registry,
        )
        self._ended = Counter(
            "olv_turns_ended",
            "Turns that are over, by how they ended.",
            ["outcome"],
            registry=registry,
        )
        self._waits = Histogram(
            "olv_turn_stage_seconds",
            "How long the first sound was waited for at each stage; they add up.",
            ["stage"],
            registry=registry,
            buckets=WAITS_S,
        )
        self._first_sound = Histogram(
            "olv_turn_first_sound_seconds",
            "From when the person was done until her first sound had been sent.",
            registry=registry,
            buckets=WAITS_S,
        )
        self._length = Histogram(
            "olv_turn_seconds",
            "From when the person was done until the turn was over, what was played included.",
            registry=registry,
            buckets=LENGTHS_S,
        )
        self._heard = Counter("olv_speech_heard_seconds", "Speech answered.", registry=registry)
        self._spoken = Counter("olv_speech_sent_seconds", "Speech sent.", registry=registry)
        self._sentences = Counter("olv_sentences_sent", "Sentences sent.", registry=registry)
        self._errors = Counter(
            "olv_engine_errors",
            "What engines could not do, as people were told.",
            ["kind", "engine", "code"],
            registry=registry,
        )
        self._lag = Histogram(
            "olv_event_loop_lag_seconds",
            "How late the event loop was, measured several times a second.",
            registry=registry,
            buckets=LAGS_S,
        )
        ProcessCollector(registry=registry)  # only Linux tells
        self._now = _Now()
        registry.register(self._now)

    def begun(self, trigger: TurnTrigger) -> None:
        """A turn begins."""
        self._begun.labels(trigger).inc()

    def ended(self, record: TurnRecord) -> None:
        """A turn is over."""
        self._ended.labels(record.outcome).inc()
        for stage, seconds in record.waits():
            self._waits.labels(stage).observe(seconds)
        if (first := record.times.first_audio) is not None:
            self._first_sound.observe(max(first - record.begin, 0.0))
        self._length.observe(max(record.ended - record.begin, 0.0))
        self._heard.inc(record.speech_s or 0.0)
        self._spoken.inc(record.sound_s)
        self._sentences.inc(record.sentences)
        for one in record.failures:
            self.engine_failed(one.kind, one.engine, one.code)

    def engine_failed(self, kind: Kind, engine: str, code: str) -> None:
        """An engine could not do what was asked."""
        self._errors.labels(kind, engine, code).inc()

    def loop_was_late(self, seconds: float) -> None:
        """The event loop was so much too late."""
        self._lag.observe(seconds)

    def take(self, now: Snapshot) -> None:
        """Have the next `text` tell how the server is now."""
        self._now.snapshot = now

    def text(self, accept: str) -> tuple[bytes, str]:
        """Return all of it, and its media type, as who asks can `accept` it.

        It takes milliseconds: not for the event loop.
        """
        encode, media_type = choose_encoder(accept)
        return encode(self._registry), media_type


class _Now(Collector):
    """What is known only at the moment when it is asked for."""

    def __init__(self) -> None:
        self.snapshot = Snapshot()

    def collect(self) -> Iterator[Metric]:
        """Yield the gauges."""
        now = self.snapshot
        clients = GaugeMetricFamily(
            "olv_clients", "Clients that are connected, or lost and waited for.", labels=["state"]
        )
        clients.add_metric(["connected"], now.connected)
        clients.add_metric(["waited_for"], now.waited_for)
        yield clients
        for name, told, value in (
            ("olv_spectators", "Who look on, such as overlays.", now.spectators),
            ("olv_clients_in_groups", "Clients that talk in a group.", now.in_groups),
            ("olv_turns_running", "Turns that are running.", now.turns_running),
            ("olv_turns_waiting", "Requests that wait for a turn.", now.turns_waiting),
            ("olv_held_bytes", "What was said and is not answered yet.", now.held_bytes),
            ("olv_outbox_frames", "Frames that wait to be sent.", now.outbox_frames),
            ("olv_outbox_bytes", "Their size.", now.outbox_bytes),
            (
                "olv_outbox_fullest_bytes",
                "What waits for the client that has most.",
                now.outbox_fullest_bytes,
            ),
            ("olv_asyncio_tasks", "Tasks of the event loop.", now.tasks),
            ("olv_threads", "Threads that Python knows.", now.threads),
        ):
            yield GaugeMetricFamily(name, told, value=value)
        yield from self._engines()

    def _engines(self) -> Iterator[Metric]:
        sums: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0, 0, 1])
        for one in self.snapshot.engines:
            known = sums[(one.kind, one.name)]
            known[0] += one.running
            known[1] += one.waiting
            known[2] += one.users
            known[3] = min(known[3], int(one.ready))
        for place, (name, told) in enumerate(
            (
                ("olv_engine_calls_running", "Calls at work in an engine."),
                ("olv_engine_calls_waiting", "Calls that wait for a place in an engine."),
                ("olv_engine_users", "Who holds an engine: clients, and the server itself."),
                ("olv_engine_ready", "1 where an engine can be used, else 0."),
            )
        ):
            family = GaugeMetricFamily(name, told, labels=["kind", "engine"])
            for labels, values in sorted(sums.items()):
                family.add_metric(labels, values[place])
            yield family
