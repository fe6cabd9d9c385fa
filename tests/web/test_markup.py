import json

MARKUP = "<img src=x onerror=\"document.title='run'\"><b>bold</b> & <script>document.title='run'</script>"


def test_markup_in_a_question_is_text(page, visit, ask):
    visit()
    ask(MARKUP)
    assert page.locator(".turn h2").inner_text() == MARKUP
    page.click("#open-shelf")
    assert page.locator(".shelf-open span").first.inner_text() == MARKUP[:80]
    assert page.locator("#shelf img, .turn img, .turn b, .turn script").count() == 0
    assert "run" not in page.title().split()


def test_markup_in_whatever_the_service_sends_is_text(page, visit, ask, client):
    body = client.post("/v1/answer", json={"question": "What did the COVER-ALL trial compare?"}).json()
    hostile = json.loads(json.dumps(body), object_hook=_with_markup)
    stream = f"event: done\ndata: {json.dumps(hostile)}\n\n"
    page.route("**/v1/answer", lambda route: route.fulfill(content_type="text/event-stream", body=stream))
    page.route("**/v1/documents/*/text", lambda route: route.fulfill(body=MARKUP))
    visit()
    ask("What did the COVER-ALL trial compare?")
    page.click(".body .chip")
    page.wait_for_selector(".reading blockquote")
    assert MARKUP in page.locator(".body").inner_text()
    assert MARKUP in page.locator(".reading").inner_text()
    assert page.locator("body img, .body b, .reading b, body script").count() == 0
    assert page.locator("a[href^='javascript']").count() == 0
    assert page.evaluate("document.title").startswith("What did")


def test_the_policy_keeps_a_smuggled_script_from_running(page, visit):
    visit()
    page.evaluate(
        "document.body.append(Object.assign(document.createElement('script'), {text: 'window.ran = 1'}))"
    )
    assert page.evaluate("window.ran") is None


def _with_markup(value):
    for key in ("text", "cited_text", "title", "caption", "standalone_question", "reason", "label"):
        if isinstance(value.get(key), str):
            value[key] = f"{value[key]} {MARKUP}"
    if "url" in value:
        value["url"] = "javascript:document.title='run'"
    return value
