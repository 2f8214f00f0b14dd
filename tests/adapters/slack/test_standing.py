"""Who somebody is, by Slack's word: owners, admins, and everybody who has no role by themselves."""

from __future__ import annotations

import pytest

from adapters.slack.standing import never, standing_of
from engine.admin.roles import AdminRole

ADMIN = {"team_id": "T1", "is_admin": True}


@pytest.mark.parametrize(
    ("about", "standing"),
    [
        (ADMIN, "admin"),
        (ADMIN | {"is_owner": True}, "owner"),
        (ADMIN | {"is_primary_owner": True}, "owner"),
        ({"team_id": "T1"}, None),
        ({}, None),
        (ADMIN | {"is_restricted": True}, None),
        (ADMIN | {"is_ultra_restricted": True}, None),
        (ADMIN | {"deleted": True}, None),
        (ADMIN | {"is_bot": True}, None),
        # Somebody from another company, in a channel that is shared; and somebody from the same organisation.
        (ADMIN | {"team_id": "T2"}, None),
        (ADMIN | {"team_id": "T2", "enterprise_user": {"id": "E1"}}, "admin"),
        ({"is_admin": "true"}, None),
    ],
)
def test_a_role_comes_from_what_slack_says_now(about: dict[str, object], standing: AdminRole | None) -> None:
    assert standing_of(about, "T1") == standing


async def test_where_nobody_uses_groups_slack_is_not_asked() -> None:
    assert not await never("slack/T1")
