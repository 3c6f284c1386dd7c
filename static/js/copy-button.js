/* <copy-button value="…"> with a hidden <button> and a [role=status] that carries data-copied.
 *
 * Copies the value, shows a tick for two seconds and says "Copied" to screen readers. The button stays
 * hidden where the clipboard may not be used.
 */
class CopyButton extends HTMLElement {
  connectedCallback() {
    const button = this.querySelector("button");
    if (!button || !navigator.clipboard) return;
    button.hidden = false;
    button.addEventListener("click", () => this.copy());
  }

  async copy() {
    await navigator.clipboard.writeText(this.getAttribute("value"));
    const status = this.querySelector("[role=status]");
    status.textContent = status.dataset.copied;
    this.classList.add("is-copied");
    setTimeout(() => {
      status.textContent = "";
      this.classList.remove("is-copied");
    }, 2000);
  }
}

customElements.define("copy-button", CopyButton);
