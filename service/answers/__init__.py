"""Answers that can be checked: taken from the passages word for word, or composed by an LLM and verified."""
