// Comforts only: every page works without this file.
(() => {
  const find = (selector, root = document) => [...root.querySelectorAll(selector)];
  const status = document.getElementById("statut");
  const say = (text = "") => { if (status) status.textContent = text; };

  // Buttons that need JavaScript are hidden in the HTML and shown here.
  const reveal = () => {
    find("[data-copy],[data-print],[data-select]").forEach((b) => { b.hidden = false; });
    find(FORMS).forEach(carry);
  };

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

  // A form with words is sent without leaving its page: they stay in their field until an answer.
  const TEXT = "textarea:not([hidden],[readonly])";
  const FORMS = `body:not([class]) main form[method=post]:not([data-hx-post]):has(${TEXT})`;
  const HOW = { target: "#contenu", select: "#contenu", swap: "outerHTML", disable: "findAll button" };
  const carry = (form) => {
    for (const [name, value] of Object.entries({ post: form.getAttribute("action"), ...HOW })) {
      form.setAttribute(`data-hx-${name}`, value);
    }
    window.htmx?.process(form);
  };

  // Sending that failed: said, and tried again only by a person's own hand, with the same key.
  const again = document.querySelector("[data-again]");
  let failed;
  const fail = (ctx, words, retry = true) => {
    say(words);
    if (!ctx?.sourceElement.matches(`form:has(${TEXT})`)) return;
    failed = { form: ctx.sourceElement, button: ctx.sourceEvent?.submitter };
    if (!again) return; // the projector has no control
    again.hidden = !retry;
    if (retry && document.activeElement?.matches("body,:disabled")) again.focus({ preventScroll: true });
  };
  again?.addEventListener("click", () => {
    if (failed.form.isConnected) failed.form.requestSubmit(failed.button);
  });
  window.addEventListener("online", () => { if (again && !again.hidden) say(status.dataset.online); });
  document.addEventListener("htmx:before:request", () => {
    say();
    if (again) again.hidden = true;
  });
  document.addEventListener("htmx:error", (event) => {
    fail(event.detail?.ctx, navigator.onLine ? status?.dataset.failed : status?.dataset.offline);
  });

  document.addEventListener("htmx:after:request", (event) => {
    const { ctx } = event.detail;
    const { raw } = ctx.response;
    if (!ctx.sourceElement.matches(`form:has(${TEXT})`)) return;
    if (raw.ok) {
      if (raw.redirected) history.replaceState(history.state, "", raw.url);
      return;
    }
    const page = new DOMParser().parseFromString(ctx.text, "text/html");
    const fault = page.querySelector("[data-fault]")?.dataset.fault;
    if (fault || !page.getElementById("contenu")) {
      event.preventDefault(); // an answer without the form: the one on the page stays
      fail(ctx, fault ?? status.dataset.failed, raw.status !== 413);
    } else if (!page.querySelector(ctx.select)) {
      Object.assign(ctx, { select: HOW.select, target: document.getElementById("contenu") });
    }
  });

  document.addEventListener("htmx:after:swap", (event) => {
    const target = event.detail?.ctx?.target ?? event.target;
    reveal();
    taps();
    // The whole task was replaced: reading goes on from its heading, or from the first error.
    if (!target?.matches?.("main, [data-task]")) return;
    const next = find("main [autofocus]")[0] ?? find("[aria-invalid=true]")[0] ?? find("main h1")[0];
    if (!next) return;
    if (next.tagName === "H1") next.tabIndex = -1;
    next.focus();
  });

  // A draft that its author forgot (draft.js) goes with whatever page is opened next.
  const isOld = (key) => key.startsWith("brouillon:") && Date.now() - JSON.parse(localStorage.getItem(key)).at > 6048e5;
  try {
    Object.keys(localStorage).filter(isOld).forEach((key) => localStorage.removeItem(key));
  } catch { /* Nothing is kept here. */ }
  reveal();
  taps();

  // The worker comes with the first word, so that a first visit loads nothing more.
  // On a phone the menu is wider than the screen: where one is comes into sight.
  const current = find(".desk-nav [aria-current]")[0];
  if (current) current.closest("ul").scrollLeft = current.offsetLeft - 40;

  const worker = document.querySelector("[data-worker]")?.dataset.worker;
  if (worker) document.addEventListener("focusin", (event) => {
    if (event.target.matches(TEXT)) navigator.serviceWorker?.register(worker).catch(() => {});
  });
})();
