"""`needle remove`: take documents out of the corpus and the index."""

from typing import Annotated

import typer

from service.cli.add import finish


def command(
    documents: Annotated[
        list[str], typer.Argument(metavar="ID", help="Ids of documents, as in corpus.toml.")
    ],
    json: Annotated[bool, typer.Option("--json", help="Print what became of each as JSON.")] = False,
) -> None:
    """Take documents out of the corpus and the index: entry, file, and all that was read from it.

    The files in the corpus folder are deleted. An unknown id is named, the others go, and the exit code is 1.
    """
    from ingest.additions import remove
    from service.cli.progress import reporting
    from service.settings import load_settings

    settings = load_settings()
    with reporting() as report:
        changes = remove(settings.corpus, settings.working_folder(), documents, report)
    finish(changes, settings, yes=False, json=json)
