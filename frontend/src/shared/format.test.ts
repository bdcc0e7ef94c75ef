import { describe, expect, test } from 'vitest';
import { bytes, duration, percent, rate, short, visible } from './format';

describe('numbers on the screen', () => {
  test.each([
    [0, '0.0'],
    [59.5, '59.5'],
    [99.94, '99.9'],
    [99.96, '100'],
    [12_340.4, '12,340'],
    [null, '–'],
  ])('a rate of %s reads %s', (value, words) => expect(rate(value)).toBe(words));

  test.each([
    [0, '0 %'],
    [0.00001, '< 0.01 %'],
    [0.0003, '0.03 %'],
    [0.042, '4.2 %'],
    [0.99996, '99.99 %'],
    [1, '100 %'],
    [null, '–'],
  ])('a share of %s reads %s', (share, words) => expect(percent(share)).toBe(words));

  test.each([
    [0, '0 B'],
    [999, '999 B'],
    [1000, '1.0 kB'],
    [4_200_000, '4.2 MB'],
    [250_000_000, '250 MB'],
    [null, '–'],
  ])('%s bytes read %s', (value, words) => expect(bytes(value)).toBe(words));

  test.each([
    [0.4, '0 s'],
    [61, '1 min 1 s'],
    [11_520, '3 h 12 min'],
    [180_000, '2 d 2 h'],
    [null, '–'],
  ])('%s seconds read %s', (seconds, words) => expect(duration(seconds)).toBe(words));

  test.each([
    [0.00021, '0.21 ms'],
    [0.018, '18.0 ms'],
    [0.2504, '250 ms'],
    [1.25, '1.25 s'],
    [61, '61.0 s'],
    [null, '–'],
  ])('a time of %s reads %s', (seconds, words) => expect(short(seconds)).toBe(words));
});

test('what cannot be seen, or turns what is seen, is spelled out', () => {
  expect(visible('a\u0000b\u202ec\u200bd\ne\tf<b>')).toBe('a\\u0000b\\u202ec\\u200bd\\u000ae\tf<b>');
});
