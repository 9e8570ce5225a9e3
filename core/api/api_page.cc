#include "core/api/api_page.h"

namespace sluice::api_page {

const std::string_view kHtml = R"html(<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>API</title>
<link rel="stylesheet" href="/api/docs/page.css">
<script type="module" src="/api/docs/page.js"></script>
</head>
<body>
<header><h1 id="title">API</h1><p id="about"></p>
<p><a href="/api/openapi.json">openapi.json</a></p>
<label>Search <input id="search" type="search" autocomplete="off"></label></header>
<main id="operations" aria-live="polite"><p>Loading.</p></main>
<noscript>This page needs JavaScript; the document itself is openapi.json.</noscript>
</body>
</html>
)html";

const std::string_view kStyle = R"css(:root { color-scheme: light dark; --line: #8884; --soft: #8881; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 0 auto; padding: 1rem; }
h2 { border-bottom: 1px solid var(--line); text-transform: capitalize; }
details { border: 1px solid var(--line); border-radius: 4px; margin: .5rem 0; padding: .4rem .7rem; }
summary { cursor: pointer; overflow-wrap: anywhere; }
.method { display: inline-block; min-width: 4.5rem; font-weight: 700; }
.path { font-family: ui-monospace, monospace; }
.what { opacity: .75; margin-left: .6rem; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: .2rem .6rem .2rem 0; border-top: 1px solid var(--line); }
pre { background: var(--soft); padding: .6rem; overflow: auto; max-height: 30rem; }
input { font: inherit; padding: .2rem .4rem; width: min(30rem, 70%); }
)css";

const std::string_view kScript = R"js(const methods = ["get", "post", "put", "patch", "delete", "head", "options"];

function element(name, properties, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children.filter((child) => child !== undefined));
  return made;
}

function follow(api, value) {
  const name = value && value.$ref;
  if (typeof name !== "string") return value;
  return name.replace("#/", "").split("/").reduce((at, key) => at && at[key], api);
}

function typeOf(schema) {
  if (!schema) return "anything";
  if (schema.enum) return schema.enum.map((one) => JSON.stringify(one)).join(" | ");
  if ("const" in schema) return JSON.stringify(schema.const);
  const type = [].concat(schema.type ?? "anything").join(" | ");
  return schema.items ? `${type} of ${typeOf(schema.items)}` : type;
}

function bounds(schema) {
  const words = { minLength: "at least characters", maxLength: "at most bytes", minimum: "from", maximum: "to" };
  return Object.entries(words).filter(([key]) => schema[key] !== undefined && Math.abs(schema[key]) < 2 ** 31 - 1)
    .map(([key, word]) => `${word} ${schema[key]}`).join(", ");
}

function table(head, rows) {
  const cells = (kind, row) => row.map((text) => element(kind, { textContent: text }));
  return element("table", {},
    element("tr", {}, ...cells("th", head)), ...rows.map((row) => element("tr", {}, ...cells("td", row))));
}

function parameters(operation) {
  if (!operation.parameters?.length) return [];
  const row = (one) => [one.name, one.in, one.required ? "yes" : "", typeOf(one.schema), bounds(one.schema ?? {})];
  return [element("h4", { textContent: "Parameters" }),
    table(["name", "in", "needed", "type", "bounds"], operation.parameters.map(row))];
}

function content(api, title, holder) {
  return Object.entries(holder?.content ?? {}).flatMap(([type, { schema }]) => [
    element("h4", { textContent: `${title}: ${type}` }),
    ...(schema && Object.keys(schema).length
      ? [element("pre", { textContent: JSON.stringify(follow(api, schema), null, 2) })] : [])]);
}

function responses(api, operation) {
  const all = Object.entries(operation.responses ?? {}).map(([status, one]) => [status, follow(api, one)]);
  const success = all.filter(([status]) => status.startsWith("2"));
  return [element("h4", { textContent: "Answers" }),
    table(["status", "meaning"], all.map(([status, one]) => [status, one?.description ?? ""])),
    ...success.flatMap(([status, one]) => content(api, status, one))];
}

function show(api, method, path, operation) {
  const free = operation.security?.some((way) => Object.keys(way).length === 0);
  const body = () => [
    operation.description ? element("p", { textContent: operation.description }) : undefined,
    element("p", { textContent: free ? "Guests may ask where they are admitted." : "Needs a bearer token." }),
    ...parameters(operation), ...content(api, "Body", operation.requestBody), ...responses(api, operation)];
  const details = element("details", { id: operation.operationId },
    element("summary", {},
      element("span", { className: "method", textContent: method.toUpperCase() }),
      element("span", { className: "path", textContent: path }),
      element("span", { className: "what", textContent: operation.summary ?? "" })));
  details.addEventListener("toggle", () => details.append(...body().filter(Boolean)), { once: true });
  details.dataset.text = `${method} ${path} ${operation.summary ?? ""}`.toLowerCase();
  return details;
}

function group(api) {
  const tags = new Map();
  for (const [path, item] of Object.entries(api.paths ?? {})) {
    for (const method of methods.filter((one) => item[one])) {
      const tag = item[method].tags?.[0] ?? "other";
      tags.set(tag, [...(tags.get(tag) ?? []), show(api, method, path, item[method])]);
    }
  }
  return [...tags].sort(([a], [b]) => a.localeCompare(b));
}

function search(sections, text) {
  for (const section of sections) {
    for (const one of section.querySelectorAll("details")) one.hidden = !one.dataset.text.includes(text.toLowerCase());
    section.hidden = !section.querySelector("details:not([hidden])");
  }
}

async function start() {
  const main = document.getElementById("operations");
  const answer = await fetch("/api/openapi.json");
  if (!answer.ok) throw new Error(`openapi.json: status ${answer.status}`);
  const api = await answer.json();
  document.title = api.info.title;
  document.getElementById("title").textContent = `${api.info.title} ${api.info.version}`;
  document.getElementById("about").textContent = api.info.description ?? "";
  const sections = group(api).map(([tag, all]) => element("section", {}, element("h2", { textContent: tag }), ...all));
  main.replaceChildren(...(sections.length ? sections : [element("p", { textContent: "No route describes itself." })]));
  document.getElementById("search").addEventListener("input", (event) => search(sections, event.target.value));
  if (location.hash) document.getElementById(location.hash.slice(1))?.setAttribute("open", "");
}

start().catch((error) => {
  document.getElementById("operations").replaceChildren(element("p", { textContent: String(error) }));
});
)js";

}  // namespace sluice::api_page
