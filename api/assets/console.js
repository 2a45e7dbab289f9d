// The console of Dure: asks /graphql, and reads its schema for docs and completion.
"use strict";
const at = (id) => document.getElementById(id);
const [doc, vars, heads, answer, state, asOf] =
  ["document", "variables", "headers", "answer", "state", "as-of"].map(at);
const FIRST = `# 전북특별자치도의 기본계획과 2030년 목표. Ctrl+Enter로 실행합니다.
# The plan of Jeonbuk and its targets for 2030. Ctrl+Enter runs it.
query Plan($code: String!) {
  region(by: { code: $code }) {
    code
    name
    currentPlan {
      title
      status
      targets(year: 2030) {
        sector { code }
        target { value unit }
      }
    }
  }
}
`;
let types = new Map();

const read = (key, otherwise) => {
  try { return JSON.parse(localStorage.getItem(key)) ?? otherwise; } catch { return otherwise; }
};
const keep = (key, value) => {
  try { localStorage.setItem(key, JSON.stringify(value)); } catch { /* a private window */ }
};
const el = (name, text, props) => Object.assign(document.createElement(name), { textContent: text ?? "" }, props);

async function ask(query, variables, operationName, headers, moment) {
  const address = moment ? `/graphql?asOf=${encodeURIComponent(moment)}` : "/graphql";
  const response = await fetch(address, {
    method: "POST",
    headers: { "content-type": "application/json", accept: "application/graphql-response+json", ...headers },
    body: JSON.stringify({ query, variables, operationName }),
  });
  return { status: response.status, body: await response.json(), revision: response.headers.get("dure-revision") };
}

function parsed(field, name) {
  if (!field.value.trim()) return {};
  try { return JSON.parse(field.value); } catch (fault) { throw new Error(`${name}: ${fault.message}`); }
}

const names = () => [...doc.value.matchAll(/^\s*(?:query|mutation)\s+([_A-Za-z]\w*)/gm)].map((m) => m[1]);

function choices() {
  const all = names();
  const select = at("operation");
  const chosen = select.value;
  select.replaceChildren(...all.map((name) => el("option", name)));
  if (all.includes(chosen)) select.value = chosen;
  select.hidden = all.length < 2;
}

async function run() {
  state.textContent = "…";
  const began = performance.now();
  try {
    const all = names();
    const name = all.length > 1 ? at("operation").value : undefined;
    const told = await ask(doc.value, parsed(vars, "Variables"), name, parsed(heads, "Headers"), asOf.value.trim());
    show(told.body);
    const cost = told.body.extensions?.cost;
    state.textContent = `${told.status} · ${Math.round(performance.now() - began)} ms` +
      (told.revision ? ` · revision ${told.revision}` : "") + (cost ? ` · cost ${cost}` : "");
    remember();
  } catch (fault) {
    answer.replaceChildren(el("span", String(fault.message ?? fault), { className: "e" }));
    state.textContent = "";
  }
}

function show(body) {
  const text = JSON.stringify(body, null, 2);
  const pieces = text.split(/("(?:[^"\\]|\\.)*"\s*:?|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|\bnull\b|\btrue\b|\bfalse\b)/);
  answer.replaceChildren(...pieces.map((piece, n) => {
    if (n % 2 === 0) return document.createTextNode(piece);
    const kind = piece.startsWith('"') ? (piece.endsWith(":") ? "k" : "s") : "n";
    return el("span", piece, { className: kind });
  }));
}

function remember() {
  const one = { query: doc.value, variables: vars.value };
  const past = read("dure.history", []).filter((it) => it.query !== one.query || it.variables !== one.variables);
  keep("dure.history", [one, ...past].slice(0, 30));
  recall();
}

function recall() {
  const past = read("dure.history", []);
  const title = (it) => (it.query.replace(/#.*$/gm, "").replace(/\s+/g, " ").trim() || "…").slice(0, 60);
  at("history").replaceChildren(el("option", "—"), ...past.map((it, n) => el("option", title(it), { value: n })));
}

function tidy() {
  let depth = 0;
  const lines = doc.value.split("\n").map((line) => line.trim()).filter((line, n, all) => line || all[n - 1]);
  doc.value = lines.map((line) => {
    const bare = line.replace(/#.*$|"(?:[^"\\]|\\.)*"/g, "");
    const ends = (bare.match(/^[\]})]+/) ?? [""])[0].length;
    const open = (bare.match(/[[{(]/g) ?? []).length - (bare.match(/[\]})]/g) ?? []).length;
    const indented = "  ".repeat(Math.max(0, depth - ends)) + line;
    depth = Math.max(0, depth + open);
    return indented;
  }).join("\n");
  for (const field of [vars, heads]) {
    try { if (field.value.trim()) field.value = JSON.stringify(JSON.parse(field.value), null, 2); } catch { /* as it is */ }
  }
  save();
}

// Headers may hold a token: they are in no link and no history.
async function link() {
  const parts = new URLSearchParams({ query: doc.value });
  if (vars.value.trim()) parts.set("variables", vars.value);
  if (asOf.value.trim()) parts.set("asOf", asOf.value.trim());
  const address = `${location.origin}/graphql#${parts}`;
  history.replaceState(null, "", address);
  try { await navigator.clipboard.writeText(address); state.textContent = "복사했습니다 · copied"; }
  catch { state.textContent = "주소창에 있습니다 · in the address bar"; }
}

function save() {
  keep("dure.now", { query: doc.value, variables: vars.value });
  choices();
}

// ---- the schema: docs and completion
const INTROSPECTION = `query Schema { __schema { queryType { name } mutationType { name } types { kind name description
  fields(includeDeprecated: true) { name description isDeprecated deprecationReason args { ...a } type { ...t } }
  inputFields { ...a } enumValues(includeDeprecated: true) { name description } possibleTypes { name } } } }
fragment a on __InputValue { name description defaultValue type { ...t } }
fragment t on __Type { kind name ofType { kind name ofType { kind name ofType { kind name } } } }`;
let roots = [];

const named = (type) => (type.ofType ? named(type.ofType) : type.name);
const written = (type) => type.kind === "NON_NULL" ? `${written(type.ofType)}!`
  : type.kind === "LIST" ? `[${written(type.ofType)}]` : type.name;

async function learn() {
  const { body } = await ask(INTROSPECTION, {}, "Schema", {});
  const schema = body.data?.__schema;
  if (!schema) return;
  types = new Map(schema.types.filter((type) => !type.name.startsWith("__")).map((type) => [type.name, type]));
  roots = [schema.queryType, schema.mutationType].filter(Boolean).map((type) => type.name);
  page(null);
}

const jump = (name) => el("a", name, { onclick: () => page(name) });

function typed(type) {
  const text = written(type);
  const name = named(type);
  const [before, after] = text.split(name);
  const all = el("span");
  all.append(before, types.has(name) ? jump(name) : name, after);
  return all;
}

function page(name) {
  at("trail").replaceChildren(jump("Dure"), ...(name ? [el("span", ` ${name}`)] : []));
  at("trail").firstChild.onclick = () => page(null);
  const type = name && types.get(name);
  const list = el("dl");
  if (!type) {
    const own = [...types.values()].filter((it) => !roots.includes(it.name)).map((it) => it.name).sort();
    for (const it of [...roots, ...own]) entry(list, [jump(it)], types.get(it).description);
  } else {
    list.append(el("dd", type.description));
    for (const field of [...(type.fields ?? []), ...(type.inputFields ?? [])]) {
      const head = [el("strong", field.name)];
      if (field.args?.length) {
        head.push("(", ...field.args.flatMap((arg, n) => [n ? ", " : "", `${arg.name}: `, typed(arg.type)]), ")");
      }
      head.push(": ", typed(field.type));
      entry(list, head, field.isDeprecated ? `${field.deprecationReason} ${field.description}` : field.description);
      for (const arg of field.args ?? []) list.append(el("dd", `· ${arg.name}: ${arg.description ?? ""}`));
    }
    for (const value of type.enumValues ?? []) entry(list, [el("code", value.name)], value.description);
    for (const one of type.possibleTypes ?? []) entry(list, [jump(one.name)], types.get(one.name)?.description);
  }
  at("docs").replaceChildren(list);
}

function entry(list, head, about) {
  const dt = el("dt");
  dt.append(...head);
  list.append(dt, el("dd", about));
}

function find(text) {
  const wanted = text.trim().toLowerCase();
  if (!wanted) return page(null);
  const list = el("dl");
  for (const type of types.values()) {
    if (type.name.toLowerCase().includes(wanted)) entry(list, [jump(type.name)], type.description);
    for (const field of [...(type.fields ?? []), ...(type.inputFields ?? [])]) {
      if (field.name.toLowerCase().includes(wanted)) entry(list, [jump(type.name), `.${field.name}`], field.description);
    }
  }
  at("docs").replaceChildren(list);
}

// The type whose fields may stand at the cursor: followed from the last operation, brace by brace.
function typeAt(text) {
  const stack = [];
  let [last, next, depth] = [null, null, 0];
  for (const [token] of text.matchAll(/#[^\n]*|"(?:[^"\\]|\\.)*"|\.\.\.\s*on\s+\w+|[_A-Za-z]\w*|[{}()]/g)) {
    if (token[0] === "#" || token[0] === '"') continue;
    if (token === "(") depth += 1;
    else if (token === ")") depth -= 1;
    else if (depth > 0) continue;
    else if (token === "{") { stack.push(next ?? (stack.length ? null : last === "mutation" ? roots[1] : roots[0])); next = null; }
    else if (token === "}") { stack.pop(); next = null; }
    else if (token.startsWith("...")) next = token.split(/\s+/).pop();
    else if (!stack.length) { if (last === "on") next = token; if (["query", "mutation", "on", "fragment"].includes(token)) last = token; }
    else {
      const field = types.get(stack[stack.length - 1])?.fields?.find((it) => it.name === token);
      next = field ? named(field.type) : null;
    }
  }
  return depth > 0 ? null : types.get(stack[stack.length - 1]);
}

function offer() {
  const before = doc.value.slice(0, doc.selectionStart);
  const begun = (before.match(/[_A-Za-z]\w*$/) ?? [""])[0];
  const type = begun && typeAt(before.slice(0, before.length - begun.length));
  const fields = (type?.fields ?? []).filter((it) => it.name.startsWith(begun) && it.name !== begun).slice(0, 12);
  const list = at("offers");
  list.replaceChildren(...fields.map((it, n) => el("li", `${it.name}: ${written(it.type)}`, {
    className: n ? "" : "on", title: it.description, onmousedown: (event) => { event.preventDefault(); take(it.name, begun); },
  })));
  list.dataset.begun = begun;
  list.hidden = !fields.length;
}

function take(name, begun) {
  doc.setRangeText(name.slice(begun.length), doc.selectionStart, doc.selectionStart, "end");
  at("offers").hidden = true;
  save();
}

doc.addEventListener("keydown", (event) => {
  const list = at("offers");
  if (event.key === "Tab" && !event.shiftKey) {
    event.preventDefault();
    const first = !list.hidden && list.querySelector(".on");
    if (first) take(first.textContent.split(":")[0], list.dataset.begun);
    else doc.setRangeText("  ", doc.selectionStart, doc.selectionEnd, "end");
  } else if (event.key === "Escape") list.hidden = true;
});
doc.addEventListener("input", () => { save(); offer(); });
doc.addEventListener("blur", () => { at("offers").hidden = true; });
vars.addEventListener("input", save);
addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key === "Enter") { event.preventDefault(); run(); }
});
at("run").onclick = run;
at("tidy").onclick = tidy;
at("link").onclick = link;
at("find").oninput = (event) => find(event.target.value);
at("history").onchange = (event) => {
  const one = read("dure.history", [])[event.target.value];
  if (one) { doc.value = one.query; vars.value = one.variables; save(); }
};

const linked = new URLSearchParams(location.hash.slice(1) || location.search);
const kept = linked.has("query") ? null : read("dure.now", null);
doc.value = linked.get("query") ?? kept?.query ?? FIRST;
vars.value = linked.get("variables") ?? kept?.variables ?? '{ "code": "52" }';
asOf.value = linked.get("asOf") ?? "";
choices();
recall();
learn();
