"""The dialogues of `bench.company`, in both languages."""

from __future__ import annotations

from bench.company_dialogue import Check
from bench.company_en import ENGLISH
from bench.company_newcomers import NEWCOMERS
from bench.company_zh import CHINESE

CHECKS: tuple[Check, ...] = (*ENGLISH, *CHINESE, *NEWCOMERS)
