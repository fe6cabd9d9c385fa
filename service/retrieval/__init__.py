"""From a question to the passages that answer it: reading, candidates, ranking, confidence."""
