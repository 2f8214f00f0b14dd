"""Settings: what is read from where, and the one sentence for each thing that is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.config import Settings, read_settings, setting_names, unknown_names
from bot.home import hashed, prepare, user_salt
from engine.errors import SettingsError


@pytest.fixture(autouse=True)
def working_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "work"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


def wrong() -> str:
    with pytest.raises(SettingsError) as caught:
        read_settings()
    return caught.value.hint


def test_with_nothing_set_everything_has_a_sensible_value(new_machine: Path) -> None:
    settings = read_settings()
    assert (settings.host, settings.port, settings.quiet_s) == ("127.0.0.1", 8765, 3.0)
    assert settings.home == new_machine / "rehearse"
    assert settings.database == new_machine / "rehearse" / "rehearse.db"


def test_the_home_is_the_users_data_folder_unless_set(monkeypatch: pytest.MonkeyPatch, new_machine: Path) -> None:
    monkeypatch.delenv("REHEARSE_HOME")
    assert read_settings().home == new_machine / ".local" / "share" / "rehearse"
    monkeypatch.setenv("REHEARSE_HOME", "~/mine")
    assert read_settings().home == new_machine / "mine"


def test_the_environment_wins_over_the_env_file(working_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (working_folder / ".env").write_text("# mine\nREHEARSE_PORT=9000\nexport REHEARSE_HOST='localhost'\nOTHER=1\n")
    assert (read_settings().port, read_settings().host) == (9000, "localhost")
    monkeypatch.setenv("REHEARSE_PORT", "9001")
    assert read_settings().port == 9001


def test_workspaces_whose_admins_may_change_prompts_are_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    assert read_settings().admin_workspaces == frozenset()
    monkeypatch.setenv("REHEARSE_ADMIN_WORKSPACES", "slack/T0123, discord/1234567890")
    assert read_settings().admin_workspaces == {"slack/T0123", "discord/1234567890"}


def test_an_empty_value_is_as_good_as_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "")
    assert read_settings().openai_api_key is None


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("REHEARSE_PORT", "eighty", "REHEARSE_PORT=eighty is not right. Write a port number from 1 to 65535"),
        ("REHEARSE_PORT", "0", "REHEARSE_PORT=0 is not right."),
        ("REHEARSE_QUIET_S", "nan", "Write a number of seconds from 0 to 600"),
        ("REHEARSE_PATIENCE", "inf", "Write a number from 0.1 to 100"),
        ("REHEARSE_LOG_LEVEL", "loud", "Write one of debug, info, warning, error."),
        ("REHEARSE_LOG_FORMAT", "xml", "Write one of console, json."),
        ("OPENAI_BASE_URL", "gateway", "Write a web address that starts with http:// or https://."),
        ("REHEARSE_COMPATIBLE_MODEL", "llama", "needs REHEARSE_COMPATIBLE_BASE_URL"),
        ("REHEARSE_COMPATIBLE_BASE_URL", "http://localhost:11434/v1", "needs REHEARSE_COMPATIBLE_MODEL"),
        ("REHEARSE_COMPATIBLE_API_KEY", "k", "needs REHEARSE_COMPATIBLE_BASE_URL"),
        ("DATABASE_URL", "mysql://me@here/it", "Write sqlite:///path/to/file.db or postgresql://"),
        ("SLACK_BOT_TOKEN", "xoxp-1-2-3", "begins with xoxb- (xoxp- is a person's"),
        ("SLACK_BOT_TOKEN", "xoxe.xoxb-1-2-3", "xoxe. ends after twelve hours"),
        ("SLACK_APP_TOKEN", "xoxb-1-2-3", "begins with xapp-"),
        ("SLACK_CLIENT_ID", "my-app", "two numbers with a dot between them"),
        ("SLACK_API_URL", "slack.com/api", "Write a web address"),
        ("REHEARSE_SECRET_KEYS", "short", "as `rehearse slack key` prints them"),
        ("REHEARSE_PUBLIC_URL", "http://rehearse.example", "starts with https://"),
        ("SLACK_BOT_TOKEN", "xoxb-1-2-3", "needs SLACK_APP_TOKEN (Socket Mode, no public address) or SLACK_SIGNING"),
        ("SLACK_CLIENT_ID", "1.2", "needs SLACK_APP_TOKEN (Socket Mode, no public address) or SLACK_SIGNING"),
        ("SLACK_APP_TOKEN", "xapp-1-2-3", "needs SLACK_BOT_TOKEN (one workspace) or SLACK_CLIENT_ID (many)"),
        ("SLACK_SIGNING_SECRET", "s", "needs SLACK_BOT_TOKEN (one workspace) or SLACK_CLIENT_ID (many)"),
        ("SLACK_CLIENT_SECRET", "s", "needs SLACK_CLIENT_ID"),
        ("DISCORD_TOKEN", "Zz0ClientSecret-of-32-letters_abc", "three parts with dots between them"),
        ("DISCORD_TOKEN", "123456789012345678", "the application ID are something else"),
        ("DISCORD_TOKEN", "ab" * 32, "the public key"),
        ("DISCORD_TOKEN", "Bot a.b.c", "the token from the app's Bot page"),
        ("DISCORD_TOKEN", "xoxb-1.2.3", "the token from the app's Bot page"),
        ("DISCORD_API_URL", "discord.com/api/v10", "usually ends in /api/v10"),
        ("DISCORD_GATEWAY_URL", "https://gateway.discord.gg", "starts with wss:// or ws://"),
        ("REHEARSE_DISCORD_MESSAGE_CONTENT", "maybe", "Write 1 for yes, 0 for no."),
        ("REHEARSE_DISCORD_MESSAGE_CONTENT", "1", "needs DISCORD_TOKEN"),
        ("REHEARSE_ADMIN_WORKSPACES", "T0123", "Write slack/ or discord/ and the ID of a workspace or a server"),
        ("REHEARSE_ADMIN_WORKSPACES", "slack/T1;slack/T2", "with commas between several: slack/T0123."),
        ("REHEARSE_ADMIN_WORKSPACES", "teams/T1", "Write slack/ or discord/"),
    ],
)
def test_a_wrong_value_is_named_with_what_to_write(
    name: str, value: str, sentence: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    assert sentence in wrong()
    assert name in wrong()


SECRETS = [
    "OPENAI_API_KEY", "GEMINI_API_KEY", "REHEARSE_USER_SALT", "DATABASE_URL", "SLACK_BOT_TOKEN", "SLACK_APP_TOKEN",
    "SLACK_SIGNING_SECRET", "SLACK_CLIENT_SECRET", "REHEARSE_SECRET_KEYS", "DISCORD_TOKEN",
]  # fmt: skip
KEY = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="
SLACK = {
    "SLACK_CLIENT_ID": "1.2", "SLACK_CLIENT_SECRET": "s", "SLACK_SIGNING_SECRET": "s", "REHEARSE_SECRET_KEYS": KEY,
}  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"SLACK_BOT_TOKEN": "xoxb-1"}, "SLACK_BOT_TOKEN is for one workspace, SLACK_CLIENT_ID for many."),
        ({"SLACK_CLIENT_SECRET": ""}, "SLACK_CLIENT_ID needs SLACK_CLIENT_SECRET"),
        ({"REHEARSE_SECRET_KEYS": ""}, "SLACK_CLIENT_ID needs REHEARSE_SECRET_KEYS"),
        ({"SLACK_SIGNING_SECRET": ""}, "SLACK_CLIENT_ID needs SLACK_APP_TOKEN"),
    ],
)
def test_slack_settings_that_miss_their_other_half_say_which(
    changes: dict[str, str], sentence: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in (SLACK | changes).items():
        monkeypatch.setenv(name, value)
    assert sentence in wrong()


def test_slack_is_configured_by_a_token_or_a_client(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not read_settings().has_slack
    for name, value in SLACK.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("REHEARSE_SECRET_KEYS", f"{KEY}, {KEY[::-1].lstrip('=')}=")
    monkeypatch.setenv("REHEARSE_PUBLIC_URL", "http://localhost:8765/")
    settings = read_settings()
    assert settings.has_slack
    assert settings.secret_keys[0] == KEY
    assert len(settings.secret_keys) == 2
    assert settings.public_url == "http://localhost:8765"


def test_discord_is_configured_by_its_token(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not read_settings().has_platform
    monkeypatch.setenv("DISCORD_TOKEN", "a.b.c-d_e")
    monkeypatch.setenv("REHEARSE_DISCORD_MESSAGE_CONTENT", "1")
    monkeypatch.setenv("DISCORD_GATEWAY_URL", "ws://127.0.0.1:9/gateway/")
    settings = read_settings()
    assert (settings.has_platform, settings.has_discord, settings.has_slack) == (True, True, False)
    assert settings.discord_message_content
    assert settings.discord_gateway_url == "ws://127.0.0.1:9/gateway"


@pytest.mark.parametrize("name", SECRETS)
def test_a_wrong_secret_is_never_repeated(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, "s3 cret")
    assert name in wrong()
    assert "s3" not in wrong()


@pytest.mark.parametrize(
    ("name", "advice"),
    [
        ("REHEARSE_PROT", "Did you mean REHEARSE_PORT?"),
        ("rehearse_port", "Did you mean REHEARSE_PORT?"),
        ("REHEARSE_GEMINI", "Did you mean REHEARSE_GEMINI_MODEL?"),
        ("REHEARSE_XYZZY_QQQQQQQQ", "The README lists every setting."),
    ],
)
def test_an_unknown_name_is_an_error_with_the_nearest_one(
    name: str, advice: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, "1")
    assert wrong() == f"{name} is set in the environment, but there is no such setting. {advice}"


def test_an_unknown_name_in_the_env_file_is_an_error_too(working_folder: Path) -> None:
    (working_folder / ".env").write_text("REHEARSE_PROT=1\n")
    assert f"in the environment or in {working_folder / '.env'}" in wrong()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"REHEARSE_PORT=9000\n'broken\n", "Line 2 of"),
        (b"\xff\xfe\x00", "is not a text file in UTF-8"),
    ],
)
def test_a_broken_env_file_is_named_with_the_place(content: bytes, sentence: str, working_folder: Path) -> None:
    (working_folder / ".env").write_bytes(content)
    assert sentence in wrong()
    assert str(working_folder / ".env") in wrong()


def test_other_programs_names_are_none_of_our_business() -> None:
    assert unknown_names(["PATH", "OPENAI_ORG_ID", "GOOGLE_API_KEY"]) == {}


def test_every_setting_says_what_it_does_and_what_to_write() -> None:
    assert all(setting_names().values())
    assert all(field.title for field in Settings.model_fields.values())


def test_a_password_in_the_database_address_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://me:s3cret@db.example/rehearse")
    settings = read_settings()
    assert settings.where == "postgresql://me:…@db.example/rehearse"
    assert "s3cret" not in repr(settings)
    assert settings.database == "postgresql://me:s3cret@db.example/rehearse"


def test_the_home_is_made_for_its_owner_alone() -> None:
    home = prepare(read_settings())
    assert home.stat().st_mode & 0o777 == 0o700


def test_a_home_that_cannot_be_written_is_named(working_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (working_folder / "file").write_text("")
    monkeypatch.setenv("REHEARSE_HOME", str(working_folder / "file" / "home"))
    with pytest.raises(SettingsError, match="Set REHEARSE_HOME to a folder of yours"):
        prepare(read_settings())


def test_the_salt_is_made_once_and_kept() -> None:
    settings = read_settings()
    home = prepare(settings)
    salt = user_salt(settings)
    assert len(salt) == 64
    assert user_salt(settings) == salt
    assert (home / "user-salt").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in home.iterdir()] == ["user-salt"]


def test_a_salt_that_is_set_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REHEARSE_USER_SALT", "0123456789abcdef")
    assert user_salt(read_settings()) == "0123456789abcdef"


def test_a_person_is_a_hash_that_depends_on_the_salt() -> None:
    one, other = hashed("salt-one")("you"), hashed("salt-two")("you")
    assert len(one) == 64
    assert one != other
    assert one == hashed("salt-one")("you")
