/** The plan of the golden files: a shop's orders and payments, with one of everything. */
import { EMPTY_ANALYSIS } from '../../../planner/codebase/analysis.ts';
import type { ProseInput } from '../../../planner/prose/prose-input.ts';
import { dependency, evidence, proseInput, symbol, task } from './support.ts';

const command = (cmd: string) => ({ type: 'command' as const, cmd, expect: { exitCode: 0 } });
const QUARTERS = ['25%', '50%', '75%'];

export const complete = (): ProseInput =>
  proseInput({
    title: 'Orders and payments',
    features: [
      { id: 'F001', title: 'Orders', description: 'Orders are kept and shown.', priority: 'critical', source_evidence: [evidence('The shop MUST keep every order.')] },
      { id: 'F002', title: 'Payments', description: 'Orders are paid.', priority: 'high', source_evidence: [evidence('Customers MUST be able to pay by card.')] },
      { id: 'F003', title: 'Reports', description: 'Revenue is reported.', priority: 'low', source_evidence: [evidence('The system SHOULD report revenue by day.')] },
    ],
    tasks: [
      task({ id: 'P1.T001', title: 'Define the order contract', hours: 3, category: 'foundation', produces: ['OrderAPI:v1'], requirements: ['R001'], writes: ['docs/orders.yaml'], checks: [{ type: 'artifact', path: 'docs/orders.yaml', expect: { exists: true, validOpenAPI: true } }] }),
      task({ id: 'P1.T002', title: 'Migrate the orders table', hours: 4, category: 'foundation', exclusive: ['database_migrations'], capabilities: ['database'], requirements: ['R001'], writes: ['db/migrations/001_orders.sql'], checks: [command('npm run migrate')], checkpoints: QUARTERS }),
      task({ id: 'P1.T003', title: 'Migrate the payments table', feature: 'F002', hours: 8, category: 'foundation', exclusive: ['database_migrations'], capabilities: ['database'], requirements: ['R003'], writes: ['db/migrations/002_payments.sql'], checks: [command('npm run migrate')], checkpoints: QUARTERS }),
      task({ id: 'P1.T004a', title: 'Implement the endpoint `POST /orders`', hours: 9, extends: ['BaseController'], imports: ['Logger'], consumes: ['OrderAPI:v1'], requirements: ['R001', 'R002'], writes: ['src/api/orders.ts'], checks: [command('npm test -- orders'), { type: 'metric', name: 'orders_p95_ms', expect: { lte: 200 } }], checkpoints: QUARTERS }),
      task({ id: 'P1.T004b', title: 'Implement the endpoint `GET /orders/{id}`', hours: 8, extends: ['BaseController'], imports: ['Logger'], consumes: ['OrderAPI:v1'], requirements: ['R001'], writes: ['src/api/order.ts'], checks: [command('npm test -- orders'), { type: 'metric', name: 'orders_p95_ms', expect: { lte: 100 } }], checkpoints: QUARTERS }),
      task({ id: 'P1.T005', title: 'Implement the payment gateway', feature: 'F002', hours: 6, imports: ['Logger'], produces: ['PaymentGateway:v1'], requirements: ['R003', 'R004'], writes: ['src/payments/gateway.ts'], checks: [command('npm test -- payments')], checkpoints: QUARTERS }),
      task({ id: 'P1.T006', title: 'Integrate payments into orders', feature: 'F002', hours: 7, category: 'integration', limited: { test_db_pool: 1 }, capabilities: ['backend', 'testing'], consumes: ['PaymentGateway:v1'], requirements: ['R003'], checks: [command('npm test -- integration')] }),
      task({ id: 'P1.T007', title: 'Test orders from end to end', hours: 4, category: 'integration', limited: { test_db_pool: 2 }, capabilities: ['testing'], requirements: ['R001'], checks: [command('npm test -- e2e')] }),
      task({ id: 'P1.T008', title: 'Report revenue by day', feature: 'F003', hours: 4, imports: ['OrderRepository'], requirements: ['R005'], limited: { test_db_pool: 1 }, checks: [command('npm test -- reports'), { type: 'manual', text: 'The figures agree with the accounts' }] }),
      task({ id: 'P1.T009', title: 'Update settings and changelog', feature: 'F003', hours: 0.8, category: 'optimization', writes: ['CHANGELOG.md', 'config/default.json'], checks: [{ type: 'artifact', path: 'config/default.json', expect: { validJSON: true } }] }),
    ],
    dependencies: [
      dependency('P1.T001', 'P1.T004a'),
      dependency('P1.T001', 'P1.T004b'),
      dependency('P1.T002', 'P1.T004a', { type: 'infrastructure', confidence: 0.95 }),
      dependency('P1.T002', 'P1.T003', { type: 'mutual_exclusion', shared_resource: 'database_migrations', confidence: 1, reason: 'Both need the migration tool' }),
      dependency('P1.T003', 'P1.T005', { type: 'infrastructure' }),
      dependency('P1.T004a', 'P1.T004b', { type: 'sequential', confidence: 0.75, reason: 'What is read was written before' }),
      dependency('P1.T005', 'P1.T006'),
      dependency('P1.T004a', 'P1.T006'),
      dependency('P1.T004b', 'P1.T007'),
      dependency('P1.T006', 'P1.T007', { type: 'sequential', confidence: 0.6, reason: 'The end-to-end test may pay an order' }),
      dependency('P1.T004a', 'P1.T008', { type: 'sequential', confidence: 0.8 }),
      dependency('P1.T008', 'P1.T009', { type: 'knowledge', confidence: 0.8, isHard: false, reason: 'The changelog tells of the report' }),
    ],
    shared: {
      database_migrations: { type: 'exclusive', location: 'db/migrations/', constraint: 'sequential_only', reason: 'The migration tool locks the schema' },
      test_db_pool: { type: 'shared_limited', capacity: 2, location: 'docker-compose.test.yml', reason: 'Only 2 test databases are there' },
      deployment_pipeline: { type: 'exclusive', location: '.github/workflows/deploy.yml', constraint: 'one_at_a_time', reason: 'One deployment at a time' },
    },
    conflicts: {
      database_migrations: { tasks: ['P1.T002', 'P1.T003'], resolution: 'sequential_ordering', suggested_order: ['P1.T002', 'P1.T003'], rationale: 'Payments refer to orders' },
      test_db_pool: { tasks: ['P1.T006', 'P1.T007', 'P1.T008'], resolution: 'capacity_planning', rationale: 'Two of them fit beside each other' },
    },
    codebase: {
      ...EMPTY_ANALYSIS,
      languages: [{ language: 'typescript', files: 5 }, { language: 'html', files: 1 }],
      files: ['src/api/base.ts', 'src/broken.ts', 'src/data/orders.ts', 'src/data/users.ts', 'src/index.html', 'src/log.ts'],
      symbols: [symbol('BaseController', 'src/api/base.ts', 12, 'abstract_class'), symbol('OrderRepository', 'src/data/orders.ts', 5), symbol('UserRepository', 'src/data/users.ts', 7), symbol('Logger', 'src/log.ts', 3)],
      unparsed: [{ file: 'src/broken.ts', message: 'unexpected end' }],
    },
    requirements: [
      { id: 'R001', rule: 'modal-must', strength: 'must', evidence: evidence('The shop MUST keep every order.', 12, 'H2: Orders'), tasks: ['P1.T001', 'P1.T002', 'P1.T004a', 'P1.T004b', 'P1.T007'] },
      { id: 'R002', rule: 'modal-must', strength: 'must', evidence: evidence('An order MUST be accepted within 200 ms.', 14, 'H2: Orders'), tasks: ['P1.T004a'] },
      { id: 'R003', rule: 'modal-must', strength: 'must', evidence: evidence('Customers MUST be able to pay by card.', 20, 'H2: Payments'), tasks: ['P1.T003', 'P1.T005', 'P1.T006'] },
      { id: 'R004', rule: 'modal-must', strength: 'must', evidence: evidence('Card numbers MUST NOT be logged.', 22, 'H2: Payments'), tasks: ['P1.T005'] },
      { id: 'R005', rule: 'modal-should', strength: 'should', evidence: evidence('The system SHOULD report revenue by day.', 30, 'H2: Reports'), tasks: ['P1.T008'] },
      { id: 'R006', rule: 'modal-may', strength: 'may', evidence: evidence('Reports MAY be sent by mail.', 31, 'H2: Reports'), tasks: [], reason: 'Out of scope: the document excludes mail' },
    ],
    excludes: [evidence('Refunds are out of scope.', 40, 'H2: Non-goals'), evidence('No mail is sent.', 41, 'H2: Non-goals')],
    alternatives: [evidence('Paying through an external checkout page was considered, and takes the customer away from the shop.', 45, 'H2: Alternatives considered')],
    clarifications: [
      { kind: 'vague', rule: 'vague-word', message: '"fast" says no number', evidence: evidence('Reports should be fast.', 32, 'H2: Reports') },
      { kind: 'open_question', rule: 'question', message: 'The document leaves this open', evidence: evidence('Which currencies are there?', 24, 'H2: Payments') },
    ],
    normalizations: [
      { kind: 'split', before: [{ id: 'P1.T004', title: 'Implement the order endpoints', hours: 17 }], after: [{ id: 'P1.T004a', title: 'Implement the endpoint `POST /orders`', hours: 9 }, { id: 'P1.T004b', title: 'Implement the endpoint `GET /orders/{id}`', hours: 8 }], reason: 'Over 16h; the endpoints can be built and tested by themselves' },
      { kind: 'merge', before: [{ id: 'P1.T009', title: 'Update settings', hours: 0.4 }, { id: 'P1.T010', title: 'Update the changelog', hours: 0.4 }], after: [{ id: 'P1.T009', title: 'Update settings and changelog', hours: 0.8 }], reason: 'Each under 0.5h, and both are read by the same reviewer' },
    ],
    reuse: [
      { feature: 'F001', tasks: ['P1.T004a', 'P1.T004b'], chosen: 'extend', candidates: [{ name: 'BaseController', kind: 'abstract_class', file: 'src/api/base.ts', line: 12, likeness: 0.71 }, { name: 'OrderRepository', kind: 'class', file: 'src/data/orders.ts', line: 5, likeness: 0.4 }], reason: 'Controllers of this code base extend BaseController', hours: { chosen: 17, otherwise: 24 } },
      { feature: 'F002', tasks: ['P1.T005'], chosen: 'build', candidates: [{ name: 'Logger', kind: 'class', file: 'src/log.ts', line: 3, likeness: 0.12 }], reason: 'Nothing that is there reaches a payment provider', hours: { chosen: 6, otherwise: 9 } },
      { feature: 'F003', tasks: ['P1.T009'], chosen: 'build', candidates: [], reason: 'Nothing alike is there', hours: { chosen: 0.8, otherwise: 0.8 } },
    ],
  });
