// Building and updating the page. Everything a model or a person wrote goes in as text nodes, never as markup.

const SVG = "http://www.w3.org/2000/svg";

/** An element. `props` are attributes; `false`, `null` and `undefined` are left out, `true` is an empty attribute. */
export function h(tag, props = {}, ...children) {
  return build(document.createElement(tag), props, children);
}

/** An SVG element, likewise. */
export function s(tag, props = {}, ...children) {
  return build(document.createElementNS(SVG, tag), props, children);
}

function build(node, props, children) {
  for (const [name, value] of Object.entries(props ?? {})) {
    if (value === false || value === null || value === undefined) continue;
    node.setAttribute(name, value === true ? "" : String(value));
  }
  for (const child of children.flat(Infinity)) {
    if (child === null || child === undefined || child === false || child === "") continue;
    node.append(child instanceof Node ? child : document.createTextNode(String(child)));
  }
  return node;
}

/** Text as paragraphs, with ``` fences as preformatted blocks, `ticks` as code and plain lists. Nothing else is interpreted. */
export function prose(text, className = "prose") {
  const box = h("div", { class: className });
  const pieces = String(text ?? "").split(/^[ \t]*```[^\n]*$/m);
  pieces.forEach((piece, n) => {
    if (n % 2) {
      // An open fence is one that is still being written.
      box.append(h("pre", { tabindex: "0" }, h("code", {}, piece.replace(/^\n|\n$/g, ""))));
      return;
    }
    for (const paragraph of piece.split(/\n\s*\n/)) box.append(...blocks(paragraph.trim()));
  });
  return box;
}

/** A paragraph, and the list it may end in. */
function blocks(text) {
  const lines = text.split("\n");
  const item = /^\s*(?:[-*•]|\d+[.)])\s+(?=\S)/;
  const first = lines.findIndex((_, n) => lines.slice(n).every((line) => item.test(line)));
  if (first < 0 || lines.length - first < 2) return text ? [h("p", {}, inline(text))] : [];
  const listed = lines.slice(first);
  const list = h(/^\s*\d/.test(listed[0]) ? "ol" : "ul", {}, listed.map((line) => h("li", {}, inline(line.replace(item, "")))));
  return first ? [h("p", {}, inline(lines.slice(0, first).join("\n"))), list] : [list];
}

function inline(text) {
  return text.split(/(`[^`\n]+`)/).map((piece) =>
    piece.length > 2 && piece.startsWith("`") && piece.endsWith("`") ? h("code", {}, piece.slice(1, -1)) : piece,
  );
}

/**
 * Make `from` look like `to`, keeping every node that can stay: focus, selection, opened details and running
 * transitions survive a card that grows twenty times a second. Children with `data-key` are matched by it.
 */
export function morph(from, to) {
  if (from.nodeName !== to.nodeName || keyOf(from) !== keyOf(to)) {
    from.replaceWith(to);
    return to;
  }
  if (from.nodeType !== Node.ELEMENT_NODE) {
    if (from.data !== to.data) from.data = to.data;
    return from;
  }
  for (const { name } of [...from.attributes]) {
    if (!to.hasAttribute(name) && name !== "open") from.removeAttribute(name);
  }
  for (const { name, value } of [...to.attributes]) {
    if (from.getAttribute(name) !== value) from.setAttribute(name, value);
  }
  morphChildren(from, to);
  return from;
}

export function morphChildren(from, to) {
  const keyed = new Map([...from.childNodes].filter(keyOf).map((node) => [keyOf(node), node]));
  let cursor = from.firstChild;
  for (const fresh of [...to.childNodes]) {
    const key = keyOf(fresh);
    const kept = key ? keyed.get(key) : cursor && !keyOf(cursor) && cursor.nodeName === fresh.nodeName ? cursor : null;
    if (!kept) {
      from.insertBefore(fresh, cursor);
      continue;
    }
    if (kept === cursor) cursor = cursor.nextSibling;
    else from.insertBefore(kept, cursor);
    morph(kept, fresh);
  }
  while (cursor) {
    const next = cursor.nextSibling;
    cursor.remove();
    cursor = next;
  }
}

function keyOf(node) {
  return node.nodeType === Node.ELEMENT_NODE ? (node.dataset?.key ?? null) : null;
}

const said = [];

/** Say a sentence to whoever listens instead of looking; each is read once, when the reader has a moment. */
export function announce(sentence) {
  const region = document.getElementById("status");
  const line = h("p", {}, sentence);
  region.append(line);
  said.push(line);
  while (said.length > 6) said.shift().remove();
}
