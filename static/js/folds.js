/* For sections that fold (<details class="fold">), in browsers that do not do it by themselves: a link to what is inside
 * opens one, and all are open on paper. Without scripts those browsers show the section's heading, which opens it.
 */
const folded = () => document.querySelectorAll("details.fold:not([open])");

function openAround() {
  const target = document.getElementById(location.hash.slice(1));
  const fold = target?.closest("details.fold:not([open])");
  if (!fold) return;
  fold.open = true;
  target.scrollIntoView();
}

let opened = [];

addEventListener("hashchange", openAround);
addEventListener("beforeprint", () => {
  opened = [...folded()];
  for (const fold of opened) fold.open = true;
});
addEventListener("afterprint", () => {
  for (const fold of opened) fold.open = false;
});
openAround();
