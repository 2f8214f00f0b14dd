"""The offline coach: needs no key and no network, and never claims to have judged what it only looked up."""

from adapters.llm.offline.coach import Offline

__all__ = ["Offline"]
