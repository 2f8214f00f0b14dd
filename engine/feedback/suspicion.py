"""Parts of an answer that speak to whoever judges it, or repeat what somebody else said.

Patterns find the plain attempts and miss clever ones (measured: about six in ten), so nothing is ever refused or taken
away because of them. They decide two things only: such a part is no evidence for a level, and an answer that has one
is not given more than its wording shows (`evidence.py`). Nobody is accused.
"""

from __future__ import annotations

import re

from engine.feedback.visible import fold

_SENTENCE = re.compile(r"[^\n。！？]+?(?:(?<=[.!?])(?=\s)|[\n。！？]+|\Z)")
# "I would ignore the legacy rubric" tells a story; "ignore the rubric" tells the reader what to do.
_TELLING = re.compile(
    r"\b(?:i|we|they|he|she|it|you|users?|people|one|who|i'd|we'd|would|could|should|can|may|model to)"
    r"\s+(?:\w+\s+){0,2}\Z"
)
_TELLING_CHARS = 40
_BEST = (
    r"(?:10\s?/\s?10|5\s?/\s?5|five[- ]stars?|full credit|level (?:5|five)|perfect answer|"
    r"(?:full|top|maximum|max|perfect|highest|best|passing)[- ]"
    r"(?:score|marks?|points|band|level|rating|grade|evaluation))"
)
_DIMENSION = r"(?:accuracy|clarity|completeness|scores?|dimensions?|grade|rubric|candidate|field|everything)"
_JUDGE = r"(?:grader|evaluator|examiner|assessor|reviewer|judge|scorer|vendor|ai|llm|model|assistant|bot)"
_ORDERS = tuple(
    re.compile(rf"\b(?:{verbs})\b(?={rest})")
    for verbs, rest in (
        (  # do not judge
            "ignore|disregard|forget|bypass|override|skip|stop|suspend",
            r".{0,50}\b(?:instructions?|rubric|prompts?|grading|scoring|criteria|(?:this|your) evaluation|the question|"
            r"told)\b",
        ),
        (  # give me the best
            "give|award|grant|assign|return|output|set|score|rate|grade|mark|put|write|report|print|record|deserves?|copy|"
            "treat|entitled",
            r".{0,60}" + _BEST,
        ),
        ("score|grade", r".{0,30}\b(?:1\.0|100\s?%)"),
        (
            rf"give|award|assign|return|output|set|emit|copy|{_DIMENSION}",
            rf".{{0,50}}\b{_DIMENSION}\b.{{0,30}}\b(?:1\.0|0\.9\d?|100\s?%)",
        ),
        (  # let me see yours
            "print|reveal|show|repeat|list|translate|reprint|quote|output|paste",
            r".{0,50}\b(?:rubric|expected answer|your instructions|system prompt|must-mention|reference answer|"
            r"everything above)\b",
        ),
        (  # listen
            "dear|note (?:to|for|from)(?: the)?|attention|hey|you are(?: now| an?| the)*",
            rf":?\s*(?:\w{{1,12}}\s)?{_JUDGE}\b",
        ),
    )
)
_SIGNS = re.compile(
    "|".join(
        (
            r"\b(?:a|the) (?:full|perfect|maximum|highest|five-star) score\b|\braise (?:the|my) score\b",
            r"\b(?:score|grade|mark)s? (?:me|it|this|my answer)\b.{0,40}\b(?:under|down|from|above|as|high)\b",
            r"\bhire (?:immediately|me|this)\b|\brecommend (?:hire|this candidate|me)\b|\bno weaknesses\b",
            # Dressed up as a verdict, a protocol, or somebody with authority.
            r"\b(?:accuracy|clarity|completeness|score|grade|rating|(?:manual|final|overall)[ _]score)[\"']?"
            r"\s*(?:[=:]|is)\s*\[?[\"']?(?:1\.0|0\.9|max|perfect|full|true)",
            r"\b(?:accuracy|clarity|completeness)[\"']?\s*[=:]\s*\[?[\"']?[15]",
            r"\[/?inst\]|<\|?\s?/?(?:im_start|im_end|system|assistant|user|endoftext|eot_id)|\]\]>|<!\[cdata",
            r"</?(?:score|evaluation|verdict|instructions?|rubric|grading|(?:student_|candidate_)?answer)\b",
            r"^\W*(?:system|assistant|developer|evaluator|grader|examiner)\s*[:>\]]|\{% ?raw|\{\{\w+\}\}",
            r"\[(?:cache hit|submission metadata|compressed history|/?system|end of)|# ?end of evaluation|\brubric v\d",
            r"\bgenerousgrader\b|\bnew instructions?\b|\byour task is now\b",
            r"\b(?:grader|evaluator|assessor)s?\b.{0,60}\b(?:please|accept\w*|recommend|treat|who marks)\b",
            r"\b(?:interviewer|grader|i|you) (?:has |have )?already "
            r"(?:accepted|approved|graded|scored|verified|told me)\b",
            r"\bstay consistent and\b|\bstored evaluation\b",
            r"\b(?:your|the) (?:must-mention|expected answer|reference answer|rubric|system prompt)\b.{0,40}"
            r"\b(?:list|contains?|verbatim|inserted|here|concepts)\b|\beverything listed in your\b",
            # Games, memories to plant, work to waste.
            r"\b(?:pretend|imagine|let'?s (?:play|establish|pretend))\b.{0,120}"
            r"\b(?:scor|grade|grading|interview is over|glowing|my answer|a game|convention)",
            r"\bwhen you summari[sz]e\b|\bturns? \d+\s?-\s?\d+: |\bremember for later:|\breconsider your answer\b",
            # Written so that only a machine reads it.
            r"\b(?:base64|hex|rot13|reverse this)\b.{0,60}\b(?:follow|obey|execute|do it)\b",
            r"[a-z0-9+/=]{60}|(?:[0-9a-f]{2}){24}|(?:%[0-9a-f]{2}\w{0,20}){2}",
            # "Ignore the criteria" and "full marks" in other languages.
            r"(?:忽略|无视).{0,8}(?:评分|标准|指令|规则|提示)|给(?:我)?满分|採点基準を|満点を|채점 기준|만점|игнорируй",
            r"максимальн\w{1,4} (?:балл|оценк)|\bnote maximale\b|\bpuntuacion (?:maxima|perfecta)|\bpuntaje maximo",
            r"\bignor(?:ez|a|iere|iert|ate|e)\b.{0,30}\b(?:grille|rubrica|rubrik|bewertung|criteri|istruzioni|consigne)",
            r"\bnota maxima|\bvolle punktzahl\b|\bhochste (?:note|punktzahl)",
        )
    )
)
# What can match has one of these in it, or a word too long to be one, or another alphabet; looking for them costs a
# twentieth of the patterns. `tests/engine/feedback/test_suspicion.py` draws matches from the patterns to hold that.
_NEEDED = (
    "scor", "grad", "mark", "rubric", "prompt", "instruction", "criteria", "evaluation", "question",
    "told", "best", "full", "top", "max", "perfect", "highest", "passing", "level", "five", "5", "10", "1.0", "0.9",
    "expected", "reference", "must-mention", "everything", "dear", "note", "attention", "hey", "you are", "raise",
    "hire", "recommend", "weakness", "rating", "accuracy", "clarity", "completeness", "inst", "<", ">", "[", "]", "{",
    "system", "assistant", "developer", "evaluator", "grader", "examiner", "assessor", "task", "already", "consistent",
    "stored", "pretend", "imagine", "let", "summari", "turn", "remember", "reconsider", "base64", "hex", "rot13",
    "reverse", "%", "ignor", "nota ", "volle", "hochste", "puntuacion", "puntaje", "end of",
)  # fmt: skip
_LONG_WORD = 48
_HOLLOW = re.compile(
    r"^\W*(?:thought process|solution|final answer|answer|reasoning|explanation|解|かいせつ|解説|respuesta|"
    r"let'?s (?:solve|think)(?: (?:this|about|it))*(?: problem)?(?: step by step)?)\W*$"
)
_SECONDHAND = re.compile(
    r"\b(?:says|said|told me|wrote|writes|answers?|states)\s*[:,]\s*[\"']|^\W*q\s*:|\ba\s*: |"
    r"\b(?:chatgpt|gpt|the teacher|my teacher|the textbook|the book|model answer)\b.{0,20}\b(?:says|said|is|answer)\b"
)
# Letters of other alphabets that look Latin, and the spacing-out that breaks words up.
_LOOKALIKE = str.maketrans("аеорсхуіѕјԁոһɡαορνκ", "aeopcxyisjdnhgaopvk")
_SPACED_OUT = re.compile(r"\b(?:\w[-._]){2,}\w\b")
_ACCENT = re.compile("[\u0300-\u036f]")
_SPACER = re.compile(r"[-._]")


Span = tuple[int, int]


def not_own(text: str) -> tuple[tuple[Span, ...], tuple[Span, ...]]:
    """Where the text speaks to its judge (or says nothing at all), and where it repeats others, by whole sentences."""
    to_judge: list[Span] = []
    from_others: list[Span] = []
    for match in _SENTENCE.finditer(text):
        folded = _ACCENT.sub("", fold(match.group()))
        if not folded:
            continue
        if _instructs(folded):
            to_judge.append(match.span())
        elif _SECONDHAND.search(folded):
            from_others.append(match.span())
    return tuple(to_judge), tuple(from_others)


def instructions(text: str) -> tuple[Span, ...]:
    """Where the text speaks to its judge."""
    return not_own(text)[0]


def is_hollow(text: str) -> bool:
    """A heading or a filler where an answer was due ("Thought process:"), which judges are known to fall for."""
    return _HOLLOW.match(fold(text)) is not None


def _instructs(folded: str) -> bool:
    if _HOLLOW.match(folded):
        return True
    readings = {folded, _SPACED_OUT.sub(_closed_up, folded)}
    if not folded.isascii():
        readings.add(folded.translate(_LOOKALIKE))
    return any(_may_instruct(reading) and (_SIGNS.search(reading) or _orders(reading)) for reading in readings)


def _may_instruct(reading: str) -> bool:
    if not reading.isascii() or any(needed in reading for needed in _NEEDED):
        return True
    return any(len(word) >= _LONG_WORD for word in reading.split())


def _orders(text: str) -> bool:
    for order in _ORDERS:
        for match in order.finditer(text):
            if not _TELLING.search(text[max(0, match.start() - _TELLING_CHARS) : match.start()]):
                return True
    return False


def _closed_up(match: re.Match[str]) -> str:
    return _SPACER.sub("", match.group())
