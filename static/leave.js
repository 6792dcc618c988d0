// Leaves a page at once, and puts another in its place in the history. Without this file the button
// is a link to the same end.
(() => {
  const exit = document.querySelector("[data-exit]");
  const say = (text) => { document.getElementById("statut").textContent = text; };
  const leave = () => {
    document.documentElement.hidden = true;
    document.title = "…";
    // The session ends behind our back: nobody waits for an answer before the screen changes.
    fetch(exit.href, { keepalive: true, redirect: "manual" }).catch(() => {});
    location.replace(exit.dataset.exit);
  };
  let pressed = 0;
  exit.addEventListener("click", (event) => {
    event.preventDefault();
    leave();
  });
  document.addEventListener("keydown", ({ key }) => {
    pressed = key === "Escape" ? pressed + 1 : 0;
    if (pressed > 2) leave();
    else if (pressed) say(pressed > 1 ? exit.dataset.once : exit.dataset.twice);
  });
})();
