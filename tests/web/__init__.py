"""A package, so that its browser is closed before another folder's tests run in the same process."""
