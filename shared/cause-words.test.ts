import { describe, expect, it } from 'vitest';
import { causeSubject, causeWords } from './cause-words.ts';
import { GATEWAY_REASONS } from './gateway-contract.ts';

// The table's type demands every fixed cause of cause.ts; this covers what reaches it as plain text.
const FROM_THE_GATEWAY = GATEWAY_REASONS.filter((reason) => reason !== 'cancelled');

describe('causeWords', () => {
  it.each(FROM_THE_GATEWAY)('has words of its own for the gateway reason %s', (reason) => {
    expect(causeWords(reason)).not.toBe(`failed (${reason})`);
  });

  it('names the status of an HTTP answer', () => {
    expect(causeWords('http-503')).toBe('answered 503');
  });

  it('calls 401 and 403 what they are', () => {
    expect(causeWords('http-401')).toBe('refused access (401)');
    expect(causeWords('http-403')).toBe('refused access (403)');
  });

  it('passes on a cause that it does not know', () => {
    expect(causeWords('solar-flare')).toBe('failed (solar-flare)');
  });

  it('does not take an inherited property for a cause', () => {
    expect(causeWords('constructor')).toBe('failed (constructor)');
  });
});

describe('causeSubject', () => {
  it('blames the site that was left for evidence and maintenance', () => {
    expect(causeSubject('refused')).toBe('from');
    expect(causeSubject('http-503')).toBe('from');
    expect(causeSubject('maintenance')).toBe('from');
  });

  it('speaks of the site changed to when that one is the reason', () => {
    expect(causeSubject('failback')).toBe('to');
    expect(causeSubject('manual')).toBe('to');
  });
});
