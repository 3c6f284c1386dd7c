/* <live-rows src="/sessions/rows/" version="…">: keeps a list fresh without losing one's place.
 *
 * Every 15 seconds it asks for src?v=<version> plus the page's own query (what src asks for itself comes first). 204: nothing changed. 200: HTML
 * whose first element carries data-version; each top-level element with an id takes the place of the one
 * with that id inside. Rows are matched by id, and only those that differ are touched, so focus, open menus
 * and scroll survive. A <tbody> must have an id, and so must each of its rows.
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

    this.wakeUp = () => document.hidden || this.tick();
    document.addEventListener("visibilitychange", this.wakeUp);
    this.clock = setInterval(() => this.tick(), 1000);
    this.tick();
  }

  disconnectedCallback() {
    clearInterval(this.clock);
    document.removeEventListener("visibilitychange", this.wakeUp);
  }

  get mustWait() {
    return (
      this.paused ||
      document.hidden ||
      document.querySelector("dialog[open]") !== null ||
      this.querySelector("tbody input[type=checkbox]:checked") !== null
    );
  }

  tick() {
    this.showAge();
    const due = Date.now() - Math.max(this.updatedAt, this.triedAt ?? 0) >= EVERY;
    if (due && !this.busy && !this.mustWait) this.refresh();
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
    try {
      const response = await fetch(this.address(), { headers: { "HX-Request": "true" } });
      const goTo = response.headers.get("HX-Redirect");
      if (goTo) return location.assign(goTo);
      if (!response.ok) throw new Error(response.status);
      if (response.status === 200) this.take(await response.text());
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
    return url;
  }

  take(html) {
    const template = document.createElement("template");
    template.innerHTML = html;
    const version = template.content.querySelector("[data-version]")?.dataset.version;
    if (version) this.setAttribute("version", version);
    const before = this.rowIds();
    for (const part of [...template.content.children]) {
      const old = part.id && this.querySelector(`#${CSS.escape(part.id)}`);
      if (old) merge(old, part);
    }
    this.announce(before, this.rowIds());
  }

  rowIds() {
    return new Set([...this.querySelectorAll("tbody > tr[id]")].map((row) => row.id));
  }

  announce(before, after) {
    const gone = [...before].filter((id) => !after.has(id)).length;
    const come = [...after].filter((id) => !before.has(id)).length;
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

/** Make `old` look like `fresh`, keeping the children that are alike. */
function merge(old, fresh) {
  const isList = old.tagName === "TBODY" && fresh.tagName === "TBODY";
  if (!isList) return swap(old, fresh);
  const kept = new Map([...old.children].map((row) => [row.id, row]));
  const rows = [...fresh.children].map((row) => {
    const known = row.id && kept.get(row.id);
    if (!known) {
      window.htmx?.process(row);
      return row;
    }
    kept.delete(row.id);
    return swap(known, row);
  });
  for (const row of kept.values()) row.remove();
  rows.forEach((row, place) => {
    if (old.children[place] !== row) old.insertBefore(row, old.children[place] ?? null);
  });
  copyAttributes(old, fresh);
}

/** Replace `old` by `fresh` unless they are alike; return the one that stands in the page. */
function swap(old, fresh) {
  const keepsFocus = old.contains(document.activeElement) ? document.activeElement.id : "";
  if (sameMarkup(old, fresh)) return old;
  old.replaceWith(fresh);
  window.htmx?.process(fresh);
  if (keepsFocus) document.getElementById(keepsFocus)?.focus({ preventScroll: true });
  return fresh;
}

/** Compare but for what scripts change by themselves: relative times and CSRF tokens. */
function sameMarkup(old, fresh) {
  const [a, b] = [old, fresh].map((element) => {
    const copy = element.cloneNode(true);
    copy.querySelectorAll("rel-time time").forEach((time) => (time.textContent = ""));
    copy.querySelectorAll("[name=csrfmiddlewaretoken]").forEach((field) => field.removeAttribute("value"));
    copy.querySelectorAll("copy-button button").forEach((button) => (button.hidden = true));
    return copy.outerHTML;
  });
  return a === b;
}

function copyAttributes(old, fresh) {
  for (const { name, value } of fresh.attributes) old.setAttribute(name, value);
}

customElements.define("live-rows", LiveRows);
