"""Is everything there that Needle needs? Checks that look and never write, one file a subject."""
