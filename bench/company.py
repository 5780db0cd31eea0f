"""How good company she is: dialogues in English and Chinese, held to rules; no model judges.

`uv run python -m bench.company [--config FILE] [--set KEY=VALUE ...] [--only WORDS] [--half NAME]
[--every N]`.
Asked are the characters that ship, English and Chinese, as the server has them: their prompt, agent
and language model, sentences and faces; the model is the one of the conf.yaml, whoever runs it.
Some checks ask a character just made instead: she has a short persona, and knows what the person is
called. `--set` lays a key over its section (`--set model_path=smollm2-135m-instruct`). Everything
she says is printed, with what is wrong with it; then two tables: checks that were passed, and of
all answers the share that keeps each rule. Prompts are tuned on the one `--half` of the checks; the
other one, `held-out`, nobody looks at before.
"""

from __future__ import annotations

import argparse
import asyncio
import re
import tempfile
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import cast

import yaml

from bench.company_checks import CHECKS
from bench.company_dialogue import Check, Felt, New
from bench.company_rules import Answer, Language
from open_llm_vtuber.agent.base import Agent, AgentContext, AnyAgent, Heard, Remark
from open_llm_vtuber.agent.prompts import Prompts
from open_llm_vtuber.cjk import written_in
from open_llm_vtuber.config import Config, load_config
from open_llm_vtuber.config.characters import Characters
from open_llm_vtuber.conversation.metrics import Times
from open_llm_vtuber.conversation.speaking.feelings import Faces
from open_llm_vtuber.conversation.speaking.reply_lines import ReplyLines
from open_llm_vtuber.conversation.speaking.speech_text import Line, Script
from open_llm_vtuber.engines.base import EngineError
from open_llm_vtuber.engines.llm.base import AnyLLM
from open_llm_vtuber.engines.pool import EnginePool
from open_llm_vtuber.history.store import HistoryStore
from open_llm_vtuber.live2d.models import emotions, load_model_info
from open_llm_vtuber.memory.conversation_recollection import ConversationRecollection
from open_llm_vtuber.memory.records import Owner
from open_llm_vtuber.memory.store import MemoryStore
from open_llm_vtuber.weights.store import WeightStore

PROJECT = Path(__file__).parents[1]
CHARACTERS: dict[Language, str] = {"en": "conf.yaml", "zh": "zh_xiaohe.yaml"}
SEED = 1
"""Of the choice of words, where the language model takes one."""


@dataclass(frozen=True)
class Companion:
    """One character, as a connection has her."""

    config: Config
    prompts: Prompts
    faces: dict[str, int | str]
    """Her expressions, by the words that stand for them."""
    agents: AnyAgent
    llm: AnyLLM
    memories: MemoryStore
    """Of nothing."""

    def open(self, new: New | None) -> Conversation:
        """Return a conversation that has not begun with her, or with a `new` one like her."""
        character, limits = self.config.character_config, self.config.system_config.limits
        recollection = self._recollection(new) if new else None
        if new and new.persona:
            made = {"character_name": new.name, "persona_prompt": new.persona}
            character = character.model_copy(update={**made, "example_dialogue": []})
        system = self.prompts.system(character, self.faces)
        examples = self.prompts.examples(character, self.faces)
        given = AgentContext(
            *(system, self._model, None, limits),
            examples=examples,
            cautions=self.prompts.cautions(),
            recollection=recollection,
        )
        return Conversation(self, self.agents.open(given))

    def _recollection(self, new: New) -> ConversationRecollection:
        async def embed(_: str) -> None:
            return None

        owner = Owner(new.name, new.person)
        own = self.config.character_config
        chinese = written_in(new.persona or own.persona_prompt) == "zh"
        return ConversationRecollection(
            *(self.memories, lambda: owner, lambda: None, embed),
            character=new.name or own.called,
            chinese=chinese,
        )

    async def _model(self) -> AnyLLM:
        return self.llm

    def lines(self) -> ReplyLines:
        """Return what makes lines of one answer."""
        character = self.config.character_config
        faces = Faces(self.faces, character.face_config.words)
        moods = character.face_config.moods_from_words
        script = Script(faces, character.tts_preprocessor_config, moods=moods)
        return ReplyLines(script, first_clause=True)

    def performed(self, lines: Sequence[Line]) -> Answer:
        """Return what came of an answer."""
        shown = "".join(line.display for line in lines)
        for word in self.faces:
            for tag in (f"[{word}]", f"[{word.capitalize()}]"):
                shown = shown.replace(tag, "")
        names = {value: word for word, value in reversed(self.faces.items())}
        worn = [names[one] for line in lines for one in line.expressions if one in names]
        return Answer(re.sub(" +", " ", shown).strip(), tuple(worn))


@dataclass
class Conversation:
    """One conversation with her; what she says unasked counts once it is answered, as it does."""

    companion: Companion
    agent: Agent
    unanswered: str = ""

    async def answer(self, said: str) -> Answer:
        """Return what she answers; to "", what she says of her own accord."""
        if self.unanswered and said:
            await self.agent.played(self.unanswered, interrupted=False)
        self.unanswered = ""
        heard = Heard(said) if said else Heard(self.companion.prompts.proactive(), proactive=True)
        lines = self.companion.lines()
        try:
            read = [one async for one in lines.read(self.agent.reply(heard), Times())]
        except EngineError as error:
            return Answer("", error=str(error))
        if said:
            await self.agent.played(lines.raw, interrupted=False)
        else:
            self.unanswered = lines.raw
        return self.companion.performed([one for one in read if isinstance(one, Line)])


@dataclass
class Report:
    """What came of all checks."""

    answers: dict[str, list[Answer]] = field(default_factory=dict)
    """By the name of the check."""

    def passed(self, checks: Sequence[Check]) -> str:
        """Return how many of these checks were passed."""
        count = sum(not check.faults(self.answers[check.name]) for check in checks)
        return f"{count}/{len(checks)}" if checks else "–"

    def tables(self, checks: Sequence[Check]) -> str:
        """Return both tables, as Markdown."""
        rows = ["| checks passed | en | zh | all |", "|---|---|---|---|"]
        for subject in dict.fromkeys(check.subject for check in checks):
            rows.append(self._row(subject, [one for one in checks if one.subject == subject]))
        rows += [self._row("all", checks), "", "| of all answers | en | zh |", "|---|---|---|"]
        broken: dict[Language, Counter[str]] = {"en": Counter(), "zh": Counter()}
        count = Counter[str]()
        for check in checks:
            count[check.language] += len(self.answers[check.name])
            for answer in self.answers[check.name]:
                broken[check.language].update(rule for rule, _ in check.manners.faults(answer))
        rules = dict.fromkeys(rule for found in broken.values() for rule in found)
        for rule in rules:
            kept = [f"{count[one] - broken[one][rule]}/{count[one]}" for one in CHARACTERS]
            rows.append(f"| {rule} | {' | '.join(kept)} |")
        felt: tuple[Felt, ...] = ("fits", "contradicts")
        for name in felt:
            faces = [self._faces(name, one, checks) for one in CHARACTERS]
            rows.append(f"| her face {name} | {' | '.join(faces)} |")
        return "\n".join(rows)

    def _row(self, name: str, checks: Sequence[Check]) -> str:
        split = [[one for one in checks if one.language == language] for language in CHARACTERS]
        return f"| {name} | {' | '.join(self.passed(some) for some in (*split, checks))} |"

    def _faces(self, name: Felt, language: Language, checks: Sequence[Check]) -> str:
        felt = [
            check.feeling.of(self.answers[check.name][-1])
            for check in checks
            if check.language == language and check.feeling and check.feeling.fits
        ]
        return f"{felt.count(name)}/{len(felt)}" if felt else "–"


@asynccontextmanager
async def companions(
    config_path: Path, keys: Sequence[str], languages: Sequence[Language]
) -> AsyncIterator[dict[Language, Companion]]:
    """Load the characters and their language model; its section has `keys` laid over it."""
    base = load_config(config_path).config
    characters = Characters(config_path.parent, config_path, base)
    pool = EnginePool(WeightStore(PROJECT / "models"))
    over = {key: yaml.safe_load(value) for key, _, value in (one.partition("=") for one in keys)}
    chosen = base.character_config.engine("llm")
    fields = type(chosen.config).model_fields
    seed = {"seed": SEED} if "seed" in fields else {}
    values = {**chosen.config.model_dump(), **seed, **over}
    llm = replace(chosen, config=type(chosen.config)(**values))
    folder = await asyncio.to_thread(tempfile.TemporaryDirectory, prefix="company-")
    history = HistoryStore(f"sqlite:///{folder.name}/history.db")
    try:
        await history.open()
        model = cast("AnyLLM", await pool.lease(llm).engine())
        found: dict[Language, Companion] = {}
        for language in languages:
            file = CHARACTERS[language]
            config = base if file == "conf.yaml" else characters.load(file).config
            character = config.character_config
            texts = {**config.system_config.tool_prompts, **character.tool_prompts}
            found[language] = Companion(
                config,
                Prompts(config_path.parent, texts, character.spoken_language),
                emotions(load_model_info(config_path.parent, character.live2d_model_name)),
                cast("AnyAgent", await pool.lease(character.engine("agent")).engine()),
                model,
                MemoryStore(history),
            )
        yield found
    finally:
        await pool.close()
        await history.close()
        await asyncio.to_thread(folder.cleanup)


async def run(check: Check, companion: Companion) -> list[Answer]:
    """Have one dialogue; return what she answered."""
    conversation = companion.open(check.new)
    remarks = [
        remark
        for said, answered in check.before
        for remark in (Remark("human", said), Remark("ai", answered))
    ]
    await conversation.agent.recall(remarks)
    await conversation.agent.prepare()
    answers = [await conversation.answer(said) for said in check.says]
    await conversation.agent.close()
    return answers


def told(check: Check, answers: Sequence[Answer]) -> str:
    """Return a dialogue as text, and what is wrong with it."""
    faults = check.faults(answers)
    lines = [f"{'FAILED' if faults else 'passed'}  {check.subject}: {check.name}"]
    for said, answer in zip(check.says, answers, strict=True):
        faces = f"  ({', '.join(answer.faces)})" if answer.faces else ""
        lines += [f"    > {said or '(unasked)'}", f"    {answer.shown!r}{faces}"]
    return "\n".join([*lines, *(f"    ! {rule}: {wrong}" for rule, wrong in faults)])


def chosen(only: str, half: str, every: int) -> list[Check]:
    """Return the checks that are wanted: every second one is held out."""
    halves = {"tuning": CHECKS[::2], "held-out": CHECKS[1::2], "both": CHECKS}
    some = halves[half][::every]
    return [one for one in some if only in f"{one.language} {one.subject} {one.name}"]


def together(checks: Sequence[Check]) -> list[list[Check]]:
    """Return the checks by what was said before them, which the model then reads once."""
    found: dict[object, list[Check]] = {}
    for check in checks:
        found.setdefault(check.before or check.new or check, []).append(check)
    return list(found.values())


async def main() -> None:
    """Have all dialogues, and print them and the tables."""
    parser = argparse.ArgumentParser(
        prog="bench.company", description=(__doc__ or "").split("\n")[0]
    )
    parser.add_argument("--config", type=Path, default=PROJECT / "conf.yaml")
    parser.add_argument("--set", action="append", default=[], metavar="KEY=VALUE")
    parser.add_argument("--only", default="", help="part of language, subject and name")
    parser.add_argument("--half", choices=("tuning", "held-out", "both"), default="both")
    parser.add_argument(
        "--every", type=int, default=1, help="1 of so many checks, for a first look"
    )
    parser.add_argument("--at-once", type=int, default=1, help="dialogues at a time")
    options = parser.parse_args()
    checks = chosen(options.only, options.half, options.every)
    languages = tuple(dict.fromkeys(check.language for check in checks))
    report, places = Report(), asyncio.Semaphore(options.at_once)
    async with companions(options.config, options.set, languages) as found:

        async def have(alike: Sequence[Check]) -> None:
            async with places:
                for check in alike:
                    answers = report.answers[check.name] = await run(check, found[check.language])
                    print(told(check, answers), flush=True)

        await asyncio.gather(*map(have, together(checks)))
    print("\n" + report.tables(checks))


if __name__ == "__main__":
    asyncio.run(main())
