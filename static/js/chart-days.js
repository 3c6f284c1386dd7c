/* <chart-days> around a link with small bars, whose address has the first and the last of their days (from, until):
 * the link leads to the day under the pointer.
 *
 * By the keyboard, and without scripts, it leads to all of the days, each of which has a link there.
 */
const A_DAY = 86_400_000;

class ChartDays extends HTMLElement {
  connectedCallback() {
    if (this.link) return;
    this.link = this.querySelector("a");
    this.whole = this.link.href;
    this.addEventListener("pointermove", (event) => this.point(event));
    this.addEventListener("pointerdown", (event) => this.point(event));
    this.addEventListener("pointerleave", () => this.lead(this.whole));
  }

  point(event) {
    const url = new URL(this.whole);
    const [first, last] = ["from", "until"].map((name) => Date.parse(url.searchParams.get(name)));
    const days = Math.round((last - first) / A_DAY) + 1;
    const box = this.link.getBoundingClientRect();
    const number = Math.floor(((event.clientX - box.left) / box.width) * days);
    const day = new Date(first + Math.min(Math.max(number, 0), days - 1) * A_DAY);
    url.searchParams.set("from", day.toISOString().slice(0, 10));
    url.searchParams.set("until", day.toISOString().slice(0, 10));
    this.lead(url.href);
  }

  lead(url) {
    this.link.href = url;
  }
}

customElements.define("chart-days", ChartDays);
