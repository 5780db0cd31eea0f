"""Whether the face shows what the model names or what its words say, in one answer; no I/O."""

from __future__ import annotations

from ..feelings import Faces
from ..gaps import GAP
from .sentence import GLAD, GRAVE, feeling_of


class Moods:
    """Belongs to one answer.

    What the model names is shown in its sentence. Where it names nothing, what is clear from the
    words is; in place of what it named before, only joy or grief of another kind than that. Nobody
    smiles at sad news, even if told to.
    """

    def __init__(self, faces: Faces) -> None:
        self._faces = faces
        self._glad = {faces.of_feeling(feeling) for feeling in GLAD} - {None}
        self._grave = {faces.of_feeling(feeling) for feeling in GRAVE} - {None} - self._glad
        self._smiles = {faces.of_feeling(feeling) for feeling in ("joy", "laughter")} - {None}
        self._sentence = ""
        self._face: int | str | None = None
        """What is shown."""
        self._named = self._named_here = False
        """Whether the model named one, and whether it did in this sentence."""

    def shown(
        self, text: str, named: tuple[int | str, ...], *, begins: bool
    ) -> tuple[int | str, ...]:
        """Return what the face shows with a piece; () where that does not change.

        `named` is what the model named in it; `begins` tells whether it begins a sentence.
        """
        self._sentence = (text if begins else self._sentence + text).replace(GAP, " ")
        feeling = feeling_of(self._sentence)
        felt = self._faces.of_feeling(feeling) if feeling else None
        if begins:
            self._named_here = False
        if named:
            self._named = self._named_here = True
            self._face = named[0]
        if feeling and felt is not None and felt != self._face and self._may_show(feeling):
            self._face = felt
            return (felt,)
        return named

    def _may_show(self, feeling: str) -> bool:
        """Tell whether what is felt may take the place of what is shown."""
        if self._named_here:
            return self._face in self._smiles and feeling in GRAVE
        glad = feeling in GLAD and self._face not in self._glad
        return not self._named or glad or (feeling in GRAVE and self._face not in self._grave)
