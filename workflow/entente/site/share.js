
// ---- the share: headline, figure, table, correction, error budget

const UNITS = {alliance: "alliances", mention: "mentions", document: "documents"};
const BOUNDED = ["joint_venture", "joint_venture_or_stake"];  // definitions that leave unknown forms, and nothing else, out
const FEW = 10;  // neighbours with as many are joined by a line

function series(definition, unit, by) {
  const rows = table("equity_share_by_definition").filter(row => row.unit === unit && row.definition === definition);
  if (unit !== "alliance" || !BOUNDED.includes(definition)) return rows;
  const counted = table(`equity_share_by_${by}`).filter(row => row.definition === definition);
  const of = Object.fromEntries(rows.map(row => [row.period, row]));
  return counted.map(row => ({...of[row[by]], ...row, period: row[by], n: Number(row.equity) + Number(row.contractual),
    left_out: row.unknown}));
}

function usual() {
  const known = table("equity_share_by_year").filter(row => row.definition === BOUNDED[0] && /^\d+$/.test(row.year))
    .map(row => Number(row.equity) + Number(row.contractual)).sort((a, b) => a - b);
  return known.length && known[Math.floor(known.length / 2)] >= FEW ? "year" : "period";
}

views.share = (node, given) => {
  const body = made("div");
  const names = Object.keys(site.definitions);
  const state = {};
  const chosen = change => choose("share", {...state, ...change});
  const controls = made("div", {class: "controls"});
  node.append(made("h1", {}, "Equity share of alliances"), controls, body);
  const update = parameters => {
    const usually = usual();
    state.definition = names.includes(parameters.definition) ? parameters.definition : "joint_venture_or_stake";
    state.unit = Object.hasOwn(UNITS, parameters.unit) ? parameters.unit : "alliance";
    const yearly = state.unit === "alliance" && BOUNDED.includes(state.definition);
    state.by = ["year", "period"].includes(parameters.by) ? parameters.by : usually;
    const by = yearly ? state.by : "period";
    const radio = controls.querySelector(`input[value="${state.definition}"]`);
    if (!radio) {
      controls.append(made("fieldset", {class: "switch"}, made("legend", {}, "What counts as equity"),
        names.map(name => made("label", {}, made("input", {type: "radio", name: "definition", value: name,
          checked: name === state.definition, onchange: () => chosen({definition: name})}), made("span", {}, site.definitions[name][0])))));
      controls.append(made("div", {class: "fields"}));
    } else radio.checked = true;
    const focus = document.activeElement?.name;
    controls.lastChild.replaceChildren(
      choice("unit", "Counted", Object.entries(UNITS), state.unit, event => chosen({unit: event.target.value})),
      choice("by", "Shown by", [["period", "period"], ["year", "year", !yearly]], by, event => chosen({by: event.target.value})));
    if (["unit", "by"].includes(focus)) controls.querySelector(`select[name=${focus}]`).focus();
    const open = body.querySelector("details")?.open, before = body.hasChildNodes();
    body.replaceChildren(...shares(state.definition, state.unit, by));
    if (open) body.querySelector("details").open = true;
    if (before) place("said").textContent = `${site.definitions[state.definition][0]}: ${place("share")?.textContent ?? "no share"}`;
  };
  update(given);
  return update;
};

function shares(definition, unit, by) {
  const [label, says] = site.definitions[definition];
  const rows = series(definition, unit, by), all = rows.find(row => row.period === "all");
  if (!all) return [made("p", {}, "There is no share: no alliance was found.")];
  const dated = rows.filter(row => /^\d/.test(row.period));
  const level = `${100 * Number(all.level)}\u00a0%`;
  const bounds = told(all.share_low_bound);
  const corrected = table("corrected_shares").filter(row => row.definition === definition);
  const best = ["ppi", "gold_only"].map(name => corrected.find(row => row.estimator === name && told(row.share))).find(Boolean);
  const out = Number(all.left_out);
  const leaves = BOUNDED.includes(definition)
    ? `${count(out)} of unknown form ${out === 1 ? "is" : "are"} left out`
    : `${count(out)} ${out === 1 ? "is" : "are"} left out by this definition`;
  return [
    made("p", {class: "lead"}, says),
    made("div", {class: "headline"},
      made("div", {class: "figure-of"}, made("h2", {}, "As found"), made("p", {class: "big", id: "share"}, percent(all.share)),
        made("p", {}, made("strong", {}, `${limits(all.low, all.high)}`), ` (${level} Wilson interval: sampling alone)`),
        made("p", {}, `${count(all.equity)} of ${count(all.n)} ${UNITS[unit]}; ${out ? leaves : "none is left out"}.`,
          bounds && out ? ` If these were all contractual, or all equity, the share would be ${limits(all.share_low_bound, all.share_high_bound)}.` : ""),
        told(all.cluster_low) && made("p", {}, `With reports of one story taken together: ${limits(all.cluster_low, all.cluster_high)}.`)),
      made("div", {class: "figure-of second"}, made("h2", {}, "Corrected for errors of extraction"),
        best ? [made("p", {class: "big"}, percent(best.share)),
          made("p", {}, made("strong", {}, limits(best.low, best.high)), ` (${100 * Number(best.level)}\u00a0% interval)`),
          made("p", {}, `By ${many(best.gold_documents, "document")} coded by hand (${site.estimators[best.estimator][0].toLowerCase()}). `,
            "An alliance counts once a document that reports it.")]
          : [made("p", {class: "big"}, "–"), made("p", {}, BOUNDED.includes(definition)
            ? `No corrected share: ${corrected.find(row => row.refused)?.refused ?? "no document was coded by hand"}.`
            : "Corrected shares are made for the first two definitions.")])),
    caveats(),
    made("h2", {}, `By ${by} of announcement`),
    made("div", {class: "legend", "aria-hidden": "true"}, ...key(definition, unit, level)),
    figure(dated, {label, unit, by, level}),
    made("details", {}, made("summary", {}, "The figure as a table"), periods(rows, definition, unit, by, level)),
    ...correction(corrected, definition),
    ...budget(definition),
  ];
}

function caveats() {
  const chosen = site.described.filter(corpus => !corpus.random).map(corpus => corpus.name);
  const uncovered = table("coverage_by_language").filter(row => row.coverage !== "covered");
  return made("section", {class: "caveats", "aria-labelledby": "caveats"}, made("h2", {id: "caveats"}, "What these numbers do not say"),
    made("ul", {},
      chosen.length ? made("li", {}, made("strong", {}, `Not a random sample: ${chosen.join(", ")}. `),
        "Shares of such documents show what the documents hold; they do not estimate a share in any population. ",
        made("a", {href: "#method"}, "How they were chosen"), ".") : null,
      made("li", {}, "Intervals of the share express that the alliances are a sample. Errors of extraction are not in them; they are in the corrected shares and in the error budget below."),
      made("li", {}, "An alliance that no document reports, or that was missed, is in no number. Alliances with a confidence below ",
        table("equity_share_by_period")[0]?.minimum_confidence ?? "the limit", " are not counted."),
      uncovered.length ? made("li", {}, made("strong", {}, "Not covered: "), listed(uncovered.map(row => `${language(row.language)} (${many(row.documents, "document")})`)),
        ". No number says anything of them.") : null));
}

function key(definition, unit, level) {
  const swatch = (...shapes) => drawn("svg", {width: 28, height: 14, viewBox: "0 0 28 14"}, ...shapes);
  const box = name => swatch(drawn("rect", {class: name, x: 6, y: 2, width: 16, height: 10}));
  const entry = (mark, text) => made("span", {}, mark, text);
  return [
    entry(swatch(drawn("line", {class: "range", x1: 2, x2: 26, y1: 7, y2: 7}), drawn("circle", {class: "dot", cx: 14, cy: 7, r: 4})), `share, ${level} interval`),
    unit === "alliance" && BOUNDED.includes(definition) && entry(box("open"), "what unknown forms leave open"),
    entry(box("bar equity"), "equity"), entry(box("bar other"), "not equity"),
    entry(box("bar out"), BOUNDED.includes(definition) ? "form unknown" : "left out")].filter(Boolean);
}

// The figure is drawn for the width that there is, and again when that changes: its letters keep their size.
function figure(rows, given) {
  const holder = made("div", {class: "figure"});
  let width = 0;
  new ResizeObserver(([entry]) => {
    const now = Math.round(entry.contentRect.width);
    if (now && now !== width) {
      width = now;
      holder.replaceChildren(draw(rows, given, width));
    }
  }).observe(holder);
  return holder;
}

function draw(rows, {label, unit, by, level}, width) {
  const left = 46, right = 4, top = 24, high = 250, gap = 34, low = 84;
  const spans = rows.map(row => { const [a, b] = row.period.split("-").map(Number); return [a, b || a]; });
  const start = spans[0]?.[0] ?? 0, end = spans.at(-1)?.[1] ?? 0, size = (width - left - right) / Math.max(end - start + 1, 1);
  const middle = at => left + size * ((spans[at][0] + spans[at][1] + 1) / 2 - start);
  const step = spans.length ? size * (spans[0][1] - spans[0][0] + 1) : size;
  const rotated = by === "period" && step < 62, height = top + high + gap + low + (rotated ? 56 : 28);
  const y = share => top + high * (1 - Number(share));
  const totals = rows.map(row => Number(row.n) + Number(row.left_out)), most = Math.max(1, ...totals);
  const base = top + high + gap + low, bar = count => low * count / most;
  const known = rows.filter(row => told(row.share));
  const every = Math.max(1, Math.ceil((by === "year" ? 40 : rotated ? 16 : 62) / step));
  const describe = (row, at) => `${years(row.period)}: ${percent(row.share)}, ${level} interval ${limits(row.low, row.high)}; ` +
    `${count(row.equity)} of ${count(row.n)} ${UNITS[unit]} are equity, ${count(totals[at] - row.n)} left out`;
  const summary = known.length
    ? `From ${percent(known[0].share)} in ${years(known[0].period)} to ${percent(known.at(-1).share)} in ${years(known.at(-1).period)}; all values are in the table below.`
    : "No share can be told.";
  const svg = drawn("svg", {role: "img", "aria-labelledby": "figure-title figure-summary", width, height, viewBox: `0 0 ${width} ${height}`},
    drawn("title", {id: "figure-title"}, `Equity share by ${by} of announcement: ${label}`),
    drawn("desc", {id: "figure-summary"}, summary));
  for (const share of [0, 0.25, 0.5, 0.75, 1]) {
    svg.append(drawn("line", {class: share ? "gridline" : "axis", x1: left, x2: width - right, y1: y(share), y2: y(share)}),
      drawn("text", {class: "tick", x: left - 8, y: y(share) + 4, "text-anchor": "end"}, `${100 * share}\u00a0%`));
  }
  svg.append(drawn("text", {class: "tick n", x: left - 8, y: 14, "text-anchor": "end"}, "n"));
  svg.append(drawn("line", {class: "axis", x1: left, x2: width - right, y1: base, y2: base}));
  for (const number of new Set([0, Math.floor(most / 2), most])) {
    svg.append(drawn("text", {class: "tick", x: left - 8, y: base - bar(number) + 4, "text-anchor": "end"}, count(number)));
  }
  rows.forEach((row, at) => {
    const x = middle(at), thick = Math.max(1, Math.min(0.7 * step, 46)), parts = drawn("g", {});
    if (told(row.share_low_bound)) {
      const from = y(row.share_high_bound), to = y(row.share_low_bound), broad = Math.max(2, Math.min(0.5 * step, 14));
      if (to - from > 0.5) parts.append(drawn("rect", {class: "open", x: x - broad / 2, y: from, width: broad, height: to - from}));
    }
    const next = rows[at + 1];
    if (next && Number(row.n) >= FEW && Number(next.n) >= FEW && spans[at + 1][0] === spans[at][1] + 1) {
      parts.append(drawn("line", {class: "trend", x1: x, y1: y(row.share), x2: middle(at + 1), y2: y(next.share)}));
    }
    if (told(row.share)) {
      parts.append(drawn("line", {class: "range", x1: x, x2: x, y1: y(row.low), y2: y(row.high)}),
        drawn("circle", {class: "dot", cx: x, cy: y(row.share), r: Math.min(4.5, Math.max(2, step / 3))}));
    }
    let foot = base;
    for (const [name, number] of [["equity", Number(row.equity)], ["other", Number(row.n) - Number(row.equity)], ["out", Number(row.left_out)]]) {
      foot -= bar(number);
      if (number) parts.append(drawn("rect", {class: `bar ${name}`, x: x - thick / 2, y: foot, width: thick, height: bar(number)}));
    }
    if (step >= 8 + 7 * count(row.n).length) parts.append(drawn("text", {class: "tick", x, y: 14, "text-anchor": "middle"}, count(row.n)));
    if (at % every === 0) {
      const text = years(row.period);
      parts.append(rotated
        ? drawn("text", {class: "tick", "text-anchor": "end", transform: `translate(${x + 4} ${base + 8}) rotate(-60)`}, text.replace(/–\d\d/, "–"))
        : drawn("text", {class: "tick", x, y: base + 18, "text-anchor": "middle"}, text));
    }
    parts.append(drawn("rect", {class: "hit", x: x - step / 2, y: 0, width: step, height}, drawn("title", {}, describe(row, at))));
    svg.append(parts);
  });
  return svg;
}

function periods(rows, definition, unit, by, level) {
  const dates = row => {
    const [from, to = from] = row.period.split("-");
    return /^\d/.test(row.period) ? made("a", {href: address("alliances", {from, to})}, years(row.period))
      : row.period === "all" ? "all" : `year ${row.period}`;
  };
  const bounded = rows.some(row => told(row.share_low_bound));
  return grid(`Equity share of ${UNITS[unit]} by ${by}: ${site.definitions[definition][0]}`, [
    [by === "year" ? "Year" : "Period", dates, "head"],
    ["Share", row => percent(row.share), "number"],
    [`${level} interval`, row => limits(row.low, row.high), "number"],
    ["Equity", row => count(row.equity), "number"],
    ["n", row => count(row.n), "number"],
    ["Left out", row => count(row.left_out), "number"],
    ...bounded ? [["If unknown were known", row => limits(row.share_low_bound, row.share_high_bound), "number"]] : [],
  ], rows, {row: row => row.period === "all" ? "total" : undefined});
}

function correction(rows, definition) {
  if (!rows.length) return [];
  return [made("h2", {}, "Naive and corrected shares"),
    made("p", {}, `Documents coded by hand: ${rows[0].sampling}. An alliance counts once a document that reports it, so that the naive share differs a little from the one above.`),
    grid(`Naive and corrected shares: ${site.definitions[definition][0]}`, [
      ["Estimator", row => [made("span", {}, site.estimators[row.estimator][0]), made("span", {class: "note says"}, site.estimators[row.estimator][1])], "head"],
      ["0 to 100\u00a0%", row => strip(row.share, row.low, row.high), "less"],
      ["Share", row => told(row.refused) ? row.refused : percent(row.share), "number"],
      [`${100 * Number(rows[0].level)}\u00a0% interval`, row => limits(row.low, row.high), "number"],
      ["n", row => count(row.n), "number"]], rows)];
}

function budget(definition) {
  const rows = table("error_budget").filter(row => row.headline === definition);
  if (!rows.length) return [];
  const far = Math.ceil(Math.max(5, ...rows.flatMap(row => [row.low, row.high, row.shift].filter(told).map(value => Math.abs(Number(value))))));
  return [made("h2", {}, "What may move the share, and how far"),
    grid(`Error budget, in percentage points: ${site.definitions[definition][0]}`, [
      ["Source of error", row => [made("span", {}, word(row.component)), made("span", {class: "note says"}, site.components[row.component])], "head"],
      [`−${far.toFixed()} to ${far.toFixed()} points`, row => strip(row.shift, row.low, row.high, {from: -far, to: far, zero: 0}), "less"],
      ["Shift", row => signed(row.shift), "number"],
      ["From, to", row => told(row.low) ? `${signed(row.low)} to ${signed(row.high)}` : "–", "number"],
      ["Part of all", row => told(row.part) ? percent(row.part) : "–", "number"],
      ["Remark", row => row.refused || (row.kind === "range" ? "a range: no probability goes with it" : ""), "note wide"]], rows)];
}
