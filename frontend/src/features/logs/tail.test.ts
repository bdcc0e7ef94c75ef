import { expect, test } from 'vitest';
import type { LogLine } from './api';
import { partsOf } from './marked';
import { join } from './tail';

const lines = (...texts: string[]): LogLine[] => texts.map((text) => ({ at: null, level: null, text }));

test('lines that came by both ways are there once', () => {
  expect(join(lines('a', 'b', 'c'), lines('b', 'c', 'd'))).toEqual(lines('a', 'b', 'c', 'd'));
});

test('lines that came by one way are all there', () => {
  expect(join(lines('a', 'b'), lines('c'))).toEqual(lines('a', 'b', 'c'));
  expect(join([], lines('c'))).toEqual(lines('c'));
  expect(join(lines('a'), [])).toEqual(lines('a'));
});

test('the same line twice in a row is not taken for one', () => {
  expect(join(lines('a', 'a'), lines('a', 'a', 'a'))).toEqual(lines('a', 'a', 'a'));
});

test('what was searched for is every second part, in the case it was written', () => {
  expect(partsOf('GET /a GEt', 'get')).toEqual(['', 'GET', ' /a ', 'GEt', '']);
  expect(partsOf('GET /a', 'b')).toEqual(['GET /a']);
  expect(partsOf('GET /a', '')).toEqual(['GET /a']);
});
