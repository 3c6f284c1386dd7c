/* <live-rows src="/sessions/rows/" version="…">: keeps a list fresh without losing one's place.
 *
 * Every 15 seconds it asks for src?v=<version> plus the page's own query. 204: nothing changed. 200: HTML whose
 * first element carries data-version; each top-level element with an id takes the place of the one with that id.
 * Only rows that differ are touched, so focus, open menus and scroll survive: a <tbody> and each of its rows need
 * an id. Of rows whose digests the page has, which it tells ("have"), come their places alone, as <tr data-same>.
 *
 * While the rows are in use (pointed at, or focused by keyboard) none comes, goes or moves but at the end: one that
 * is over says so, and "3 new · Show" offers the rest. What moved all the same takes no press for a moment (page.js).
 *
 * It waits while paused, while the tab is hidden, while a dialog is open and while rows are ticked. After a
 * failure it keeps the old rows, says so, and tries again. Without scripts there is a Refresh link.
 */
const EVERY = 15_000;

class LiveRows extends HTMLElement {
  connectedCallback() {
    this.age = this.querySelector("[data-age]");
    this.pauseButton = this.querySelector("[data-pause]");
    this.voice = this.querySelector("[data-announce]");
    this.updatedAt = Date.now();
    this.paused = false;
    this.failedSince = null;

    this.querySelector("[data-refresh]").hidden = true;
    this.pauseLabel = this.pauseButton.textContent;
    this.pauseButton.hidden = false;
    this.pauseButton.addEventListener("click", () => this.togglePause());

    this.showButton = this.querySelector("[data-show]");
    this.showButton.addEventListener("click", () => this.showWithheld());
    this.justMoved = this.querySelector("template[data-just-moved]");
    this.stay = new AbortController();
    const { signal } = this.stay;
    document.addEventListener("list-changed", () => this.listChanged(), { signal });
    document.addEventListener("visibilitychange", () => document.hidden || this.tick(), { signal });
    this.clock = setInterval(() => this.tick(), 1000);
    this.tick();
  }

  disconnectedCallback() {
    clearInterval(this.clock);
    this.stay.abort();
  }

  get mustWait() {
    return (
      this.paused ||
      document.hidden ||
      document.querySelector("dialog[open]") !== null ||
      this.querySelector("tbody input[type=checkbox]:checked") !== null
    );
  }

  get isInUse() {
    return [...this.querySelectorAll("tbody")].some((rows) => page.isInUse(rows));
  }

  tick() {
    this.showAge();
    if (this.withheld && !this.mustWait && !this.isInUse) this.showWithheld();
    const due = Date.now() - Math.max(this.updatedAt, this.triedAt ?? 0) >= EVERY;
    if (due && !this.busy && !this.mustWait) this.refresh();
  }

  /** What was asked for before somebody changed the list themselves is old news. */
  listChanged() {
    this.changedAt = performance.now();
    this.withhold("", 0);
    if (!this.paused) this.refresh();
  }

  togglePause() {
    this.paused = !this.paused;
    this.classList.toggle("is-paused", this.paused);
    this.pauseButton.textContent = this.paused ? this.pauseButton.dataset.resume : this.pauseLabel;
    if (!this.paused) this.triedAt = this.updatedAt = Date.now() - EVERY;
    this.tick();
  }

  showAge() {
    const words = this.age.dataset;
    const seconds = Math.round((Date.now() - this.updatedAt) / 1000);
    let text = seconds < 2 ? words.now : words.seconds.replace("%s", seconds);
    if (this.paused) text = words.paused;
    else if (this.failedSince) text = words.failed.replace("%s", this.failedSince);
    this.classList.toggle("has-failed", this.failedSince !== null);
    if (this.age.textContent !== text) this.age.textContent = text;
  }

  async refresh() {
    this.busy = true;
    this.triedAt = Date.now();
    const askedAt = performance.now();
    try {
      const response = await page.ask(this.address(), { headers: { "X-Requested-With": "rows" } });
      if (page.isTold(response)) return;
      if (!response.ok) throw new Error(response.status);
      if (response.status === 200) {
        const html = await response.text();
        if (this.mustWait || askedAt < this.changedAt) return;
        if (!this.take(html, { mayMove: !this.isInUse })) return;
      }
      this.updatedAt = Date.now();
      this.failedSince = null;
    } catch {
      this.failedSince ??= clockTime(this.updatedAt);
    } finally {
      this.busy = false;
      this.showAge();
    }
  }

  address() {
    const url = new URL(this.getAttribute("src"), location.href);
    const own = [...url.searchParams];
    url.search = location.search;
    for (const [name, value] of own) url.searchParams.set(name, value);
    url.searchParams.set("v", this.getAttribute("version"));
    url.searchParams.set("have", this.hasLost ? "" : this.digests().join("."));
    return url;
  }

  /** Of the rows that are still as the server sent them. */
  digests() {
    const rows = this.querySelectorAll("tbody > tr[data-digest]:not(.is-over, .is-released)");
    return [...rows].map((row) => row.dataset.digest);
  }

  /** Give each place in the answer the id of the page's own row; false if one is not here any more. */
  fillIn(places) {
    for (const place of places) {
      const own = this.querySelector(`tr[data-digest="${CSS.escape(place.dataset.same)}"]`);
      if (!own) return false;
      place.id = own.id;
    }
    return true;
  }

  /** Make the list what the answer says. False: it cannot be, so all rows are asked for, at the next tick. */
  take(html, { mayMove }) {
    const template = document.createElement("template");
    template.innerHTML = html;
    this.hasLost = !this.fillIn(template.content.querySelectorAll("tr[data-same]"));
    if (this.hasLost) {
      this.setAttribute("version", "");
      this.triedAt = this.updatedAt = Date.now() - EVERY;
      return false;
    }
    const version = template.content.querySelector("[data-version]")?.dataset.version;
    if (version) this.setAttribute("version", version);
    const before = this.rowIds();
    const anchor = mayMove ? null : this.rowInUse();
    const top = anchor?.getBoundingClientRect().top;
    let withheld = null;
    for (const part of [...template.content.children]) {
      const old = part.id && this.querySelector(`#${CSS.escape(part.id)}`);
      if (!old) continue;
      if (old.tagName === "TBODY") withheld = mergeRows(old, part, mayMove, (row) => page.settle(row, this.justMoved));
      else swap(old, part);
    }
    if (anchor?.isConnected) window.scrollBy(0, anchor.getBoundingClientRect().top - top);
    this.withhold(withheld ? html : "", withheld?.come ?? 0);
    this.announce(before, this.rowIds());
    return true;
  }

  rowInUse() {
    const { x, y } = page.pointer;
    const there = this.querySelector("tbody :focus-visible") ?? document.elementFromPoint(x, y);
    const row = there?.closest("tbody > tr");
    return row && this.contains(row) ? row : null;
  }

  withhold(html, come) {
    this.withheld = html;
    this.showButton.hidden = !html;
    const { one, other, changed } = this.showButton.dataset;
    if (html) this.showButton.textContent = come ? (come === 1 ? one : other).replace("%s", come) : changed;
  }

  showWithheld() {
    this.take(this.withheld, { mayMove: true });
  }

  rowIds() {
    return new Set([...this.querySelectorAll("tbody > tr[id]:not(.is-over, .is-released)")].map((row) => row.id));
  }

  announce(before, after) {
    const gone = [...before].filter((id) => !after.has(id)).length;
    const come = [...after].filter((id) => !before.has(id)).length;
    if (gone || come) document.dispatchEvent(new Event("alerts-changed"));
    const said = [this.sentence("ended", gone), this.sentence("started", come)].filter(Boolean);
    if (said.length) this.voice.textContent = said.join(" ");
  }

  sentence(what, count) {
    if (!count) return "";
    return this.voice.dataset[what + (count === 1 ? "One" : "Other")].replace("%s", count);
  }
}

/** "14:05", in the page's language and the viewer's zone. */
function clockTime(moment) {
  const timeZone = document.querySelector("meta[name=server-time]").dataset.zone;
  const style = { hour: "2-digit", minute: "2-digit", timeZone };
  return new Date(moment).toLocaleTimeString(document.documentElement.lang, style);
}

/** Make the rows of `old` those of `fresh`, keeping those that are alike; say what was withheld, if anything.
 *
 * Unless they may move, each stays where it is; only new ones at the end are added. A row that somebody released
 * in this page is their own: it stays until its toast has gone (see release.js).
 */
function mergeRows(old, fresh, mayMove, moved) {
  const known = new Map([...old.children].map((row) => [row.id, row]));
  const places = new Map([...old.children].map((row) => [row, row.getBoundingClientRect().top]));
  const isNew = (row) => !known.has(row.id);
  const wanted = [...fresh.children];
  const last = wanted.findLastIndex((row) => !isNew(row));
  const come = mayMove ? 0 : wanted.slice(0, last + 1).filter(isNew).length;
  const rows = wanted.map((row) => (isNew(row) ? row : update(known.get(row.id), row, places))).filter(
    (row, place) => mayMove || known.has(row.id) || place > last,
  );
  const gone = [...old.children].filter((row) => !rows.includes(row) && !row.matches(".is-released"));
  const stands = [...old.children].filter((row) => rows.includes(row));
  const isMoved = stands.some((row, place) => row !== rows[place]);
  copyAttributes(old, fresh);
  if (mayMove) arrange(old, rows, gone);
  else for (const row of gone) endRow(row);
  for (const row of rows) if (!row.isConnected) old.append(row);
  for (const [row, top] of places) if (row.isConnected && row.getBoundingClientRect().top !== top) moved(row);
  return !mayMove && (come || gone.length || isMoved) ? { come } : null;
}

/** Put the rows in order. Released ones stay behind the row that they stood behind. */
function arrange(body, rows, gone) {
  const released = [...body.querySelectorAll(":scope > .is-released")].map((row) => [row, row.previousElementSibling]);
  for (const row of [...gone, ...released.map(([one]) => one)]) row.remove();
  rows.forEach((row, place) => {
    if (body.children[place] !== row) body.insertBefore(row, body.children[place] ?? null);
  });
  for (const [row, before] of released) body.insertBefore(row, before?.isConnected ? before.nextSibling : body.firstChild);
}

/** The row as it is now; one that was released here stays as it is, as does one of which only its place came. */
function update(row, fresh, places) {
  if (row.matches(".is-released") || fresh.matches("[data-same]")) return row;
  const now = swap(row, fresh);
  if (now !== row) places.set(now, places.get(row));
  return now;
}

/** A row whose session is over, while it cannot go. */
function endRow(row) {
  const controls = row.querySelector(".cell-action");
  if (row.classList.contains("is-over")) return;
  row.classList.add("is-over");
  page.keepSize(controls);
  controls.replaceChildren();
  page.endRow(row, row.closest("live-rows").dataset.over);
}

/** Replace `old` by `fresh` unless they are alike; return the one that stands in the page. */
function swap(old, fresh) {
  const keepsFocus = old.contains(document.activeElement) ? document.activeElement.id : "";
  if (sameMarkup(old, fresh)) return old;
  old.replaceWith(fresh);
  if (keepsFocus) document.getElementById(keepsFocus)?.focus({ preventScroll: true });
  return fresh;
}

/** Compare but for what scripts change by themselves: relative times and the marks of forms. */
function sameMarkup(old, fresh) {
  const [a, b] = [old, fresh].map((element) => {
    const copy = element.cloneNode(true);
    copy.querySelectorAll("rel-time time").forEach((time) => (time.textContent = ""));
    copy.querySelectorAll("[name=csrfmiddlewaretoken], [name=sent_from]").forEach((field) => field.removeAttribute("value"));
    copy.querySelectorAll("copy-button button").forEach((button) => (button.hidden = true));
    return copy.outerHTML;
  });
  return a === b;
}

function copyAttributes(old, fresh) {
  for (const { name, value } of fresh.attributes) old.setAttribute(name, value);
}

customElements.define("live-rows", LiveRows);
