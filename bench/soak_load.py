"""What clients of all kinds do to a server, again and again: the load of `bench.soak`.

Each of PARTS is one visit: it comes, does what its kind does, and goes. A turn counts as begun when
it was asked for, and has to end; one that does not within HANGS_S is a failure.
"""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Callable, Coroutine, Sequence
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, field

import httpx
import orjson
from websockets.exceptions import ConnectionClosed, InvalidHandshake

from open_llm_vtuber.audio import MIC_RATE, Pcm, wav_bytes
from tests.support.client import (
    Client,
    client,
    http_url,
    is_chain_end,
    resampled,
    socket_to,
    sound,
)
from tests.support.fault_proxy import Fault, FaultProxy
from tests.support.returning import Returning, returning

HANGS_S = 60.0
HEARD_S = 1.0
"""So long nothing may come before who comes back takes its connection for dead."""
LOST = (ConnectionClosed, InvalidHandshake, asyncio.TimeoutError, OSError, EOFError)
FAULTS = (
    Fault(delay_s=0.01),
    Fault(jitter_s=0.02),
    Fault(pace_s=0.002),
    Fault(after=5_000, ending="cut"),
    Fault(after=20_000, ending="reset"),
    Fault(after=20_000, ending="garbage"),
    Fault(after=9_000, ending="silence"),
)


@dataclass
class Scene:
    """The server, the network before it, and what has happened so far."""

    url: str
    characters: tuple[str, ...]
    """Files of characters that can be switched to."""
    voice: Pcm
    """Somebody who says something, at 16 kHz."""
    proxies: tuple[FaultProxy, ...]
    """One for each that comes by a bad network."""
    random: random.Random = field(default_factory=lambda: random.Random(7))
    counts: Counter[str] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)

    async def turn(self, one: Client, ends: Coroutine[object, object, object], how: str) -> None:
        """Wait for the end of a turn that was asked for; count it by `how` it ends."""
        self.counts["begun"] += 1
        try:
            await asyncio.wait_for(ends, HANGS_S)
        except asyncio.TimeoutError:
            raise RuntimeError(f"a turn of client {one.uid[:8]} did not end") from None
        self.counts[how] += 1


async def typing(at: Scene, proxy: FaultProxy) -> None:
    """Three questions, another conversation, and that deleted."""
    async with client(at.url) as one:
        for number in range(3):
            await at.turn(one, one.say(f"Tell me of the sea, number {number}."), "ended")
        await one.new_conversation()
        uid = one.history_uid
        await at.turn(one, one.say("And of the land."), "ended")
        await one.new_conversation()
        await one.ask("delete-history", "history-deleted", history_uid=uid)


async def speaking(at: Scene, proxy: FaultProxy) -> None:
    """Two recordings, as the documented client cuts them out."""
    async with client(at.url) as one:
        for _ in range(2):
            await one.record(at.voice)
            await at.turn(one, one.turn(), "ended")


async def hands_free(at: Scene, proxy: FaultProxy) -> None:
    """A microphone that stays open: the server hears when somebody has spoken."""
    whole = (at.voice * 32767).astype("<i2").tobytes()
    async with client(at.url) as one:
        await one.send("mic-stream-start")
        for _ in range(2):
            for start in range(0, len(whole), 8192):
                await one.socket.send(whole[start : start + 8192])
            silent = asyncio.create_task(_silence(one))
            try:
                await at.turn(one, one.turn(), "ended")
            finally:
                silent.cancel()
        await one.send("mic-stream-stop")


async def _silence(one: Client) -> None:
    """An open microphone in a quiet room."""
    while True:
        await one.socket.send(bytes(2 * MIC_RATE // 10))
        await asyncio.sleep(0.02)


async def interrupting(at: Scene, proxy: FaultProxy) -> None:
    """Breaks in on an answer that is being spoken, and on one that is being thought of."""
    async with client(at.url) as one:
        for kind in ("audio", "control"):
            await one.type("Tell me everything.")
            await one.until_type(kind, play=False)
            await one.interrupt()
            await at.turn(one, one.settled(), "interrupted")  # nothing else tells of that end
            if after := [m for m in await one.settled() if m["type"] in ("audio", "control")]:
                raise RuntimeError(f"after an interrupt came {after}"[:300])
        await at.turn(one, one.say("Something shorter."), "ended")


async def grouping(at: Scene, proxy: FaultProxy) -> None:
    """Two people and two characters; one of them leaves."""
    async with client(at.url) as one, client(at.url) as two:
        await one.change_group("add-client-to-group", invitee_uid=two.uid)
        await two.until_type("group-operation-result")

        async def whole(person: Client) -> None:
            for _ in range(2):  # each character answers once
                await person.until(is_chain_end)

        await one.send("text-input", text="Hello, both.", images=[])

        async def both() -> None:
            await asyncio.gather(whole(one), whole(two))

        await at.turn(one, both(), "ended")
        await two.change_group("remove-client-from-group", target_uid=two.uid)
        await at.turn(one, one.say("Now we are alone."), "ended")


async def sharing(at: Scene, proxy: FaultProxy) -> None:
    """Two guests of /proxy-ws, each of whom says something."""
    async with AsyncExitStack() as stack:
        guests = []
        for _ in range(2):
            socket = await stack.enter_async_context(socket_to(at.url, "/proxy-ws"))
            guests.append(Client(socket))
            await guests[-1].until_type("set-model-and-conf")
        for one in guests:
            # It has to be the end of a turn of its own: others may be answered before.
            mark = f"I am guest {at.random.random()}."
            await one.send("text-input", text=mark, images=[])
            await at.turn(one, _answered(one), "ended")


async def _answered(one: Client) -> None:
    while True:
        await one.until(is_chain_end)
        # What is sent after the end of the last text is taken at once.
        if not any(m["type"] == "control" for m in await one.beat()):
            return


async def coming_back(at: Scene, proxy: FaultProxy) -> None:
    """A bad network: the session goes on over another connection, and no turn is lost."""
    async with returning(proxy.of(at.url)) as one:
        for _ in range(3):
            way = at.random.choice(("to_client", "to_server"))
            setattr(proxy, way, at.random.choice(FAULTS))
            with suppress(*LOST):  # it is kept, and said again
                await one.send("text-input", text="Tell me of the sea.")
            await at.turn(one, _whole(one, proxy, at), "ended")
        proxy.mend()


async def _whole(one: Returning, proxy: FaultProxy, at: Scene) -> None:
    while True:
        try:
            message = await one.receive(HEARD_S)
            await one.play(message)
            if is_chain_end(message):
                return
        except LOST:
            proxy.mend()
            one.lose()
            answer = await one.come_back()
            if answer["type"] != "resumed":
                raise RuntimeError(f"came back in vain: {answer}") from None
            at.counts["came back"] += 1


async def leaving(at: Scene, proxy: FaultProxy) -> None:
    """Lost amid an answer and never back: one that could come back, and one that could not."""
    async with returning(proxy.of(at.url)) as one:
        await one.send("text-input", text="Tell me of the sea.")
        await one.until_type("audio", play=False)
        at.counts["begun"] += 1
        at.counts["left"] += 1
        one.lose()
    async with client(proxy.of(at.url)) as other:
        await other.type("Tell me of the sea.")
        await other.until_type("control", play=False)
        at.counts["begun"] += 1
        at.counts["left"] += 1
        proxy.cut(reset=True)


async def switching(at: Scene, proxy: FaultProxy) -> None:
    """Each character says something; a conversation is opened again, and a setting changed."""
    async with client(at.url) as one, httpx.AsyncClient(timeout=30) as web:
        for file in at.characters:
            (*_, last) = await one.switch(file)
            if last["type"] == "error":
                raise RuntimeError(last["message"])
            await at.turn(one, one.say("And who are you?"), "ended")
        await one.send("fetch-history-list")
        for stored in (await one.until_type("history-list"))[-1]["histories"][:1]:
            await one.ask("fetch-and-set-history", "history-data", history_uid=stored["uid"])
        await at.turn(one, one.say("Where were we?"), "ended")
        config = http_url(at.url, "/api/config")
        etag = (await web.get(config)).json()["etag"]
        path = ["character_config", "persona_prompt"]
        edit = {"path": path, "value": f"You are test {at.random.randint(0, 9)}."}
        answer = await web.patch(config, json={"etag": etag, "edits": [edit]})
        if answer.status_code != 409:  # another was quicker
            answer.raise_for_status()
        await at.turn(one, one.say("And now?"), "ended")


async def web_tool(at: Scene, proxy: FaultProxy) -> None:
    """The page that tests ears and voice, and somebody who looks on."""
    async with socket_to(at.url, "/watch-ws"), httpx.AsyncClient(timeout=HANGS_S) as web:
        files = {"file": ("a.wav", wav_bytes(at.voice, MIC_RATE))}
        (await web.post(http_url(at.url, "/asr"), files=files)).raise_for_status()
        (await web.get(http_url(at.url, "/health"))).raise_for_status()
        async with socket_to(at.url, "/tts-ws") as socket:
            await socket.send(orjson.dumps({"text": "One sentence. And another."}).decode())
            at.counts["begun"] += 1
            while (said := orjson.loads(await asyncio.wait_for(socket.recv(), HANGS_S)))[
                "status"
            ] == "partial":
                (await web.get(http_url(at.url, f"/{said['audioPath']}"))).raise_for_status()
            if said["status"] != "complete":
                raise RuntimeError(f"/tts-ws: {said}")
            at.counts["ended"] += 1


Part = Callable[[Scene, FaultProxy], Coroutine[None, None, None]]

PARTS: tuple[Part, ...] = (
    typing,
    speaking,
    hands_free,
    interrupting,
    grouping,
    sharing,
    coming_back,
    leaving,
    switching,
    web_tool,
)


async def play(at: Scene, parts: Sequence[Part], until_s: float, pause_s: float) -> None:
    """Have all parts visit the server at once, again and again, until a time of the loop."""
    await asyncio.gather(
        *(
            _again(part, at, proxy, until_s, pause_s)
            for part, proxy in zip(parts, at.proxies, strict=True)
        )
    )


async def _again(
    part: Part,
    at: Scene,
    proxy: FaultProxy,
    until_s: float,
    pause_s: float,
) -> None:
    loop = asyncio.get_running_loop()
    while True:
        try:
            await part(at, proxy)
            at.counts[part.__name__] += 1
        except Exception as error:  # noqa: BLE001 - it is told at the end, and the load goes on
            at.failures.append(f"{part.__name__}: {type(error).__name__}: {str(error)[:200]}")
        proxy.mend()
        if loop.time() >= until_s:
            return
        await asyncio.sleep(pause_s * 2 * at.random.random())


async def voice_of(url: str, character: str) -> Pcm:
    """Return a sentence that a character says, at 16 kHz: speech, for who has to speak."""
    async with client(url) as one:
        await one.switch(character)
        messages = await one.say("Say something.")
        pcm, rate = next(sound(m) for m in messages if m["type"] == "audio" and m["audio"])
        return resampled(pcm, rate)
