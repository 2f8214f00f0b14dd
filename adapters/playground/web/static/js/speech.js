// What a screen reader is told: a sentence per thing that has come to rest, and none while it grows.

import { announce } from "./dom.js";
import { scoreText } from "./words.js";

/** Announce what one change brought to rest. */
export function tell({ before, after, settled }) {
  if (after.card === "feedback") {
    const earlier = new Map((before?.card === "feedback" ? before.sections : []).map((section) => [section.criterion, section.state]));
    for (const section of after.sections) {
      if (section.state === "settled" && earlier.get(section.criterion) !== "settled") {
        announce(`Feedback: ${section.title} settled, ${section.level === null ? "not scored" : `${section.level} of 5`}`);
      }
    }
    if (after.state === "settled" && before?.state !== "settled") {
      announce(`Feedback complete, ${after.score === null ? "not scored" : `${scoreText(after.score)} of 1`}`);
    }
  }
  if (!settled) return;
  if (after.card === "question" && after.text && after.text !== (before?.text ?? "")) {
    announce(`${after.kind === "follow_up" ? "Follow-up question" : `Question ${after.number} of ${after.total}`}: ${after.text}`);
  }
  if (after.card === "hint" && !before) announce(`Hint ${after.rung} of ${after.rungs}: ${after.text}`);
  if (after.card === "model_answer" && after.text && !before?.text) announce("The model answer is there.");
  if (after.card === "report" && after.report && !before?.report) announce("Your report is there.");
}
