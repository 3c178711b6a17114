// Holds every answer against the OpenAPI document that the server itself gives out.
import Ajv2020 from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

const document = JSON.parse(readFileSync(new URL('../../../src/net/api/openapi.json', import.meta.url), 'utf8'));

const ajv = new Ajv2020({ strict: false, allErrors: true });
addFormats(ajv);
ajv.addSchema({ $id: 'openapi', ...document });

const templates = Object.keys(document.paths).map((path) => ({
  path,
  matches: new RegExp('^' + path.replace(/[.]/g, '\\.').replace(/\{[^}]+\}/g, '[^/]+') + '$'),
}));

const escape = (part) => part.replaceAll('~', '~0').replaceAll('/', '~1');

function compiled(pointer) {
  return ajv.getSchema(`openapi#${pointer}`) ?? ajv.compile({ $ref: `openapi#${pointer}` });
}

/** Throws when the answer is not one that the document allows. `body` is the parsed JSON, or undefined for other types. */
export function validate(method, path, status, contentType, body) {
  const plain = path.split('?')[0];
  const template = templates.find((t) => t.path === plain) ?? templates.find((t) => t.matches.test(plain));
  assert.ok(template, `${plain} is not in the OpenAPI document`);
  const operation = document.paths[template.path][method.toLowerCase()];
  if (!operation) {
    assert.equal(status, 405, `${method} ${plain} is not in the OpenAPI document`);
    return;
  }
  let pointer = `/paths/${escape(template.path)}/${method.toLowerCase()}/responses/${status}`;
  let response = operation.responses[status];
  assert.ok(response, `${method} ${plain}: status ${status} is not in the OpenAPI document`);
  if (response.$ref) {
    pointer = response.$ref.slice(1);
    response = pointer.slice(1).split('/').reduce((at, key) => at[key], document);
  }
  if (!response.content) return;
  const type = response.content[contentType] ? contentType : contentType?.split(';')[0];
  assert.ok(response.content[type], `${method} ${plain}: ${status} came as ${type}`);
  if (body === undefined || !response.content[type].schema) return;
  const check = compiled(`${pointer}/content/${escape(type)}/schema`);
  assert.ok(check(body), `${method} ${plain} ${status}: ${ajv.errorsText(check.errors)}\n${JSON.stringify(body)}`);
}

/** Checks a WebSocket message against components/schemas/<name>. */
export function validateSchema(name, value) {
  const check = compiled(`/components/schemas/${name}`);
  assert.ok(check(value), `${name}: ${ajv.errorsText(check.errors)}\n${JSON.stringify(value)}`);
}
