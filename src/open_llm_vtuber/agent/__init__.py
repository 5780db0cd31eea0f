"""Who answers: a persona, its memory of one conversation, and the LLM behind it."""
