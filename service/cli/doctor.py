"""`needle doctor`: is everything there that Needle needs?"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from service.cli.console import stdout

if TYPE_CHECKING:
    from service.doctor.findings import Finding

PROBLEM = 1
_STYLES = {"ok": "green", "warning": "yellow", "problem": "bold red"}


def command(
    json: Annotated[bool, typer.Option("--json", help="Print the findings as JSON.")] = False,
) -> None:
    """Check what Needle needs and say what to do; write nothing; exit with 1 if there is a problem."""
    from service.doctor.examination import examine

    findings = examine()
    if json:
        _print_json(findings)
    else:
        _show(findings)
    if any(finding.status == "problem" for finding in findings):
        raise typer.Exit(PROBLEM)


def _print_json(findings: "Sequence[Finding]") -> None:
    from dataclasses import asdict
    from json import dumps

    healthy = all(finding.status != "problem" for finding in findings)
    checks = [asdict(finding) for finding in findings]
    typer.echo(dumps({"healthy": healthy, "checks": checks}, indent=2, ensure_ascii=False))


def _show(findings: "Sequence[Finding]") -> None:
    from rich.text import Text

    console = stdout()
    width = max(len(finding.check) for finding in findings)
    for finding in findings:
        status = Text(f"{finding.status:<9}", style=_STYLES[finding.status])
        console.print(status + Text(f"{finding.check:<{width}}  {finding.found}"), soft_wrap=True)
        if finding.mend:
            console.print(Text(f"{'':<{9 + width}}  → {finding.mend}", style="bold"), soft_wrap=True)
