// Words and figures as they are shown everywhere.

export const ROLES = { intern: "Intern", junior: "Junior", mid: "Mid-level", senior: "Senior", staff: "Staff" };

export const ACTIONS = {
  done: "Done",
  next: "Next question",
  hint: "Hint",
  skip: "Skip",
  repeat: "Repeat",
  easier: "Easier",
  harder: "Harder",
  pause: "Pause",
  resume: "Resume",
  retry: "Try again",
  model_answer: "Model answer",
  stop: "Stop",
  helpful: "👍",
  unhelpful: "👎",
};

/** A score 0–1 with two digits. Halves go to the even digit, as everywhere else in Rehearse. */
export function scoreText(score) {
  const hundredths = 100 * score;
  const below = Math.floor(hundredths);
  const up = hundredths - below === 0.5 ? below % 2 : Math.round(hundredths) - below;
  return ((below + up) / 100).toFixed(2);
}

export function day(seconds) {
  return new Date(seconds * 1000).toLocaleDateString(undefined, { year: "numeric", month: "short", day: "numeric" });
}

export function clock(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

export function plural(n, one, many = `${one}s`) {
  return `${n} ${n === 1 ? one : many}`;
}

/** Turn and order of a post in the conversation, from its id: `q3`, `h3.2`, `a3.1`, `f3.1`, `m3`, `report`. */
export function placeOf(post) {
  const [, kind, turn, n] = /^([a-z])(\d+)(?:\.(\d+))?$/.exec(post) ?? [];
  if (!kind) return [Infinity, 0];
  const within = { q: 0, h: 1, a: 100 + 2 * n, f: 101 + 2 * n, m: 10_000 };
  return [Number(turn), kind === "h" ? 1 + Number(n) / 1000 : within[kind]];
}

export function byPlace(a, b) {
  const [turnA, rankA] = placeOf(a);
  const [turnB, rankB] = placeOf(b);
  return turnA === turnB ? rankA - rankB : turnA < turnB ? -1 : 1;
}
