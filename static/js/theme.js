/* Sets the theme before the first paint, so "auto" does not flash. Small and blocking on purpose.
 *
 * The server writes the viewer's choice in <html data-theme> (auto, light, dark). Pages made without a
 * request (500, 503) say "auto"; there the cookie is asked. Without scripts "auto" is light.
 */
(() => {
  const root = document.documentElement;
  const prefersDark = matchMedia("(prefers-color-scheme: dark)");
  const cookie = /(?:^|; )(?:__Host-)?theme=(light|dark)(?:;|$)/.exec(document.cookie);
  if (root.dataset.theme === "auto" && cookie) root.dataset.theme = cookie[1];

  const apply = () => {
    const { theme } = root.dataset;
    root.dataset.bsTheme = theme === "auto" ? (prefersDark.matches ? "dark" : "light") : theme;
  };

  apply();
  prefersDark.addEventListener("change", apply);
  new MutationObserver(apply).observe(root, { attributeFilter: ["data-theme"] });
  root.classList.add("js");
})();
