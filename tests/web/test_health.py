"""GET /health tells which engines conf.yaml chooses, and whether they are ready."""

from __future__ import annotations

import httpx

from tests.conftest import Serve
from tests.web.test_security import quiet


def test_it_names_the_engines(serve: Serve) -> None:
    values = quiet()
    health = httpx.get(serve(values).url + "/health").json()
    assert health["status"] == "ok"
    character = values["character_config"]
    assert health["engines"]["asr"] == character["asr_config"]["asr_model"]
    assert health["engines"]["tts"] == character["tts_config"]["tts_model"]
    assert health["engines"]["vad"] == character["vad_config"]["vad_model"]
