// What stands at the foot of the room: the composer while a question is open, the way on when it is not.

import { actionButton } from "./cards.js";
import { h, morphChildren } from "./dom.js";
import { ACTIONS } from "./words.js";

const TOOLS = ["hint", "skip", "repeat", "easier", "harder", "pause", "stop"];

/** The dock's fixed frame; `refresh` fills it. The textarea is never rebuilt, so nothing typed is ever lost. */
export function dockFrame() {
  return h("section", { class: "dock", "aria-label": "Your turn" },
    h("div", { class: "dock-inner" },
      h("p", { class: "notice", id: "notice", hidden: true }),
      h("div", { class: "paused", id: "paused", hidden: true }),
      h("form", { class: "composer", id: "composer", "data-form": "compose", hidden: true },
        h("label", { class: "visually-hidden", for: "text" }, "Your answer"),
        h("textarea", { id: "text", rows: 3, placeholder: "Answer in your own words…", "aria-describedby": "compose-help" }),
        h("div", { class: "compose-go" },
          h("p", { class: "quiet small", id: "compose-help" }),
          h("button", { type: "button", class: "button", "data-do": "done", id: "done" }, ACTIONS.done),
          h("button", { type: "submit", class: "button primary", id: "send" }, "Send"))),
      h("div", { class: "way-on", id: "way-on", hidden: true }),
      h("div", { class: "tools", id: "tools", role: "group", "aria-label": "Interview controls", hidden: true })));
}

/** What the person can do now, read off the newest question, its feedback and the state. */
export function situation(cards, state) {
  const questions = cards.filter((card) => card.card === "question");
  const question = questions.at(-1) ?? null;
  const feedback = question && cards.filter((card) => card.card === "feedback" && card.turn === question.turn).at(-1);
  const over = Boolean(state?.over) || cards.some((card) => card.card === "report" && card.report);
  const actions = question?.actions ?? [];
  const answerable = !over && Boolean(question?.text) && actions.includes("skip");
  const onward = !over && feedback?.state === "settled" ? feedback.actions.filter((action) => action === "next" || action === "retry") : [];
  return { over, question, feedback, answerable, onward, paused: Boolean(state?.paused), stopping: Boolean(state?.stopped) && !over, actions };
}

/** Bring the dock in line with the situation. */
export function refreshDock(dock, model, here) {
  const part = (name) => dock.querySelector(`#${name}`);
  const fill = (name, content) => {
    morphChildren(part(name), h("div", {}, content));
    part(name).hidden = !part(name).hasChildNodes();
  };
  const { notice, state } = model;
  const unsent = part("text").value.trim() !== "";
  const waiting = here.paused && !here.over;
  part("composer").hidden = waiting || here.over || !(here.answerable || unsent);
  part("send").disabled = !here.answerable || !unsent;
  part("done").disabled = !here.answerable || !(unsent || here.actions.includes("done") || model.pending.length > 0);
  part("compose-help").textContent = help(here, state);
  part("compose-help").classList.toggle("optional", here.answerable && here.feedback?.state !== "growing");
  // The pause has its own banner; saying it twice helps nobody.
  fill("notice", notice && !(waiting && !notice.error) ? [h("span", { class: "notice-mark", "aria-hidden": "true" }, notice.error ? "!" : "i"), h("span", {}, notice.text)] : []);
  part("notice").classList.toggle("notice-error", Boolean(notice?.error));
  fill("paused", waiting ? pauseBanner() : []);
  fill("way-on", waiting ? [] : wayOn(here, state));
  fill("tools", toolButtons(here));
  dock.hidden = here.over && !notice;
  dock.firstChild.classList.toggle("resting", here.onward.length > 0 && !waiting);
  // While the review grows the composer makes room for it, until somebody has more to say.
  const compact = here.feedback?.state === "growing" && !unsent;
  part("text").rows = compact ? 1 : 3;
  part("composer").classList.toggle("compact", compact);
}

function help({ answerable, feedback }, { quiet_s: quiet }) {
  if (!answerable) return "The feedback has settled. Your text is kept here: choose Try again to use it.";
  if (feedback?.state === "growing") return "You can still add or edit; the review then starts again on the whole answer.";
  const keys = /Mac|iP/.test(navigator.platform) ? "⌘ Enter" : "Ctrl+Enter";
  return `${keys} sends. Several messages make one answer; Done${quiet ? ` or a pause of ${quiet} seconds` : ""} ends it.`;
}

function wayOn({ over, stopping, onward, question, feedback, answerable }, state) {
  if (over) return [];
  if (stopping) return [h("span", {}, "The interview is ending, your report is on its way…")];
  if (onward.length) return [h("span", { class: "way-text" }, "Take your time with the review."), onward.map((action) => actionButton(action, feedback.turn, state, "dock-button"))];
  if (answerable) return [];
  if (!question || !question.text || !question.actions.length) return [h("span", { class: "quiet" }, question ? "The next question is on its way…" : "Preparing the first question…")];
  return [];
}

function toolButtons({ actions, question, paused, onward, over, stopping }) {
  if (over || stopping || !question) return [];
  // Between questions only these two make sense; they then stand without the rest.
  const shown = onward.length ? ["pause", "stop"] : paused ? ["stop"] : TOOLS;
  return shown.map((action) => {
    const possible = actions.includes(action) || (onward.length > 0 && (action === "pause" || action === "stop"));
    return h("button", {
      type: "button", class: `tool tool-${action}`, "data-do": action === "stop" ? "stop" : "press", "data-action": action,
      "data-turn": action === "pause" || action === "stop" ? 0 : question.turn, "data-key": action, disabled: !possible,
    }, ACTIONS[action]);
  });
}

function pauseBanner() {
  return [
    h("span", {}, h("strong", {}, "Paused. "), "Your place is kept, for as long as you like."),
    h("button", { type: "button", class: "button primary small", "data-do": "press", "data-action": "resume", "data-turn": 0, "data-key": "resume" }, ACTIONS.resume),
  ];
}

export function stopDialog() {
  return h("dialog", { id: "stop-dialog", "aria-labelledby": "stop-title" },
    h("form", { method: "dialog" },
      h("h2", { id: "stop-title" }, "End this interview?"),
      h("p", {}, "You get a report on what you have answered so far. Pause keeps your place instead."),
      h("div", { class: "buttons" },
        h("button", { value: "keep", class: "button" }, "Keep going"),
        h("button", { value: "stop", class: "button danger solid" }, "End with a report"))));
}
