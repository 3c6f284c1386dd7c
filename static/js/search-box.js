/* <search-box data-refused="…"> around a search form whose field has a pattern that a product key does not match.
 *
 * The form goes into the address, where a product key must never stand: the browser refuses to send one, with
 * or without scripts; with them it says why.
 */
class SearchBox extends HTMLElement {
  connectedCallback() {
    const field = this.querySelector("input");
    field.addEventListener("input", () => field.setCustomValidity(""));
    field.addEventListener("invalid", () => field.setCustomValidity(this.dataset.refused));
  }
}

customElements.define("search-box", SearchBox);
