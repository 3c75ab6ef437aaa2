import * as fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { asClause } from '../../../planner/wording/clause.ts';

describe('a sentence as what is to be done', () => {
  it.each([
    ['System MUST allow members to record bills with a description', 'Let members record bills with a description'],
    ['FR-012: The system shall support splitting costs equally.', 'Support splitting costs equally'],
    ['The application should display a dashboard of who owes what', 'Display a dashboard of who owes what'],
    ['The service must be available 24/7', 'Make the system available 24/7'],
    ['Passwords must be hashed with bcrypt', 'Ensure that passwords are hashed with bcrypt'],
    ['The API must respond within 200 ms', 'Make the API respond within 200 ms'],
    ['Admins should be able to revoke keys', 'Let admins revoke keys'],
    ['Users can reset their password', 'Let users reset their password'],
    ['The system must not log passwords', 'Avoid logging passwords'],
    ['Tokens must not be stored in plain text', 'Keep tokens from being stored in plain text'],
    ['When a payment fails, the system shall retry it three times', 'Retry it three times when a payment fails'],
    ['Where SSO is licensed, the system shall accept SAML tokens', 'Accept SAML tokens'],
    ['As a developer, I want to run the loop so that I can sleep', 'Let a developer run the loop'],
    ['As an admin, I want the log to keep 30 days', 'Make the log keep 30 days'],
    ['As a developer, I want notifications on completion', 'Provide notifications on completion'],
    ['Given two members, when one pays, then the balance changes', 'Verify that the balance changes'],
    ['URL shortening: A form with one field', 'Implement URL shortening'],
    ['`POST /api/links`: creates a link', 'Implement `POST /api/links`'],
    ['Setup Vite and React (depends on 1 & 2).', 'Set up Vite and React'],
    ['Rate limiting is required', 'Provide rate limiting'],
    ['Dark mode', 'Implement dark mode'],
    ['POST /v1/webhooks/{provider} MUST verify the signature', 'Make POST /v1/webhooks/{provider} verify the signature'],
    ['Progress is maintained across iterations', 'Ensure that progress is maintained across iterations'],
    ['The prompt includes file references', 'Make the prompt include file references'],
    ['Built-in presets provide immediate value', 'Make built-in presets provide immediate value'],
    ['test-coverage — Find uncovered lines', 'Implement test-coverage'],
    ['System MUST allow adding new members to the household', 'Allow adding new members to the household'],
  ])('%s → %s', (text, clause) => expect(asClause(text)).toBe(clause));
});

test('whatever the text: one line, no full stop at the end, the same each time, quickly', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 400 }), (text) => {
      const clause = asClause(text);
      expect(clause).toBe(asClause(text));
      expect(clause).not.toMatch(/[\n\r]|[.;:,!\s]$/);
    }),
    { numRuns: 300 },
  );
  const before = performance.now();
  asClause(`${'the '.repeat(50_000)}must`);
  expect(performance.now() - before).toBeLessThan(10_000);
});
