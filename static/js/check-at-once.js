/* <check-at-once> around a form that takes a file.
 *
 * Where a file is all that the form asks, it is sent as soon as that is chosen: the page that follows tells what the
 * file would do, and does nothing. Otherwise, and without scripts, its button sends it.
 */
class CheckAtOnce extends HTMLElement {
  connectedCallback() {
    this.addEventListener("change", (event) => this.send(event.target));
  }

  send(field) {
    if (field.type === "file" && field.files.length && isAll(field)) field.form.requestSubmit();
  }
}

const isAll = (field) => ![...field.form.elements].some((one) => one !== field && one.matches(ASKS));
const ASKS = "input:not([type=hidden]), select, textarea";

customElements.define("check-at-once", CheckAtOnce);
