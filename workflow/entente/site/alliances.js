
// ---- the list of alliances: it comes in chunks, and is searched and filtered as far as it is there

const [ID, PARTNERS, VENTURE, YEAR, FORM, FUNCTIONS, LANGUAGES, CORPORA, MENTIONS, CONFIDENCE] = Array(10).keys();
const entries = [], names = [], quotes = [], evidence = [];  // names and evidence as they are searched
const listeners = new Set();
let listing, reading, fault = "";
const changed = () => listeners.forEach(listener => listener());

function list() {
  listing ??= (async () => {
    for (let at = 0; entries.length < site.counts.alliances; at++) {
      entries.push(...await load(`list-${at}`));
      changed();
    }
  })().catch(error => { fault = error.message; changed(); });
  return listing;
}

// Quotations are read when something is searched for: several files at a time, the list being shown meanwhile.
function read() {
  reading ??= (async () => {
    let next = 0, shownAt = performance.now();
    const blocks = Math.ceil(site.counts.alliances / site.chunk.block);
    const work = async () => {
      while (next < blocks) {
        const block = next++;
        (await load(`quotes-${block}`)).forEach((its, at) => {
          quotes[block * site.chunk.block + at] = its;
          evidence[block * site.chunk.block + at] = its.map(folded).join("\n");
        });
        reading.done = (reading.done ?? 0) + 1;
        if (performance.now() - shownAt > 250 || reading.done === blocks) {
          changed();
          shownAt = performance.now();
          await new Promise(resolve => setTimeout(resolve));
        }
      }
    };
    await Promise.resolve();
    await Promise.all([work(), work(), work(), work()]);
  })().catch(error => { fault = error.message; changed(); });
  return reading;
}
const quotesRead = () => Math.min(1, ((reading?.done ?? 0) * site.chunk.block + 1) / (site.counts.alliances + 1));

// Letters without case and accents, blanks alike. Japanese marks that make another letter stay.
const folded = text => (/^[\x00-\x7f]*$/.test(text) ? text : text.normalize("NFKD").replace(/(?![\u3099\u309a])\p{M}/gu, ""))
  .toLowerCase().replace(/\s/gu, " ");

// Words, all of which must be there; "words in quotation marks" stand together.
const wanted = query => [...folded(query ?? "").matchAll(/"([^"]+)"?|(\S+)/g)].map(hit => (hit[1] ?? hit[2]).trim()).filter(Boolean);

function called(at) {
  const entry = entries[at];
  return names[at] ??= folded(`${entry[PARTNERS].join(" ")} ${entry[VENTURE]} ${entry[ID]}`);
}

const SORTS = {
  "": ["newest first"],
  oldest: ["oldest first", (a, b) => (entries[a][YEAR] ?? 9999) - (entries[b][YEAR] ?? 9999)],
  partners: ["partners, A to Z", (a, b) => alphabet.compare(entries[a][PARTNERS][0], entries[b][PARTNERS][0])],
  mentions: ["most mentions", (a, b) => entries[b][MENTIONS] - entries[a][MENTIONS]],
  sure: ["most sure", (a, b) => entries[b][CONFIDENCE] - entries[a][CONFIDENCE]],
  unsure: ["least sure", (a, b) => entries[a][CONFIDENCE] - entries[b][CONFIDENCE]],
};
const alphabet = new Intl.Collator();

function found(given) {
  const forms = Object.keys(site.codebook.form), words = wanted(given.q), tests = [];
  const is = (choice, codes, test) => { if (choice) { const at = codes.indexOf(choice); tests.push(entry => test(entry, at)); } };
  is(given.form, forms, (entry, at) => entry[FORM] === at);
  if (given.equity) tests.push(entry => site.codebook.form[forms[entry[FORM]]].equity_status === given.equity);
  is(given.function, Object.keys(site.codebook.function), (entry, at) => entry[FUNCTIONS].includes(at));
  is(given.language, site.languages, (entry, at) => entry[LANGUAGES].includes(at));
  is(given.corpus, site.corpora, (entry, at) => entry[CORPORA].includes(at));
  if (/^\d+$/.test(given.from ?? "")) tests.push(entry => entry[YEAR] >= Number(given.from) && entry[YEAR] !== null);
  if (/^\d+$/.test(given.to ?? "")) tests.push(entry => entry[YEAR] <= Number(given.to) && entry[YEAR] !== null);
  const hits = [];
  for (let at = 0; at < entries.length; at++) {
    if (tests.every(test => test(entries[at])) && words.every(one => called(at).includes(one) || evidence[at]?.includes(one))) hits.push(at);
  }
  const compare = SORTS[given.sort]?.[1];
  return compare ? hits.sort((a, b) => compare(a, b) || a - b) : hits;
}

let back = "#alliances", opened;

views.alliances = async (node, given, stale) => {
  await Promise.race([list(), new Promise(resolve => { listeners.add(function once() { listeners.delete(once); resolve(); }); })]);
  let state = {};
  const status = made("p", {role: "status", class: "status"}), body = made("div"), form = made("form", {class: "filters", role: "search",
    "aria-label": "Alliances", onsubmit: event => event.preventDefault()});
  const change = patch => choose("alliances", {...state, page: "", ...patch});
  let typing, typed = {};
  const later = patch => {
    typed = {...typed, ...patch};
    clearTimeout(typing);
    typing = setTimeout(() => { change(typed); typed = {}; }, 200);
  };
  const search = made("input", {type: "search", name: "q", dir: "auto", autocomplete: "off", spellcheck: "false",
    placeholder: "a name, or words of the evidence", oninput: () => later({q: search.value})});
  const year = (key, label) => made("label", {class: "field"}, made("span", {}, label), made("input", {name: key, inputmode: "numeric", size: 5,
    maxlength: 4, autocomplete: "off", oninput: event => later({[key]: event.target.value.trim()})}));
  const facet = (key, label, attribute, codes, text) => choice(key, label, [["", "any"],
    ...codes.map(code => [code, `${text(code)} (${count(site.facets[attribute][code] ?? 0)})`])], "", event => change({[key]: event.target.value}));
  form.append(made("label", {class: "field search"}, made("span", {}, "Search"), search),
    year("from", "From year"), year("to", "to"),
    facet("form", "Form", "form", Object.keys(site.codebook.form), word),
    facet("equity", "Equity status", "equity_status", Object.keys(site.codebook.equity_status), word),
    facet("function", "Function", "function", Object.keys(site.codebook.function).filter(code => site.facets.function[code]), word),
    facet("language", "Language", "language", [...site.languages].sort((a, b) => alphabet.compare(language(a), language(b))), language),
    facet("corpus", "Corpus", "corpus", site.corpora, code => code),
    choice("sort", "Order", Object.entries(SORTS).map(([key, [text]]) => [key, text]), "", event => change({sort: event.target.value})),
    made("button", {type: "button", onclick: () => { clearTimeout(typing); typed = {}; choose("alliances"); }}, "Clear"));
  node.append(made("h1", {}, "Alliances"), made("p", {class: "lead"},
    "Each row is one alliance, as all documents that report it tell it together. Open one to read the sentences that it rests on."), form, status, body);

  const refresh = () => {
    if (stale()) return;
    const hits = found(state), pages = Math.max(1, Math.ceil(hits.length / PAGE));
    const page = Math.min(Math.max(1, Number(state.page) || 1), pages);
    const missing = entries.length < site.counts.alliances, searching = state.q && quotesRead() < 1;
    status.textContent = fault || `${count(hits.length)} of ${many(site.counts.alliances, "alliance")}` +
      (missing ? `; ${count(entries.length)} are loaded so far` : "") +
      (searching ? `; evidence searched: ${Math.floor(100 * quotesRead())}\u00a0%` : "");
    const part = hits.slice((page - 1) * PAGE, page * PAGE);
    const focus = document.activeElement?.closest?.(".view.alliances td a")?.hash;
    body.replaceChildren(...part.length ? [pager("alliances", state, page, pages, "above"), rows(part, state), pager("alliances", state, page, pages, "below")]
      : missing || searching ? [] : [made("p", {}, "No alliance is like this. Take a filter away, or search for fewer words.")]);
    if (focus) body.querySelector(`a[href="${CSS.escape(focus)}"]`)?.focus();
  };
  const update = parameters => {
    const paged = (state.page ?? "") !== (parameters.page ?? "") && (state.q ?? "") === (parameters.q ?? "");
    state = parameters;
    back = address("alliances", state);
    for (const control of form.elements) {
      if (control.name && control !== document.activeElement) control.value = state[control.name] ?? "";
    }
    if (state.q) read();
    refresh();
    if (paged && body.contains(document.activeElement) === false && document.activeElement === document.body) {
      node.querySelector("h1").tabIndex = -1;
      node.querySelector("h1").focus();
    }
  };
  if (stale()) return undefined;
  listeners.add(refresh);
  update(given);
  shown.leave = () => { clearTimeout(typing); listeners.delete(refresh); };
  if (opened !== undefined) {
    const link = [...body.querySelectorAll("a")].find(one => one.hash === opened);
    opened = undefined;
    link?.focus();
    link?.scrollIntoView({block: "center"});
  }
  return update;
};

function rows(part, state) {
  const forms = Object.keys(site.codebook.form), functions = Object.keys(site.codebook.function), words = wanted(state.q);
  const entry = at => entries[at];
  const status = at => site.codebook.form[forms[entry(at)[FORM]]].equity_status;
  return grid("Alliances", [
    ["Year", at => String(entry(at)[YEAR] ?? "–"), "year"],
    ["Partners", at => [made("a", {href: link(entry(at)[ID])}, listed(entry(at)[PARTNERS].map(name => quoted(name)), " + ")),
      entry(at)[VENTURE] && made("span", {class: "venture"}, " ", quoted(entry(at)[VENTURE])), snippet(at, words)], "partners"],
    ["Form", at => made("span", {class: `code ${status(at)}`}, word(forms[entry(at)[FORM]])), "nowrap"],
    ["Functions", at => entry(at)[FUNCTIONS].map(code => word(functions[code])).join(", "), "less"],
    ["Languages", at => entry(at)[LANGUAGES].map(code => site.languages[code]).join(" "), "less"],
    ["Mentions", at => count(entry(at)[MENTIONS]), "number less"],
    ["Confidence", at => entry(at)[CONFIDENCE].toFixed(2), "number less"],
  ], part, {class: "alliances"});
}

const link = id => `#alliance=${encodeURIComponent(id)}`;

// Where words that no name has stand in the evidence.
function snippet(at, words) {
  const word = words.find(one => !called(at).includes(one));
  const quote = word && quotes[at]?.find(one => folded(one).includes(word));
  if (!quote) return undefined;
  const letters = [...quote], starts = [];
  let text = "";
  for (const letter of letters) { starts.push(text.length); text += folded(letter); }
  const hit = text.indexOf(word);
  if (hit < 0) return undefined;
  const from = starts.findLastIndex(start => start <= hit), until = starts.findIndex(start => start >= hit + word.length);
  const to = until < 0 ? letters.length : until, cut = (a, b) => letters.slice(Math.max(0, a), b).join("");
  return made("span", {class: "snippet", dir: "auto"}, from > 60 ? "…" : "", cut(from - 60, from), made("mark", {}, cut(from, to)),
    cut(to, to + 90), letters.length > to + 90 ? "…" : "");
}

// ---- one alliance

async function located(id) {
  for (;;) {
    const at = entries.findIndex(entry => entry[ID] === id);
    if (at >= 0 || fault || entries.length >= site.counts.alliances) return at;
    await new Promise(resolve => { listeners.add(function once() { listeners.delete(once); resolve(); }); list(); });
  }
}

views.alliance = async (node, {id}, stale) => {
  const at = await located(id);
  if (stale()) return undefined;
  const to = made("p", {class: "back"}, made("a", {href: back}, "‹ All alliances"));
  if (at < 0) {
    node.append(to, made("h1", {}, "No such alliance"), made("p", {}, fault || `Nothing here has the identifier ${id}.`));
    return undefined;
  }
  opened = link(id);
  const block = Math.floor(at / site.chunk.block), within = at % site.chunk.block;
  const [its, details] = await Promise.all([load(`quotes-${block}`), load(`details-${block}`)]);
  if (stale()) return undefined;
  const entry = entries[at], one = details[within];
  node.append(to, made("h1", {}, listed(entry[PARTNERS].map(name => quoted(name)), " + ")),
    made("p", {class: "lead"}, [one.venture && quoted(one.venture), word(one.form), entry[YEAR] ?? "year not told"].filter(Boolean)
      .flatMap((part, n) => n ? [" · ", part] : [part])),
    made("dl", {class: "facts"}, ...facts(one),
      fact("Announced", one.date ?? "not told"),
      fact("Partners", listed(entry[PARTNERS].map(name =>
        made("a", {href: address("alliances", {q: `"${name}"`})}, quoted(name))))),
      fact("Languages", entry[LANGUAGES].map(code => language(site.languages[code])).join(", ")),
      fact("Corpora", entry[CORPORA].map(code => site.corpora[code]).join(", ")),
      fact("Identifier", made("code", {}, id))),
    made("h2", {}, many(one.mentions.length, "report")),
    ...one.mentions.map((mention, number) => report(mention, its[within], number + 1)));
  return undefined;
};

const fact = (label, ...content) => made("div", {}, made("dt", {}, label), made("dd", {}, content));
const explained = (attribute, code) => [made("span", {class: "code"}, word(code)), made("span", {class: "note"}, ` ${meaning(attribute, code)}`)];
const lines = parts => parts.map(part => made("span", {class: "line"}, part));

function facts(record) {
  const status = site.codebook.form[record.form].equity_status;
  return [
    fact("Form", made("span", {class: `code ${status}`}, word(record.form)), made("span", {class: "note"}, ` ${meaning("form", record.form)}`)),
    fact("Equity status", explained("equity_status", status)),
    fact("Functions", record.functions.length ? lines(record.functions.map(code => explained("function", code))) : "none told"),
    fact("Value chain", explained("value_chain", record.value_chain)),
    fact("Status", explained("status", record.status)),
    record.stakes.length ? fact("Stakes", lines(record.stakes.map(([holder, percent, target]) =>
      [quoted(holder), ` holds ${percent}\u00a0% of `, target === "venture" ? "the venture" : quoted(target)]))) : undefined,
    record.term_years ? fact("Agreed for", many(record.term_years, "year")) : undefined,
    fact("Confidence", made("span", {}, record.confidence.toFixed(2)), made("span", {class: "note"}, " estimated probability that the record is right")),
  ].filter(Boolean);
}

function report(mention, its, number) {
  const heading = `report-${number}`;
  return made("article", {class: "report", "aria-labelledby": heading},
    made("h3", {id: heading}, mention.title ? quoted(mention.title, mention.language) : `Document ${mention.document}`),
    made("p", {class: "source"}, [language(mention.language), mention.date ?? "no date", mention.licence && `licence ${mention.licence}`,
      outward(mention.url, mention.document)].filter(Boolean).flatMap((part, n) => n ? [" · ", part] : [part])),
    ...passages(mention, its, mention.partners),
    made("details", {}, made("summary", {}, "How this document was coded"), made("dl", {class: "facts"},
      fact("Partners as named", listed(mention.partners.map(name => quoted(name, mention.language)))),
      mention.venture && fact("Venture", quoted(mention.venture, mention.language)), ...facts(mention),
      fact("Date", mention.reported ?? "not told"), fact("Places in the text", `${mention.offsets.join("; ")} (code points)`),
      fact("Identifier", made("code", {}, mention.id)))));
}

const RIGHTS = {
  cut: "Long sentences are cut, and nothing beside them is shown: the rights of this document allow no more.",
  offsets: "No words of this document may be published. Its evidence stands at these code points of its text: ",
};

function passages(source, its, partners) {
  return [
    ...source.passages.map(parts => made("blockquote", {dir: "auto", lang: tongue(source.language)}, parts.map(part =>
      typeof part === "number" ? made("mark", {}, named(its[part], partners)) : made("span", {class: "context"}, named(part, partners))))),
    source.quotes === "offsets" ? made("p", {class: "note"}, RIGHTS.offsets, `${source.offsets.join("; ")}.`) : undefined,
    source.quotes === "cut" ? made("p", {class: "note"}, RIGHTS.cut) : undefined].filter(Boolean);
}

// The partners' names in a text, told apart; the longest first, where one is a part of another.
function named(text, partners) {
  const first = [...partners].filter(Boolean).sort((a, b) => b.length - a.length).find(one => text.includes(one));
  if (!first) return [text];
  const rest = partners.filter(one => one !== first);
  return text.split(first).flatMap((part, at) => [...at ? [made("b", {}, first)] : [], ...named(part, rest)]);
}
