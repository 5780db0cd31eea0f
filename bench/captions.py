"""How far captions are from the voice: `uv run --with pocketsphinx python -m bench.captions`.

The code of the page itself is run on what the voices say, sentences of about ten seconds, and each
word's appearance is compared with where two aligners find its beginning in the sound: PocketSphinx,
which is given the words and aligns them, and Whisper, which writes them down with times. How good
they are is measured on words that were said one by one, so that it is known where they begin.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

import numpy as np
import soxr

from bench.harness import percentile
from open_llm_vtuber.audio import MIC_RATE, Pcm, to_pcm16
from open_llm_vtuber.engines.tts.base import AnyTTS
from open_llm_vtuber.engines.tts.hibari_tts import HibariTTS
from open_llm_vtuber.engines.tts.kokoro_tts import KokoroTTS
from open_llm_vtuber.engines.tts.piper_tts import PiperTTS
from open_llm_vtuber.engines.tts.speech import Speech
from open_llm_vtuber.weights.store import WeightStore
from tests.support.live import PROJECT

SENTENCES = (
    "I was walking home through the rain last night, thinking about all the little things that "
    "make a quiet evening feel complete, and suddenly I heard somebody singing.",
    "When the train finally arrived at the station everybody was already tired, but nobody wanted "
    "to go home before the music had started again in the garden behind the house.",
    "My favorite part of the story is where the old captain opens the letter, smiles, and throws "
    "the map into the sea, because he knows that the treasure was never there.",
    "Tell me what you would do with a whole week of holidays, no plans at all, a small boat on a "
    "long river, and a basket full of bread and apples from the market.",
    "Yes, the weather has been strange this year: first it snowed in the middle of spring, then "
    "it was so hot that the birds stopped singing, and now it rains every morning.",
    "She looked at the clock, put down her book, and went to the window, where a thin line of "
    "light was moving slowly across the hills on the other side of the valley.",
)
GRID_S = 0.005
GOAL_MS = 80
GAP_S = 0.25
"""Between words that are said one by one."""
PAGE = """
import { readFileSync } from "node:fs";
import { Captions } from "CAPTIONS";
import { Loudness } from "LOUDNESS";

const cases = JSON.parse(readFileSync(process.argv[2], "utf8"));
const shown = cases.map(({ text, words, samples, rate }) => {
  const bytes = readFileSync(samples);
  const sound = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
  const captions = new Captions(text);
  if (words.length) captions.tell(words);
  captions.append(new Loudness().feed(sound, rate));
  captions.end();
  return [...text.matchAll(/\\S+/g)].map(({ index }) => {
    for (let step = 0; step * GRID < sound.length / rate; step += 1)
      if (captions.heardAt(step * GRID) > index) return step * GRID;
    return sound.length / rate;
  });
});
console.log(JSON.stringify(shown));
"""
"""Run by Node.js: tells of each sentence when each word would be shown."""

Align = Callable[[Pcm, Sequence[str]], list[float | None]]
"""From a sound (16 kHz) and its words to when each begins, in seconds; None if it is not found."""


@dataclass(frozen=True)
class Said:
    """A sentence as a voice says it."""

    text: str
    speech: Speech
    rate: int

    @property
    def words(self) -> list[str]:
        """Its words, as `plain` has them."""
        return [plain(word) for word in self.text.split()]

    @property
    def heard(self) -> Pcm:
        """Its sound at 16 kHz."""
        sound: Pcm = soxr.resample(self.speech.pcm, self.rate, MIC_RATE).astype(np.float32)
        return sound


def plain(word: str) -> str:
    """Return a word in small letters, without marks."""
    return "".join(letter for letter in word.lower() if letter.isalnum())


def shown_by_page(said: Sequence[Said], *, told: bool) -> list[list[float]]:
    """Return when the page shows each word; without what the voice told, if it is not `told`."""
    with tempfile.TemporaryDirectory() as name:
        folder, audio = Path(name), PROJECT / "frontend" / "src" / "audio"
        page = PAGE.replace("CAPTIONS", str(audio / "captions.ts")).replace("GRID", str(GRID_S))
        (folder / "page.mjs").write_text(
            page.replace("LOUDNESS", str(audio / "loudness.ts")), "utf-8"
        )
        bundler = PROJECT / "node_modules" / ".bin" / "rolldown"
        bundle: list[str | Path] = [
            bundler,
            folder / "page.mjs",
            "--file",
            folder / "bundle.mjs",
            "-p",
            "node",
        ]
        subprocess.run(bundle, check=True, capture_output=True)
        cases = []
        for index, one in enumerate(said):
            samples = folder / f"{index}.f32"
            samples.write_bytes(one.speech.pcm.astype("<f4").tobytes())
            words = [word.__dict__ for word in one.speech.words] if told else []
            cases.append(
                {"text": one.text, "words": words, "samples": str(samples), "rate": one.rate}
            )
        (folder / "cases.json").write_text(json.dumps(cases), "utf-8")
        command: list[str | Path] = ["node", folder / "bundle.mjs", folder / "cases.json"]
        answer = subprocess.run(command, check=True, capture_output=True).stdout
    shown: list[list[float]] = json.loads(answer)
    return shown


def pocketsphinx() -> Align:
    """Return what aligns words with the model that is in the package."""
    from pocketsphinx import Decoder, get_model_path

    folder = Path(get_model_path(), "en-us")
    decoder = Decoder(
        hmm=str(folder / "en-us"),
        dict=str(folder / "cmudict-en-us.dict"),
        lm=None,
        loglevel="FATAL",
    )

    def align(heard: Pcm, words: Sequence[str]) -> list[float | None]:
        louder = heard * np.float32(0.8 / np.abs(heard).max())
        decoder.set_align_text(" ".join(words))
        decoder.start_utt()
        decoder.process_raw(to_pcm16(louder).tobytes(), full_utt=True)
        decoder.end_utt()
        found = [part for part in decoder.seg() if not part.word.startswith(("<", "["))]
        # A word that can be said in several ways has the way's number behind it.
        names = [plain(part.word.partition("(")[0]) for part in found]
        return matched(words, names, [part.start_frame / 100 for part in found])

    return align


def whisper(folder: Path) -> Align:
    """Return what writes down what it hears, with times."""
    from faster_whisper import WhisperModel

    model = WhisperModel(str(folder), device="cpu", compute_type="int8", local_files_only=True)

    def align(heard: Pcm, words: Sequence[str]) -> list[float | None]:
        options: dict[str, Any] = {"language": "en", "beam_size": 1, "word_timestamps": True}
        segments, _ = model.transcribe(heard, **options)
        found = [word for segment in segments for word in segment.words or ()]
        return matched(words, [plain(one.word) for one in found], [one.start for one in found])

    return align


def matched(
    words: Sequence[str], found: Sequence[str], times: Sequence[float]
) -> list[float | None]:
    """Return the time of each word that was found."""
    starts: list[float | None] = [None] * len(words)
    for word, other, length in SequenceMatcher(None, words, found, False).get_matching_blocks():
        for step in range(length):
            starts[word + step] = times[other + step]
    return starts


async def apart(tts: AnyTTS) -> list[tuple[Pcm, list[str], list[float]]]:
    """Return sentences whose words were said one by one: sound at 16 kHz, words, beginnings."""
    sentences = []
    for text in SENTENCES:
        words, parts, starts = [plain(word) for word in text.split()], [], []
        length = 0
        for word in words:
            pcm = await tts.in_turn(word.capitalize() + ".")
            heard = soxr.resample(pcm, tts.sample_rate, MIC_RATE).astype(np.float32)
            loud = np.flatnonzero(np.abs(heard) > 0.02 * np.abs(heard).max())
            heard = heard[loud[0] : loud[-1] + 1]
            gap = np.zeros(round(GAP_S * MIC_RATE), np.float32)
            length += len(gap)
            starts.append(length / MIC_RATE)
            length += len(heard)
            parts += [gap, heard]
        sentences.append((np.concatenate(parts), words, starts))
    return sentences


def drift(times: Sequence[float], starts: Sequence[float | None]) -> list[float]:
    """Return how much later than its beginning each word is, in milliseconds."""
    pairs = zip(times, starts, strict=True)
    return [(time - start) * 1000 for time, start in pairs if start is not None]


def tell(name: str, drifts: Sequence[float]) -> None:
    """Print a row."""
    sizes = sorted(abs(one) for one in drifts)
    within = sum(one <= GOAL_MS for one in sizes) / len(sizes)
    print(
        f"  {name:44} {len(sizes):4} words  mean {np.mean(drifts):+5.0f}  p50 "
        f"{percentile(sizes, 0.5):4.0f}  p90 {percentile(sizes, 0.9):4.0f}  max {sizes[-1]:4.0f}  "
        f"within {GOAL_MS} ms {within:4.0%}",
        flush=True,
    )


async def main() -> None:
    """Print the drift of each voice against each aligner, and how good these are."""
    store = WeightStore(PROJECT / "models")
    aligners = {
        "PocketSphinx": pocketsphinx(),
        "Whisper base": whisper(await store.weights("whisper-base")),
    }
    voices: list[AnyTTS] = [
        HibariTTS(HibariTTS.Config()),
        PiperTTS(PiperTTS.Config(model_path="en_US-joe-medium")),
        KokoroTTS(KokoroTTS.Config()),
    ]
    print("Milliseconds from the beginning of a word to its appearance; + is late.")
    for tts in voices:
        await tts.run(tts.prepare)
        await tts.load(store)
        if isinstance(tts, HibariTTS):
            known = await apart(tts)
            for name, align in aligners.items():
                errors = [
                    error
                    for heard, words, starts in known
                    for error in drift(starts, align(heard, words))
                ]
                tell(f"what {name} makes of words said one by one", errors)
        said = [Said(text, await tts.whole_in_turn(text), tts.sample_rate) for text in SENTENCES]
        length_s = np.mean([len(one.speech.pcm) / one.rate for one in said])
        print(f"{tts.name}: {len(said)} sentences of {length_s:.1f} s")
        for told in (True, False):
            if told and not said[0].speech.words:
                continue
            by = "by its own times" if told else "by the loudness"
            shown = shown_by_page(said, told=told)
            for name, align in aligners.items():
                drifts = [
                    error
                    for one, times in zip(said, shown, strict=True)
                    for error in drift(times, align(one.heard, one.words))
                ]
                tell(f"{by}, against {name}", drifts)
        await tts.close()


if __name__ == "__main__":
    asyncio.run(main())
