// What was practised so far, how it went, and the person's right to take it along or have it deleted.

import { call } from "./api.js";
import { announce, h } from "./dom.js";
import { trend } from "./charts.js";
import { day, ROLES, scoreText } from "./words.js";

export async function history(main) {
  const { interviews } = await call("/api/interviews").catch((error) => ({ interviews: null, error }));
  if (interviews === null) {
    main.replaceChildren(h("section", { class: "empty" }, h("h1", {}, "History"), h("p", {}, "It could not be read just now. Please try again.")));
    return;
  }
  const scored = interviews.filter((each) => each.over && each.score !== null).reverse();
  main.replaceChildren(h("section", { class: "history" },
    h("h1", {}, "History"),
    interviews.length === 0
      ? h("p", { class: "lead" }, "Nothing yet. ", h("a", { href: "#/" }, "Start your first interview."))
      : [
          scored.length > 1 && h("div", { class: "panel" }, trend({
            title: "Scores of finished interviews", first: "Interview", third: "Day",
            rows: scored.map((each, n) => ({ label: n + 1, detail: `${n + 1}. ${each.title}, ${ROLES[each.role]}`, third: day(each.began_at), score: each.score })),
          })),
          h("ul", { class: "past" }, interviews.map(past)),
        ],
    h("section", { class: "data", "aria-labelledby": "data-title" },
      h("h2", { id: "data-title" }, "Your data"),
      h("p", {}, "Everything stays in a database on this machine. You can take it along, or delete it for good."),
      h("div", { class: "buttons" },
        h("a", { class: "button", href: "/api/export", download: "rehearse-interviews.json" }, "Export everything"),
        h("button", { type: "button", class: "button danger", id: "forget" }, "Delete my data…"))),
    confirmation(interviews.length),
  ));
  const dialog = document.getElementById("forget-dialog");
  document.getElementById("forget").addEventListener("click", () => dialog.showModal());
  dialog.addEventListener("close", async () => {
    if (dialog.returnValue !== "delete") return;
    try {
      const { deleted } = await call("/api/me", { method: "DELETE", body: { confirm: "delete my data" } });
      announce(`Deleted ${deleted} interviews. Nothing is kept.`);
      await history(main);
      main.focus({ preventScroll: true });
    } catch (error) {
      document.querySelector(".data p").textContent = `Nothing was deleted: ${error.message}`;
      announce(`Nothing was deleted: ${error.message}`);
    }
  });
}

function past(each) {
  const status = each.over ? "finished" : each.paused ? "paused" : each.stopped ? "ending" : "open";
  const figure = each.score === null ? (each.over ? "not scored" : `${each.asked} of ${each.questions} asked`) : `${scoreText(each.score)} of 1`;
  return h("li", {}, h("a", { class: "past-row", href: `#/interview/${encodeURIComponent(each.id)}` },
    h("span", { class: "past-title" }, each.title, each.focus && h("span", { class: "quiet" }, ` · ${each.focus}`)),
    h("span", { class: "past-meta quiet" }, `${ROLES[each.role]} · ${day(each.began_at)}`),
    h("span", { class: `tag tag-${status}` }, status),
    h("span", { class: "past-score" }, figure)));
}

function confirmation(n) {
  return h("dialog", { id: "forget-dialog", "aria-labelledby": "forget-title" },
    h("form", { method: "dialog" },
      h("h2", { id: "forget-title" }, "Delete everything?"),
      h("p", {}, `All ${n} interviews, every answer and every review will be gone. This cannot be undone.`),
      h("div", { class: "buttons" },
        h("button", { value: "keep", class: "button" }, "Keep my data"),
        h("button", { value: "delete", class: "button danger solid" }, "Delete everything"))));
}
