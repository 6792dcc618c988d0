// Comforts only: every page works without this file.
(() => {
  const find = (selector, root = document) => [...root.querySelectorAll(selector)];
  const say = (text) => {
    const status = document.getElementById("statut");
    if (status) status.textContent = text;
  };

  // Buttons that need JavaScript are hidden in the HTML and shown here.
  const reveal = (root) => find("[data-copy],[data-print],[data-select]", root).forEach((b) => { b.hidden = false; });

  const copy = async (button) => {
    const text = button.dataset.copy;
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      // Clipboard refused or plain http: a selected field is the oldest way that still works.
      const area = Object.assign(document.createElement("textarea"), { value: text });
      document.body.append(area);
      area.select();
      document.execCommand("copy");
      area.remove();
      button.focus();
    }
    say(button.dataset.done);
  };

  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-copy],[data-print]");
    if (!button) return;
    if ("print" in button.dataset) window.print();
    else copy(button);
  });

  // Only a request that never got an answer: answers with an error carry their own text.
  const offline = () => say(document.getElementById("statut")?.dataset.offline);
  for (const name of ["htmx:error", "htmx:sendError"]) document.addEventListener(name, offline);
  document.addEventListener("htmx:before:request", () => say(""));

  document.addEventListener("htmx:after:swap", (event) => {
    const target = event.detail?.ctx?.target ?? event.target;
    reveal(document);
    // The whole task was replaced: reading goes on from its heading, or from the first error.
    if (!target?.matches?.("main, [data-task]")) return;
    const next = find("main [autofocus]")[0] ?? find("[aria-invalid=true]")[0] ?? find("main h1")[0];
    if (!next) return;
    if (next.tagName === "H1") next.tabIndex = -1;
    next.focus();
  });

  reveal(document);
})();
