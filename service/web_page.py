"""The page as it is served: one script, one style sheet, both under a name that their content gives them.

`web/` holds it as it is written, in small modules. A browser takes three times as long to fetch thirty small
files as it takes to fetch two (cold, on one machine: 320 ms against 119), so they are joined when the page is
first asked for.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

# By hand, since what the system's table says of .js differs from machine to machine.
_MEDIA_TYPES = {".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
_STYLE = re.compile(r'<link rel="stylesheet" href="/static/([\w-]+\.css)">\n')
_SCRIPT = re.compile(r'<script type="module" [^>]*src="/static/([\w-]+\.js)"></script>')
_IMPORT = re.compile(r'^import (?:(\{[^}]*\})|\* as (\w+)) from "\./([\w-]+\.js)";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async )?(?:function\*?|class|const) (\w+))", re.MULTILINE)
_UNREAD = re.compile(r"^(?:import|export)\b.*|\bimport[(.].*", re.MULTILINE)


@dataclass(frozen=True)
class WebFile:
    """One file as it goes over the wire. etag: quoted, as the header has it."""

    content: bytes
    media_type: str
    etag: str


@dataclass(frozen=True)
class WebPage:
    """The page. files: by the path after `/static/`, which changes whenever one of them does."""

    document: WebFile
    files: Mapping[str, WebFile]


def read_web_page(folder: Path) -> WebPage:
    """The page that `folder` holds: index.html, the style sheets and the script that it names, the images.

    Raises ValueError for a module that is written in a way that cannot be joined.
    """
    document = (folder / "index.html").read_text()
    script = _SCRIPT.search(document)
    if script is None:
        raise ValueError(
            f"{folder}/index.html loads no module; name one by <script type=module src=/static/…>"
        )
    styles = "\n".join((folder / name).read_text() for name in _STYLE.findall(document))
    files = {
        "page.js": join_modules(folder, script[1]).encode(),
        "page.css": styles.encode(),
        **{path.name: path.read_bytes() for path in sorted(folder.glob("*.svg"))},
    }
    version = hashlib.sha256(b"".join(files.values())).hexdigest()[:16]
    sheets = len(_STYLE.findall(document))
    document = _STYLE.sub("", document, count=sheets - 1)
    document = _STYLE.sub('<link rel="stylesheet" href="/static/page.css">\n', document)
    document = document.replace(f'"/static/{script[1]}"', '"/static/page.js"')
    document = document.replace('"/static/', f'"/static/{version}/')
    return WebPage(
        _file("index.html", document.encode()),
        {f"{version}/{name}": _file(name, content) for name, content in files.items()},
    )


def join_modules(folder: Path, entry: str) -> str:
    """One module that does what `entry` and all that it imports do, each in a scope of its own.

    Raises ValueError for imports in a circle, and for an import or export in any other form than
    `import {…} from "./name.js";`, `import * as … from "./name.js";` and `export` before a declaration.
    """
    return "\n".join(_joined(folder, entry, done=[], above=()))


def _joined(folder: Path, name: str, done: list[str], above: tuple[str, ...]) -> Iterator[str]:
    if name in above:
        raise ValueError(f"{name} imports itself by way of {' → '.join(above)}; break the circle")
    text = (folder / name).read_text()
    for match in _IMPORT.finditer(text):
        if match[3] not in done:
            yield from _joined(folder, match[3], done, (*above, name))
    exported = ", ".join(_EXPORT.findall(text))
    body = _EXPORT.sub("", _IMPORT.sub(_binding, text))
    if unread := _UNREAD.search(body):
        raise ValueError(
            f"{name} has {unread[0]!r}, which cannot be joined; write it as the other modules do"
        )
    done.append(name)
    yield f"// {name}\nconst {_scope(name)} = (() => {{\n{body}return {{ {exported} }};\n}})();"


def _binding(match: re.Match[str]) -> str:
    names = match[1].replace(" as ", ": ") if match[1] else match[2]
    return f"const {names} = {_scope(match[3])};\n"


def _scope(name: str) -> str:
    return "module_" + re.sub(r"\W", "_", name.removesuffix(".js"))


def _file(name: str, content: bytes) -> WebFile:
    return WebFile(content, _MEDIA_TYPES[Path(name).suffix], f'"{hashlib.sha256(content).hexdigest()}"')
