// How each post looks: pure functions from a card to elements. `room.js` decides where and when.

import { levelBar, scoreBar } from "./charts.js";
import { h, prose, s } from "./dom.js";
import { reportCard } from "./report.js";
import { ACTIONS, clock, plural, ROLES, scoreText } from "./words.js";

/** The post of a card. `context` holds the interview's `state`, the `editing` message and `now()` in epoch seconds. */
export function render(post, card, context) {
  return RENDERERS[card.card](post, card, context);
}

const RENDERERS = {
  question: questionCard,
  answer: answerBubbles,
  feedback: feedbackCard,
  hint: hintCard,
  model_answer: modelAnswerCard,
  report: reportCard,
};

function questionCard(post, card, { state, now }) {
  const heading = card.kind === "follow_up" ? `Follow-up to question ${card.number}` : `Question ${card.number} of ${card.total}`;
  const since = state?.asked_at?.[card.turn];
  const open = card.actions.length > 0 && !state?.paused;
  return h("article", { class: "card question", "aria-labelledby": `${post}-title` },
    h("header", { class: "card-head" },
      h("h2", { id: `${post}-title`, tabindex: "-1", class: "eyebrow" }, heading),
      h("span", { class: "level" }, levelDots(card.level), h("span", {}, card.level_name)),
      card.topic && h("span", { class: "chip" }, card.topic),
      card.minutes > 0 && card.text && h("span", { class: "timer", role: "timer", "data-since": open && since ? since : null, "data-minutes": card.minutes },
        open && since ? timer(now() - since, card.minutes) : `about ${plural(card.minutes, "minute")}`)),
    card.level_reason && h("p", { class: "reason" }, card.level_reason),
    card.text ? prose(card.text, "prose question-text")
      : h("div", { class: "preparing" }, h("p", { class: "quiet" }, "Preparing the question…"), skeleton(2)));
}

/** Elapsed and suggested time: it only ever informs, nothing happens when it is over. */
export function timer(elapsed_s, minutes) {
  return `${clock(elapsed_s)} of about ${plural(minutes, "minute")}`;
}

function levelDots(level) {
  return h("span", { class: "dots", "aria-hidden": "true" }, [1, 2, 3, 4, 5].map((n) => h("span", { class: n <= level ? "dot on" : "dot" })));
}

function answerBubbles(post, card, { state, editing, leaving }) {
  const answer = state?.answers?.[post];
  const parts = answer?.parts ?? [{ message: "", text: card.text }];
  return h("div", { class: "answer", role: "group", "aria-label": card.attempt > 1 ? `Your answer, attempt ${card.attempt}` : "Your answer" },
    parts.map((part) =>
      editing?.message === part.message && answer?.editable
        ? editor(part)
        : bubble(part, { editable: answer?.editable && part.message, changed: leaving.get(part.message) })));
}

function bubble(part, { editable = false, waiting = "", changed }) {
  const text = changed === undefined ? part.text : changed;
  return h("div", { class: waiting || changed !== undefined ? "bubble waiting" : "bubble", "data-key": part.message || null },
    text === null ? h("p", { class: "quiet" }, "Taken back") : prose(text),
    waiting && h("p", { class: "bubble-note" }, waiting),
    editable && h("div", { class: "bubble-tools" },
      h("button", { type: "button", class: "link", "data-do": "edit", "data-message": part.message }, "Edit",
        h("span", { class: "visually-hidden" }, `: ${part.text.slice(0, 60)}`))));
}

/** Messages the server has not confirmed yet. */
export function pendingBubbles(pending, stuck) {
  return h("div", { class: "answer", role: "group", "aria-label": "Being sent" },
    pending.map((each) => bubble({ message: each.id, text: each.text }, { waiting: each.sent ? "" : stuck ? "Not sent yet, trying again…" : "Sending…" })));
}

function editor(part) {
  return h("form", { class: "bubble editor", "data-key": `edit-${part.message}`, "data-form": "edit", "data-message": part.message },
    h("label", { class: "visually-hidden", for: "edit-text" }, "Change your message"),
    h("textarea", { id: "edit-text", rows: Math.min(12, part.text.split("\n").length + 2) }, part.text),
    h("div", { class: "buttons" },
      h("button", { type: "submit", class: "button primary small" }, "Save"),
      h("button", { type: "button", class: "button small", "data-do": "edit-cancel" }, "Cancel"),
      h("button", { type: "button", class: "button small danger", "data-do": "edit-delete", "data-message": part.message }, "Take back")));
}

function hintCard(post, card) {
  return h("aside", { class: "card hint", "aria-label": `Hint ${card.rung} of ${card.rungs}` },
    h("p", { class: "eyebrow" }, `Hint ${card.rung} of ${card.rungs}`), prose(card.text));
}

function modelAnswerCard(post, card) {
  return h("article", { class: "card model", "aria-labelledby": `${post}-title` },
    h("header", { class: "card-head" }, h("h2", { id: `${post}-title`, class: "eyebrow" }, "Model answer"), card.engine && h("span", { class: "chip" }, card.engine)),
    card.text ? prose(card.text) : h("div", {}, h("p", { class: "quiet" }, "Being written…"), skeleton(3)),
    card.text && h("p", { class: "quiet small" }, "One good way to answer, not the only one."));
}

function feedbackCard(post, card, { state }) {
  const growing = card.state === "growing";
  const role = ROLES[state?.role] ?? "this role";
  return h("article", { class: growing ? "card feedback growing" : "card feedback", "aria-labelledby": `${post}-title`, "aria-busy": growing ? "true" : null },
    h("header", { class: "card-head" },
      h("h2", { id: `${post}-title`, tabindex: "-1", class: "eyebrow" }, card.attempt > 1 ? `Feedback, attempt ${card.attempt}` : "Feedback"),
      growing ? h("span", { class: "chip working" }, card.status || "Being written…") : card.status && h("span", { class: "chip" }, card.status),
      card.engine && h("span", { class: card.confidence === "low" ? "chip chip-warn" : "chip" }, `${card.engine}, ${card.confidence} confidence`)),
    card.headline && h("p", { class: "headline" }, card.headline),
    card.sections.length > 0 && h("div", { class: "sections" }, card.sections.map((section) => sectionView(section, role, card.bar === null ? null : 1 + 4 * card.bar))),
    card.rewrite && block("rewrite", "Your own words, sharper", prose(card.rewrite)),
    card.checklist.length > 0 && checklist(card.checklist),
    card.additional_notes && block("notes", "Also", prose(card.additional_notes)),
    card.notes.length > 0 && block("observations", "Please note", h("ul", {}, card.notes.map((note) => h("li", {}, note)))),
    card.next_drill && block("drill", "One drill, five minutes", prose(card.next_drill)),
    !growing && result(card, role),
    card.actions.length > 0 && h("div", { class: "buttons card-actions" }, card.actions.map((action) => actionButton(action, card.turn, state))));
}

function sectionView(section, role, meets) {
  const { state, level } = section;
  const figure = state === "settled" ? (level === null ? "not scored" : `${level} of 5`) : state === "growing" ? "being written…" : "waiting";
  return h("section", { class: `section is-${state}`, "data-key": section.criterion },
    h("header", {},
      h("h3", {}, section.title),
      h("span", { class: "weight" }, `${section.weight} %`, h("span", { class: "visually-hidden" }, " of the score")),
      h("span", { class: "figure" }, levelBar(state === "settled" ? level : null, meets), h("strong", {}, figure))),
    section.assessment && prose(section.assessment),
    section.quotes.map((quote) => h("blockquote", {}, h("p", {}, quote))),
    section.fix && h("div", { class: "fix" }, h("span", { class: "fix-label" }, "Fix"), prose(section.fix)),
    state === "settled" && section.reason && h("p", { class: "quiet small" }, section.reason),
    state === "settled" && (section.anchor || section.next_anchor) && h("dl", { class: "anchors" },
      section.anchor && [h("dt", {}, `Reached${level === null ? "" : `, level ${level}`}`), h("dd", {}, section.anchor)],
      section.next_anchor && [h("dt", {}, level === null ? "Next" : `Next, level ${level + 1}`), h("dd", {}, section.next_anchor)]),
    state === "settled" && section.meets !== null && h("p", { class: section.meets ? "meets yes" : "meets no" },
      section.meets ? `Meets the bar for ${role}` : `Below the bar for ${role}, for now`),
    state === "waiting" && skeleton(1));
}

function checklist(items) {
  const found = items.filter((item) => item.quote).length;
  return block("checklist", `Points of a good answer: ${found} of ${items.length} found`,
    h("ul", { class: "checks" }, items.map((item) =>
      h("li", { class: item.quote ? "found" : "missing" },
        h("span", { class: "check", "aria-hidden": "true" }, item.quote ? "✓" : "–"),
        h("div", {}, h("span", { class: "visually-hidden" }, item.quote ? "Found: " : "Not found: "), item.point,
          item.quote && h("blockquote", {}, h("p", {}, item.quote)))))));
}

function result(card, role) {
  const compared = card.before !== null && card.score !== null;
  const change = compared ? (scoreText(card.score) - scoreText(card.before)).toFixed(2) : 0;
  return h("div", { class: "result" },
    h("div", { class: "result-figure" },
      h("span", { class: "quiet" }, "This answer"),
      card.score === null ? h("strong", {}, "not scored") : h("strong", {}, scoreText(card.score), h("span", { class: "of" }, " of 1")),
      scoreBar(card.score, card.bar)),
    h("ul", { class: "result-notes" },
      compared && h("li", {}, `Before ${scoreText(card.before)}, now ${scoreText(card.score)}: ${change > 0 ? `up ${change}` : change < 0 ? `down ${(-change).toFixed(2)}` : "unchanged"}`),
      card.bar !== null && h("li", {}, `Asked for at ${role}: ${scoreText(card.bar)}`),
      card.hints > 0 && h("li", {}, `With ${plural(card.hints, "hint")}`)));
}

export function actionButton(action, turn, state, className = "") {
  const rated = { helpful: 1, unhelpful: -1 }[action];
  const label = { helpful: "This review helped", unhelpful: "This review did not help" }[action];
  return h("button", {
    type: "button", class: `button small ${action === "next" ? "primary" : ""} ${rated ? "thumb" : ""} ${rated === -1 ? "thumb-down" : ""} ${className}`.trim().replace(/ +/g, " "),
    "data-do": "press", "data-action": action, "data-turn": turn, "data-key": `${action}-${turn}`,
    "aria-label": label ?? null, title: label ?? null, "aria-pressed": rated ? String(state?.ratings?.[turn] === rated) : null,
  }, rated ? thumb() : ACTIONS[action]);
}

function thumb() {
  return s("svg", { viewBox: "0 0 24 24", "aria-hidden": "true", focusable: "false" },
    s("path", { d: "M3 10.5h4V21H3zM7 11l4.2-8.2c1.5.1 2.5 1.2 2.3 2.8L13 9h6a2 2 0 0 1 2 2.3l-1.2 7.4A2.4 2.4 0 0 1 17.4 21H7" }));
}

function block(name, title, ...content) {
  return h("section", { class: `block block-${name}`, "data-key": name }, h("h3", {}, title), content);
}

function skeleton(lines) {
  return h("div", { class: "skeleton", "aria-hidden": "true" }, Array.from({ length: lines }, () => h("span", {})));
}
