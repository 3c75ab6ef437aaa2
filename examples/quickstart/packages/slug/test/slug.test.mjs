import assert from 'node:assert/strict';
import { test } from 'node:test';
import { slugify, uniqueSlugs } from '@quickstart/slug';

const cases = [
  ['Moby-Dick; or, The Whale', 'moby-dick-or-the-whale'],
  ['Les Misérables', 'les-miserables'],
  ['Die Leiden des jungen Werthers', 'die-leiden-des-jungen-werthers'],
  ['Gösta Berlings saga', 'gosta-berlings-saga'],
  ['Straße nach Łódź', 'strasse-nach-lodz'],
  ["Gulliver's Travels", 'gullivers-travels'],
  ['Crime & Punishment', 'crime-and-punishment'],
  ['  20,000 Leagues…  ', '20-000-leagues'],
  ['《》', 'untitled'],
];

for (const [title, slug] of cases) {
  test(`${title} is ${slug}`, () => {
    assert.equal(slugify(title), slug);
  });
}

test('a long title is cut between words', () => {
  assert.equal(slugify('The Strange Case of Dr Jekyll and Mr Hyde', { maxLength: 20 }), 'the-strange-case-of');
});

test('stop words are left out, unless nothing else would be left', () => {
  const stopWords = new Set(['the', 'of']);
  assert.equal(slugify('The Call of the Wild', { stopWords }), 'call-wild');
  assert.equal(slugify('The The', { stopWords }), 'the-the');
});

test('equal titles get numbers', () => {
  assert.deepEqual(uniqueSlugs(['Faust', 'Faust', 'Faust 2', 'Faust']), ['faust', 'faust-2', 'faust-2-2', 'faust-3']);
});
