/* <rel-time> around a <time datetime data-later>: keeps "3 min ago" true while the page is open.
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
  if (seconds < -60 || seconds >= 86_400) return time.dataset.later;
  if (seconds < 60) return words.now;
  if (seconds < 3600) return words.minutes.replace("%s", Math.floor(seconds / 60));
  return words.hours.replace("%s", Math.floor(seconds / 3600));
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
