/* What all scripts of a page need: asking the server, and presses that mean what was seen.
 *
 * page.ask(address, options): a fetch that says which page asks. If that is another account's or person's than
 * the session is by now, the server refuses (409) with a toast, which is shown, once, and the answer is not ok.
 * Where the session may not go on (401) the whole page goes to where the answer's X-Go-To leads.
 * page.isTold(response): one of these, of which nobody else need say anything.
 *
 * page.settle(element, words): what stands there has just come under a pointer that may be about to press. Until
 * 600 ms have passed a press of a pointer that has not moved since does nothing. With `words`, a <template> that
 * then says so, nor does any tap, for a finger has no place before it. A page that has just come is such a change.
 *
 * page.settle(element, words, { forKeys: true }): nor does Enter or the space bar, in the same time: what was pressed
 * has made way for something else, which now has the focus.
 *
 * page.isInUse(element): whether somebody points at something in it, has moved the mouse just now (perhaps on the
 * way there) or has come there by keyboard.
 *
 * page.endRow(row, word) and page.keepSize(cell): for a row that is over and stays where it is.
 */
const STALE = 409;
const ELSEWHERE = "X-Go-To";
const SETTLES = 600;
const STILL = 3;
const MOVES = 1000;
const TOUCHES = 3000;

async function ask(address, options = {}) {
  const headers = { "X-Sent-From": document.body.dataset.mark, ...options.headers };
  const response = await fetch(address, { ...options, headers });
  if (response.status === STALE) tellStale(await response.clone().text());
  if (response.headers.has(ELSEWHERE)) location.assign(response.headers.get(ELSEWHERE));
  return response;
}

const isTold = (response) => response.status === STALE || response.headers.has(ELSEWHERE);

function tellStale(html) {
  const toast = new DOMParser().parseFromString(html, "text/html").getElementById("stale-page");
  if (!toast) return;
  document.getElementById("stale-page")?.remove();
  document.getElementById("toasts").append(document.adoptNode(toast));
}

const pointer = { x: null, y: null, movedAt: -Infinity, touchedAt: -Infinity, touched: null };
const settled = new WeakMap();

document.addEventListener("pointermove", follow, { capture: true, passive: true });
document.addEventListener("pointerdown", ({ pointerType, target }) => {
  if (pointerType === "touch") Object.assign(pointer, { touchedAt: performance.now(), touched: target });
}, { capture: true, passive: true });

function follow({ clientX: x, clientY: y, pointerType }) {
  if (pointerType === "touch" || isStill(pointer, x, y)) return;
  Object.assign(pointer, { x, y, movedAt: performance.now(), touched: null });
}

const isStill = (since, x, y) => since.x !== null && Math.hypot(x - since.x, y - since.y) <= STILL;

function settle(element, words = null, { forKeys = false } = {}) {
  settled.set(element, { at: performance.now(), x: pointer.x, y: pointer.y, words, forKeys });
}

function isTooSoon(event, change) {
  if (performance.now() - change.at > SETTLES) return false;
  if (event.detail === 0) return change.forKeys;
  if (event.pointerType === "touch") return change.words !== null;
  return change.x === null ? pointer.x === null : isStill(change, event.clientX, event.clientY);
}

document.addEventListener(
  "click",
  (event) => {
    if (!event.isTrusted || !event.target.closest("button, input")) return;
    for (let part = event.target; part; part = part.parentElement) {
      const change = settled.get(part);
      if (!change || !isTooSoon(event, change)) continue;
      event.preventDefault();
      event.stopImmediatePropagation();
      if (change.words) document.getElementById("toasts").append(document.importNode(change.words.content, true));
      return;
    }
  },
  true,
);

/* A list that was sent again without the row that was just acted on: the next one's button is under the pointer. The
   button of a row that was put back has the focus. */
settle(document.body, null, { forKeys: location.hash.startsWith("#release-") });

/** Say of a row what became of it, in a word; nothing is to be done with it any more. */
function endRow(row, word) {
  const state = row.querySelector(".cell-state");
  if (state) state.textContent = word;
  for (const box of row.querySelectorAll("[name=chosen]")) box.remove();
  delete row.dataset.session;
}

/** A cell of controls goes on taking its room, or the whole table would shift. */
function keepSize(cell) {
  const { width, height } = cell.getBoundingClientRect();
  Object.assign(cell.style, { boxSizing: "border-box", inlineSize: `${width}px`, blockSize: `${height}px` });
}

/* A key that is held down presses once: what has the focus next is not pressed by it. */
document.addEventListener(
  "keydown",
  (event) => event.repeat && event.key === "Enter" && event.target.closest("button") && event.preventDefault(),
  true,
);

function isInUse(element) {
  const now = performance.now();
  if (element.querySelector(":focus-visible")) return true;
  if (pointer.touched) return element.contains(pointer.touched) && now - pointer.touchedAt < TOUCHES;
  return element.matches(":hover") || now - pointer.movedAt < MOVES;
}

window.page = { ask, isTold, settle, isInUse, pointer, endRow, keepSize };
