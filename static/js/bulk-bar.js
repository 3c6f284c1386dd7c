/* <bulk-bar> around the form of a list's ticked rows (boxes named "chosen" with form="bulk-form").
 *
 * In sight while something is ticked; says how many. Shift ticks a range, the box in a table's head ("data-choose-page")
 * all of its rows, "Copy machine names", where there is such a button, copies those of the ticked rows. Without scripts
 * the bar is always there and the form does the same.
 */
class BulkBar extends HTMLElement {
  connectedCallback() {
    this.form = this.querySelector("form");
    this.count = this.querySelector("[data-count]");
    this.all = [...this.querySelectorAll("[name=all]")];
    this.copyButton = this.querySelector("[data-copy]");
    if (this.copyButton && navigator.clipboard) this.copyButton.hidden = false;
    this.copyButton?.addEventListener("click", () => this.copy());
    this.form.addEventListener("reset", () => setTimeout(() => this.show()));
    this.stay = new AbortController();
    const { signal } = this.stay;
    document.addEventListener("change", (event) => this.changed(event.target), { signal });
    document.addEventListener("click", (event) => this.range(event), { signal });
    window.addEventListener("pageshow", () => this.show(), { signal });
    this.show();
  }

  disconnectedCallback() {
    this.stay.abort();
  }

  get boxes() {
    return [...document.querySelectorAll("input[name=chosen][form=bulk-form]")];
  }

  get ticked() {
    return this.boxes.filter((box) => box.checked);
  }

  get pageBoxes() {
    return document.querySelectorAll("[data-choose-page]");
  }

  changed(box) {
    const isPage = box.matches("[data-choose-page]");
    if (isPage) for (const one of this.boxesOf(box)) one.checked = box.checked;
    if (isPage || box.form === this.form) this.show();
  }

  boxesOf(pageBox) {
    const table = pageBox.closest("table");
    return this.boxes.filter((box) => table.contains(box));
  }

  show() {
    const { length } = this.ticked;
    const isAll = this.all.some((box) => box.checked);
    this.hidden = !length && !isAll;
    this.count.textContent = isAll ? "" : this.dataset.one.replace("%s", length);
    for (const pageBox of this.pageBoxes) this.showPage(pageBox);
  }

  showPage(pageBox) {
    const boxes = this.boxesOf(pageBox);
    const ticked = boxes.filter((box) => box.checked).length;
    pageBox.hidden = !boxes.length;
    pageBox.checked = ticked > 0 && ticked === boxes.length;
    pageBox.indeterminate = ticked > 0 && ticked < boxes.length;
  }

  range(event) {
    const box = event.target;
    if (!box.matches?.("input[name=chosen][form=bulk-form]")) return;
    if (event.shiftKey && this.last?.isConnected) {
      const { boxes } = this;
      const [from, to] = [boxes.indexOf(this.last), boxes.indexOf(box)].sort((a, b) => a - b);
      for (const between of boxes.slice(from, to + 1)) between.checked = box.checked;
      this.show();
    }
    this.last = box;
  }

  async copy() {
    const names = this.ticked.map((box) => document.getElementById(`where-${box.value}`).textContent.trim());
    await navigator.clipboard.writeText([...new Set(names)].join("\n"));
    this.count.textContent = this.copyButton.dataset.copied;
  }
}

customElements.define("bulk-bar", BulkBar);
