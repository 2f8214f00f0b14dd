"""What is sent: privacy, parameters by intent and model, schemas, and what is learned from a refusal."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from dataclasses import replace
from typing import Any

import pytest
import pytest_asyncio

from adapters.llm.compatible import Compatible
from adapters.llm.google import Gemini
from adapters.llm.openai import OpenAI
from engine.errors import Misconfigured, Rejected
from engine.ports import Message, Request
from tests.adapters.llm.conftest import Line
from tests.contracts.llm import QUESTION, REVIEW
from tests.wire.faults import Fault
from tests.wire.gemini import bad_key, gemini_server, status_error
from tests.wire.openai import openai_server
from tests.wire.server import Script, Wire

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(loop_scope="module")
async def openai_wire() -> AsyncGenerator[Wire]:
    async with openai_server() as wire:
        yield wire


@pytest_asyncio.fixture(loop_scope="module")
async def gemini_wire() -> AsyncGenerator[Wire]:
    async with gemini_server() as wire:
        yield wire


async def openai_body(wire: Wire, request: Request, model: str | None = None) -> dict[str, Any]:
    provider = OpenAI(api_key="key", base_url=f"{wire.base_url}/v1", model=model)
    await provider.complete(request)
    await provider.aclose()
    return wire.calls[-1].body


async def gemini_body(wire: Wire, request: Request, model: str | None = None) -> dict[str, Any]:
    provider = Gemini(api_key="key", base_url=wire.base_url, model=model)
    await provider.complete(request)
    await provider.aclose()
    return wire.calls[-1].body


def refusal(param: str, code: str = "unsupported_value") -> Script:
    message = f"Unsupported value: '{param}' does not support this with this model."
    error = {"message": message, "type": "invalid_request_error", "param": param, "code": code}
    return Script(fault=Fault.BAD_REQUEST, error={"error": error})


async def test_openai_stores_nothing_and_knows_only_a_hash(openai_wire: Wire) -> None:
    body = await openai_body(openai_wire, REVIEW)
    assert body["store"] is False
    assert body["safety_identifier"] == REVIEW.user
    assert body["stream_options"] == {"include_obfuscation": False}
    assert body["prompt_cache_key"] == "review:review@0a1b2c3d"
    assert "user" not in body


async def test_openai_gets_a_strict_schema_in_order(openai_wire: Wire) -> None:
    shape = (await openai_body(openai_wire, REVIEW))["text"]["format"]
    assert (shape["type"], shape["strict"], shape["name"]) == ("json_schema", True, "review")
    assert list(shape["schema"]["properties"]) == list(REVIEW.sections)


async def test_instructions_and_candidate_words_travel_apart(openai_wire: Wire) -> None:
    body = await openai_body(openai_wire, REVIEW)
    assert body["instructions"] == REVIEW.messages[0].text
    assert body["input"] == [{"role": "user", "content": REVIEW.messages[1].text}]


async def test_instructions_alone_are_answered_too(line: Line) -> None:
    request = replace(QUESTION, messages=(Message("system", "Ask the first question."),))
    assert (await line.provider.complete(request)).text


@pytest.mark.parametrize(
    ("model", "request_", "temperature", "effort"),
    [
        ("gpt-6-luna", REVIEW, None, "low"),
        ("gpt-6-luna", QUESTION, 0.7, "none"),
        ("gpt-6.1-sol-2026-09-29", QUESTION, None, "low"),
        ("gpt-6-astra", REVIEW, None, "low"),
        ("gpt-4o-mini", REVIEW, 0.3, None),
        ("gateway/gpt-6-luna", QUESTION, 0.7, "none"),
        ("my-own-model", QUESTION, 0.7, None),
    ],
)
async def test_an_intent_becomes_what_the_model_takes(
    openai_wire: Wire, model: str, request_: Request, temperature: float | None, effort: str | None
) -> None:
    body = await openai_body(openai_wire, request_, model)
    assert body.get("temperature") == temperature
    assert body.get("reasoning", {}).get("effort") == effort


async def test_the_output_limit_is_the_requests(line: Line) -> None:
    await line.provider.complete(replace(REVIEW, max_output_tokens=777))
    assert "777" in str(line.wire.calls[-1].body)


async def test_gemini_gets_schema_order_and_a_temperature(gemini_wire: Wire) -> None:
    config = (await gemini_body(gemini_wire, REVIEW))["generationConfig"]
    assert config["temperature"] == 0.3
    assert config["responseMimeType"] == "application/json"
    assert config["responseJsonSchema"]["propertyOrdering"] == list(REVIEW.sections)
    assert "responseJsonSchema" not in (await gemini_body(gemini_wire, QUESTION))["generationConfig"]


async def test_gemini_speaks_the_pinned_version(gemini_wire: Wire) -> None:
    await gemini_body(gemini_wire, QUESTION)
    assert gemini_wire.calls[0].path == "/v1beta/models/gemini-3.8-flash:streamGenerateContent"


async def test_a_parameter_the_model_does_not_take_is_dropped_once_and_for_all(openai_wire: Wire) -> None:
    provider = OpenAI(api_key="key", base_url=f"{openai_wire.base_url}/v1", model="gpt-4o")
    openai_wire.then(refusal("temperature"))
    assert (await provider.complete(QUESTION)).text
    await provider.complete(QUESTION)
    await provider.aclose()
    assert ["temperature" in call.body for call in openai_wire.calls] == [True, False, False]


async def test_several_strange_parameters_are_dropped_one_by_one(openai_wire: Wire) -> None:
    provider = OpenAI(api_key="key", base_url=f"{openai_wire.base_url}/v1")
    openai_wire.then(
        refusal("text.verbosity"),
        refusal("reasoning.effort"),
        refusal("prompt_cache_key", "unknown_parameter"),
        refusal("safety_identifier"),
        refusal("stream_options.include_obfuscation"),
    )
    assert (await provider.complete(REVIEW)).text
    await provider.aclose()
    last = openai_wire.calls[-1].body
    assert not {"reasoning", "prompt_cache_key", "safety_identifier", "stream_options"} & set(last)
    assert "verbosity" not in last["text"]


@pytest.mark.parametrize("param", ["temperature", "input", None])
async def test_a_refusal_that_nothing_can_mend_is_not_repeated(openai_wire: Wire, param: str | None) -> None:
    provider = OpenAI(api_key="key", base_url=f"{openai_wire.base_url}/v1", model="gpt-4o")
    openai_wire.otherwise = refusal(param or "nothing")
    with pytest.raises(Rejected) as caught:
        await provider.complete(QUESTION)
    await provider.aclose()
    assert len(openai_wire.calls) == (2 if param == "temperature" else 1)
    assert caught.value.param == (param or "nothing")


async def test_a_compatible_server_is_asked_for_less_and_less(openai_wire: Wire) -> None:
    provider = Compatible(base_url=f"{openai_wire.base_url}/v1", model="llama-4")
    answer = Script('{"headline": "h"}')
    openai_wire.then(refusal("response_format"), refusal("response_format"), answer, answer)
    await provider.complete(REVIEW)
    await provider.complete(REVIEW)
    await provider.aclose()
    formats = [call.body.get("response_format", {}).get("type") for call in openai_wire.calls]
    assert formats == ["json_schema", "json_object", None, None]


async def test_a_compatible_server_may_not_know_usage(openai_wire: Wire) -> None:
    provider = Compatible(base_url=f"{openai_wire.base_url}/v1", model="llama-4")
    error = {"detail": [{"loc": ["body", "stream_options"], "msg": "extra fields not permitted"}]}
    openai_wire.then(Script(fault=Fault.UNPROCESSABLE, error=error))
    assert (await provider.complete(QUESTION)).text
    await provider.aclose()
    assert "stream_options" not in openai_wire.calls[-1].body


async def test_a_compatible_server_gets_roles_in_turn(openai_wire: Wire) -> None:
    provider = Compatible(base_url=f"{openai_wire.base_url}/v1", model="llama-4")
    said = (Message("user", "a"), Message("user", "b"), Message("assistant", "c"), Message("user", "d"))
    await provider.complete(replace(QUESTION, messages=(Message("system", "s"), *said)))
    await provider.aclose()
    sent = [(message["role"], message["content"]) for message in openai_wire.calls[0].body["messages"]]
    assert sent == [("system", "s"), ("user", "a\n\nb"), ("assistant", "c"), ("user", "d")]


async def test_a_compatible_server_needs_no_key(openai_wire: Wire) -> None:
    provider = Compatible(base_url=f"{openai_wire.base_url}/v1", model="llama-4")
    await provider.complete(QUESTION)
    await provider.aclose()
    assert openai_wire.calls[0].body["messages"][0]["role"] == "system"


@pytest.mark.parametrize(
    ("message", "gone"),
    [
        ("Thinking level is not supported for this model.", "thinkingConfig"),
        ("temperature is not supported for this model.", "temperature"),
        ("Unknown name 'responseJsonSchema'.", "responseJsonSchema"),
    ],
)
async def test_gemini_drops_what_is_complained_about(gemini_wire: Wire, message: str, gone: str) -> None:
    provider = Gemini(api_key="key", base_url=gemini_wire.base_url)
    gemini_wire.then(Script(fault=Fault.BAD_REQUEST, error=status_error(400, message)), Script("{}"))
    await provider.complete(REVIEW)
    await provider.aclose()
    assert gone in gemini_wire.calls[0].body["generationConfig"]
    assert gone not in gemini_wire.calls[1].body["generationConfig"]


async def test_a_wrong_gemini_key_is_the_operators_affair(gemini_wire: Wire) -> None:
    provider = Gemini(api_key="wrong", base_url=gemini_wire.base_url)
    gemini_wire.then(Script(fault=Fault.BAD_REQUEST, error=bad_key()))
    with pytest.raises(Misconfigured):
        await provider.complete(QUESTION)
    await provider.aclose()


@pytest.mark.parametrize("base_url", ["not a url", "ftp://example.test/v1", "http://"])
async def test_an_impossible_address_is_the_operators_affair(base_url: str) -> None:
    for provider in (
        OpenAI(api_key="key", base_url=base_url),
        Compatible(base_url=base_url, model="m"),
        Gemini(api_key="key", base_url=base_url),
    ):
        with pytest.raises(Misconfigured):
            await provider.complete(QUESTION)
        await provider.aclose()


async def test_a_key_no_header_can_carry_is_the_operators_affair(openai_wire: Wire, gemini_wire: Wire) -> None:
    for provider in (
        OpenAI(api_key="schlüssel", base_url=f"{openai_wire.base_url}/v1"),
        Gemini(api_key="schlüssel", base_url=gemini_wire.base_url),
    ):
        with pytest.raises(Misconfigured):
            await provider.complete(QUESTION)
        await provider.aclose()
