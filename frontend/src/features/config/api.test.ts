import { expect, test } from 'vitest';
import { Problem } from '../../shared/http';
import { mistakeOf } from './api';

test('a text that cannot be used names its place as far as it is known', () => {
  const refusal = new Problem(422, 'request:3: drover.workers: must be 1 to 64', {
    reason: 'must be 1 to 64',
    line: 3,
    key: 'drover.workers',
  });

  expect(mistakeOf(refusal)).toEqual({ reason: 'must be 1 to 64', line: 3, key: 'drover.workers', file: null });
});

test('another refusal is no mistake in the text', () => {
  expect(mistakeOf(new Problem(412, 'changed meanwhile'))).toBeNull();
  expect(mistakeOf(null)).toBeNull();
});
