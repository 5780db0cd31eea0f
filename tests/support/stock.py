"""The conf.yaml that each version of the original came with, rebuilt from the documented keys.

Only keys and values that decide something are theirs; all text is ours.
"""

from __future__ import annotations

from typing import Any

import yaml

from tests.support.live import PROJECT

FULL = PROJECT / "tests" / "config" / "data" / "full.yaml"
"""Every documented key of 1.2.1; what it chooses is ours."""
VERSIONS = ("1.0.0", "1.1.0", "1.2.0", "1.2.1")
LANGUAGES = ("en", "zh")
_SINCE: dict[str, tuple[str, ...]] = {
    "1.2.1": (
        "system_config.enable_proxy",
        "character_config.asr_config.faster_whisper.prompt",
        "character_config.asr_config.whisper_cpp.prompt",
        "character_config.asr_config.whisper.prompt",
        "character_config.tts_config.piper_tts",
        "character_config.tts_config.siliconflow_tts",
        "character_config.tts_config.minimax_tts",
        "character_config.tts_config.elevenlabs_tts",
        "character_config.tts_config.cartesia_tts",
    ),
    "1.2.0": (
        "system_config.tool_prompts.mcp_prompt",
        "system_config.tool_prompts.proactive_speak_prompt",
        "character_config.agent_config.agent_settings.basic_memory_agent.use_mcpp",
        "character_config.agent_config.agent_settings.basic_memory_agent.mcp_enabled_servers",
        "character_config.agent_config.llm_configs.lmstudio_llm",
        "character_config.tts_config.openai_tts",
        "character_config.tts_config.spark_tts",
        "live_config",
    ),
    "1.1.0": (
        "character_config.agent_config.agent_settings.letta_agent",
        "character_config.agent_config.llm_configs.stateless_llm_with_template",
        "character_config.tts_config.cosyvoice2_tts",
        "character_config.vad_config",
    ),
}
"""What came with a version; older files do not have it."""
_SENSE_VOICE = "./models/sherpa-onnx-sense-voice-zh-en-ja-ko-yue-2024-07-17"
_CHOSEN = {
    "character_config.agent_config.agent_settings.basic_memory_agent.llm_provider": "ollama_llm",
    "character_config.asr_config.asr_model": "sherpa_onnx_asr",
    "character_config.asr_config.sherpa_onnx_asr.sense_voice": f"{_SENSE_VOICE}/model.int8.onnx",
    "character_config.asr_config.sherpa_onnx_asr.tokens": f"{_SENSE_VOICE}/tokens.txt",
    "character_config.vad_config.vad_model": None,
}
"""What the file of every version chooses."""
_CHINESE = {
    "character_config.conf_name": "mao_pro_zh",
    "character_config.persona_prompt": "你守着一座灯塔，说话也像灯塔。",
    "character_config.tts_config.edge_tts.voice": "zh-CN-XiaoxiaoNeural",
    "character_config.asr_config.faster_whisper.language": "zh",
}


def stock(version: str = "1.2.1", language: str = "en") -> dict[str, Any]:
    """Return the values of the file that came with `version`."""
    values: dict[str, Any] = yaml.safe_load(FULL.read_text("utf-8"))
    for path, value in {**_CHOSEN, **(_CHINESE if language == "zh" else {})}.items():
        section, key = _parent(values, path)
        section[key] = value
    values["system_config"]["conf_version"] = f"v{version}"
    for newer in VERSIONS[VERSIONS.index(version) + 1 :]:
        for path in _SINCE[newer]:
            section, key = _parent(values, path)
            del section[key]
    return values


def _parent(values: dict[str, Any], path: str) -> tuple[dict[str, Any], str]:
    *sections, key = path.split(".")
    for one in sections:
        values = values[one]
    return values, key
