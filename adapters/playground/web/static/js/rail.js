// The rail beside the conversation: where in the interview one is, and how it has gone so far.

import { levelBar } from "./charts.js";
import { h } from "./dom.js";
import { ROLES, scoreText } from "./words.js";

export function rail(model, choices) {
  const { state } = model;
  if (!state) return [];
  const questions = model.cards.filter((card) => card.card === "question" && card.kind === "main");
  const byNumber = new Map(questions.map((card) => [card.number, card]));
  const scores = new Map();
  for (const card of model.cards) if (card.card === "feedback" && card.state === "settled") scores.set(card.turn, card.score);
  const current = questions.at(-1)?.number ?? 0;
  return [
    h("h1", { class: "rail-title", tabindex: "-1", id: "room-title" }, state.title),
    h("p", { class: "quiet rail-role" }, ROLES[state.role], state.focus && ` · ${state.focus}`),
    h("ol", { class: "steps-list", "aria-label": "Progress" }, Array.from({ length: state.questions }, (_, n) => {
      const card = byNumber.get(n + 1);
      const score = card ? scores.get(card.turn) : undefined;
      const now = n + 1 === current && !state.over;
      const status = score !== undefined ? (score === null ? "not scored" : scoreText(score)) : !card ? "" : now ? "now" : "–";
      return h("li", { class: now ? "now" : card ? "past" : "ahead", "aria-current": now ? "step" : null },
        h("span", { class: "step-number" }, n + 1),
        h("span", { class: "step-topic" }, card?.topic || (card ? "Question" : h("span", { class: "visually-hidden" }, "to come"))),
        h("span", { class: "step-score" }, status));
    })),
    h("p", { class: "rail-level" }, h("span", { class: "quiet" }, "Difficulty "), levelBar(state.level), h("strong", {}, choices.levels[state.level - 1])),
  ];
}
