// The start form: what kind of interview, for which role, how long.

import { call, newId } from "./api.js";
import { announce, h } from "./dom.js";
import { day, plural, ROLES } from "./words.js";

const GLYPHS = { behavioral: "“ ”", system_design: "◫", coding: "{ }", custom: "✳" };

export async function start(main, { choices }) {
  const kinds = choices.types;
  const form = h("form", { class: "start-form", novalidate: true },
    h("fieldset", { class: "kinds" },
      h("legend", {}, "What do you want to practise?"),
      h("div", { class: "kind-cards" }, kinds.map((kind, n) => kindCard(kind, n === 0)))),
    h("fieldset", { class: "roles" },
      h("legend", {}, "Role level"),
      h("div", { class: "segments", id: "roles" })),
    h("div", { class: "fields" },
      field("questions", "Questions", h("input", { type: "number", id: "questions", name: "questions", min: 1, max: 20, inputmode: "numeric" })),
      field("level", "Difficulty to start with", h("select", { id: "level", name: "level" })),
      field("language", "Language", h("select", { id: "language", name: "language" }))),
    field("focus", "Focus", h("input", { type: "text", id: "focus", name: "focus", maxlength: 200, autocomplete: "off", placeholder: "For example: caching, conflict at work, dynamic programming" }), "optional"),
    h("p", { class: "form-error", role: "alert", id: "start-error" }),
    h("div", { class: "start-go" },
      h("button", { type: "submit", class: "button primary large" }, "Start the interview"),
      h("p", { class: "quiet", id: "start-summary" })),
  );
  main.replaceChildren(
    h("section", { class: "start" },
      h("div", { class: "hero" },
        h("h1", {}, "A quiet room to practise in."),
        h("p", { class: "lead" }, "One question at a time. You answer in your own words and watch the review being written: what held up, what to fix, and where that stands on a published rubric.")),
      h("div", { id: "open" }),
      form),
  );

  const chosen = () => kinds.find((kind) => kind.id === form.elements.type.value) ?? kinds[0];
  const roleNow = () => form.elements.role?.value;

  function refit() {
    const kind = chosen();
    const before = roleNow();
    const roles = Object.keys(ROLES).filter((role) => role in kind.roles);
    const role = roles.includes(before) ? before : roles.includes("mid") ? "mid" : roles[0];
    document.getElementById("roles").replaceChildren(...roles.map((each) =>
      h("label", { class: "segment" },
        h("input", { type: "radio", name: "role", value: each, checked: each === role }),
        h("span", {}, ROLES[each]))));
    form.elements.questions.value = kind.questions;
    const languages = Object.entries(choices.languages);
    if (!(kind.language in choices.languages)) languages.unshift([kind.language, kind.language]);
    form.elements.language.replaceChildren(...languages.map(([code, name]) =>
      h("option", { value: code, selected: code === kind.language }, name)));
    levels();
  }

  function levels() {
    const bar = chosen().roles[roleNow()];
    const before = form.elements.level.value;
    form.elements.level.replaceChildren(
      h("option", { value: "" }, `As usual for the role (${choices.levels[bar.start - 1]})`),
      ...choices.levels.map((name, n) => h("option", { value: n + 1, selected: String(n + 1) === before }, name)));
    summary();
  }

  function summary() {
    const kind = chosen();
    const bar = kind.roles[roleNow()];
    const n = Number(form.elements.questions.value) || kind.questions;
    const follow = kind.follow_ups ? `, up to ${plural(kind.follow_ups, "follow-up")} each` : "";
    const when = kind.feedback === "each" ? "a review after every answer" : "all reviews at the end";
    document.getElementById("start-summary").textContent =
      `${plural(n, "question")}${follow}, ${when}. ${bar.expects || `${ROLES[roleNow()]}: level ${bar.meets} of 5 counts as met.`}`;
  }

  form.addEventListener("change", (event) => {
    if (event.target.name === "type") refit();
    else if (event.target.name === "role") levels();
    else summary();
  });
  const id = newId();
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const fields = form.elements;
    const wrong = document.getElementById("start-error");
    const questions = Number(fields.questions.value);
    if (!Number.isInteger(questions) || questions < 1 || questions > 20) {
      wrong.textContent = "Questions: a whole number from 1 to 20.";
      fields.questions.focus();
      return;
    }
    wrong.textContent = "";
    const button = form.querySelector("[type=submit]");
    button.disabled = true;
    try {
      const begun = await call("/api/interviews", { method: "POST", body: {
        id, type: fields.type.value, role: fields.role.value, questions, focus: fields.focus.value,
        level: fields.level.value ? Number(fields.level.value) : null, language: fields.language.value,
      } });
      announce("The interview begins.");
      location.hash = `#/interview/${begun.id}`;
    } catch (error) {
      wrong.textContent = error instanceof TypeError ? "Rehearse does not answer. Is it still running?" : error.message;
      button.disabled = false;
    }
  });
  refit();
  openInterviews();
}

function kindCard(kind, checked) {
  return h("label", { class: "kind" },
    h("input", { type: "radio", name: "type", value: kind.id, checked }),
    h("span", { class: "kind-glyph", "aria-hidden": "true" }, GLYPHS[kind.format] ?? GLYPHS.custom),
    h("span", { class: "kind-title" }, kind.title),
    h("span", { class: "kind-text" }, kind.description),
    h("span", { class: "kind-criteria" }, kind.criteria.map((criterion) => criterion.title).join(" · ")));
}

function field(id, label, input, note = "") {
  return h("div", { class: "field" }, h("label", { for: id }, label, note && h("span", { class: "quiet" }, ` (${note})`)), input);
}

/** Interviews that were left unfinished, to go on with. */
async function openInterviews() {
  const { interviews } = await call("/api/interviews").catch(() => ({ interviews: [] }));
  const unfinished = interviews.filter((each) => !each.over && !each.stopped).slice(0, 3);
  const place = document.getElementById("open");
  if (!place || !unfinished.length) return;
  place.replaceChildren(h("section", { class: "open-interviews", "aria-labelledby": "open-title" },
    h("h2", { id: "open-title" }, "Still open"),
    h("ul", {}, unfinished.map((each) =>
      h("li", {}, h("a", { href: `#/interview/${encodeURIComponent(each.id)}` },
        h("strong", {}, each.title), ` · ${ROLES[each.role]} · question ${each.asked} of ${each.questions}`,
        h("span", { class: "quiet" }, ` · ${day(each.updated_at)}${each.paused ? " · paused" : ""}`)))))));
}
