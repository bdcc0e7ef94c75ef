import { expect, test } from 'vitest';
import { DAY, rangeOf, stretchTo } from './range';

test('an address that names a stretch of time shows it', () => {
  expect(rangeOf('1000', '4600')).toEqual({ kind: 'past', stretch: { from: 1000, to: 4600 } });
});

test.each([
  [null, null],
  ['1000', null],
  ['4600', '1000'],
  ['-1', '5'],
  ['1e3', '4600'],
  ['<b>', '4600'],
])('an address from %s to %s is live', (from, to) => expect(rangeOf(from, to)).toEqual({ kind: 'live' }));

test('a stretch stays within the day that is remembered', () => {
  const now = 1_000_000.4;

  expect(stretchTo(now + 500, 3600, now)).toEqual({ from: 996_400, to: 1_000_000 });
  expect(stretchTo(0, 3600, now)).toEqual({ from: 1_000_000 - DAY, to: 1_000_000 - DAY + 3600 });
  expect(stretchTo(now, DAY, now)).toEqual({ from: 1_000_000 - DAY, to: 1_000_000 });
});
