#!/usr/bin/env node
/** `slugs FILE`: prints a JSON object of slugs and their titles. */
import { readFile } from 'node:fs/promises';
import { uniqueSlugs } from '@quickstart/slug';
import { readTitles } from './titles.js';

const [file] = process.argv.slice(2);
if (file === undefined) {
  process.stderr.write('usage: slugs FILE\n');
  process.exit(2);
}
const titles = readTitles(await readFile(file, 'utf8'));
const stopWords = new Set(['a', 'an', 'and', 'of', 'or', 'the']);
const slugs = uniqueSlugs(titles, { stopWords });
const bySlug = Object.fromEntries(slugs.map((slug, at) => [slug, titles[at]]));
process.stdout.write(`${JSON.stringify(bySlug, undefined, 2)}\n`);
