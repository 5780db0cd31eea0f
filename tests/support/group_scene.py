"""Characters of a group and their conversation, as a test has them speak."""

from __future__ import annotations

from open_llm_vtuber.config import Limits
from open_llm_vtuber.conversation.groups.group_talk import GroupTalk
from open_llm_vtuber.protocol.incoming_parts import Image
from tests.support.members import ScriptedMember
from tests.support.wire import settle


def picture(size: int = 10) -> Image:
    return Image(source="upload", data="x" * size, mime_type="image/png")


class Scene:
    """Members a, b, c ... whose characters are called A, B, C ..., and their conversation."""

    def __init__(
        self, uids: str = "abc", rounds: int = 1, before: Scene | None = None, **limits: int
    ) -> None:
        self.members: dict[str, ScriptedMember] = (
            before.members if before else {uid: ScriptedMember(uid) for uid in uids}
        )
        given = Limits.model_validate(limits)
        self.talk: GroupTalk = GroupTalk(
            self.members, rounds, given, before.talk if before else None
        )

    def __getitem__(self, uid: str) -> ScriptedMember:
        return self.members[uid]

    def say(self, uid: str, text: str, *images: Image) -> None:
        self.talk.say(self[uid], text, images)

    async def answers(self, speakers: str, text: str = "{} {}") -> list[str]:
        """Let them speak in this order; return what each of them had read, without who is here."""
        read = []
        for uid in speakers:
            await settle()
            turns = self[uid].scripted_turns
            read.append(turns.asked[-1].said)
            await turns.answer(text.format("Yes", uid))
        return [str(one) for one in read]

    def leave(self, uid: str) -> ScriptedMember:
        member = self.members.pop(uid)
        self.talk.dismiss(member)
        return member

    def kinds(self) -> dict[str, list[str]]:
        """Return what each was told since this was asked last, where it was told anything."""
        found = {uid: member.kinds() for uid, member in self.members.items()}
        return {uid: kinds for uid, kinds in found.items() if kinds}


def speaking(scene: Scene) -> str:
    """Return who has been asked to speak and not answered."""
    return "".join(uid for uid, one in scene.members.items() if one.scripted_turns.is_asked)
