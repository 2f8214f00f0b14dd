"""Scores as pictures, for platforms or workspaces that draw no charts: a line over time, bars side by side.

Drawn with Pillow at twice the size and made smaller, so that lines are smooth; on a dark ground, which can be read in
light clients as well. Some 30 ms each: draw in a thread. Every figure of a picture also stands as text beside it.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from PIL.ImageDraw import ImageDraw

WIDTH, HEIGHT = 800, 480
SCALE = 2
GROUND, PANEL, GRID = "#1a1d21", "#222529", "#3a3f46"
INK, QUIET = "#e8e8e8", "#a9afb8"
LINE, ASKED = "#4cb3ff", "#f2b84b"
LEFT, RIGHT, TOP, BOTTOM = 74, 36, 92, 76
LABELLED_POINTS = 14
"""With more points than this, figures beside each would run into one another."""
BRIEF_CHARS = 7
"""Notes as short as this stand under every point, also where there is room for every other name only."""


class Chart(Protocol):
    """Something that can be drawn."""

    def png(self) -> bytes:
        """The picture, 800 × 480."""
        ...


@dataclass(frozen=True, slots=True)
class Point:
    """One column or bar: its name, a short note under it, and a score 0–1; `None` leaves a gap."""

    name: str
    score: float | None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Trend:
    """Scores one after the other as a line; `bar` is the dashed line of what is asked for."""

    title: str
    points: tuple[Point, ...]
    bar: float | None = None

    def png(self) -> bytes:
        sheet = _Sheet(self.title, self.bar)
        left, right = LEFT + 24, WIDTH - RIGHT - 24
        count = len(self.points)
        xs = [(left + right) / 2 if count == 1 else left + n * (right - left) / (count - 1) for n in range(count)]
        for value in (0.0, 0.25, 0.5, 0.75, 1.0):
            sheet.line((LEFT, _y(value)), (WIDTH - RIGHT, _y(value)), GRID)
            sheet.write((LEFT - 10, _y(value)), f"{value:.2f}", 15, QUIET, "rm")
        if self.bar is not None:
            sheet.dashes(LEFT, WIDTH - RIGHT, _y(self.bar))
        for run in _runs(self.points, xs):
            for one, other in pairwise(run):
                sheet.line(one, other, LINE, width=4)
        every = -(-count // 12)
        brief = count <= LABELLED_POINTS and all(len(point.note) <= BRIEF_CHARS for point in self.points)
        for n, (point, x) in enumerate(zip(self.points, xs, strict=True)):
            self._point(sheet, point, x, named=n % every == 0, noted=n % every == 0 or brief)
        return sheet.png()

    def _point(self, sheet: _Sheet, point: Point, x: float, *, named: bool, noted: bool) -> None:
        if named:
            sheet.write((x, HEIGHT - BOTTOM + 14), point.name, 16, INK, "ma")
        if noted:
            sheet.write((x, HEIGHT - BOTTOM + 38), point.note, 13, QUIET, "ma")
        if point.score is None:
            return
        sheet.dot((x, _y(point.score)), LINE)
        if len(self.points) <= LABELLED_POINTS:
            below = point.score > 0.88
            at = (x, _y(point.score) + (14 if below else -14))
            sheet.write(at, f"{point.score:.2f}", 16, INK, "ma" if below else "md")


@dataclass(frozen=True, slots=True)
class Bars:
    """Scores side by side, each with its name in front; `bar` is the dashed line of what is asked for."""

    title: str
    points: tuple[Point, ...]
    bar: float | None = None

    def png(self) -> bytes:
        sheet = _Sheet(self.title, self.bar)
        left, right = 300, WIDTH - 100
        step = (HEIGHT - TOP - 40) / max(1, len(self.points))
        thick = min(30.0, step * 0.5)
        for n, point in enumerate(self.points):
            y = TOP + step * (n + 0.5)
            sheet.write((left - 16, y), _shortened(point.name, 30), 16, INK, "rm")
            sheet.block((left, y - thick / 2), (right, y + thick / 2), GRID)
            if point.score is not None:
                end = left + max(4.0, point.score * (right - left))
                sheet.block((left, y - thick / 2), (end, y + thick / 2), LINE)
            sheet.write((right + 12, y), "–" if point.score is None else f"{point.score:.2f}", 17, INK, "lm")
        if self.bar is not None:
            x = left + self.bar * (right - left)
            sheet.upright(x, TOP - 4, HEIGHT - 36)
        return sheet.png()


def _y(score: float) -> float:
    return TOP + (1 - score) * (HEIGHT - TOP - BOTTOM)


def _runs(points: Sequence[Point], xs: Sequence[float]) -> list[list[tuple[float, float]]]:
    """Scored neighbours: no line is drawn across what was not scored."""
    runs: list[list[tuple[float, float]]] = [[]]
    for point, x in zip(points, xs, strict=True):
        if point.score is None:
            runs.append([])
        else:
            runs[-1].append((x, _y(point.score)))
    return runs


def _shortened(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"


class _Sheet:
    """A picture under way, in the coordinates of the small one."""

    def __init__(self, title: str, bar: float | None) -> None:
        # Imported when first drawn: a program that never draws does not pay for it.
        from PIL import Image, ImageDraw, ImageFont

        self._image = Image.new("RGB", (WIDTH * SCALE, HEIGHT * SCALE), GROUND)
        self._draw: ImageDraw = ImageDraw.Draw(self._image)
        self._font = ImageFont.load_default
        self._draw.rounded_rectangle(_box((8, 8), (WIDTH - 8, HEIGHT - 8)), radius=16 * SCALE, fill=PANEL)
        self.write((28, 26), _shortened(title, 48), 22, INK, "la")
        if bar is not None:
            self.dashes(WIDTH - 246, WIDTH - 210, 40)
            self.write((WIDTH - 202, 40), f"bar for the role {bar:.2f}", 16, ASKED, "lm")

    def write(self, at: tuple[float, float], words: str, size: int, fill: str, anchor: str) -> None:
        if words:
            point = (at[0] * SCALE, at[1] * SCALE)
            self._draw.text(point, words, fill=fill, font=self._font(size * SCALE), anchor=anchor)

    def line(self, one: tuple[float, float], other: tuple[float, float], fill: str, width: int = 1) -> None:
        self._draw.line(_box(one, other), fill=fill, width=width * SCALE, joint="curve")

    def dashes(self, left: float, right: float, y: float) -> None:
        for n in range(int((right - left) // 12)):
            self.line((left + 12 * n, y), (left + 12 * n + 7, y), ASKED, width=2)

    def upright(self, x: float, top: float, bottom: float) -> None:
        for n in range(int((bottom - top) // 12)):
            self.line((x, top + 12 * n), (x, top + 12 * n + 7), ASKED, width=2)

    def dot(self, at: tuple[float, float], fill: str) -> None:
        self._draw.ellipse(_box((at[0] - 7, at[1] - 7), (at[0] + 7, at[1] + 7)), fill=fill, outline=PANEL, width=4)

    def block(self, one: tuple[float, float], other: tuple[float, float], fill: str) -> None:
        self._draw.rounded_rectangle(_box(one, other), radius=5 * SCALE, fill=fill)

    def png(self) -> bytes:
        out = io.BytesIO()
        self._image.reduce(SCALE).save(out, "PNG", compress_level=6)
        return out.getvalue()


def _box(one: tuple[float, float], other: tuple[float, float]) -> tuple[float, float, float, float]:
    return one[0] * SCALE, one[1] * SCALE, other[0] * SCALE, other[1] * SCALE
