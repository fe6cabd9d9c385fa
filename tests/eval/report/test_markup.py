from eval.report.markup import Markup, join, tag


def test_text_is_escaped_and_markup_is_not():
    assert tag("p", "a < b", tag("b", "&")) == "<p>a &lt; b<b>&amp;</b></p>"


def test_attributes_are_named_and_escaped():
    assert tag("text", class_="a", text_anchor="end", x=1.5, title='"', id=None) == (
        '<text class="a" text-anchor="end" x="1.5" title="&quot;"></text>'
    )


def test_joined_text_is_escaped_too():
    assert join("<", Markup("<br>")) == "&lt;<br>"
