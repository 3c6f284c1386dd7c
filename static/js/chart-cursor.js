/* <chart-cursor columns labelledby> around a chart and its table: says the value under the pointer, or where the
 * arrow keys have led, on a line below the chart and as a slider's value to screen readers. Enter, or a press, opens
 * what the table's row leads to. What is said are the table's [data-says], row by row.
 *
 * Without scripts the table says it all.
 */
const STEPS = {
  ArrowRight: [1, 0],
  ArrowLeft: [-1, 0],
  ArrowDown: [0, 1],
  ArrowUp: [0, -1],
  Home: [-Infinity, 0],
  End: [Infinity, 0],
};

function limited(number, most) {
  return Math.min(Math.max(number, 0), most - 1);
}

function made(name, within) {
  const element = document.createElement("div");
  element.className = name;
  within.append(element);
  return element;
}

class ChartCursor extends HTMLElement {
  connectedCallback() {
    if (this.cursor) return;
    this.values = [...this.querySelectorAll("[data-says]")];
    this.columns = Number(this.getAttribute("columns"));
    this.rows = this.values.length / this.columns;
    if (!this.values.length) return;
    this.prepare(this.querySelector(".chart-plot"));
    this.at = [this.columns - 1, 0];
    this.show(...this.at);
  }

  prepare(plot) {
    this.band = made("chart-band", plot);
    this.cursor = made("chart-cursor", plot);
    this.line = made("chart-says", this);
    this.querySelector(".chart-ends").after(this.line);
    const attributes = {
      role: "slider",
      tabindex: 0,
      "aria-labelledby": this.getAttribute("labelledby"),
      "aria-valuemin": 1,
      "aria-valuemax": this.values.length,
    };
    Object.entries(attributes).forEach(([name, value]) => this.cursor.setAttribute(name, value));
    this.line.setAttribute("aria-hidden", "true");
    this.cursor.addEventListener("pointermove", (event) => this.point(event));
    this.cursor.addEventListener("pointerdown", (event) => this.point(event));
    this.cursor.addEventListener("click", () => this.open());
    this.cursor.addEventListener("keydown", (event) => this.press(event));
  }

  point(event) {
    const box = this.cursor.getBoundingClientRect();
    const column = Math.floor(((event.clientX - box.left) / box.width) * this.columns);
    const row = Math.floor(((event.clientY - box.top) / box.height) * this.rows);
    this.show(column, row);
  }

  press(event) {
    if (event.key === "Enter") this.open();
    const step = STEPS[event.key];
    if (!step) return;
    event.preventDefault();
    this.show(this.at[0] + step[0], this.at[1] + step[1]);
  }

  show(column, row) {
    this.at = [limited(column, this.columns), limited(row, this.rows)];
    const [x, y] = this.at;
    const index = y * this.columns + x;
    const says = this.values[index].dataset.says;
    this.line.textContent = says;
    this.cursor.setAttribute("aria-valuenow", index + 1);
    this.cursor.setAttribute("aria-valuetext", says);
    this.cursor.classList.toggle("leads-on", Boolean(this.link(index)));
    Object.assign(this.band.style, {
      left: `${(x / this.columns) * 100}%`,
      width: `${100 / this.columns}%`,
      top: `${(y / this.rows) * 100}%`,
      height: `${100 / this.rows}%`,
    });
  }

  link(index = this.at[1] * this.columns + this.at[0]) {
    const value = this.values[index];
    return value.querySelector("a[data-leads]") ?? value.querySelector("a");
  }

  open() {
    this.link()?.click();
  }
}

customElements.define("chart-cursor", ChartCursor);
