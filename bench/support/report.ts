/** How every benchmark tells its figures: a table for people, JSON for everything else. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg } from 'node:os';
import { join } from 'node:path';

export interface Figure {
  readonly name: string;
  readonly value: number;
  /** Such as `ms`, `tasks/s`, `KB/task`. */
  readonly unit: string;
  /** What the value is to be read beside, measured in the same run. */
  readonly baseline?: { readonly name: string; readonly value: number };
  readonly target?: { readonly atMost: number } | { readonly atLeast: number };
}

/** Value at a share of the sorted samples, 0 to 1; the largest at 1. */
export const quantile = (samples: readonly number[], share: number): number => {
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
};

export const isMet = ({ value, target }: Figure): boolean | undefined => {
  if (!target) return undefined;
  return 'atMost' in target ? value <= target.atMost : value >= target.atLeast;
};

const rounded = (value: number): string => String(Number(value.toPrecision(3)));

const targetOf = (figure: Figure): string => {
  if (!figure.target) return '';
  const bound = 'atMost' in figure.target ? `<= ${String(figure.target.atMost)}` : `>= ${String(figure.target.atLeast)}`;
  return `${bound} ${isMet(figure) ? 'met' : 'MISSED'}`;
};

/** Prints the figures and writes `bench/results/<name>.json` under the directory that the benchmark runs in. */
export const report = (name: string, figures: readonly Figure[]): void => {
  const rows = figures.map((figure) => [
    figure.name,
    `${rounded(figure.value)} ${figure.unit}`,
    figure.baseline ? `${rounded(figure.baseline.value)} ${figure.unit} (${figure.baseline.name})` : '',
    targetOf(figure),
  ]);
  const table = [['figure', 'value', 'baseline', 'target'], ...rows];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...table.map((row) => row[column]?.length ?? 0)));
  console.log(`\n${name}`);
  for (const row of table) console.log(`  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ').trimEnd()}`);
  const load = Number((loadavg()[1] ?? Number.NaN).toFixed(1));
  console.log(`  (${String(availableParallelism())} cores, Node ${process.version}, load over 5 minutes ${String(load)})`);
  const machine = { node: process.version, cpu: cpus()[0]?.model, cores: availableParallelism(), load };
  const directory = join(process.cwd(), 'bench', 'results');
  mkdirSync(directory, { recursive: true });
  const results = figures.map((figure) => ({ ...figure, met: isMet(figure) }));
  writeFileSync(join(directory, `${name}.json`), `${JSON.stringify({ name, at: new Date().toISOString(), machine, figures: results }, undefined, 2)}\n`);
};
