import pytest

from service.web_page import join_modules, read_web_page

PAGE = """<link rel="stylesheet" href="/static/one.css">
<link rel="stylesheet" href="/static/two.css">
<script type="module" src="/static/app.js"></script>
"""
MODULES = {
    "app.js": """import { twice as doubled } from "./sums.js";
import * as names from "./names.js";
doubled();
""",
    "sums.js": 'import { base } from "./names.js";\nexport function twice() {\n  return 2 * base;\n}\n',
    "names.js": "export const base = 21;\nconst own = 1;\nexport class Name {}\n",
}
JOINED = """// names.js
const module_names = (() => {
const base = 21;
const own = 1;
class Name {}
return { base, Name };
})();
// sums.js
const module_sums = (() => {
const { base } = module_names;
function twice() {
  return 2 * base;
}
return { twice };
})();
// app.js
const module_app = (() => {
const { twice: doubled } = module_sums;
const names = module_names;
doubled();
return {  };
})();"""


@pytest.fixture
def folder(tmp_path):
    files = {**MODULES, "index.html": PAGE, "one.css": "a {}\n", "two.css": "b {}\n", "icon.svg": "<svg/>"}
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    return tmp_path


def test_each_module_is_joined_once_behind_what_it_imports(folder):
    assert join_modules(folder, "app.js") == JOINED


def test_the_page_loads_one_style_sheet_and_one_script(folder):
    page = read_web_page(folder)
    version = next(iter(page.files)).partition("/")[0]
    assert page.document.content.decode() == (
        f'<link rel="stylesheet" href="/static/{version}/page.css">\n'
        f'<script type="module" src="/static/{version}/page.js"></script>\n'
    )
    assert page.files[f"{version}/page.css"].content == b"a {}\n\nb {}\n"
    assert page.files[f"{version}/page.js"].media_type == "text/javascript"


def test_a_change_in_any_file_changes_the_address_of_all(folder):
    before = set(read_web_page(folder).files)
    (folder / "two.css").write_text("b { color: red }\n")
    assert not before & set(read_web_page(folder).files)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ('export { twice } from "./sums.js";\n', "export { twice }"),
        ("export default 1;\n", "export default 1;"),
        ('import "./sums.js";\n', 'import "./sums.js";'),
        ('const late = await import("./sums.js");\n', 'import("./sums.js");'),
        ('import { base } from "./app.js";\n', "app.js → sums.js → names.js"),
    ],
)
def test_a_module_that_cannot_be_joined_is_named(folder, text, named):
    (folder / "names.js").write_text(text)
    with pytest.raises(ValueError, match=r"^(names|app)\.js ") as raised:
        join_modules(folder, "app.js")
    assert named in str(raised.value)
