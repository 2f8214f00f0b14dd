// One interview's events. The browser's EventSource reconnects by itself after a cut; where it gives up, we go on.

const KINDS = ["posts", "opened", "grew", "settled", "notice", "state", "gone"];

export class Stream {
  /** `onEvent(kind, body)` for each event, `onConnection(connected)` when that changes, `onLost()` when it is gone. */
  constructor(interview, { onEvent, onConnection, onLost }) {
    this.path = `/api/interviews/${encodeURIComponent(interview)}`;
    this.onEvent = onEvent;
    this.onConnection = onConnection;
    this.onLost = onLost;
    this.last = "";
    this.pauseMs = 500;
    this.closed = false;
    if (interview.includes("~")) this.openPast();
    else this.open();
  }

  close() {
    this.closed = true;
    clearTimeout(this.timer);
    this.source?.close();
  }

  /** An interview that another one followed in its thread: nothing happens in it any more. */
  async openPast() {
    const response = await fetch(this.path).catch(() => null);
    if (this.closed) return;
    if (response?.ok) this.onEvent("posts", await response.json());
    else this.onLost();
  }

  open() {
    const source = new EventSource(`${this.path}/events?after=${encodeURIComponent(this.last)}`);
    this.source = source;
    source.onopen = () => {
      this.pauseMs = 500;
      this.onConnection(true);
    };
    source.onerror = () => {
      if (this.closed) return;
      this.onConnection(false);
      // Taking over from the browser keeps one rule for every way a connection can end.
      source.close();
      this.timer = setTimeout(() => this.again(), this.pauseMs);
      this.pauseMs = Math.min(5000, this.pauseMs * 2);
    };
    for (const kind of KINDS) {
      source.addEventListener(kind, (event) => {
        if (event.lastEventId) this.last = event.lastEventId;
        if (kind === "gone") {
          this.close();
          this.onLost();
          return;
        }
        this.onEvent(kind, JSON.parse(event.data));
      });
    }
  }

  /** Connect again, unless the server is there and says that there is nothing to connect to. */
  async again() {
    const response = await fetch(this.path).catch(() => null);
    if (this.closed) return;
    if (response?.status === 404) {
      this.close();
      this.onLost();
      return;
    }
    this.open();
  }
}
