/* <rel-time> around a <time datetime data-later>: keeps "3 min ago" true while the page is open; around a
 * <time datetime data-length> how long ago that was, "6 h 12 m".
 *
 * Counts from the server's clock (<meta name="server-time">), for a PC's clock may be wrong, and says what
 * <meta name="relative-time"> says. From 24 hours on it shows the moment, which is data-later.
 */
const words = document.querySelector("meta[name=relative-time]").dataset;
const serverTime = Date.parse(document.querySelector("meta[name=server-time]").content);
const ahead = serverTime - Date.now();
const shown = new Set();

function inWords(time) {
  const seconds = (Date.now() + ahead - Date.parse(time.dateTime)) / 1000;
  if ("length" in time.dataset) return lengthInWords(Math.max(0, seconds));
  if (seconds < -60 || seconds >= 86_400) return time.dataset.later;
  if (seconds < 60) return words.now;
  if (seconds < 3600) return words.minutes.replace("%s", Math.floor(seconds / 60));
  return words.hours.replace("%s", Math.floor(seconds / 3600));
}

/** As portal/words/times.py says a length: its two largest units. */
function lengthInWords(seconds) {
  const of = (unit, count) => words[`span${unit}`].replace("%s", Math.floor(count));
  const both = (large, small, rest) => (rest >= 1 ? `${large} ${of(small, rest)}` : large);
  if (seconds < 60) return of("Seconds", seconds);
  if (seconds < 3600) return of("Minutes", seconds / 60);
  if (seconds < 2 * 86_400 + 1) return both(of("Hours", seconds / 3600), "Minutes", (seconds % 3600) / 60);
  return both(of("Days", seconds / 86_400), "Hours", (seconds % 86_400) / 3600);
}

class RelTime extends HTMLElement {
  connectedCallback() {
    shown.add(this);
  }

  disconnectedCallback() {
    shown.delete(this);
  }

  refresh() {
    const time = this.querySelector("time");
    if (!time) return;
    const text = inWords(time);
    if (time.textContent !== text) time.textContent = text;
  }
}

customElements.define("rel-time", RelTime);
setInterval(() => shown.forEach((element) => element.refresh()), 10_000);
