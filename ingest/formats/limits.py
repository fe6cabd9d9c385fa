"""Limits within which a file is read: what exceeds one is refused, so that no file can exhaust the machine."""

# Of any file. The longest papers with all their figures have about 50 MB.
MAX_BYTES = 200_000_000
