// How many titles a second the library takes; the figure goes to reports/bench.json and to the task's metrics.
import { appendFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { uniqueSlugs } from '@quickstart/slug';

const titles = (await readFile('data/titles.txt', 'utf8')).split('\n').filter(Boolean);
const until = performance.now() + 400;
const start = performance.now();
let done = 0;
while (performance.now() < until) done += uniqueSlugs(titles).length;
const perSecond = Math.round(done / ((performance.now() - start) / 1_000));
console.log(`${perSecond.toLocaleString('en')} titles a second`);
await mkdir('reports', { recursive: true });
await writeFile('reports/bench.json', `${JSON.stringify({ titles_per_second: perSecond })}\n`);
const metrics = process.env['TASKS_METRICS_FILE'];
if (metrics) await appendFile(metrics, `titles_per_second ${perSecond}\n`);
