// A draft stays on this phone only when its box is ticked, seven days at most (boucle.js drops it).
(() => {
  const say = (text) => { document.getElementById("statut").textContent = text; };
  const keyOf = (box) => `brouillon:${box.dataset.draft}`;

  const offer = (box) => {
    if (!box?.hidden) return;
    const form = box.closest("form");
    const { face, text } = form.elements;
    const tick = box.querySelector("input");
    const erase = box.querySelector("button");
    const keep = () => {
      erase.hidden = !tick.checked;
      if (!tick.checked) return localStorage.removeItem(keyOf(box));
      const draft = { at: Date.now(), face: face.value, text: text.value };
      localStorage.setItem(keyOf(box), JSON.stringify(draft));
    };
    const draft = JSON.parse(localStorage.getItem(keyOf(box)));
    tick.checked = Boolean(draft);
    erase.hidden = !draft;
    if (draft && !face.value && !text.value) {
      face.value = draft.face;
      text.value = draft.text;
      say(box.dataset.restored);
    }
    form.addEventListener("input", keep);
    erase.addEventListener("click", () => {
      form.reset();
      keep();
      say(box.dataset.erased);
      tick.focus();
    });
    box.hidden = false;
  };
  const offerAll = () => {
    try {
      offer(document.querySelector("[data-draft]"));
    } catch { /* Nothing can be kept here: no offer. */ }
  };

  document.addEventListener("htmx:after:request", ({ detail: { ctx } }) => {
    const box = ctx.sourceElement.querySelector("[data-draft]");
    if (box && ctx.response.raw.ok) localStorage.removeItem(keyOf(box));
  });
  document.addEventListener("htmx:after:swap", offerAll);
  offerAll();
})();
