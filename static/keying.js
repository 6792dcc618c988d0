// Typing sheets of paper: Enter goes on, the last Enter sends, the key that was typed is marked.
// Without it Tab goes on and the button sends.
(() => {
  const form = document.querySelector("[data-keying]");
  if (!form) return;
  const stops = [...form.querySelectorAll("input:not([type=hidden]), textarea, button:not([disabled])")];

  const mark = (input) => {
    const keys = document.getElementById(`${input.id}-keys`);
    const typed = input.value.trim().toUpperCase();
    for (const key of keys?.querySelectorAll("[data-key]") ?? []) key.classList.toggle("picked", key.dataset.key === typed);
  };

  form.addEventListener("input", (event) => mark(event.target));
  form.addEventListener("keydown", (event) => {
    const place = stops.indexOf(event.target);
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || place < 0) return;
    if (event.target.tagName === "BUTTON") return; // the browser sends
    event.preventDefault();
    stops[place + 1]?.focus();
  });
  stops.forEach(mark);
})();
