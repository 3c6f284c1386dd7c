/* <alert-bell src="/alerts/bell/" count="2">: the bell of the top bar, kept fresh.
 *
 * Each minute while the tab is seen, and at the event "alerts-changed", it asks src?n=<count>. 204: as many as it
 * shows. 200: the bell as it is now, with data-count. What goes wrong is left for the next minute, and a sign-in
 * that is over for whatever one presses next: what one types stays.
 */
const EVERY = 60_000;

class AlertBell extends HTMLElement {
  connectedCallback() {
    this.stay = new AbortController();
    const { signal } = this.stay;
    this.clock = setInterval(() => this.refresh(), EVERY);
    document.addEventListener("alerts-changed", () => this.refresh(), { signal });
  }

  disconnectedCallback() {
    clearInterval(this.clock);
    this.stay.abort();
  }

  async refresh() {
    if (document.hidden) return;
    const address = `${this.getAttribute("src")}?n=${this.getAttribute("count")}`;
    const headers = { "X-Requested-With": "bell", "X-Sent-From": document.body.dataset.mark };
    const response = await fetch(address, { headers }).catch(() => null);
    if (response?.status !== 200) return;
    const had = this.contains(document.activeElement);
    this.innerHTML = await response.text();
    const bell = this.querySelector("a");
    this.setAttribute("count", bell.dataset.count);
    if (had) bell.focus();
  }
}

customElements.define("alert-bell", AlertBell);
