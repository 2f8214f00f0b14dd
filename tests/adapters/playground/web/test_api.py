"""What the page can ask for, over real HTTP: a whole interview, and a sentence for everything that is wrong."""

from __future__ import annotations

import io
import json
import socket
from collections.abc import AsyncIterator

import pytest

from adapters.live import Live
from adapters.playground.web.server import serve
from adapters.playground.web.views import thread_key
from engine.errors import OverLimit, SettingsError, StoreUnavailable
from engine.inbound import Begin
from tests.adapters.playground.web.client import Page, browse
from tests.adapters.playground.web.stage import Open, Stage

ANSWER = "First I verify the signature. Then I store the raw event under a unique key. Only then I answer."


@pytest.fixture
def stage() -> Stage:
    return Stage(chunk_chars=400)


@pytest.fixture
async def room(stage: Stage) -> AsyncIterator[Open]:
    async with stage.open(quiet_s=0.0) as room:
        yield room


@pytest.fixture
async def page(room: Open) -> AsyncIterator[Page]:
    async with browse(room.url) as page:
        yield page


async def test_a_whole_interview_from_the_form_to_the_report(page: Page) -> None:
    id = await page.begin()
    async with page.events(id) as seen:
        await seen.until_settled("q1")
        message = await page.write(id, ANSWER)
        await seen.until_settled("f1.1")
        assert "grew" in seen.kinds
        answer = {"parts": [{"message": message, "text": ANSWER}], "editable": False, "submitted": True}
        await seen.until(lambda seen: seen.state["answers"] == {"a1.1": answer})
        await page.press(id, "model_answer", 1)
        await seen.until_settled("m1")
        await page.press(id, "helpful", 1)
        await seen.until(lambda seen: seen.state["ratings"] == {"1": 1})
        await page.press(id, "stop")
        await seen.until_settled("report")
    status, view = await page.get(f"/api/interviews/{id}")
    assert status == 200
    assert [post["post"] for post in view["posts"]] == ["q1", "a1.1", "f1.1", "m1", "report"]
    assert view["state"]["over"]
    assert view["state"]["writing"] == ""
    _, history = await page.get("/api/interviews")
    assert [(each["id"], each["over"]) for each in history["interviews"]] == [(id, True)]


async def test_the_form_offers_what_there_is(page: Page) -> None:
    status, offer = await page.get("/api/types")
    assert status == 200
    assert {"behavioral", "coding", "system-design"} <= {kind["id"] for kind in offer["types"]}
    assert offer["engine"] == {"label": "gpt-6-luna", "offline": False}
    assert offer["levels"][0] == "Beginner"
    assert "hint" in offer["commands"]


async def test_a_form_sent_twice_starts_one_interview(page: Page) -> None:
    id = await page.begin()
    body = {"id": id, "type": "system-design", "questions": 1}
    assert await page.send("POST", "/api/interviews", body) == (200, {"id": id})
    _, history = await page.get("/api/interviews")
    assert len(history["interviews"]) == 1


async def test_a_message_sent_twice_is_said_once(page: Page, room: Open) -> None:
    id = await page.begin()
    path, body = f"/api/interviews/{id}/messages", {"id": "same", "text": ANSWER}
    assert await page.send("POST", path, body) == (202, {"new": True})
    assert await page.send("POST", path, body) == (202, {"new": False})
    async with page.events(id) as seen:
        await seen.until_settled("f1.1")
    session = await room.desk.session(thread_key(id))
    assert session is not None
    assert [part.message for part in session.turns[0].attempt.parts] == ["same"]


async def test_a_message_can_be_changed_until_the_feedback_settled(stage: Stage) -> None:
    async with stage.open(quiet_s=60.0) as room, browse(room.url) as page:
        id = await page.begin()
        message = await page.write(id, "Frist I store it.")
        edit = {"id": "e1", "message": message, "text": "First I store it."}
        async with page.events(id) as seen:
            assert (await page.send("POST", f"/api/interviews/{id}/edits", edit))[0] == 202
            await seen.until(lambda seen: seen.posts.get("a1.1", {}).get("text") == "First I store it.")
            assert seen.state["answers"]["a1.1"]["editable"]
            await page.press(id, "done")
            await seen.until_settled("f1.1")
            late = {"id": "e2", "message": message, "text": "Something else."}
            await page.send("POST", f"/api/interviews/{id}/edits", late)
            await seen.until(lambda seen: seen.notices)
            assert seen.notices[0]["error"]
            assert seen.state["answers"]["a1.1"]["parts"] == [{"message": message, "text": "First I store it."}]


async def test_everything_can_be_taken_along_and_deleted(page: Page, room: Open) -> None:
    id = await page.begin()
    await page.write(id, ANSWER)
    async with page.events(id) as seen:
        await seen.until_settled("q1")
        async with page.http.get(page.url + "/api/export") as response:
            assert response.headers["Content-Disposition"] == 'attachment; filename="rehearse-interviews.json"'
            exported = json.loads(await response.text())
        assert [each["key"]["channel"] for each in exported["interviews"]] == [id]
        status, answer = await page.send("DELETE", "/api/me", {"confirm": "yes"})
        assert (status, answer["error"]["code"]) == (400, "invalid")
        assert await page.send("DELETE", "/api/me", {"confirm": "delete my data"}) == (200, {"deleted": 1})
        await seen.until(lambda seen: "gone" in seen.kinds)
    assert (await page.get(f"/api/interviews/{id}"))[0] == 404
    assert await page.get("/api/interviews") == (200, {"interviews": []})
    assert room.live.drafts(thread_key(id), f"{thread_key(id)}#1") == ()


async def test_an_interview_that_another_followed_in_its_thread_can_still_be_read(stage: Stage, page: Page) -> None:
    id = await page.begin()
    async with page.events(id) as seen:
        await page.press(id, "stop")
        await seen.until_settled("report")
        kind = next(iter(stage.store.snapshots.values())).setup
        await stage.store.deliver(Begin(id="again", key=thread_key(id), at=2e9, setup=kind))
        await page.press(id, "help")
        await seen.until(lambda seen: seen.notices)
    _, history = await page.get("/api/interviews")
    assert [each["id"] for each in history["interviews"]] == [id, f"{id}~1"]
    status, view = await page.get(f"/api/interviews/{id}~1")
    assert (status, view["state"]["over"]) == (200, True)
    assert (await page.get(f"/api/interviews/{id}~9"))[0] == 404


WRONG = [
    ("POST", "/api/interviews", {"id": "wrong-1", "type": "no-such"}, 400, "choice"),
    ("POST", "/api/interviews", {"id": "wrong-1", "type": "coding", "questions": 0}, 400, "invalid"),
    ("POST", "/api/interviews", {"id": "UPPER", "type": "coding"}, 400, "invalid"),
    ("POST", "/api/interviews", {"id": "wrong-1", "type": "coding", "surprise": 1}, 400, "invalid"),
    ("POST", "/api/interviews", [], 400, "invalid"),
    ("POST", "/api/interviews/nobody/messages", {"id": "m", "text": "hello"}, 404, "no_interview"),
    ("POST", "/api/interviews/nobody/actions", {"id": "m", "action": "dance"}, 400, "invalid"),
    ("GET", "/api/interviews/nobody", None, 404, "no_interview"),
    ("GET", "/api/interviews/nobody/events", None, 404, "no_interview"),
    ("GET", f"/api/interviews/{'x' * 201}", None, 400, "invalid"),
    ("GET", "/api/nothing", None, 404, "not_found"),
    ("GET", "/static/..%2fserver.py", None, 404, "not_found"),
    ("PUT", "/api/types", {}, 405, "method_not_allowed"),
]


@pytest.mark.parametrize(("method", "path", "body", "status", "code"), WRONG)
async def test_what_is_wrong_gets_a_sentence(
    page: Page, method: str, path: str, body: object, status: int, code: str
) -> None:
    found, answer = await page.send(method, path, body)
    assert (found, answer["error"]["code"]) == (status, code)
    assert answer["error"]["message"].endswith(".")


async def test_no_folder_is_listed(page: Page) -> None:
    for path in ("/static", "/static/", "/static/js/"):
        async with page.http.get(page.url + path) as response:
            assert response.status in (403, 404)


async def test_too_much_text_is_refused_kindly_and_the_interview_goes_on(page: Page) -> None:
    id = await page.begin()
    path = f"/api/interviews/{id}/messages"
    status, answer = await page.send("POST", path, {"id": "long", "text": "a" * 200_000})
    assert (status, answer["error"]["code"]) == (413, "too_long")
    assert "40,000" in answer["error"]["message"]
    huge = io.BytesIO(b'{"id": "huge", "text": "' + b"a" * 2_000_000 + b'"}')
    async with page.http.post(page.url + path, data=huge, headers={"Content-Type": "application/json"}) as response:
        assert (response.status, (await response.json())["error"]["code"]) == (413, "request_entity_too_large")
    await page.write(id, ANSWER)
    async with page.events(id) as seen:
        await seen.until_settled("f1.1")


@pytest.mark.parametrize(
    "text", ["lone \ud800 surrogate", "nul \x00 and bell \x07", "‮rtl​", "<|endoftext|>", "<b>&amp;"]
)
async def test_strange_text_is_an_answer_like_any_other(page: Page, text: str) -> None:
    id = await page.begin()
    await page.write(id, text)
    async with page.events(id) as seen:
        await seen.until(lambda seen: seen.state.get("answers"))
        assert seen.state["answers"]["a1.1"]["parts"][0]["text"] == text.replace("\ud800", "\ufffd")


@pytest.mark.parametrize("body", [b"", b"{", b"\xff\xfe", b"[" * 100_000, b'{"id": "m", "text": NaN}'])
async def test_what_is_no_json_is_said_to_be(page: Page, body: bytes) -> None:
    id = await page.begin()
    url = f"{page.url}/api/interviews/{id}/messages"
    async with page.http.post(url, data=body, headers={"Content-Type": "application/json"}) as response:
        assert response.status == 400
        assert "message" in (await response.json())["error"]
    async with page.http.post(
        url, data=b'{"id": "m", "text": "x"}', headers={"Content-Type": "text/plain"}
    ) as response:
        assert response.status == 415


async def test_a_full_disk_is_a_sentence_and_not_ready(
    stage: Stage, page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert await page.get("/healthz") == (200, {"ok": True})
    assert await page.get("/readyz") == (200, {"ok": True})

    async def full(**_: object) -> None:
        raise StoreUnavailable("no space left", "The disk is full. Make room; your interviews are safe.")

    monkeypatch.setattr(stage.store, "sessions", full)
    status, answer = await page.get("/readyz")
    assert (status, answer["error"]["message"]) == (503, "The disk is full. Make room; your interviews are safe.")
    assert await page.get("/healthz") == (200, {"ok": True})


async def test_a_limit_is_a_sentence_that_says_when_it_resets(
    room: Open, page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def full(*_: object, **__: object) -> None:
        raise OverLimit("person interviews", "Your 2 interviews for today are used up.", resets_at=86_400.0)

    monkeypatch.setattr(room.desk, "begin", full)
    status, answer = await page.send("POST", "/api/interviews", {"id": "one-more", "type": "behavioral"})
    assert (status, answer["error"]["message"]) == (429, "Your 2 interviews for today are used up.")


async def test_a_bug_of_ours_is_a_sentence_too(stage: Stage, page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(**_: object) -> None:
        raise KeyError("secret detail")

    monkeypatch.setattr(stage.store, "sessions", broken)
    status, answer = await page.get("/api/interviews")
    assert (status, answer["error"]["code"]) == (500, "failed")
    assert "secret" not in json.dumps(answer)


async def test_a_port_in_use_says_what_to_do(room: Open) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(SettingsError, match=rf"Port {port} is in use.*REHEARSE_PORT"):
            async with serve(room.desk, Live(), port=port):
                pass


async def test_an_address_that_is_not_ours_says_what_to_do(room: Open) -> None:
    with pytest.raises(SettingsError, match=r"cannot listen on 192\.0\.2\.1.*REHEARSE_HOST"):
        async with serve(room.desk, Live(), host="192.0.2.1", port=0):
            pass
