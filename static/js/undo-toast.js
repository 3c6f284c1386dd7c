/* <undo-toast class="message"> with a hidden [data-dismiss] button: a result that can be put away.
 *
 * Good news leaves by itself after 10 seconds (2 minutes for whoever asked for more time: #toasts[data-more-time]), but
 * not while it is pointed at or focused, or somebody is by keyboard in the row that it tells of; errors, warnings and
 * what has data-stays stay until dismissed. Without scripts it is a message at the top of the page.
 */
const STAYS_FOR = document.querySelector("#toasts[data-more-time]") ? 120_000 : 10_000;

class UndoToast extends HTMLElement {
  connectedCallback() {
    globalThis.page?.settle(this);
    const button = this.querySelector("[data-dismiss]");
    if (button) {
      button.hidden = false;
      button.addEventListener("click", () => this.remove());
    }
    if (this.matches(".message-error, .message-warning, [data-stays]")) return;
    for (const left of ["pointerleave", "focusout"]) this.addEventListener(left, () => this.start());
    this.start();
  }

  disconnectedCallback() {
    this.stop();
  }

  start() {
    this.stop();
    this.timer = setTimeout(() => this.leave(), STAYS_FOR);
  }

  leave() {
    if (this.matches(":hover, :focus-within") || this.isReadInItsRow()) this.start();
    else this.remove();
  }

  isReadInItsRow() {
    return this.id !== "" && document.querySelector(`[data-toast="${this.id}"] :focus-visible`) !== null;
  }

  stop() {
    clearTimeout(this.timer);
  }
}

customElements.define("undo-toast", UndoToast);
