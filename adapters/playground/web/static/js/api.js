// Talking to the server: JSON both ways, and an outbox that sends again what may not have arrived.

/** A request that was answered with a sentence instead of what was wanted. */
export class Refusal extends Error {
  constructor(status, code, message) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/** The JSON at `path`. Rejects with `Refusal`, or with `TypeError` when there is no connection. */
export async function call(path, { method = "GET", body } = {}) {
  const response = await fetch(path, {
    method,
    headers: body === undefined ? {} : { "Content-Type": "application/json" },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) {
    const { code = "failed", message = "Something went wrong. Please try again." } = answer.error ?? {};
    throw new Refusal(response.status, code, message);
  }
  return answer;
}

/** An id that no other message has, also where the page is not on a secure origin. */
export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/**
 * What the person did and the server has not confirmed yet, in order. It survives a reload, and every entry carries an
 * id, so that sending one twice does no harm.
 */
export class Outbox {
  constructor(interview, { onChange, onSent, onRefused }) {
    this.path = `/api/interviews/${encodeURIComponent(interview)}`;
    this.slot = `rehearse-outbox-${interview}`;
    this.onChange = onChange;
    this.onSent = onSent;
    this.onRefused = onRefused;
    this.entries = read(this.slot) ?? [];
    this.pauseMs = 0;
    this.stuck = false;
    this.running = false;
    this.closed = false;
    /** Try again now instead of after the pause: the server has been heard. */
    this.nudge = () => {};
    if (this.entries.length) this.run();
  }

  /** Hand in `body` at `endpoint`: messages, edits or actions. */
  add(endpoint, body) {
    this.entries.push({ endpoint, body });
    this.save();
    this.run();
  }

  close() {
    this.closed = true;
  }

  save() {
    write(this.slot, this.entries.length ? this.entries : null);
    this.onChange();
  }

  async run() {
    if (this.running) return;
    this.running = true;
    while (this.entries.length && !this.closed) {
      const entry = this.entries[0];
      try {
        await call(`${this.path}/${entry.endpoint}`, { method: "POST", body: entry.body });
        this.onSent(entry);
      } catch (error) {
        const temporary = !(error instanceof Refusal) || error.status >= 500;
        if (temporary) {
          this.stuck = true;
          this.onChange();
          this.pauseMs = Math.min(5000, this.pauseMs * 2 || 500);
          await new Promise((resume) => {
            this.nudge = resume;
            setTimeout(resume, this.pauseMs);
          });
          continue;
        }
        this.onRefused(entry, error.message);
      }
      this.stuck = false;
      this.pauseMs = 0;
      this.entries.shift();
      this.save();
    }
    this.running = false;
  }
}

/** A value kept for this tab; `null` deletes it. Storage may be full or switched off, which only costs the convenience. */
export function write(slot, value) {
  try {
    if (value === null) sessionStorage.removeItem(slot);
    else sessionStorage.setItem(slot, JSON.stringify(value));
  } catch {
    return;
  }
}

export function read(slot) {
  try {
    return JSON.parse(sessionStorage.getItem(slot));
  } catch {
    return null;
  }
}
