/** Interfaces are named by one rule, so that both sides call them the same. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { endpointInterface, entityInterface, interfaceIndex, interfacesDefinedBy, interfacesNamedIn, symbolInterface } from '../../../planner/dependencies/interfaces.ts';

describe('interfaces', () => {
  test.each([
    ['/api/shorten', 'ShortenAPI:v1'],
    ['/api/v2/users/:id/orders', 'OrderAPI:v2'],
    ['/v1/grocery-items/{itemId}', 'GroceryItemAPI:v1'],
    ['/:shortCode', 'ShortCodeAPI:v1'],
    ['/', undefined],
    ['/api', undefined],
  ])('an endpoint %s is %s', (path, name) => {
    expect(endpointInterface(path)).toBe(name);
  });

  test.each([
    ['Expense', 'ExpenseModel:v1'],
    ['Grocery Items', 'GroceryItemModel:v1'],
    ['URL mapping', 'URLMappingModel:v1'],
    ['user model', 'UserModel:v1'],
    ['--', undefined],
  ])('an entity %s is %s', (entity, name) => {
    expect(entityInterface(entity)).toBe(name);
  });

  test.each([
    ['AuthService', 'AuthService:v1'],
    ['TokenV3', 'Token:v3'],
  ])('a symbol %s is %s', (name, named) => {
    expect(symbolInterface({ name })).toBe(named);
  });

  test('a requirement defines the endpoints and the entity that it names', () => {
    expect(interfacesDefinedBy({ text: 'POST /api/shorten: accepts a long URL; GET /api/shorten/:id shows it' })).toEqual(['ShortenAPI:v1']);
    expect(interfacesDefinedBy({ text: 'Grocery Item: Represents a purchased item with name and cost' })).toEqual(['GroceryItemModel:v1']);
    expect(interfacesDefinedBy({ text: 'Note: a user may record expenses' })).toEqual([]);
    expect(interfacesDefinedBy({ text: 'System MUST allow flatmates to record expenses' })).toEqual([]);
  });

  test('a text speaks of those whose words it has in a row', () => {
    const index = interfaceIndex(['ExpenseModel:v1', 'GroceryItemModel:v1', 'ShortenAPI:v1']);
    expect(interfacesNamedIn('Flatmates record expenses for grocery items', index)).toEqual(['ExpenseModel:v1', 'GroceryItemModel:v1']);
    expect(interfacesNamedIn('The item is no grocery', index)).toEqual([]);
  });

  test('any name is one that is named the same again, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...Array.from('aZé9ß漢ß/:-_ .{}<>V2')), maxLength: 20 }), (text) => {
        for (const name of [endpointInterface(`/${text}`), entityInterface(text)]) {
          if (name === undefined) continue;
          expect(name).toMatch(/^[\p{L}\p{N}]+:v\d+$/u);
          const base = name.replace(/:v\d+$/u, '').replace(/(?:API|Model)$/u, '');
          expect(interfacesNamedIn(base, interfaceIndex([name]))).toEqual([name]);
        }
        interfacesDefinedBy({ text: `GET /${text} ${text}` });
      }),
      { numRuns: 150 },
    );
  });

  test('long and nasty text takes no time', () => {
    const started = performance.now();
    for (const text of ['GET /'.repeat(50_000), `A ${'A '.repeat(50_000)}`, '/'.repeat(100_000)]) {
      interfacesDefinedBy({ text });
      endpointInterface(text);
      entityInterface(text);
    }
    expect(performance.now() - started).toBeLessThan(2_000);
  });
});
