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
_TELLING = (
    r"(?P<telling>\b(?:i|we|they|he|she|it|you|users?|people|one|who|i'd|we'd|would|could|should|can|may|model to)"
    r"\s+(?:\w+\s+){0,2}?)?"
)
_BEST = (
    r"(?:10\s?/\s?10|5\s?/\s?5|five[- ]stars?|full credit|level (?:5|five)|perfect answer|"
    r"(?:full|top|maximum|max|perfect|highest|best|passing)[- ]"
    r"(?:score|marks?|points|band|level|rating|grade|evaluation))"
)
_DIMENSION = r"(?:accuracy|clarity|completeness|scores?|dimensions?|grade|rubric|candidate|field|everything)"
_JUDGE = r"(?:grader|evaluator|examiner|assessor|reviewer|judge|scorer|vendor|ai|llm|model|assistant|bot)"
_INSTRUCTIONS = (
    # Do not judge; give me the best.
    _TELLING + r"\b(?:ignore|disregard|forget|bypass|override|skip|stop|suspend)\b.{0,50}"
    r"\b(?:instructions?|rubric|prompts?|grading|scoring|criteria|(?:this|your) evaluation|the question|told)\b",
    _TELLING + r"\b(?:give|award|grant|assign|return|output|set|score|rate|grade|mark|put|write|report|print|record|"
    r"deserves?|copy|treat|entitled)\b.{0,60}" + _BEST,
    _TELLING + r"\b(?:score|grade)\b.{0,30}\b(?:1\.0|100\s?%)",
    _TELLING
    + r"\b(?:give|award|assign|return|output|set|emit|copy|"
    + _DIMENSION
    + r")\b.{0,50}\b"
    + _DIMENSION
    + r"\b.{0,30}\b(?:1\.0|0\.9\d?|100\s?%)",
    r"\b(?:a|the) (?:full|perfect|maximum|highest|five-star) score\b|\braise (?:the|my) score\b",
    r"\b(?:score|grade|mark)s? (?:me|it|this|my answer)\b.{0,40}\b(?:under|down|from|above|as|high)\b",
    r"\bhire (?:immediately|me|this)\b|\brecommend (?:hire|this candidate|me)\b|\bno weaknesses\b",
    # Dressed up as a verdict, a protocol, or somebody with authority.
    r"\b(?:accuracy|clarity|completeness|score|grade|rating|(?:manual|final|overall)[ _]score)[\"']?\s*(?:[=:]|is)"
    r"\s*\[?[\"']?(?:1\.0|0\.9|max|perfect|full|true)|\b(?:accuracy|clarity|completeness)[\"']?\s*[=:]\s*\[?[\"']?[15]",
    r"\[/?inst\]|<\|?\s?/?(?:im_start|im_end|system|assistant|user|endoftext|eot_id)|\]\]>|<!\[cdata|"
    r"</?(?:score|evaluation|verdict|instructions?|rubric|grading|student_answer|candidate_answer|answer)\b",
    r"^\W*(?:system|assistant|developer|evaluator|grader|examiner)\s*[:>\]]|\{% ?raw|\{\{\w+\}\}",
    r"\[(?:cache hit|submission metadata|compressed history|/?system|end of)|# ?end of evaluation|\brubric v\d",
    _TELLING + r"\b(?:dear|note (?:to|for|from)(?: the)?|attention|hey|you are (?:now |a |an |the )*)"
    r"\s*\w{0,12}\s?" + _JUDGE + r"\b|\bgenerousgrader\b|\bnew instructions?\b|\byour task is now\b",
    r"\b(?:grader|evaluator|assessor)s?\b.{0,60}\b(?:please|accept\w*|recommend|treat|who marks)\b",
    r"\b(?:interviewer|grader|i|you) (?:has |have )?already (?:accepted|approved|graded|scored|verified|told me)\b|"
    r"\bstay consistent and\b|\bstored evaluation\b",
    # Let me see yours.
    _TELLING + r"\b(?:print|reveal|show|repeat|list|translate|reprint|quote|output|paste)\b.{0,50}"
    r"\b(?:rubric|expected answer|your instructions|system prompt|must-mention|reference answer|everything above)\b",
    r"\b(?:your|the) (?:must-mention|expected answer|reference answer|rubric|system prompt)\b.{0,40}"
    r"\b(?:list|contains?|verbatim|inserted|here|concepts)\b|\beverything listed in your\b",
    # Games, memories to plant, work to waste.
    r"\b(?:pretend|imagine|let'?s (?:play|establish|pretend))\b.{0,120}"
    r"\b(?:scor|grade|grading|interview is over|glowing|my answer|a game|convention)",
    r"\bwhen you summari[sz]e\b|\bturns? \d+\s?-\s?\d+: |\bremember for later:|\breconsider your answer\b",
    # Written so that only a machine reads it.
    r"\b(?:base64|hex|rot13|reverse this)\b.{0,60}\b(?:follow|obey|execute|do it)\b",
    r"[a-z0-9+/=]{60,}|(?:[0-9a-f]{2}){24,}|(?:%[0-9a-f]{2}\w*){2,}",
    # "Ignore the criteria" and "full marks" in other languages.
    r"(?:忽略|无视).{0,8}(?:评分|标准|指令|规则|提示)|给(?:我)?满分|採点基準を|満点を|채점 기준|만점|игнорируй|"
    r"максимальн\w+ (?:балл|оценк)|"
    r"\bignor(?:ez|a|iere|iert|ate|e)\b.{0,30}\b(?:grille|rubrica|rubrik|bewertung|criteri|istruzioni|consigne)|"
    r"\bnote maximale\b|\bpuntuacion (?:maxima|perfecta)|\bpuntaje maximo|\bnota maxima|\bvolle punktzahl\b|"
    r"\bhochste (?:note|punktzahl)",
)
_PATTERNS = tuple(re.compile(pattern) for pattern in _INSTRUCTIONS)
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


def instructions(text: str) -> tuple[tuple[int, int], ...]:
    """Where the text speaks to its judge, or says nothing at all, by whole sentences."""
    return tuple(span for span, sentence in _sentences(text) if _instructs(sentence))


def secondhand(text: str) -> tuple[tuple[int, int], ...]:
    """Where the text repeats the words of others, by whole sentences."""
    return tuple(span for span, sentence in _sentences(text) if _SECONDHAND.search(fold(sentence)))


def is_hollow(text: str) -> bool:
    """A heading or a filler where an answer was due ("Thought process:"), which judges are known to fall for."""
    return _HOLLOW.match(fold(text)) is not None


def _sentences(text: str) -> list[tuple[tuple[int, int], str]]:
    return [(match.span(), match.group()) for match in _SENTENCE.finditer(text) if match.group().strip()]


def _instructs(sentence: str) -> bool:
    folded = _ACCENT.sub("", fold(sentence))
    if _HOLLOW.match(folded):
        return True
    closed_up = _SPACED_OUT.sub(lambda match: _SPACER.sub("", match.group()), folded)
    readings = {folded, folded.translate(_LOOKALIKE), closed_up}
    return any(_matches(pattern, reading) for pattern in _PATTERNS for reading in readings)


def _matches(pattern: re.Pattern[str], text: str) -> bool:
    return any(not match.groupdict().get("telling") for match in pattern.finditer(text))
