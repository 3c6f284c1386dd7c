/* What Swagger UI leaves out: its dark mode, which it has by a class, follows the page's theme; and the
 * boxes to choose an example from get the name that stands beside them. */
(() => {
  const root = document.documentElement;
  const applyTheme = () => root.classList.toggle("dark-mode", root.dataset.bsTheme === "dark");
  applyTheme();
  new MutationObserver(applyTheme).observe(root, { attributeFilter: ["data-bs-theme"] });

  const nameBoxes = () => {
    for (const box of document.querySelectorAll(".examples-select-element:not([aria-label])")) {
      box.setAttribute("aria-label", "Examples");
    }
  };
  new MutationObserver(nameBoxes).observe(root, { childList: true, subtree: true });
})();
