"""Where this user's caches are."""

import os
from pathlib import Path


def user_cache() -> Path:
    """The folder of Needle's caches, beside those of other programs."""
    home = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    return Path(home).expanduser() / "needle"
