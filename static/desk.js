// Keys and ticks of the inbox: comforts only, each has its link, field or button.
(() => {
  const box = () => document.getElementById("inbox");
  const rows = () => [...document.querySelectorAll("#inbox .rows .row")];
  const here = () => document.activeElement?.closest?.("#inbox .row");
  const dialog = document.getElementById("keys-dialog");

  const step = (by) => {
    const all = rows();
    const at = all.indexOf(here());
    const from = at < 0 ? all.findIndex((row) => row.hasAttribute("aria-current")) : at;
    const next = all[from < 0 ? (by > 0 ? 0 : all.length - 1) : from + by];
    next?.querySelector("a").focus();
  };
  const jump = (selector) => {
    const field = document.querySelector(selector);
    field?.focus();
    return Boolean(field);
  };
  const press = (selector) => {
    const found = document.querySelector(selector);
    found?.click();
    return Boolean(found);
  };
  const KEYS = {
    j: () => step(1),
    k: () => step(-1),
    o: () => here()?.querySelector("a").click(),
    x: () => here()?.querySelector("input[type=checkbox]").click(),
    z: () => press('[data-key="z"]'),
    r: () => jump("#answer-text"),
    n: () => jump("#note"),
    "/": () => jump('[data-key="/"]'),
    "?": () => dialog?.showModal(),
    Escape: () => press('[data-key="Escape"]'),
  };

  // Never while somebody types, never with another key held, never where it was switched off.
  const isTyping = (target) =>
    target.isContentEditable || target.matches?.("textarea,select,input:not([type=checkbox])");
  document.addEventListener("keydown", (event) => {
    const act = KEYS[event.key];
    if (!act || box()?.dataset.shortcuts !== "on" || dialog?.open) return;
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.defaultPrevented || isTyping(event.target)) return;
    if (act() !== false) event.preventDefault();
  });

  document.addEventListener("click", (event) => {
    if (event.target.closest?.("[data-keys-help]") && dialog) {
      event.preventDefault();
      dialog.showModal();
    }
    if (event.target.closest?.("[data-tick-all]")) {
      const boxes = rows().map((row) => row.querySelector("input[type=checkbox]"));
      const every = boxes.every((each) => each.checked);
      boxes.forEach((each) => { each.checked = !every; });
      tell();
    }
  });

  const tell = () => {
    const ticked = rows().filter((row) => row.querySelector("input:checked")).length;
    const said = document.querySelector("[data-ticked]");
    if (said) said.textContent = ticked ? said.dataset.words.replace("{n}", ticked) : "";
    if (ticked) document.querySelector("[data-acts]").open = true;
  };
  const reveal = () => {
    document.querySelectorAll("[data-tick-all]").forEach((each) => { each.hidden = false; });
    tell();
  };
  document.addEventListener("change", (event) => { if (event.target.name === "retours") tell(); });
  document.addEventListener("htmx:after:swap", reveal);
  reveal();
})();
