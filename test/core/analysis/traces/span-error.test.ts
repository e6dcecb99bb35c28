import { describe, expect, test } from '@jest/globals';
import {
  errorReasonOf,
  isErrorSpan,
  isGivenUp,
} from '../../../../core/analysis/traces/span-error.ts';
import { span } from './spans.ts';

/** A span of a status with attributes. */
const ended = (status: 'ok' | 'error' | 'unset', attributes: Readonly<Record<string, string>>) =>
  span({ spanId: 'a', status, attributes });

describe('isErrorSpan', () => {
  // Where no status is set only a server error counts: "HTTP spans" of OpenTelemetry's semantic conventions.
  test.each([
    ['error', {}, true],
    ['unset', { 'http.response.status_code': '503' }, true],
    ['unset', { 'http.status_code': '500' }, true],
    ['unset', { 'http.response.status_code': '404' }, false],
    ['ok', { 'http.response.status_code': '503' }, false],
    ['unset', {}, false],
  ] as const)('status %s with %j: %s', (status, attributes, isError) => {
    expect(isErrorSpan(ended(status, attributes))).toBe(isError);
  });
});

describe('errorReasonOf', () => {
  test.each([
    [{ 'exception.message': 'disk full', 'error.type': 'IOException' }, 'disk full'],
    [{ 'status.message': '', 'error.type': 'IOException' }, 'IOException'],
    [{ 'http.response.status_code': '502' }, 'HTTP 502'],
    [{}, null],
  ])('reads %j as %s', (attributes, reason) => {
    expect(errorReasonOf(ended('error', attributes))).toBe(reason);
  });
});

describe('isGivenUp', () => {
  test.each([
    [{ 'error.type': 'TimeoutError' }, true],
    [{ 'exception.message': 'context DEADLINE exceeded' }, true],
    [{ 'error.type': 'timeout', 'http.response.status_code': '504' }, false],
    [{ 'error.type': 'ECONNREFUSED' }, false],
  ])('reads %j as %s', (attributes, isGiven) => {
    expect(isGivenUp(ended('error', attributes))).toBe(isGiven);
  });
});
