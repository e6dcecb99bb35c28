import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createIdentifierMask } from '../../../../core/safety/masking/mask-identifiers.ts';
import type { MaskOptions } from '../../../../core/safety/masking/mask-identifiers.ts';
import { cpuMs } from '../../../support/cpu-ms.ts';

const bare: MaskOptions = { known: [], terms: [], find: () => [], aliases: {} };
/** As if a user had a pattern for tickets: two letters, a hash, and digits. */
const findTickets: MaskOptions['find'] = (text) =>
  [...text.matchAll(/[A-Z]{2}#\d+/g)].map(({ index, 0: { length } }) => ({
    start: index,
    end: index + length,
  }));
const mask = (text: string, options: Partial<MaskOptions> = {}): string =>
  createIdentifierMask({ ...bare, ...options }).mask(text);

describe('mask', () => {
  test.each([
    ['pod', 'checkout-7d9f8b6c5d-x2k9q is not ready', '<POD_1> is not ready'],
    ['pod by its key', '"pod":"web-0"', '"pod":"<POD_1>"'],
    ['namespace', 'namespace=shop-prod restarts', 'namespace=<NAMESPACE_1> restarts'],
    ['cluster', '"cluster_name": "europe-1"', '"cluster_name": "<CLUSTER_1>"'],
    ['hostname', 'lost db7.internal and ip-10-0-3-7.', 'lost <HOSTNAME_1> and <HOSTNAME_2>.'],
    [
      'account',
      'in 123456789012 of projects/acme-prod/x',
      'in <ACCOUNT_ID_1> of projects/<ACCOUNT_ID_2>/x',
    ],
    ['IPv4', 'dial tcp 10.0.3.7:5432', 'dial tcp <IP_ADDRESS_1>:5432'],
    ['IPv6', 'from fe80::1 at 10:59:53', 'from <IP_ADDRESS_1> at 10:59:53'],
    ['email', 'mail ada@example.com.', 'mail <EMAIL_1>.'],
    ['service by its key', 'service.name=payments', 'service.name=<SERVICE_1>'],
  ])('OS-81 hides a %s', (_kind, text, masked) => {
    expect(mask(text)).toBe(masked);
  });

  test('OS-81 hides names that are known, wherever they stand, and a user’s own terms', () => {
    const known = [
      { kind: 'service' as const, name: 'payments' },
      { kind: 'service' as const, name: 'card network' },
    ];
    const text = 'payments calls card network; payments-v2 is part of Project Otter';
    expect(mask(text, { known, terms: ['Project Otter'] })).toBe(
      '<SERVICE_1> calls <SERVICE_2>; <SERVICE_1>-v2 is part of <TERM_1>',
    );
  });

  test.each([
    ['in a question', 'Why is Checkout slow?', 'Why is <SERVICE_1> slow?'],
    [
      'in a method of a call',
      'checkout.Checkout/PlaceOrder',
      '<SERVICE_1>.<SERVICE_1B>/PlaceOrder',
    ],
    ['in a metric', 'checkout_requests_total', '<SERVICE_1>_requests_total'],
    ['after a stage', 'prod-checkout', 'prod-<SERVICE_1>'],
    ['in capitals', 'CHECKOUT_URL of checkout', '<SERVICE_1>_URL of <SERVICE_1B>'],
    ['before a capital', 'CheckoutService/Charge', '<SERVICE_1>Service/Charge'],
    [
      'after a time of day',
      '12:30:checkout and cafe:80:99',
      '12:30:<SERVICE_1> and <SERVICE_2>:80:99',
    ],
    ['not in another word', 'checkouts and rechecked', 'checkouts and rechecked'],
  ])('OS-81 hides a known name as a part of a word: %s', (_where, text, masked) => {
    const known = [
      { kind: 'service' as const, name: 'checkout' },
      { kind: 'service' as const, name: 'cafe' },
    ];
    expect(mask(text, { known })).toBe(masked);
  });

  test('OS-81 hides a user’s own terms however they are written, and the longest of those that begin alike', () => {
    expect(mask('PROJECT otter, project', { terms: ['Project', 'Project Otter'] })).toBe(
      '<TERM_1>, <TERM_2>',
    );
  });

  test('knows another spelling again in later texts of the conversation', () => {
    const known = [{ kind: 'service' as const, name: 'checkout' }];
    const first = createIdentifierMask({ ...bare, known });
    expect(first.mask('checkout or Checkout')).toBe('<SERVICE_1> or <SERVICE_1B>');
    const { aliases } = first;
    const second = createIdentifierMask({ ...bare, known, aliases: aliases() });
    expect(second.mask('CHECKOUT, Checkout')).toBe('<SERVICE_1C>, <SERVICE_1B>');
  });

  test('gives a text the kind of the field of which it is the value', () => {
    const made = createIdentifierMask(bare);
    expect(made.mask('web-0', 'pod')).toBe('<POD_1>');
    expect(made.mask('web-1', 'query')).toBe('web-1');
  });

  test('OS-81 hides what a user’s own patterns match, whole, before anything in it is looked for', () => {
    const text = 'OP#17 and 10.0.0.1 in OP#18, then OP#17 again';
    expect(mask(text, { find: findTickets, terms: ['OP'] })).toBe(
      '<TERM_1> and <IP_ADDRESS_1> in <TERM_2>, then <TERM_1> again',
    );
  });

  test('leaves words, numbers, instants, metrics and evidence ids as they are', () => {
    const text =
      'http.server.request.duration rose to 340 ms at 2026-11-21T10:59:53.344Z (ev-0123456789abcdef, 1763722793344)';
    expect(mask(text)).toBe(text);
  });

  test('gives the same identifier the same placeholder, in later texts of the conversation too', () => {
    const first = createIdentifierMask(bare);
    expect(first.mask('10.0.0.1 and 10.0.0.2 and 10.0.0.1')).toBe(
      '<IP_ADDRESS_1> and <IP_ADDRESS_2> and <IP_ADDRESS_1>',
    );
    const second = createIdentifierMask({ ...bare, aliases: first.aliases() });
    expect(second.mask('10.0.0.3 or 10.0.0.2')).toBe('<IP_ADDRESS_3> or <IP_ADDRESS_2>');
  });
});

describe('restore', () => {
  test('OS-46 OS-82 gives every text back as it was, whatever stands in it', () => {
    const word = fc.oneof(
      fc.constantFrom(
        'payments',
        'payments-r1-2',
        'a b',
        '10.0.0.1',
        'fe80::1',
        'x@y.io',
        'namespace=',
        'pod:',
      ),
      fc.constantFrom(
        '<SERVICE_1>',
        'OP#17',
        'TERM_OP#1',
        'SERVICE_2',
        'prod-SERVICE_1B',
        'xSERVICE_1',
        'PaymentsClient',
        'PAYMENTS_A_B',
        '9:15:payments',
        'TERM_1',
        '<POD_9',
        '123456789012',
        'n-7d9f8b6c5d-x2k9q',
      ),
      fc.string({ maxLength: 12 }),
    );
    const known = fc.constantFrom<MaskOptions['known']>(
      [],
      [{ kind: 'service', name: 'payments' }],
      [{ kind: 'service', name: 'a b' }],
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 20 }), known, (words, names) => {
        const text = words.join(' ');
        const made = createIdentifierMask({
          ...{ ...bare, known: names, find: findTickets },
          terms: ['a b', 'SERV'],
        });
        expect(made.restore(made.mask(text))).toBe(text);
      }),
      { numRuns: 2_000 },
    );
  });

  test('leaves what only looks like a placeholder', () => {
    const made = createIdentifierMask({ ...bare, aliases: { SERVICE_1: 'payments' } });
    expect(made.restore('<SERVICE_1> and SERVICE_1 and <SERVICE_2>')).toBe(
      'payments and payments and <SERVICE_2>',
    );
  });

  test('takes time in proportion to the text', () => {
    const text = 'a:'.repeat(100_000) + '1.'.repeat(100_000) + '@-'.repeat(100_000);
    expect(cpuMs(() => mask(text))).toBeLessThan(5_000);
  });

  test('takes time in proportion to the text, however many names are known', () => {
    const known = Array.from({ length: 20_000 }, (_, index) => ({
      kind: 'service' as const,
      name: index % 2 === 0 ? `a-a-a-${index}` : `a a a ${index}`,
    }));
    const hideAll = (): void => {
      const { mask: hide } = createIdentifierMask({ ...bare, known });
      expect(hide('a-'.repeat(100_000) + 'a-a-a-19998')).toMatch(/<SERVICE_1>$/);
      hide('a '.repeat(100_000));
    };
    expect(cpuMs(hideAll)).toBeLessThan(5_000);
  });
});
