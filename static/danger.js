// Shows the help numbers while somebody types of danger. What is typed stays on this device.
(() => {
  let asked, help; // words and numbers, the same for everybody, fetched at the first word
  const fold = (text) => ` ${text.toLowerCase().replace(/œ/g, "oe").normalize("NFKD")
    .replace(/[\u0300-\u036f'’ʼ`´]/g, "").replace(/[^a-z0-9]+/g, " ").replace(/(.)\1+/g, "$1")}`;
  const kindsIn = (text) => {
    const plain = fold(text);
    const heard = ([, words]) => words.some((word) => plain.includes(` ${word}`));
    return Object.entries(help.words).filter(heard).map(([kind]) => kind);
  };
  const node = (tag, text, more) => Object.assign(document.createElement(tag), { textContent: text }, more);
  const line = ([number, how, what]) => {
    const link = node("a", "", { href: `${how}:${number}` });
    link.append(node("strong", number), " ", node("span", what));
    const item = node("li", "");
    item.append(link);
    return item;
  };
  const show = (box, kinds) => {
    if ((box.dataset.kinds ?? "") === kinds.join()) return; // unchanged: say nothing again
    box.dataset.kinds = kinds.join();
    box.className = kinds.length ? "notice notice--alert stack" : "small";
    box.keep ??= [...box.childNodes];
    if (!kinds.length) return box.replaceChildren(...box.keep);
    const right = help.numbers.filter((n) => n[3].some((kind) => kinds.includes(kind)));
    const rest = help.numbers.filter((n) => help.always.includes(n[0]) && !right.includes(n));
    const list = node("ul", "", { className: "numbers stack-s" });
    list.append(...[...right, ...rest].map(line));
    box.replaceChildren(node("strong", help.title), node("p", help.lead), list, node("p", help.checked));
  };
  document.addEventListener("input", async ({ target }) => {
    const box = target.form?.querySelector("[data-help]");
    if (!box || target.tagName !== "TEXTAREA") return;
    asked ??= fetch(box.dataset.help).then((answer) => answer.json()).catch(() => {});
    help = await asked; // no network: the line above the button stays
    if (help) show(box, kindsIn(target.value));
  });
})();
