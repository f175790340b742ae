"use strict";

// ---- data: a script below data/ calls entente(name, value), which works from a folder as from a server

const loading = new Map();

function entente(name, value) {
  loading.get(name)?.resolve(value);
}

function load(name) {
  if (!loading.has(name)) {
    const script = document.createElement("script"), entry = {};
    entry.promise = new Promise((resolve, reject) => Object.assign(entry, {resolve, reject}));
    const end = () => { loading.delete(name); script.remove(); };
    script.addEventListener("load", () => {
      entry.reject(new Error(`data/${name}.js does not hold what its name says; make the site again.`));
      end();
    });
    script.addEventListener("error", () => {
      entry.reject(new Error(`data/${name}.js cannot be read; keep the folder data beside this page.`));
      end();
    });
    script.src = `data/${name}.js`;
    loading.set(name, entry);
    document.head.append(script);
  }
  return loading.get(name).promise;
}

// ---- making the page: what comes from data goes in as text only

function filled(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value !== undefined && value !== false && value !== null) node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat(Infinity).filter(child => child !== undefined && child !== null && child !== false));
  return node;
}

const made = (tag, attributes = {}, ...children) => filled(document.createElement(tag), attributes, children);
const drawn = (tag, attributes = {}, ...children) =>
  filled(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);
const place = id => document.getElementById(id);

// A text that came from a document: its own direction, and its language where that is known.
const tongue = code => /^[a-z]{2,3}(-[A-Za-z0-9]+)*$/.test(code ?? "") && code !== "und" ? code : undefined;
const quoted = (text, language) => made("bdi", {lang: tongue(language)}, text);

// A link to another place: only where it is one of the web, never script.
const outward = (address, ...children) => /^https?:\/\//i.test(address ?? "")
  ? made("a", {href: address, rel: "noreferrer noopener"}, ...children) : made("span", {}, ...children);

function listed(nodes, separator = ", ") {
  return nodes.flatMap((node, at) => at ? [separator, node] : [node]);
}

// ---- words and numbers

const count = number => Number(number).toLocaleString("en");
const many = (number, one, more = `${one}s`) => `${count(number)} ${Number(number) === 1 ? one : more}`;
const told = value => value !== "" && value !== undefined && value !== null;
const percent = value => told(value) ? `${(100 * Number(value)).toFixed(1)}\u00a0%` : "–";
const limits = (low, high) => told(low) ? `${(100 * Number(low)).toFixed(1)} to ${percent(high)}` : "–";
const signed = value => told(value) ? Number(value).toFixed(1).replace(/^-/, "−") : "–";
const years = period => period.replace("-", "–");

const NAMES = {rnd: "R&D", all: "all", und: "not told"};
const word = code => NAMES[code] ?? String(code).replaceAll("_", " ");
const meaning = (attribute, code) => {
  const entry = site.codebook[attribute]?.[code];
  return entry?.meaning ?? entry ?? "";
};
const tongues = new Intl.DisplayNames("en", {type: "language", fallback: "code"});
function language(code) {
  if (code === "und") return "language not told";
  try { return tongues.of(code); } catch { return code; }
}

// ---- tables: columns are [label, cell of a row, kind], kind being "number", "head", "wide" or nothing

function grid(caption, columns, rows, given = {}) {
  // Where a narrow page stacks the cells of a row, the roles are said again: some browsers lose them with the layout.
  const role = name => given.class === "stack" ? name : undefined;
  const cell = ([, content, kind], row) => kind === "head"
    ? made("th", {scope: "row", role: role("rowheader")}, content(row)) : made("td", {class: kind, role: role("cell")}, content(row));
  return scrolled(caption, made("table", {class: given.class, role: role("table"), "aria-label": role(caption)},
    made("caption", {class: "aside"}, caption),
    made("thead", {role: role("rowgroup")}, made("tr", {role: role("row")},
      columns.map(([label, , kind]) => made("th", {scope: "col", class: kind, role: role("columnheader")}, label)))),
    made("tbody", {role: role("rowgroup")}, rows.map(row =>
      made("tr", {class: given.row?.(row), role: role("row")}, columns.map(column => cell(column, row)))))));
}

// What is wider than the page scrolls by itself, and can then be reached by keys.
const wide = new ResizeObserver(entries => {
  for (const {target} of entries) {
    if (target.scrollWidth > target.clientWidth + 1) target.tabIndex = 0; else target.removeAttribute("tabindex");
  }
});
function scrolled(label, ...children) {
  const node = made("div", {class: "scroll", role: "group", "aria-label": label}, ...children);
  wide.observe(node);
  return node;
}

function table(name) {
  const {columns, rows} = site.tables[name];
  return rows.map(row => Object.fromEntries(row.map((value, at) => [columns[at], value])));
}

// An interval on a scale; the numbers stand beside it.
function strip(value, low, high, given = {}) {
  const {from = 0, to = 1, zero} = given, width = 170, x = number => 5 + (width - 10) * (Number(number) - from) / (to - from);
  return drawn("svg", {class: "strip", width, height: 16, viewBox: `0 0 ${width} 16`, "aria-hidden": "true"},
    drawn("line", {class: "scale", x1: 5, x2: width - 5, y1: 8, y2: 8}),
    [from, zero ?? (from + to) / 2, to].map(at => drawn("line", {class: "scale", x1: x(at), x2: x(at), y1: 5, y2: 11})),
    told(low) && drawn("line", {class: "range", x1: x(low), x2: x(high), y1: 8, y2: 8}),
    told(value) && drawn("circle", {class: "dot", cx: x(value), cy: 8, r: 4}));
}

function choice(name, label, options, chosen, change) {
  return made("label", {class: "field"}, made("span", {}, label), made("select", {name, onchange: change},
    options.map(([value, text, off]) => made("option", {value, selected: value === chosen, disabled: off}, text))));
}

// ---- pages of a long list

const PAGE = 50;
function pager(view, parameters, page, pages, where) {
  if (pages < 2) return made("div");
  const link = (text, to, label) => to < 1 || to > pages || to === page
    ? made("span", {class: "off"}, text)
    : made("a", {href: address(view, {...parameters, page: to > 1 ? to : ""}), "aria-label": label}, text);
  return made("nav", {class: "pager", "aria-label": `Pages, ${where} the list`}, link("« first", 1, "First page"),
    link("‹ previous", page - 1, "Previous page"), made("span", {"aria-current": "page"}, `page ${count(page)} of ${count(pages)}`),
    link("next ›", page + 1, "Next page"), link("last »", pages, "Last page"));
}

// ---- where one is: #section?choices, or #alliance=ID

function address(view, parameters = {}) {
  const query = new URLSearchParams(Object.entries(parameters).filter(([, value]) => told(value)).map(([k, v]) => [k, String(v)]));
  return `#${view}${query.size ? `?${query}` : ""}`;
}

function where() {
  const [view, ...rest] = location.hash.slice(1).split("?");
  if (view.startsWith("alliance=")) {
    try { return ["alliance", {id: decodeURIComponent(view.slice(9))}]; } catch { return ["alliance", {id: view.slice(9)}]; }
  }
  return [view || "share", Object.fromEntries(new URLSearchParams(rest.join("?")))];
}

// A choice within a view takes the place of the one before, so that Back leads to the view before.
const choose = (view, parameters) => location.replace(address(view, parameters));

let site, shown = {}, turn = 0;
const views = {};

async function show() {
  const [name, parameters] = where(), first = shown.name === undefined;
  const view = Object.hasOwn(views, name) ? name : "share";
  if (shown.name === view && shown.update) return shown.update(parameters);
  const mine = ++turn;  // what an earlier view still waits for is of no use any more
  shown.leave?.();
  shown = {name: view};
  for (const link of document.querySelectorAll("header nav a")) {
    const here = link.hash === `#${view === "alliance" ? "alliances" : view}`;
    if (here) link.setAttribute("aria-current", "page"); else link.removeAttribute("aria-current");
  }
  const node = made("div", {class: `view ${view}`});
  place("main").replaceChildren(node);
  try {
    const update = await views[view](node, parameters, () => mine !== turn);
    if (mine !== turn) return undefined;
    shown.update = update;
  } catch (fault) {
    if (mine !== turn) return undefined;
    node.replaceChildren(made("h1", {}, "This cannot be shown"), made("p", {}, fault.message));
  }
  const heading = node.querySelector("h1");
  document.title = `${heading.textContent} · Entente`;
  if (!first && !node.contains(document.activeElement)) {
    heading.tabIndex = -1;
    heading.focus({preventScroll: true});
    scrollTo(0, 0);
  }
  return undefined;
}

// ---- colours

const remembered = (() => { try { return localStorage.getItem("entente colours") ?? ""; } catch { return ""; } })();
function coloured(theme) {
  if (theme) document.documentElement.dataset.theme = theme; else delete document.documentElement.dataset.theme;
}
coloured(remembered);
