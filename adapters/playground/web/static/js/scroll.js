// Keeping the newest words in sight without ever pulling the page from under somebody who reads further up.

const NEAR_PX = 160;

export class Scroll {
  constructor(log) {
    this.log = log;
    this.following = true;
    this.onScroll = () => {
      this.following = this.distance() < NEAR_PX;
    };
    addEventListener("scroll", this.onScroll, { passive: true });
  }

  close() {
    removeEventListener("scroll", this.onScroll);
  }

  distance() {
    return document.documentElement.scrollHeight - innerHeight - scrollY;
  }

  /** Run `change`; if the end was in sight before, it is afterwards, unless that would hide the newest post's beginning. */
  keep(change) {
    const following = this.following || this.distance() < NEAR_PX;
    const height = document.documentElement.scrollHeight;
    change();
    if (following && document.documentElement.scrollHeight !== height) this.toNewest(false);
  }

  toNewest(smoothly) {
    const newest = this.log.lastElementChild;
    if (!newest) return;
    const top = newest.getBoundingClientRect().top + scrollY - document.querySelector(".top").offsetHeight - 18;
    const end = document.documentElement.scrollHeight - innerHeight;
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    scrollTo({ top: Math.max(0, Math.min(top, end)), behavior: smoothly && !calm ? "smooth" : "instant" });
    this.following = true;
  }
}
