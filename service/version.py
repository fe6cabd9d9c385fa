"""The version of the installed package."""

from importlib.metadata import PackageNotFoundError, version


def needle_version() -> str:
    """ "0.1.0", or a stand-in for a checkout that is not installed."""
    try:
        return version("needle")
    except PackageNotFoundError:
        return "0+uninstalled"
