/**
 * A code base analysed without a cache and with one: generated trees of 10,000 files of several languages, and our
 * own. The baseline reads the same files and hashes them, and nothing else. `--files=N` sets the size.
 */
import { createHash } from 'node:crypto';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { CodebaseAnalysis } from '../planner/codebase/analysis.ts';
import { analyseCodebase } from '../planner/codebase/analyse-codebase.ts';
import { report } from './support/report.ts';
import type { Figure } from './support/report.ts';
import { median, option, pickSize, roundsOf } from './support/rounds.ts';
import { processUse } from './support/worker-process.ts';

const FILES = Number(option('files') ?? pickSize(10_000, 500));
const ROUNDS = roundsOf(3, 1);

const services = (n: number): string => `import { BaseService } from '../core/base-service.js';
import { Logger } from '../core/logger.js';
import type { Order${String(n)}, Page } from '../types/orders-${String(n % 50)}.js';

const PAGE_SIZE = 50;

export interface Order${String(n)}Filter {
  readonly customer?: string;
  readonly from?: Date;
  readonly until?: Date;
  readonly states: readonly string[];
}

/** Orders of one kind: kept, listed, and cancelled. */
export class Order${String(n)}Service extends BaseService {
  readonly #logger = new Logger('orders-${String(n)}');
  readonly #known = new Map<string, Order${String(n)}>();

  async list(filter: Order${String(n)}Filter, page: Page): Promise<readonly Order${String(n)}[]> {
    const rows = await this.database.query('select * from orders where kind = $1 and state = any($2) limit $3 offset $4', [${String(n)}, filter.states, PAGE_SIZE, page.number * PAGE_SIZE]);
    const orders = rows.map((row) => this.parse(row)).filter((order) => (filter.customer === undefined || order.customer === filter.customer) && (!filter.from || order.placedAt >= filter.from));
    for (const order of orders) this.#known.set(order.id, order);
    this.#logger.info('listed', { count: orders.length, page: page.number });
    return orders;
  }

  async cancel(id: string, reason: string): Promise<void> {
    const order = this.#known.get(id) ?? (await this.load(id));
    if (!order) throw new Error(\`there is no order \${id}\`);
    if (order.state === 'shipped') {
      this.#logger.warn('too late', { id, reason });
      return;
    }
    await this.database.transaction(async (connection) => {
      await connection.query('update orders set state = $2, reason = $3 where id = $1', [id, 'cancelled', reason]);
      for (const line of order.lines) {
        await connection.query('update stock set amount = amount + $2 where article = $1', [line.article, line.amount]);
        if (line.amount > 100) this.#logger.info('much comes back', { article: line.article, amount: line.amount });
      }
    });
    this.emit('cancelled', { id, reason, at: new Date().toISOString() });
  }

  protected parse(row: Readonly<Record<string, unknown>>): Order${String(n)} {
    const lines = Array.isArray(row['lines']) ? row['lines'] : [];
    return { id: String(row['id']), customer: String(row['customer']), placedAt: new Date(String(row['placed_at'])), state: String(row['state']), lines: lines.map((line) => ({ article: String(line.article), amount: Number(line.amount) })) };
  }
}

export const totalOf${String(n)} = (order: Order${String(n)}): number => order.lines.reduce((sum, { amount, price = 0 }) => sum + amount * price, 0);
`;

const routes = (n: number): string => `import { Router } from 'express';
import { Order${String(n - 1)}Service } from './orders-${String(n - 1)}.js';
import { authenticate } from '../core/authenticate.js';

export const router = Router();
const orders = new Order${String(n - 1)}Service(process.env.DATABASE_URL ?? '');

router.get('/orders-${String(n)}', authenticate, async (request, response) => {
  const page = { number: Number(request.query.page ?? 0) };
  response.json(await orders.list({ states: ['open'] }, page));
});

router.post('/orders-${String(n)}/:id/cancel', authenticate, async (request, response, next) => {
  try {
    await orders.cancel(request.params.id, String(request.body.reason));
    response.status(204).end();
  } catch (error) {
    next(error);
  }
});
`;

const python = (n: number): string => `"""Invoices of month ${String(n)}."""
from __future__ import annotations

import logging
from dataclasses import dataclass, field
from decimal import Decimal

from shop.core.base import BaseRepository
from shop.core.money import Money, rounded

log = logging.getLogger(__name__)
RATE_${String(n)} = Decimal("0.19")


@dataclass(frozen=True)
class Invoice${String(n)}:
    number: str
    customer: str
    lines: list[tuple[str, int, Money]] = field(default_factory=list)

    @property
    def total(self) -> Money:
        return rounded(sum((amount * price for _, amount, price in self.lines), Money(0)) * (1 + RATE_${String(n)}))


class Invoice${String(n)}Repository(BaseRepository):
    table = "invoices_${String(n)}"

    def open(self, customer: str) -> list[Invoice${String(n)}]:
        rows = self.query(f"select * from {self.table} where customer = %s and paid_at is null order by number", [customer])
        found = []
        for row in rows:
            if row["number"] is None:
                log.warning("an invoice of %s has no number", customer)
                continue
            found.append(Invoice${String(n)}(row["number"], row["customer"], [(line["article"], int(line["amount"]), Money(line["price"])) for line in row["lines"]]))
        return found


def overdue_${String(n)}(repository: Invoice${String(n)}Repository, customers: list[str]) -> dict[str, Money]:
    return {customer: sum((invoice.total for invoice in repository.open(customer)), Money(0)) for customer in customers}
`;

const go = (n: number): string => `package stock${String(n % 100)}

import (
	"context"
	"fmt"
	"net/http"

	"example.com/shop/internal/core"
)

// Counter${String(n)} says how much of an article there is.
type Counter${String(n)} interface {
	Count${String(n)}(ctx context.Context, article string) (int, error)
}

type store${String(n)} struct {
	db   *core.Database
	seen map[string]int
}

func NewStore${String(n)}(db *core.Database) *store${String(n)} {
	return &store${String(n)}{db: db, seen: map[string]int{}}
}

func (s *store${String(n)}) Count${String(n)}(ctx context.Context, article string) (int, error) {
	if amount, ok := s.seen[article]; ok {
		return amount, nil
	}
	rows, err := s.db.Query(ctx, "select amount from stock where article = $1", article)
	if err != nil {
		return 0, fmt.Errorf("count %s: %w", article, err)
	}
	total := 0
	for _, row := range rows {
		total += row.Int("amount")
	}
	s.seen[article] = total
	return total, nil
}

func Register${String(n)}(mux *http.ServeMux, s Counter${String(n)}) {
	mux.HandleFunc("GET /stock-${String(n)}/{article}", func(w http.ResponseWriter, r *http.Request) {
		amount, err := s.Count${String(n)}(r.Context(), r.PathValue("article"))
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		fmt.Fprintf(w, "%d", amount)
	})
}
`;

/** Seven of ten files are TypeScript, the rest Python and Go, in directories of twenty. */
const sourceOf = (n: number): readonly [string, string] => {
  const home = String(Math.floor(n / 20));
  if (n % 10 === 8) return [`python/shop/part_${home}/invoices_${String(n)}.py`, python(n)];
  if (n % 10 === 9) return [`internal/part${home}/stock${String(n)}.go`, go(n)];
  if (n % 10 === 7) return [`src/part-${home}/routes-${String(n)}.ts`, routes(n)];
  return [`src/part-${home}/orders-${String(n)}.ts`, services(n)];
};

const generate = async (root: string, count: number): Promise<number> => {
  const common: readonly (readonly [string, string])[] = [
    ['package.json', JSON.stringify({ name: 'shop', scripts: { test: 'vitest run' }, devDependencies: { vitest: '*' } })],
    ['go.mod', 'module example.com/shop\n'],
    ['.gitignore', 'node_modules/\n*.log\n/dist\n.cache\n'],
    ['src/core/base-service.ts', 'export abstract class BaseService { constructor(readonly database: unknown) {} }\n'],
    ['src/core/logger.ts', 'export class Logger { info(): void {} }\n'],
    ['python/shop/core/base.py', 'class BaseRepository:\n    pass\n'],
  ];
  const files = [...common, ...Array.from({ length: count - common.length }, (_, n) => sourceOf(n))];
  let bytes = 0;
  for (const directory of new Set(files.map(([path]) => dirname(path)))) await mkdir(join(root, directory), { recursive: true });
  for (const [path, text] of files) {
    bytes += text.length;
    await writeFile(join(root, path), text);
  }
  return bytes;
};

interface Side {
  readonly cold: number;
  /** Seconds of processors, ours and the parsers': what the time is made of when others use the machine. */
  readonly coldCpu: number;
  readonly warm: number;
  readonly warmCpu: number;
  readonly bare: number;
  readonly changed: number;
}

const seconds = async (work: () => Promise<unknown>): Promise<number> => {
  const begun = performance.now();
  await work();
  return (performance.now() - begun) / 1_000;
};

const cpuOf = async (work: () => Promise<unknown>): Promise<number> => {
  const before = processUse(process.pid).cpuMs;
  await work();
  // A parser's own time is added when its end has been seen.
  await setTimeout(200);
  return (processUse(process.pid).cpuMs - before) / 1_000;
};

const analyse = async (path: string, cacheDirectory: string): Promise<CodebaseAnalysis> => {
  const result = await analyseCodebase({ path, cacheDirectory });
  if (!result.ok) throw new Error(result.error.map(({ message }) => message).join('\n'));
  return result.value;
};

const measure = async (root: string): Promise<Side> => {
  const cache = await mkdtemp(join(tmpdir(), 'bench-cache-'));
  try {
    let first: CodebaseAnalysis | undefined;
    let cold = 0;
    const coldCpu = await cpuOf(async () => (cold = await seconds(async () => (first = await analyse(root, cache)))));
    let again: CodebaseAnalysis | undefined;
    let warm = 0;
    const warmCpu = await cpuOf(async () => (warm = await seconds(async () => (again = await analyse(root, cache)))));
    if (JSON.stringify(first) !== JSON.stringify(again)) throw new Error('the cache gave another answer');
    const files = first?.files ?? [];
    const bare = await seconds(async () => {
      for (const file of files) createHash('sha256').update(await readFile(join(root, file))).digest();
    });
    const one = files.find((file) => file.endsWith('.ts')) ?? '';
    const before = await readFile(join(root, one), 'utf8');
    await writeFile(join(root, one), `${before}\nexport const added = 1;\n`);
    const changed = await seconds(() => analyse(root, cache));
    await writeFile(join(root, one), before);
    return { cold, coldCpu, warm, warmCpu, bare, changed };
  } finally {
    await rm(cache, { recursive: true, force: true });
  }
};

const figuresOf = async (name: string, root: string, targets: { readonly cold: number; readonly warm: number } | undefined): Promise<readonly Figure[]> => {
  const sides: Side[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const side = await measure(root);
    sides.push(side);
    process.stderr.write(`  ${name}, round ${String(round + 1)} of ${String(ROUNDS)}: cold ${side.cold.toFixed(2)} s (CPU ${side.coldCpu.toFixed(2)}), warm ${side.warm.toFixed(2)} s (CPU ${side.warmCpu.toFixed(2)}), load ${(loadavg()[0] ?? 0).toFixed(1)}\n`);
  }
  const bare = { name: 'read and hashed, nothing else', value: median(sides.map((side) => side.bare)) };
  const figure = (what: string, pick: (side: Side) => number, atMost: number | undefined): Figure => ({
    name: `${name}: ${what}`,
    value: median(sides.map(pick)),
    unit: 's',
    baseline: bare,
    ...(atMost !== undefined && { target: { atMost } }),
  });
  const cpu = (what: string, pick: (side: Side) => number): Figure => ({ name: `  ${what}, CPU of all processes`, value: median(sides.map(pick)), unit: 's' });
  return [
    figure('cold', ({ cold }) => cold, targets?.cold),
    cpu('cold', ({ coldCpu }) => coldCpu),
    figure('warm', ({ warm }) => warm, targets?.warm),
    cpu('warm', ({ warmCpu }) => warmCpu),
    figure('one file changed', ({ changed }) => changed, undefined),
  ];
};

const directory = await mkdtemp(join(tmpdir(), 'bench-codebase-'));
try {
  const generated = join(directory, 'generated');
  const bytes = await generate(generated, FILES);
  const ours = join(directory, 'ours');
  const left = /(?:^|\/)(?:node_modules|dist|\.git|results)$/;
  await cp(process.cwd(), ours, { recursive: true, filter: (source) => !left.test(source) });
  report('codebase', [
    ...(await figuresOf(`${FILES.toLocaleString('en')} files, ${(bytes / FILES / 1_024).toFixed(1)} KB each`, generated, { cold: 10, warm: 1 })),
    ...(await figuresOf('our own', ours, undefined)),
  ]);
} finally {
  await rm(directory, { recursive: true, force: true });
}
