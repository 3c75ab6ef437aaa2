import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));
const slugs = (...args) => spawnSync(process.execPath, [path('../dist/main.js'), ...args], { encoding: 'utf8' });

test('every title of the file has a slug of its own', () => {
  const { status, stdout } = slugs(path('../../../data/titles.txt'));
  assert.equal(status, 0);
  const bySlug = JSON.parse(stdout);
  assert.equal(bySlug['moby-dick-whale'], 'Moby-Dick; or, The Whale');
  assert.equal(bySlug['faust-2'], 'Faust');
  assert.equal(Object.keys(bySlug).length, 40);
});

test('without a file it says how it is used', () => {
  const { status, stderr } = slugs();
  assert.equal(status, 2);
  assert.match(stderr, /usage/);
});

test('a file that is not there is an error', () => {
  assert.notEqual(slugs('no-such-file').status, 0);
});
