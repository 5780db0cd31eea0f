"""OpenAI's API: what programs that speak it ask, and what they are answered; no doors."""
