// The interview room: takes events in, shows them, and hands out what the person does.

import { newId, Outbox, read, write } from "./api.js";
import { connection } from "./connection.js";
import { pendingBubbles, render, timer } from "./cards.js";
import { dockFrame, refreshDock, situation, stopDialog } from "./dock.js";
import { announce, h, morph, morphChildren } from "./dom.js";
import { Model } from "./model.js";
import { rail } from "./rail.js";
import { Scroll } from "./scroll.js";
import { tell } from "./speech.js";
import { Stream } from "./stream.js";

const PAUSE_MS = 1500;
const now = () => Date.now() / 1000;

/** Show the interview `id`; returns what ends it. */
export function room(main, { choices }, id) {
  const model = new Model();
  const draftSlot = `rehearse-draft-${id}`;
  const side = h("aside", { class: "rail", "aria-label": "This interview" });
  // `off`: a card that grows would be read over and over; `speech.js` says what has come to rest.
  const log = h("div", { class: "log", role: "log", "aria-live": "off", "aria-label": "Conversation" }, h("p", { class: "loading" }, "Opening the room…"));
  const dock = dockFrame();
  const stop = stopDialog();
  main.replaceChildren(h("div", { class: "room" }, side, h("div", { class: "talk" }, log, dock)), stop);
  const text = dock.querySelector("#text");
  const scroll = new Scroll(log);
  const shown = new Map();
  const ending = new AbortController();
  let typedAt = 0;
  let frame = 0;
  let drawn = null;

  const outbox = new Outbox(id, {
    onChange: () => redraw(),
    onSent: ({ body }) => {
      for (const each of model.pending) each.sent ||= each.id === body.id;
    },
    onRefused: ({ endpoint, body }, message) => {
      model.pending = model.pending.filter((each) => each.id !== body.id);
      if (endpoint === "edits") model.leaving.delete(body.message);
      if (endpoint === "messages" && !text.value.trim()) keepDraft(body.text);
      notify(message, true);
    },
  });
  model.pending = outbox.entries.filter((each) => each.endpoint === "messages").map(({ body }) => ({ id: body.id, text: body.text, sent: false }));

  const stream = new Stream(id, {
    onEvent: (kind, body) => {
      const change = model.take(kind, body);
      if (change && drawn) tell(change);
      if (kind === "notice") {
        announce(body.text);
        // A refused message is not part of the answer: its text goes back to where it can be changed.
        const refused = body.error ? model.pending.filter((each) => each.sent) : [];
        if (refused.length) {
          model.pending = model.pending.filter((each) => !each.sent);
          if (!text.value.trim()) keepDraft(refused.map((each) => each.text).join("\n"));
        }
      }
      redraw();
    },
    onConnection: (connected) => {
      connection(connected);
      if (connected) outbox.nudge();
    },
    onLost: () => {
      connection(true);
      leave();
      main.replaceChildren(h("section", { class: "empty" }, h("h1", {}, "This interview is not here"),
        h("p", {}, "It may have been deleted, or the address is not whole."), h("p", {}, h("a", { class: "button primary", href: "#/" }, "Start an interview"))));
    },
  });

  function redraw() {
    frame ||= requestAnimationFrame(() => {
      frame = 0;
      draw();
    });
  }

  function draw() {
    if (!model.state) return;
    const here = situation(model.cards, model.state);
    scroll.keep(() => {
      drawLog();
      morphChildren(side, h("aside", {}, rail(model, choices)));
    });
    refreshDock(dock, model, here);
    if (!drawn) document.title = `${model.state.title} · Rehearse`;
    moveFocus(drawn, here);
    if (!drawn) scroll.toNewest(false);
    drawn = here;
  }

  function drawLog() {
    log.querySelector(".loading")?.remove();
    const context = { state: model.state, editing: model.editing, leaving: model.leaving, now };
    let before = null;
    for (const post of model.order) {
      const fresh = h("div", { class: "post", id: `post-${post.replace(".", "-")}` }, render(post, model.posts.get(post), context));
      let node = shown.get(post);
      if (!node) shown.set(post, (node = fresh));
      else morph(node, fresh);
      const place = before ? before.nextSibling : log.firstChild;
      if (place !== node) log.insertBefore(node, place);
      before = node;
    }
    for (const [post, node] of shown) {
      if (post !== "pending" && !model.posts.has(post)) {
        node.remove();
        shown.delete(post);
      }
    }
    shown.get("pending")?.remove();
    shown.delete("pending");
    if (model.pending.length) {
      const node = h("div", { class: "post" }, pendingBubbles(model.pending, outbox.stuck));
      shown.set("pending", node);
      log.append(node);
    }
  }

  /** Focus follows the work, and is never taken from somebody who types or is elsewhere. */
  function moveFocus(before, here) {
    const at = document.activeElement;
    const idle = !at || at === document.body || at === main || at.closest("dialog") === stop;
    const reading = before && (idle || (dock.contains(at) && at.offsetParent === null));
    const roomy = matchMedia("(hover: hover)").matches;
    if (here.answerable && !before?.answerable && !here.paused && (idle || reading) && roomy) text.focus({ preventScroll: true });
    else if (before && here.onward.length && !before.onward.length && (idle || reading)) {
      // A key that was meant for the text must not press the button that took its place.
      const typing = at === text && Date.now() - typedAt < PAUSE_MS;
      setTimeout(() => {
        const now = document.activeElement;
        if (!now || now === document.body || now.offsetParent === null) dock.querySelector('[data-action="next"]')?.focus({ preventScroll: true });
      }, typing ? PAUSE_MS : 0);
    } else if (before && here.over && !before.over && (idle || reading)) {
      document.getElementById("report-title")?.focus({ preventScroll: true });
      scroll.toNewest(true);
    }
  }

  function notify(sentence, error = false) {
    model.notice = { text: sentence, error };
    announce(sentence);
    redraw();
  }

  function keepDraft(value) {
    if (text.value !== value) text.value = value;
    write(draftSlot, value || null);
    text.style.height = "";
    if (value) text.style.height = `${Math.max(text.offsetHeight, Math.min(text.scrollHeight + 2, innerHeight * 0.4))}px`;
    redraw();
  }

  function send() {
    const said = text.value;
    if (!said.trim()) return false;
    const message = newId();
    model.notice = null;
    const command = choices.commands.includes(said.trim().toLocaleLowerCase().replace(/[.!,;:/ ]+$/, ""));
    if (!command) model.pending.push({ id: message, text: said, sent: false });
    outbox.add("messages", { id: message, text: said });
    keepDraft("");
    scroll.toNewest(true);
    return true;
  }

  function press(action, turn) {
    model.notice = null;
    outbox.add("actions", { id: newId(), action, turn });
    redraw();
  }

  function edit(message, value) {
    model.editing = null;
    model.leaving.set(message, value);
    outbox.add("edits", { id: newId(), message, text: value });
    if (!document.activeElement || document.activeElement === document.body) text.focus({ preventScroll: true });
  }

  const deeds = {
    press: ({ action, turn }) => press(action, Number(turn)),
    stop: () => stop.showModal(),
    done: () => {
      send();
      press("done", 0);
    },
    edit: ({ message }) => {
      model.editing = { message };
      draw();
      document.getElementById("edit-text")?.focus();
    },
    "edit-cancel": () => {
      model.editing = null;
      draw();
      text.focus({ preventScroll: true });
    },
    "edit-delete": ({ message }) => edit(message, null),
    print: () => print(),
  };

  main.addEventListener("click", (event) => {
    const button = event.target.closest("[data-do]");
    if (button && main.contains(button)) deeds[button.dataset.do]?.(button.dataset);
  }, { signal: ending.signal });
  main.addEventListener("submit", (event) => {
    const form = event.target.closest("[data-form]");
    if (!form) return;
    event.preventDefault();
    if (form.dataset.form === "compose") {
      if (!dock.querySelector("#send").disabled) send();
    } else {
      const value = form.querySelector("textarea").value;
      edit(form.dataset.message, value.trim() ? value : null);
    }
  }, { signal: ending.signal });
  main.addEventListener("keydown", (event) => {
    const field = event.target.closest("textarea");
    if (field && event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      field.form.requestSubmit();
    }
    if (field?.id === "edit-text" && event.key === "Escape") deeds["edit-cancel"]();
  }, { signal: ending.signal });
  text.addEventListener("input", () => {
    typedAt = Date.now();
    keepDraft(text.value);
  });
  stop.addEventListener("close", () => {
    if (stop.returnValue === "stop") press("stop", 0);
    stop.returnValue = "";
  });

  const ticking = setInterval(() => {
    for (const place of log.querySelectorAll(".timer[data-since]")) {
      const elapsed = now() - Number(place.dataset.since);
      place.textContent = timer(elapsed, Number(place.dataset.minutes));
      place.classList.toggle("late", elapsed > place.dataset.minutes * 60);
    }
  }, 1000);
  if (read(draftSlot)) keepDraft(read(draftSlot));

  function leave() {
    ending.abort();
    clearInterval(ticking);
    cancelAnimationFrame(frame);
    stream.close();
    outbox.close();
    scroll.close();
  }
  return leave;
}
