/* <check-at-once> around a form that takes a file.
 *
 * Sends the form as soon as the file is chosen: the page that follows tells what the file would do, and does
 * nothing. Without scripts its button sends it.
 */
class CheckAtOnce extends HTMLElement {
  connectedCallback() {
    this.addEventListener("change", (event) => this.send(event.target));
  }

  send(field) {
    if (field.type === "file" && field.files.length) field.form.requestSubmit();
  }
}

customElements.define("check-at-once", CheckAtOnce);
