// Prints the scores of one Lighthouse report; fails under the floors of docs/requirements.md, row 4.
const [file, page] = process.argv.slice(2);
const report = JSON.parse(require("node:fs").readFileSync(file, "utf8"));
const floors = { performance: 98, accessibility: 100, "best-practices": 95 };
const scores = Object.fromEntries(
  Object.keys(floors).map((name) => [name, Math.round(100 * report.categories[name].score)]),
);
console.log(page, scores);
const low = Object.keys(floors).filter((name) => !(scores[name] >= floors[name]));
if (low.length) console.log(`under the floor: ${low.join(", ")}`);
process.exit(low.length ? 1 : 0);
