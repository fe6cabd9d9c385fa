"""`python -m service.cli`, for a checkout that is not installed."""

from service.cli import main

main()
