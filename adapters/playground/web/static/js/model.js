// What the page knows of one interview: posts by id, the state beside them, and what is still on its way out.

import { byPlace } from "./words.js";

export class Model {
  constructor() {
    this.posts = new Map();
    this.settled = new Set();
    this.state = null;
    this.notice = null;
    this.pending = [];
    this.leaving = new Map();
    this.editing = null;
  }

  get order() {
    return [...this.posts.keys()].sort(byPlace);
  }

  get cards() {
    return this.order.map((post) => this.posts.get(post));
  }

  /** Take in one event; what it changed, for those who listen: `{post, before, after, settled}` or `null`. */
  take(kind, body) {
    if (kind === "posts") {
      this.posts = new Map(body.posts.map(({ post, card }) => [post, card]));
      this.settled = new Set(this.posts.keys());
      this.setState(body.state);
      return null;
    }
    if (kind === "state") {
      this.setState(body);
      return null;
    }
    if (kind === "notice") {
      this.notice = { text: body.text, error: body.error };
      return null;
    }
    const before = this.posts.get(body.post) ?? null;
    this.posts.set(body.post, body.card);
    const settled = kind === "settled";
    if (settled) this.settled.add(body.post);
    return { post: body.post, before, after: body.card, settled };
  }

  setState(state) {
    this.state = state;
    const kept = new Set(state.posts);
    for (const post of this.posts.keys()) {
      // A draft that nobody writes any more belongs to a step that was called off.
      if (!kept.has(post) && post !== state.writing && !(this.settled.has(post) && post === "report")) this.posts.delete(post);
    }
    const messages = new Map(Object.values(state.answers).flatMap((answer) => answer.parts.map((part) => [part.message, part.text])));
    this.pending = this.pending.filter((each) => !messages.has(each.id));
    for (const [message, text] of this.leaving) {
      if ((messages.get(message) ?? null) === text) this.leaving.delete(message);
    }
  }
}
