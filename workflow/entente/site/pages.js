
// ---- figures that texts report

const figures = [];
async function register() {
  for (let at = 0; figures.length < site.counts.register; at++) figures.push(...await load(`claims-${at}`));
}

function figureOf(row, low = "value_low", high = "value_high") {
  const one = value => row.unit === "proportion" ? percent(value) : `${count(value)}${row.unit === "count" ? "" : ` ${row.unit}`}`;
  if (told(row.value)) return one(row.value);
  if (told(row[low]) && told(row[high])) return `${one(row[low])} to ${one(row[high])}`;
  return told(row[low]) ? `from ${one(row[low])}` : told(row[high]) ? `up to ${one(row[high])}` : "–";
}

views.claims = async (node, given, stale) => {
  await register();
  if (stale()) return undefined;
  let state = {}, typing;
  const change = patch => choose("claims", {...state, page: "", ...patch});
  const having = name => [...new Set(figures.map(row => row[name]))].sort();
  const facet = (name, label) => choice(name, label, [["", "any"], ...having(name).map(code =>
    [code, `${word(code)} (${count(figures.filter(row => row[name] === code).length)})`])], "", event => change({[name]: event.target.value}));
  const search = made("input", {type: "search", name: "q", dir: "auto", autocomplete: "off", oninput: () => {
    clearTimeout(typing);
    typing = setTimeout(() => change({q: search.value}), 200);
  }});
  const form = made("form", {class: "filters", role: "search", "aria-label": "Claims", onsubmit: event => event.preventDefault()},
    made("label", {class: "field search"}, made("span", {}, "Search"), search), facet("measure", "Measure"), facet("verdict", "Verdict"),
    made("button", {type: "button", onclick: () => choose("claims")}, "Clear"));
  const status = made("p", {role: "status", class: "status"}), body = made("div");
  node.append(made("h1", {}, "Claims register"), made("p", {class: "lead"}, "Figures on alliances that the documents report: each once, with what speaks for ",
    "or against it. They are others’ figures, not estimates of ours."), form, status, body,
    made("h2", {}, "Figures of the literature that claims are compared with"), literature());
  const update = parameters => {
    state = parameters;
    for (const control of form.elements) {
      if (control.name && control !== document.activeElement) control.value = state[control.name] ?? "";
    }
    const words = wanted(state.q);
    const hits = figures.filter(row => (!state.measure || row.measure === state.measure) && (!state.verdict || row.verdict === state.verdict) &&
      words.every(one => folded([row.population, row.cited_source, row.period, ...row.documents.flatMap(d => [d.title, ...d.quotations])].join("\n")).includes(one)));
    const pages = Math.max(1, Math.ceil(hits.length / PAGE)), page = Math.min(Math.max(1, Number(state.page) || 1), pages);
    status.textContent = `${count(hits.length)} of ${many(figures.length, "figure")}`;
    body.replaceChildren(...hits.length ? [claimed(hits.slice((page - 1) * PAGE, page * PAGE)), pager("claims", state, page, pages, "below")]
      : [made("p", {}, figures.length ? "No figure is like this." : "No document reports a figure on alliances.")]);
  };
  shown.leave = () => clearTimeout(typing);
  update(given);
  return update;
};

function claimed(rows) {
  const ours = row => ["joint_venture", "joint_venture_or_stake"].filter(name => told(row[`${name}_share`])).map(name =>
    made("p", {}, `Our share, ${site.definitions[name][0].toLowerCase()}, ${years(row.estimate_years)}: ${percent(row[`${name}_share`])}`,
      ` (${limits(row[`${name}_low`], row[`${name}_high`])}), n ${count(row[`${name}_n`])}.`));
  const sources = row => made("details", {}, made("summary", {}, `Evidence (${count(row.documents.length)}) and reasons`),
    made("p", {}, row.reason), ...ours(row), ...row.documents.flatMap(source => [
      made("p", {class: "source"}, source.title ? [quoted(source.title, source.language), " · "] : [], outward(source.url, source.document)),
      ...passages(source, source.quotations, [])]));
  return grid("Figures that documents report", [
    ["Measure", row => made("span", {title: meaning("measure", row.measure)}, word(row.measure)), "head"],
    ["Figure", row => figureOf(row), "number"],
    ["Interval from n", row => told(row.low) ? limits(row.low, row.high) : made("span", {class: "note"}, row.no_interval), "number less"],
    ["n", row => told(row.n) ? count(row.n) : "–", "number less"],
    ["Period", row => [quoted(row.period ? years(row.period) : "–"), row.period_flag && made("span", {class: "note"}, ` ${row.period_flag}`)], "less"],
    ["Verdict", row => made("span", {class: `code verdict ${row.verdict}`}, word(row.verdict)), "nowrap"],
    ["Of what, and where", row => [made("span", {class: "population", dir: "auto"}, [row.population, row.cited_source && `source: ${row.cited_source}`].filter(Boolean).join("; ")),
      sources(row)], "wide"]], rows, {class: "stack"});
}

function literature() {
  return grid("Figures of the literature", [
    ["Measure", row => [word(row.measure), row.quantity && made("span", {class: "note"}, ` ${row.quantity}`)], "head"],
    ["Figure", row => row.unit === "ratio" ? (row.value || `${row.value_low} to ${row.value_high}`) : figureOf(row), "number"],
    ["Interval from n", row => told(row.low) ? limits(row.low, row.high) : made("span", {class: "note"}, row.no_interval), "number less"],
    ["n", row => told(row.n) ? count(row.n) : "–", "number less"],
    ["Period", row => row.period ? years(row.period) : "–", "nowrap less"],
    ["Of what", row => row.population, "less wide"],
    ["Source", row => [row.source, row.note && made("span", {class: "note"}, ` ${row.note}`)], "wide"]], table("literature"), {class: "stack"});
}

// ---- how good the extraction is

const MEASURES = {
  alliance: ["Alliances found, F", "alliance_f", "alliance_n"],
  document: ["Documents that report one, F", "document_f", "document_n"],
  partner: ["Partners, F", "partner_f", "partner_n"],
  form: ["Form right, of those matched", "form_accuracy", "matches"],
  equity: ["Equity status right, of those matched", "equity_accuracy", "matches"],
  strict: ["All partners and equity status right, F", "strict_f", "strict_n"],
  stake: ["Stakes, F", "stake_f", "stake_n"],
  function: ["Functions, F", "function_f", "function_n"],
  claim: ["Reported figures, F", "claim_f", "claim_n"],
};
const FACTORS = {language: "language", corpus: "corpus", genre: "genre"};

views.evaluation = (node, given) => {
  const rows = table("evaluation"), body = made("div"), controls = made("div", {class: "controls fields"});
  node.append(made("h1", {}, "How good the extraction is"), made("p", {class: "lead"}, "Scores of the extraction against documents coded by hand. ",
    "Where these are few, scores say little: of ten alliances, one is ten points."), controls, body);
  let state = {};
  const update = parameters => {
    state = {by: Object.hasOwn(FACTORS, parameters.by) ? parameters.by : "language",
      measure: Object.hasOwn(MEASURES, parameters.measure) ? parameters.measure : "alliance"};
    const focus = document.activeElement?.name, [label, name, n] = MEASURES[state.measure];
    controls.replaceChildren(
      choice("measure", "Score", Object.entries(MEASURES).map(([key, [text]]) => [key, text]), state.measure, event => choose("evaluation", {...state, measure: event.target.value})),
      choice("by", "By", Object.entries(FACTORS), state.by, event => choose("evaluation", {...state, by: event.target.value})));
    if (["measure", "by"].includes(focus)) controls.querySelector(`select[name=${focus}]`).focus();
    const group = row => row.factor === "all" ? "all" : row.factor === "language" ? `${language(row.value)} (${row.value})` : row.value;
    const two = value => told(value) ? Number(value).toFixed(2) : "–";
    const listed = rows.filter(row => row.factor === state.by || row.factor === "all");
    const total = {row: row => row.factor === "all" ? "total" : undefined}, heading = word(state.by).replace(/^./, letter => letter.toUpperCase());
    body.replaceChildren(...rows.length ? [
      made("h2", {}, `${label}, by ${state.by}`),
      grid(`${label}, by ${state.by}, with 95\u00a0% intervals`, [[heading, group, "head"],
        ["0 to 1", row => strip(row[name], row[`${name}_low`], row[`${name}_high`])],
        [label, row => two(row[name]), "number"],
        ["95\u00a0% interval", row => told(row[`${name}_low`]) ? `${two(row[`${name}_low`])} to ${two(row[`${name}_high`])}` : "–", "number"],
        ["n", row => count(row[n]), "number"], ["Documents", row => count(row.documents), "number less"]], listed, total),
      made("p", {class: "note"}, "Percentile bootstrap intervals, documents drawn with replacement; none where all draws agree."),
      made("h2", {}, "All scores"),
      grid(`All scores by ${state.by}`, [[heading, group, "head"], ["Documents", row => count(row.documents), "number"],
        ["Alliances there", row => count(row.alliance_n), "number"], ["found", row => count(row.mentions), "number"],
        ["Precision", row => two(row.alliance_precision), "number"], ["Recall", row => two(row.alliance_recall), "number"],
        ...Object.values(MEASURES).map(([text, key]) => [text.replace(", of those matched", ""), row => two(row[key]), "number"])], listed, total),
    ] : [made("p", {}, "No corpus has documents that were coded by hand, so nothing can be said. `entente sample` draws some to code.")]);
  };
  update(given);
  return update;
};

// ---- how the numbers were made

views.method = node => {
  const sources = table("sources"), all = sources.find(row => row.corpus === "all") ?? {}, n = site.counts;
  const step = (name, ...says) => made("li", {}, made("strong", {}, name), " ", ...says);
  const pair = (term, ...says) => [made("dt", {}, term), made("dd", {}, ...says)];
  node.append(made("h1", {}, "How the numbers were made"),
    made("p", {class: "lead"}, `Entente ${site.version} read documents, found the alliances that they report, and coded each by a codebook. Every number can be followed back to the sentences that it rests on.`),
    made("ol", {class: "flow"},
      step("Read.", `${many(all.files, "file")} gave ${many(all.records, "record")}: ${many(all.documents, "document")}, ${many(all.duplicates, "duplicate")}, ${count(all.rejected)} rejected.`),
      step("Extract.", `A lexicon of each language and a multilingual encoder found ${many(n.mentions, "mention")} of an alliance, and ${many(n.claims, "figure")} on alliances.`),
      step("Resolve.", `${many(n.joined, "mention")} of them, sure enough and in no duplicate, are reports of ${many(n.alliances, "alliance")}.`),
      step("Evaluate.", "Mentions and figures are scored against documents coded by hand. ", made("a", {href: "#evaluation"}, "Scores")),
      step("Estimate.", "Tables are made of the alliances, each share with its interval. ", made("a", {href: "#share"}, "Shares"))),
    made("h2", {}, "What counts as an alliance"),
    made("p", {}, "An agreement between two or more organisations that stay independent of each other, share the benefits and the control of the tasks agreed, and keep contributing in at least one strategic area (technology, products, capital, markets), after Yoshino and Rangan (1995). Takeovers, subsidiaries, mere holdings, single orders and treaties do not count."),
    made("h2", {}, "What counts as equity"),
    made("dl", {class: "codes"}, Object.values(site.definitions).flatMap(([name, says]) => pair(name, says))),
    made("h2", {}, "Corpora"),
    ...site.described.map(corpus => made("section", {class: "corpus"}, made("h3", {}, `${corpus.name}: ${corpus.title}`), made("dl", {class: "codes"},
      pair("How drawn", corpus.drawn), pair("Random sample", corpus.random ? "yes" : "no"), pair("Licence", outward(corpus.licence, corpus.licence)),
      pair("Quotations", meaning("quotes", corpus.quotes)), pair("Source", outward(corpus.source, corpus.source)), pair("Retrieved", corpus.retrieved), pair("Citation", corpus.citation)))),
    made("h2", {}, "What was read"),
    grid("What was read, by corpus", [["Corpus", row => row.corpus, "head"], ...["files", "records", "documents", "duplicates", "rejected"].map(name =>
      [name.replace(/^./, letter => letter.toUpperCase()), row => count(row[name]), "number"])], sources, {row: row => row.corpus === "all" ? "total" : undefined}),
    made("h2", {}, "Coverage by language"),
    grid("Coverage by language", [["Language", row => `${language(row.language)} (${row.language})`, "head"], ["Coverage", row => row.coverage],
      ...["documents", "duplicates", "mentions", "alliances"].map(name => [name.replace(/^./, letter => letter.toUpperCase()), row => count(row[name]), "number"])],
      table("coverage_by_language")),
    made("h2", {}, "Codebook"),
    ...Object.entries(site.codebook).map(([attribute, codes]) => made("section", {class: "codebook"}, made("h3", {}, word(attribute)),
      made("dl", {class: "codes"}, Object.keys(codes).flatMap(code => pair(made("code", {}, code), meaning(attribute, code)))))),
    made("h2", {}, "What it is not for"),
    made("ul", {}, ["To list all alliances of a firm or an industry: what no document reports, or the extraction misses, is absent.",
      "To estimate shares in a population from documents that are no random sample of it.",
      "To decide on a single firm or deal without reading the evidence."].map(text => made("li", {}, text))));
};

// ---- downloads

views.downloads = node => {
  const titles = {".": "Records", tables: "Tables", figures: "Figures", package: "Data package"};
  const folders = [...new Set(site.downloads.map(file => file.folder))];
  node.append(made("h1", {}, "Downloads"), made("p", {class: "lead"}, "What this site shows, as files. They lie beside it."),
    ...folders.length ? folders.flatMap(folder => [made("h2", {}, titles[folder] ?? folder), made("dl", {class: "files"},
      site.downloads.filter(file => file.folder === folder).flatMap(file => made("div", {}, made("dt", {}, word(file.name)),
        made("dd", {}, listed(file.links.map(([form, path]) => made("a", {href: path.split("/").map(encodeURIComponent).join("/"),
          "aria-label": `${word(file.name)}, ${form}`}, form)), " "), file.says && made("span", {class: "note"}, file.says)))))])
      : [made("p", {}, "No files were named when this site was made.")]);
};

// ---- start

document.querySelector(".skip").addEventListener("click", event => {
  event.preventDefault();
  place("main").focus();
});
place("theme").value = remembered;
place("theme").addEventListener("change", event => {
  coloured(event.target.value);
  try { localStorage.setItem("entente colours", event.target.value); } catch { /* it holds for this page alone */ }
});
addEventListener("hashchange", show);
load("site").then(value => {
  site = value;
  place("made").textContent = `Made by Entente ${site.version} from ${many(table("sources").at(-1)?.documents ?? 0, "document")}. It asks nothing of any network.`;
  return show();
}).catch(error => { place("starting").textContent = error.message; });
