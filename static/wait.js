// A network that sends a lot waits its turn: the words go again by themselves, unless they are
// changed. Comes with the answer that says so; without it a button does the same.
(() => {
  const told = document.querySelector("[data-wait]");
  const form = document.querySelector("#problem [form]")?.form;
  if (!told || !form) return;
  const end = Date.now() + told.dataset.wait * 1e3;
  let clock;
  const stop = () => { clearInterval(clock); told.hidden = true; };
  const tick = () => {
    const left = Math.max(0, Math.ceil((end - Date.now()) / 1e3));
    told.lastElementChild.textContent = `${Math.floor(left / 60)} min ${left % 60} s.`;
    if (!told.isConnected) stop();
    else if (!left) form.requestSubmit();
  };
  form.addEventListener("input", stop, { once: true });
  form.addEventListener("submit", stop, { once: true });
  told.hidden = false;
  clock = setInterval(tick, 1e3);
  tick();
  // Said once: the clock itself is not read aloud.
  document.getElementById("statut").textContent = told.dataset.say;
})();
