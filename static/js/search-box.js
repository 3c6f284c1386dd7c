/* <search-box data-refused="…"> around a search form whose field has a pattern that a product key does not match.
 *
 * What is searched for goes into the address, where a product key must never stand: the browser refuses to send
 * one, with or without scripts. With them it says why, and holds every other search field of the page to it too.
 */
class SearchBox extends HTMLElement {
  connectedCallback() {
    const { pattern } = this.querySelector("input");
    for (const field of document.querySelectorAll("input[type=search]")) this.guard(field, pattern);
  }

  guard(field, pattern) {
    field.pattern = pattern;
    field.addEventListener("input", () => field.setCustomValidity(""));
    field.addEventListener("invalid", () => field.setCustomValidity(this.dataset.refused));
  }
}

customElements.define("search-box", SearchBox);
