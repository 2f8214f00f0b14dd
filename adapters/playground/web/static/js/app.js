// The page's frame: which view is shown, the engine's label, light and dark.

import { call } from "./api.js";
import { h } from "./dom.js";
import { history } from "./history.js";
import { room } from "./room.js";
import { start } from "./start.js";

const main = document.getElementById("main");
let leave = () => {};
let shown = null;

const OFFLINE_ADVICE = "set OPENAI_API_KEY or GEMINI_API_KEY for full reviews";

/** The view that an address asks for: `#/`, `#/history`, `#/interview/<id>`. */
function route() {
  const [, view = "", id = ""] = location.hash.split("/");
  if (view === "history") return { name: "history", title: "History", show: (context) => history(main, context) };
  if (view === "interview" && id) {
    return { name: "room", title: "Interview", show: (context) => room(main, context, decodeURIComponent(id)) };
  }
  return { name: "start", title: "New interview", show: (context) => start(main, context) };
}

async function navigate(context, first = false) {
  // `#main` is the skip link's address and no view.
  if (location.hash && !location.hash.startsWith("#/")) return;
  if (location.hash === shown) return;
  shown = location.hash;
  leave();
  const view = route();
  document.title = `${view.title} · Rehearse`;
  document.body.dataset.view = view.name;
  for (const link of document.querySelectorAll("[data-nav]")) {
    if (link.dataset.nav === view.name) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  window.scrollTo(0, 0);
  leave = (await view.show(context)) ?? (() => {});
  if (!first && !main.contains(document.activeElement)) main.focus({ preventScroll: true });
}

function engineLabel({ label, offline }) {
  const line = document.getElementById("engine");
  line.replaceChildren(
    h("span", { class: offline ? "engine-mark engine-offline" : "engine-mark", "aria-hidden": "true" }),
    h("span", {}, h("span", { class: "visually-hidden" }, "Reviews by: "), h("strong", {}, label),
      offline && ", low confidence", offline && h("span", { class: "engine-advice" }, ` — ${OFFLINE_ADVICE}`)),
  );
}

function themeButton() {
  const button = document.getElementById("theme");
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const now = () => document.documentElement.dataset.theme ?? (dark.matches ? "dark" : "light");
  const label = () => {
    const other = now() === "dark" ? "light" : "dark";
    button.setAttribute("aria-label", `Switch to ${other} colours`);
    button.title = `Switch to ${other} colours`;
  };
  button.addEventListener("click", () => {
    const next = now() === "dark" ? "light" : "dark";
    document.documentElement.dataset.theme = next;
    try {
      localStorage.setItem("rehearse-theme", next);
    } catch {
      // Without storage the choice lasts until the next visit.
    }
    label();
  });
  dark.addEventListener("change", label);
  label();
}

document.querySelector(".skip-link").addEventListener("click", (event) => {
  event.preventDefault();
  main.focus();
});

async function open() {
  themeButton();
  try {
    const choices = await call("/api/types");
    engineLabel(choices.engine);
    const context = { choices };
    addEventListener("hashchange", () => navigate(context));
    await navigate(context, true);
  } catch (error) {
    main.replaceChildren(
      h("section", { class: "empty" }, h("h1", {}, "The room is closed"),
        h("p", {}, error instanceof TypeError ? "Rehearse does not answer. Is it still running?" : error.message),
        h("p", {}, h("a", { class: "button", href: location.pathname }, "Try again"))),
    );
  }
}

open();
