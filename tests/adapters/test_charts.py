"""Charts as pictures: of the right size, light to send, drawn whatever the scores are."""

from __future__ import annotations

import io
import subprocess
import sys

import pytest
from PIL import Image

from adapters.charts import HEIGHT, WIDTH, Bars, Chart, Point, Trend

POINTS = (
    Point("Answer 1", 0.25, "level 3"),
    Point("Answer 2", None, "level 3"),
    Point("Answer 3", 1.0, "level 4, 1 hint"),
)


@pytest.mark.parametrize(
    "chart",
    [
        Trend("Over the interview", POINTS, 0.75),
        Trend("One answer", POINTS[:1]),
        Trend("Nothing scored", (Point("Answer 1", None),), 0.5),
        Trend("Many", tuple(Point(f"Answer {n}", n / 80) for n in range(80)), 0.5),
        Bars("By criterion", (*POINTS, Point("A very long name of a criterion, too long to fit", 0.0)), 0.6),
        Bars("None", ()),
    ],
)  # fmt: skip
def test_a_chart_is_a_small_png(chart: Chart) -> None:
    png = chart.png()
    with Image.open(io.BytesIO(png)) as picture:
        assert picture.size == (WIDTH, HEIGHT)
        assert len(set(picture.resize((80, 48)).get_flattened_data())) > 3
    assert len(png) < 60_000
    assert chart.png() == png


def test_nothing_is_drawn_across_an_answer_that_was_not_scored() -> None:
    gap, whole = (Trend("t", (Point("a", 0.5), Point("b", score), Point("c", 0.5))) for score in (None, 0.5))

    def between(chart: Trend) -> object:
        with Image.open(io.BytesIO(chart.png())) as picture:
            return picture.getpixel((WIDTH // 4, 248))

    assert between(gap) != between(whole)


def test_a_program_that_draws_nothing_does_not_load_pillow() -> None:
    code = "import sys, adapters.charts, adapters.slack.render; print('PIL' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "False\n"


def test_brief_notes_stand_under_every_point_where_names_have_no_room() -> None:
    names = [f"{n} Nov" for n in range(1, 15)]
    brief = Trend("t", tuple(Point(name, 0.5, "n 12") for name in names))
    every_other = Trend("t", tuple(Point(name, 0.5, "" if n % 2 else "n 12") for n, name in enumerate(names)))
    assert brief.png() != every_other.png()
    long = Trend("t", tuple(Point(name, 0.5, "level 3, 2 hints" if n % 2 == 0 else "") for n, name in enumerate(names)))
    assert long.png() == Trend("t", tuple(Point(name, 0.5, "level 3, 2 hints") for name in names)).png()
