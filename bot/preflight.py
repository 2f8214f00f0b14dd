"""Are the keys and the models' names right? Asked once at the start, since no waiting mends what only a person can.

A provider that is merely down is no matter: the router goes elsewhere, and comes back to it.
"""

from __future__ import annotations

import asyncio
import logging

from bot.models import Models
from engine.errors import SettingsError

log = logging.getLogger(__name__)

NAMES = {
    "openai": "OPENAI_API_KEY, REHEARSE_OPENAI_MODEL and OPENAI_BASE_URL",
    "gemini": "GEMINI_API_KEY, REHEARSE_GEMINI_MODEL and GOOGLE_GEMINI_BASE_URL",
    "compatible": "REHEARSE_COMPATIBLE_API_KEY, REHEARSE_COMPATIBLE_MODEL and REHEARSE_COMPATIBLE_BASE_URL",
}
SAID_CHARS = 160


async def preflight(models: Models) -> None:
    """Ask every configured provider about its model, for at most five seconds.

    Raises `SettingsError` when all of them refuse their key or their model; one that does while another is fine is
    logged as a warning.
    """
    if not models.configured:
        return
    from adapters.llm.check import check

    checkups = await asyncio.gather(*(check(provider) for provider in models.configured))
    refused = [checkup for checkup in checkups if checkup.refused]
    for checkup in refused:
        extra = {"provider": checkup.provider, "model": checkup.model, "said": (checkup.problem or "")[:SAID_CHARS]}
        log.warning("provider refuses its key or its model", extra=extra)
    if len(refused) == len(checkups):
        first = refused[0]
        raise SettingsError(
            f"{first.provider} refuses {first.model}: {(first.problem or '')[:SAID_CHARS].rstrip('.')}. "
            f"Mend {NAMES[first.provider]} (`rehearse doctor` looks again), or unset the key: the offline checklist "
            "needs none."
        )
