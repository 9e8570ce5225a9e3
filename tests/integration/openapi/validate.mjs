// Reads an OpenAPI document on standard input and says on standard error what is wrong with it: by the specification's
// own schema, and by what that schema cannot say.
import { Validator } from "@seriousme/openapi-schema-validator";
import { text } from "node:stream/consumers";

const methods = ["get", "put", "post", "delete", "options", "head", "patch"];
const api = JSON.parse(await text(process.stdin));
const problems = [];

const result = await new Validator().validate(structuredClone(api));
if (!result.valid) problems.push(`schema: ${JSON.stringify(result.errors, null, 1)}`);

function resolves(reference) {
  return reference.startsWith("#/") && reference.slice(2).split("/").reduce((at, key) => at?.[key], api) !== undefined;
}

(function walk(value, place) {
  if (value === null || typeof value !== "object") return;
  if (typeof value.$ref === "string" && !resolves(value.$ref)) problems.push(`${place}: nothing is at ${value.$ref}`);
  for (const [key, child] of Object.entries(value)) walk(child, `${place}/${key}`);
})(api, "");

const names = new Map();
for (const [path, item] of Object.entries(api.paths)) {
  for (const method of methods.filter((one) => item[one])) {
    const place = `${method} ${path}`;
    const operation = item[method];
    if (!operation.summary) problems.push(`${place}: no summary`);
    if (operation.tags?.length !== 1) problems.push(`${place}: not one tag`);
    if (!Object.keys(operation.responses).some((status) => /^2/.test(status))) problems.push(`${place}: no success`);
    if (names.has(operation.operationId)) problems.push(`${place}: named as ${names.get(operation.operationId)}`);
    names.set(operation.operationId, place);
    const wanted = [...path.matchAll(/\{([^}]+)\}/g)].map((match) => match[1]);
    const told = (operation.parameters ?? []).filter((one) => one.in === "path").map((one) => one.name);
    if (wanted.sort().join() !== told.sort().join()) problems.push(`${place}: parameters ${told}, not ${wanted}`);
  }
}

if (problems.length > 0) {
  console.error(problems.join("\n"));
  process.exit(1);
}
console.log(names.size);
