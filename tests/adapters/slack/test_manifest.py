"""The manifest: within Slack's limits, and the same names, events and scopes that the code goes by."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

import adapters.slack
from adapters.slack.manifest import EVENTS, SCOPES, manifest
from adapters.slack.names import COMMAND, SCORE_SHORTCUT, START_SHORTCUT

CODE = "\n".join(path.read_text() for path in Path(adapters.slack.__file__).parent.rglob("*.py"))
NEEDS = {
    "chat.": "chat:write",
    "conversations.open": "im:write",
    "conversations.replies": "im:history",
    "files.getUploadURLExternal": "files:write",
    "usergroups.list": "usergroups:read",
    "users.info": "users:read",
}
URL = "https://rehearse.example"


@pytest.fixture(params=[{}, {"url": URL}, {"url": URL, "many": False}], ids=["dev", "production", "one workspace"])
def made(request: pytest.FixtureRequest) -> Any:
    return json.loads(json.dumps(manifest(**request.param)))


def test_it_keeps_to_slacks_limits(made: Any) -> None:
    shown = made["display_information"]
    assert len(shown["name"]) <= 35
    assert len(shown["description"]) <= 140
    assert 175 <= len(shown["long_description"]) <= 4_000
    agent = made["features"]["agent_view"]
    assert len(agent["agent_description"]) <= 300
    assert 1 <= len(agent["suggested_prompts"]) <= 4
    (command,) = made["features"]["slash_commands"]
    assert len(command["command"]) <= 32
    assert len(command["usage_hint"]) <= 1_000
    assert all(len(shortcut["description"]) <= 150 for shortcut in made["features"]["shortcuts"])


def test_it_names_what_the_code_goes_by(made: Any) -> None:
    features = made["features"]
    assert [command["command"] for command in features["slash_commands"]] == [COMMAND]
    assert {each["callback_id"] for each in features["shortcuts"]} == {START_SHORTCUT, SCORE_SHORTCUT}
    assert features["app_home"]["home_tab_enabled"]
    assert features["app_home"]["messages_tab_enabled"]
    assert not features["app_home"]["messages_tab_read_only_enabled"]
    assert made["settings"]["interactivity"]["is_enabled"]
    assert set(made["oauth_config"]["scopes"]) == {"bot"}


def test_for_development_it_needs_no_address() -> None:
    made = json.dumps(manifest())
    assert "request_url" not in made
    assert '"url"' not in made
    assert '"socket_mode_enabled": true' in made
    assert '"token_rotation_enabled": false' in made


def test_in_production_slack_calls_us_and_tokens_rotate() -> None:
    made: Any = manifest(url=URL)
    settings = made["settings"]
    there = {settings["event_subscriptions"]["request_url"], settings["interactivity"]["request_url"]}
    assert there == {made["features"]["slash_commands"][0]["url"]} == {f"{URL}/slack/events"}
    assert made["oauth_config"]["redirect_urls"] == [f"{URL}/slack/oauth_redirect"]
    assert (settings["token_rotation_enabled"], settings["org_deploy_enabled"]) == (True, True)
    assert not settings["socket_mode_enabled"]


def test_one_workspace_keeps_its_token() -> None:
    made: Any = manifest(url=URL, many=False)
    assert not made["settings"]["token_rotation_enabled"]
    assert "redirect_urls" not in made["oauth_config"]
    assert made["settings"]["event_subscriptions"]["request_url"]


def test_every_method_that_is_called_may_be_called() -> None:
    called = set(re.findall(r'"((?:chat|conversations|files|users|reactions|team|usergroups|pins)\.[a-zA-Z.]+)"', CODE))
    assert called
    for prefix, scope in NEEDS.items():
        assert scope in SCOPES, prefix
    free = {"files.slack.com", "files.info", "files.completeUploadExternal", "files.upload"}
    strangers = {name for name in called if not name.startswith(tuple(NEEDS)) and name not in free}
    assert strangers == set(), "say which scope it needs"


def test_every_event_that_is_read_is_asked_for() -> None:
    parsed = (Path(adapters.slack.__file__).parent / "parse.py").read_text()
    for event in EVENTS:
        assert f'"{event.partition(".")[0]}"' in parsed, event


def test_every_scope_says_what_it_is_for() -> None:
    assert all(len(what) > 20 for what in SCOPES.values())
