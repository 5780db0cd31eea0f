"""A spoken turn with the embedded engines at the pace of real speech, beside the engines alone.

`uv run python -m bench.spoken_turn [PAIRS]`. Recordings are streamed as a microphone would, the
server decides that the turn is taken, and the time from there to the first sound is compared with
what the same engine objects need for the same work without any server: the answer's first clause
and its voice. Goal: a median ratio of at most 1.15. The transcription is done during the pause that
decides the turn, so it is no part of either; what it takes alone is printed. So is the endpointing:
from the last voiced sample to the decision.
"""

from __future__ import annotations

import asyncio
import re
import sys
import time
from contextlib import aclosing
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import numpy as np
import soundfile
import yaml

from bench.harness import PROJECT, OurServer, embedded, our_server, ready, socket_to, until
from open_llm_vtuber.audio import MIC_RATE, Pcm
from open_llm_vtuber.config import load_config
from open_llm_vtuber.conversation.speaking.feelings import Faces
from open_llm_vtuber.conversation.speaking.sentences import SentenceSplitter
from open_llm_vtuber.conversation.speaking.speech_text import Script
from open_llm_vtuber.engines.asr.moonshine_asr import MoonshineASR, MoonshineConfig
from open_llm_vtuber.engines.llm.base import ChatMessage
from open_llm_vtuber.engines.llm.llama_cpp.config import LlamaCppConfig
from open_llm_vtuber.engines.llm.llama_cpp.engine import LlamaCppLLM
from open_llm_vtuber.engines.tts.hibari_tts import HibariConfig, HibariTTS
from open_llm_vtuber.engines.vad.silero_vad import SileroConfig, SileroVAD
from open_llm_vtuber.weights.store import WeightStore

SPEECH = PROJECT.parent / "shared" / "speech"
RECORDINGS = ("synth_flite_slt", "human_goforward", "synth_espeak_f3", "human_sns_0880")
"""Taken in turn, so that the model has not just read the same words in the slot it takes."""
FRAME = 512


@dataclass(frozen=True)
class Engines:
    """The same engines as the server's, in this process."""

    asr: MoonshineASR
    llm: LlamaCppLLM
    tts: HibariTTS
    system: ChatMessage
    script: Script

    async def answer(self, text: str) -> tuple[float, float, float]:
        """Return ms to the first token, to the first clause, and to its voice."""
        started = time.perf_counter()
        splitter, token, clause = SentenceSplitter(), 0.0, 0.0
        pieces: list[str] = []
        async with aclosing(self.llm.stream([self.system, ChatMessage("user", text)])) as deltas:
            async for delta in deltas:
                token = token or time.perf_counter()
                if isinstance(delta, str) and (pieces := splitter.feed(delta)):
                    break
            clause = time.perf_counter()
            # As in the server, the voice begins while the model still writes.
            line = self.script.read((pieces or splitter.flush())[0])
            assert line is not None
            async with aclosing(self.tts.synthesize(line.speech)) as chunks:
                async for _ in chunks:
                    continue
        done = time.perf_counter()
        return (token - started) * 1000, (clause - token) * 1000, (done - clause) * 1000


async def load_engines(values: dict[str, object], folder: Path) -> Engines:
    """Load the engines of a conf.yaml of `values`; its persona is read."""
    (folder / "floor.yaml").write_text(yaml.safe_dump(values), "utf-8")
    character = load_config(folder / "floor.yaml").config.character_config
    llm_config = character.engine("llm").config
    assert isinstance(llm_config, LlamaCppConfig)
    store = WeightStore(PROJECT / "models")
    engines = Engines(
        MoonshineASR(MoonshineConfig()),
        LlamaCppLLM(llm_config),
        HibariTTS(HibariConfig()),
        ChatMessage("system", character.persona_prompt.strip()),
        Script(Faces({}), character.tts_preprocessor_config),
    )
    for engine in (engines.asr, engines.llm, engines.tts):
        await engine.run(engine.prepare)
        await engine.load(store)
    await engines.llm.prefill([engines.system])
    return engines


async def last_voiced(pcm: Pcm) -> int:
    """Return the number of the last voiced frame."""
    vad = SileroVAD(SileroConfig())
    await vad.load(WeightStore(PROJECT / "models"))
    frames = pcm[: len(pcm) // FRAME * FRAME].reshape(-1, FRAME)
    probabilities = await vad.open_stream().feed(frames)
    await vad.close()
    return max(index for index, one in enumerate(probabilities) if one >= 0.4)


async def _spoken(server: OurServer, pcm: Pcm, last_voiced: int) -> tuple[float, float, str]:
    """Return ms from the last voiced sample to the decision, from there to sound, and the text."""
    async with socket_to(server.url) as socket:
        await until(socket, "start-mic")
        await socket.send('{"type":"create-new-history"}')
        await socket.send('{"type":"mic-stream-start"}')
        voiced_at = 0.0

        async def speak() -> None:
            nonlocal voiced_at
            start = time.perf_counter()
            for index in range(len(pcm) // FRAME):
                await asyncio.sleep(start + (index + 1) * FRAME / MIC_RATE - time.perf_counter())
                frame = pcm[index * FRAME : (index + 1) * FRAME]
                await socket.send((frame * 32767).astype("<i2").tobytes())
                if index == last_voiced:
                    voiced_at = time.perf_counter()

        speaking = asyncio.create_task(speak())
        await until(socket, "conversation-chain-start")
        decided_at = time.perf_counter()
        heard = await until(socket, "user-input-transcription")
        await until(socket, '"type":"audio"')
        sounded_at = time.perf_counter()
        await socket.send('{"type":"interrupt-signal","text":""}')
        speaking.cancel()
        await asyncio.wait([speaking])
    text = re.sub(r'.*"text":"(.*)"}', r"\1", heard)
    return (decided_at - voiced_at) * 1000, (sounded_at - decided_at) * 1000, text


async def _main(pairs: int) -> None:
    quiet = np.zeros(MIC_RATE // 2, np.float32)
    spoken = []
    for name in RECORDINGS:
        words: Pcm = soundfile.read(SPEECH / f"{name}.wav", dtype="float32")[0]
        pcm = np.concatenate([quiet, words, quiet, quiet, quiet, quiet])
        spoken.append((words, pcm, await last_voiced(pcm)))
    values = embedded()
    with our_server(values) as server:
        engines = await load_engines(values, server.log.parent)
        async with socket_to(server.url) as socket:
            await ready(socket)
        await engines.answer("Hello.")
        ratios, ours, endpointing, alone, asr = [], [], [], [], []
        for number in range(pairs):
            words, pcm, last = spoken[number % len(spoken)]
            decided, sounded, text = await _spoken(server, pcm, last)
            await asyncio.sleep(0.3)
            started = time.perf_counter()
            await engines.asr.transcribe(words)
            asr.append((time.perf_counter() - started) * 1000)
            parts = await engines.answer(text)
            await asyncio.sleep(0.3)
            endpointing.append(decided)
            ours.append(sounded)
            alone.append(parts)
            ratios.append(sounded / sum(parts))
            print(
                f"{number + 1}: ours {sounded:.0f} ms, engines alone "
                f"{' + '.join(f'{part:.0f}' for part in parts)} = {sum(parts):.0f} ms, "
                f"ratio {ratios[-1]:.2f}",
                flush=True,
            )
        split = [median(part[index] for part in alone) for index in range(3)]
        print(f"ours, by its log: {server.turns()[-1]}")
        print(
            f"endpointing {median(endpointing):.0f} ms; from the decision to the first sound "
            f"{median(ours):.0f} ms; engines alone: ASR {median(asr):.0f} ms (done in the pause), "
            f"first token {split[0]:.0f}, first clause {split[1]:.0f}, TTS {split[2]:.0f} ms; "
            f"median ratio of {pairs} pairs {median(ratios):.2f}"
        )
        for engine in (engines.asr, engines.llm, engines.tts):
            await engine.close()


if __name__ == "__main__":
    asyncio.run(_main(int(sys.argv[1]) if len(sys.argv) > 1 else 20))
