// The report at the end: what it comes to, by criterion and over time, three fixes, one drill.

import { scoreBar, trend } from "./charts.js";
import { h, prose } from "./dom.js";
import { plural, ROLES, scoreText } from "./words.js";

export function reportCard(post, card, { state }) {
  const { report } = card;
  const role = ROLES[state?.role] ?? "the role";
  if (report === null) {
    return h("article", { class: "card report", "aria-labelledby": "report-title", "aria-busy": "true" },
      h("h2", { id: "report-title", tabindex: "-1" }, "Your report"), h("p", { class: "quiet" }, "Being written…"));
  }
  const counts = [
    plural(report.answered, "answer"),
    report.skipped > 0 && `${report.skipped} skipped`,
    report.unscored > 0 && `${report.unscored} not scored`,
  ].filter(Boolean).join(", ");
  return h("article", { class: "card report", "aria-labelledby": "report-title" },
    h("header", { class: "report-head" },
      h("div", {},
        h("p", { class: "eyebrow" }, `${card.title} · ${role}`),
        h("h2", { id: "report-title", tabindex: "-1" }, "Your report"),
        h("p", { class: "quiet" }, counts, report.engine && ` · reviewed by ${report.engine}`)),
      h("div", { class: "overall" },
        report.score === null ? h("strong", { class: "none" }, "not scored") : h("strong", {}, scoreText(report.score), h("span", { class: "of" }, " of 1")),
        report.bar !== null && h("span", { class: "quiet" }, `asked for: ${scoreText(report.bar)}`))),
    prose(report.summary, "prose headline"),
    report.fixes.length > 0 && h("section", { class: "block" },
      h("h3", {}, report.fixes.length === 1 ? "The one thing to fix" : `The ${["", "", "two", "three"][report.fixes.length]} things to fix`),
      h("ol", { class: "fixes" }, report.fixes.map((fix) => h("li", {}, prose(fix))))),
    report.drill && h("section", { class: "block block-drill" }, h("h3", {}, "One drill before the next time"), prose(report.drill)),
    h("section", { class: "block" }, h("h3", {}, "By criterion"),
      h("ul", { class: "criteria" }, report.criteria.map((each) =>
        h("li", {},
          h("span", { class: "criterion" }, each.title),
          scoreBar(each.score, report.bar),
          h("span", { class: "criterion-figure" }, each.score === null ? "not scored" : `${scoreText(each.score)} of 1`,
            each.n > 0 && h("span", { class: "quiet" }, ` · ${plural(each.n, "answer")}`)))))),
    report.trend.length > 0 && h("section", { class: "block" }, trend({
      title: "Over the interview", first: "Answer", third: "Level and hints", bar: report.bar,
      rows: report.trend.map((each, n) => ({
        label: n + 1, detail: `Answer ${n + 1}`, score: each.score,
        mark: `level ${each.level}${each.hints ? ` · ${plural(each.hints, "hint")}` : ""}`,
        third: `Level ${each.level}${each.hints ? `, ${plural(each.hints, "hint")}` : ""}`,
      })),
    })),
    h("div", { class: "buttons card-actions" },
      h("a", { class: "button primary", href: "#/" }, "Start another"),
      h("a", { class: "button", href: "/api/export", download: "rehearse-interviews.json" }, "Export"),
      h("button", { type: "button", class: "button", "data-do": "print" }, "Print")));
}
