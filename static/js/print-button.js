/* <print-button hidden> around a button that prints the page. Without scripts the browser's own menu does. */
class PrintButton extends HTMLElement {
  connectedCallback() {
    this.hidden = false;
    this.addEventListener("click", () => window.print());
  }
}

customElements.define("print-button", PrintButton);
