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

  // « Moi aussi »: the phone keeps the message's id and nothing else, so that the button knows.
  const MINE = "moi-aussi";
  const mine = () => new Set((localStorage.getItem(MINE) ?? "").split(" ").filter(Boolean));
  const showTap = (form, is) => {
    const [tap, counted] = form.querySelectorAll("button[value=dire],span:has(button)");
    tap.hidden = is;
    counted.hidden = !is;
  };
  const taps = () => find("[data-remember]").forEach((form) => {
    try {
      const ids = mine();
      const { meToo: id, now } = form.dataset;
      if (now === "yes") ids.add(id);
      if (now === "no") ids.delete(id);
      if (now) localStorage.setItem(MINE, [...ids].join(" "));
      delete form.dataset.now;
      showTap(form, ids.has(id));
    } catch { /* No storage here: the server's limit stands alone. */ }
  });

  // Only a request that never got an answer: answers with an error carry their own text.
  const offline = () => say(document.getElementById("statut")?.dataset.offline);
  for (const name of ["htmx:error", "htmx:sendError"]) document.addEventListener(name, offline);
  document.addEventListener("htmx:before:request", () => say(""));

  document.addEventListener("htmx:after:swap", (event) => {
    const target = event.detail?.ctx?.target ?? event.target;
    reveal(document);
    taps();
    // The whole task was replaced: reading goes on from its heading, or from the first error.
    if (!target?.matches?.("main, [data-task]")) return;
    const next = find("main [autofocus]")[0] ?? find("[aria-invalid=true]")[0] ?? find("main h1")[0];
    if (!next) return;
    if (next.tagName === "H1") next.tabIndex = -1;
    next.focus();
  });

  reveal(document);
  taps();
})();
