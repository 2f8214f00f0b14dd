// Whether the server is heard. A cut shorter than a moment is nobody's business.

import { announce } from "./dom.js";

const PATIENCE_MS = 700;

let timer = 0;

export function connection(connected) {
  const banner = document.getElementById("connection");
  clearTimeout(timer);
  if (connected) {
    if (!banner.hidden) announce("Connected again.");
    banner.hidden = true;
    return;
  }
  timer = setTimeout(() => {
    if (!banner.hidden) return;
    document.getElementById("connection-text").textContent = "Reconnecting… nothing is lost.";
    banner.hidden = false;
    announce("Connection lost, reconnecting.");
  }, PATIENCE_MS);
}
