// docs/promises.md names tests. Each of them exists, or the page lies.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const source = fileURLToPath(new URL('../..', import.meta.url));

/** The titles of the tests in a file: what stands behind test( or describe(, a test case's name, or a fuzz target's function. */
function titles(file) {
  const text = readFileSync(path.join(source, file), 'utf8');
  if (file.endsWith('.cpp')) return [...text.matchAll(/_TEST_CASE(?:_F)?\(\s*(\w+)|int (LLVMFuzzerTestOneInput)\(/g)].map((m) => m[1] ?? m[2]);
  return [...text.matchAll(/\b(?:test|it|describe)\(\s*(['"`])((?:\\.|(?!\1).)*)\1/gs)].map((m) => m[2].replaceAll('\\', ''));
}

test('each promise is held by tests, and each of them exists', () => {
  const page = readFileSync(path.join(source, 'docs', 'promises.md'), 'utf8');
  const promises = page.split('\n').filter((line) => /^\| (?!Berth promises|---)/.test(line));
  assert.ok(promises.length >= 30, `${promises.length} promises were found`);
  for (const promise of promises) {
    const [, held] = promise.split(' | ');
    const named = [...held.matchAll(/`([^`]+)`: \*([^*]+)\*/g)];
    assert.ok(named.length > 0, `no test holds: ${promise}`);
    assert.equal(named.length, held.split('<br>').length, `a test is not named as \`file\`: *title* in: ${promise}`);
    for (const [, file, title] of named) {
      assert.ok(existsSync(path.join(source, file)), `there is no ${file}`);
      assert.ok(titles(file).some((t) => (file.endsWith('.cpp') ? t === title : t.includes(title))), `${file} has no test "${title}"`);
    }
  }
});
