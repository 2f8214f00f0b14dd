// Bars and the trend chart. Every number stands as text beside its picture; colour alone says nothing.

import { h, s } from "./dom.js";
import { plural, scoreText } from "./words.js";

/** Five steps, `level` of them filled; `meets` underlines the one the role asks for. `null` is not scored, not zero. */
export function levelBar(level, meets = null) {
  const steps = [1, 2, 3, 4, 5].map((n) =>
    h("span", { class: ["step", level !== null && n <= level && "on", n === Math.ceil(meets ?? 0) && "asked"].filter(Boolean).join(" ") }),
  );
  return h("span", { class: level === null ? "steps unscored" : "steps", "aria-hidden": "true" }, steps);
}

/** A bar of 1 with a tick where the role's bar is. Decorative: the number belongs beside it. */
export function scoreBar(score, bar = null) {
  const picture = s("svg", { class: "bar", viewBox: "0 0 100 10", preserveAspectRatio: "none", "aria-hidden": "true", focusable: "false" },
    s("rect", { class: "bar-track", width: 100, height: 10, rx: 2 }),
    score === null ? null : s("rect", { class: "bar-fill", width: Math.max(1, 100 * score), height: 10, rx: 2 }),
    bar === null ? null : s("rect", { class: "bar-asked", x: Math.min(99, 100 * bar), width: 1, height: 10 }),
  );
  return picture;
}

const HEIGHT = 220, LEFT = 54, RIGHT = 54, TOP = 14, BOTTOM = 44;

/**
 * A line of scores 0–1 with its table. `rows` are `{label, detail, score, mark}`; unscored ones leave a gap, `mark` is
 * a short note under a point. `bar` is the dashed line of what the role asks for.
 */
export function trend({ title, rows, bar = null, first = "Answer", third = "" }) {
  const scored = rows.filter((row) => row.score !== null);
  if (!scored.length) return h("p", { class: "quiet" }, "Nothing was scored, so there is no line to draw.");
  // A drawing scales as a whole; on a phone a narrower one keeps its letters readable.
  const width = innerWidth < 576 ? 340 : 640;
  const x = (n) => (rows.length === 1 ? (LEFT + width - RIGHT) / 2 : LEFT + (n * (width - LEFT - RIGHT)) / (rows.length - 1));
  const y = (score) => TOP + (1 - score) * (HEIGHT - TOP - BOTTOM);
  const text = (className, at, top, content, anchor = "middle") =>
    s("text", { class: className, x: at, y: top, "text-anchor": anchor }, content);

  const grid = [0, 0.25, 0.5, 0.75, 1].map((value) => [
    s("line", { class: "grid", x1: LEFT, x2: width - RIGHT, y1: y(value), y2: y(value) }),
    text("axis", LEFT - 22, y(value) + 4, scoreText(value), "end"),
  ]);
  const every = Math.ceil(rows.length / (width / 64));
  const marks = rows.map((row, n) => [
    n % every ? null : text("axis", x(n), HEIGHT - BOTTOM + 20, row.label),
    n % every || !row.mark ? null : text("axis small", x(n), HEIGHT - BOTTOM + 36, row.mark),
    row.score === null ? null : s("circle", { class: "point", cx: x(n), cy: y(row.score), r: 5 }),
    row.score === null || rows.length > 12 ? null
      : text("value", x(n), y(row.score) + (row.score > 0.85 ? 20 : -11), scoreText(row.score)),
  ]);
  // One stroke per run of scored neighbours, so that no line is drawn over what was not scored.
  const runs = rows.reduce((all, row, n) => {
    if (row.score === null) all.push([]);
    else all.at(-1).push(`${x(n).toFixed(1)},${y(row.score).toFixed(1)}`);
    return all;
  }, [[]]);
  const lines = runs.filter((run) => run.length > 1).map((run) => s("polyline", { class: "line", points: run.join(" ") }));
  const asked = bar === null ? null : s("line", { class: "asked-line", x1: LEFT - 4, x2: width - RIGHT + 4, y1: y(bar), y2: y(bar) });
  const spoken = `${title}: ${plural(scored.length, "score")} from ${scoreText(scored[0].score)} to ${scoreText(scored.at(-1).score)} of 1. The table below holds every figure.`;
  return h("figure", { class: "trend" },
    h("figcaption", {}, title, bar !== null && h("span", { class: "quiet" }, `– – asked for: ${scoreText(bar)}`)),
    s("svg", { viewBox: `0 0 ${width} ${HEIGHT}`, role: "img", "aria-label": spoken }, grid, asked, lines, marks),
    h("details", { "data-key": "table" },
      h("summary", {}, "The same as a table"),
      h("div", { class: "table-scroll", tabindex: "0", role: "region", "aria-label": `${title}, table` },
        h("table", {},
          h("thead", {}, h("tr", {}, h("th", { scope: "col" }, first), third && h("th", { scope: "col" }, third), h("th", { scope: "col" }, "Score, 0 to 1"))),
          h("tbody", {}, rows.map((row) =>
            h("tr", {}, h("th", { scope: "row" }, row.detail ?? row.label), third && h("td", {}, row.third ?? ""),
              h("td", {}, row.score === null ? "not scored" : scoreText(row.score))))),
        ))),
  );
}
