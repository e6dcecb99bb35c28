import type { ServiceName } from '../service/options.ts';

/** What people wrote about a change, as a deployment tool would keep it. */
export interface ChangeText {
  readonly title: string;
  readonly author: string;
  readonly files: readonly string[];
  readonly diff: string;
}

/** A release that carries a wrong code path, and the trait of requests that meets it. */
export interface DefectiveRelease extends ChangeText {
  readonly service: ServiceName;
  readonly defect: string;
  readonly trait: 'web' | 'underscoreLocale' | 'silver' | 'locker' | 'largeAmount';
}

export const defectiveReleases: readonly [DefectiveRelease, ...DefectiveRelease[]] = [
  {
    service: 'gateway',
    defect: 'client-build',
    trait: 'web',
    title: 'Show the client build number with every order',
    author: 'mara.lind',
    files: ['gateway/client-version.ts', 'gateway/routes.ts'],
    diff: `--- a/gateway/client-version.ts
+++ b/gateway/client-version.ts
@@ -3,5 +3,6 @@
-  return header.replace('/', ' build ');
+  const [app = 'unknown', build = app] = header.split('/');
+  return \`\${app} build \${BigInt(build).toString()}\`;`,
  },
  {
    service: 'gateway',
    defect: 'order-locale',
    trait: 'underscoreLocale',
    title: 'Drop the locale workaround for old apps',
    author: 'mara.lind',
    files: ['gateway/order-view.ts'],
    diff: `--- a/gateway/order-view.ts
+++ b/gateway/order-view.ts
@@ -12,4 +12,3 @@
-  const tag = locale.replace('_', '-');
-  return new Intl.NumberFormat(tag, { style: 'currency', currency }).format(amountMinor / 100);
+  return new Intl.NumberFormat(locale, { style: 'currency', currency }).format(amountMinor / 100);`,
  },
  {
    service: 'checkout',
    defect: 'loyalty-discount',
    trait: 'silver',
    title: 'Compute member discounts in whole minor units',
    author: 'teo.brandt',
    files: ['checkout/loyalty.ts', 'checkout/routes.ts'],
    diff: `--- a/checkout/loyalty.ts
+++ b/checkout/loyalty.ts
@@ -16,3 +16,3 @@
-  return Math.round((amountMinor * (100 - percent)) / 100);
+  return Number((BigInt(amountMinor) * BigInt(100 - percent)) / 100n);`,
  },
  {
    service: 'checkout',
    defect: 'delivery-date',
    trait: 'locker',
    title: 'Take delivery times from the shipping table only',
    author: 'ines.okafor',
    files: ['checkout/delivery.ts'],
    diff: `--- a/checkout/delivery.ts
+++ b/checkout/delivery.ts
@@ -10,3 +10,3 @@
-  const days = shippingDays[method] ?? 7;
+  const days = Number(shippingDays[method]);`,
  },
  {
    service: 'payments',
    defect: 'amount-field',
    trait: 'largeAmount',
    title: 'Send amounts in the short field of the new message format',
    author: 'yusuf.kaya',
    files: ['payments/money.ts', 'payments/charges.ts'],
    diff: `--- a/payments/money.ts
+++ b/payments/money.ts
@@ -1,4 +1,4 @@
-const fieldWidth = 12;
+const fieldWidth = 5;
@@ -9,3 +9,3 @@
   return '0'.repeat(fieldWidth - digits.length) + digits;`,
  },
];

const manyFiles = (folder: string, names: readonly string[]): readonly string[] =>
  names.map((name) => `${folder}/${name}.ts`);

/** Large releases that change nothing about how a request is served. */
export const largeReleases: Readonly<Record<'gateway' | 'checkout', ChangeText>> = {
  gateway: {
    title: 'Rework error pages, move to the new linter and reformat the whole service',
    author: 'mara.lind',
    files: manyFiles('gateway', [
      'routes',
      'order-view',
      'client-version',
      'pages/not-found',
      'pages/server-error',
      'pages/maintenance',
      'pages/layout',
      'assets/manifest',
      'assets/fonts',
      'i18n/de',
      'i18n/en',
      'i18n/fr',
      'i18n/nl',
      'i18n/sv',
      'test/pages',
      'test/layout',
      'test/i18n',
      'lint.config',
    ]),
    diff: `--- a/gateway/pages/server-error.ts
+++ b/gateway/pages/server-error.ts
@@ -1,9 +1,14 @@
-export const title = 'Something went wrong';
+export const title = 'We are sorry, something went wrong';
+export const hint = 'Please try again in a minute.';
(41 files changed, 2318 insertions, 1904 deletions)`,
  },
  checkout: {
    title: 'Restructure checkout into modules and rename order types throughout',
    author: 'ines.okafor',
    files: manyFiles('checkout', [
      'routes',
      'order-book',
      'delivery',
      'loyalty',
      'types/order',
      'types/basket',
      'types/quote',
      'types/customer',
      'modules/orders/index',
      'modules/quotes/index',
      'modules/refunds/index',
      'modules/shared/index',
      'test/orders',
      'test/quotes',
      'test/refunds',
      'test/fixtures',
      'build.config',
    ]),
    diff: `--- a/checkout/types/order.ts
+++ b/checkout/types/order.ts
@@ -4,8 +4,9 @@
-export interface PlacedOrder {
+export interface Order {
(36 files changed, 1507 insertions, 1422 deletions)`,
  },
};

/** Small releases of the days before. */
export const smallReleases: Readonly<Record<ServiceName, readonly [ChangeText, ...ChangeText[]]>> =
  {
    gateway: [
      {
        title: 'Add alternative texts to product pictures',
        author: 'mara.lind',
        files: ['gateway/assets/manifest.ts'],
        diff: `--- a/gateway/assets/manifest.ts
+++ b/gateway/assets/manifest.ts
@@ -21,2 +21,2 @@
-  kettle: { src: 'kettle.webp' },
+  kettle: { src: 'kettle.webp', alt: 'Enamel kettle' },`,
      },
      {
        title: 'Correct the imprint',
        author: 'teo.brandt',
        files: ['gateway/pages/imprint.ts'],
        diff: `--- a/gateway/pages/imprint.ts
+++ b/gateway/pages/imprint.ts
@@ -2,2 +2,2 @@
-export const year = 2025;
+export const year = 2026;`,
      },
    ],
    checkout: [
      {
        title: 'Reword the confirmation text of an order',
        author: 'ines.okafor',
        files: ['checkout/texts.ts'],
        diff: `--- a/checkout/texts.ts
+++ b/checkout/texts.ts
@@ -7,2 +7,2 @@
-  placed: 'Order placed.',
+  placed: 'Thank you, your order is placed.',`,
      },
      {
        title: 'Add a test for empty baskets',
        author: 'teo.brandt',
        files: ['checkout/test/orders.ts'],
        diff: `--- a/checkout/test/orders.ts
+++ b/checkout/test/orders.ts
@@ -40,1 +40,3 @@
+test('an empty basket is refused', () => {});`,
      },
    ],
    payments: [
      {
        title: 'Name the ledger table in its comments',
        author: 'yusuf.kaya',
        files: ['payments/ledger.ts'],
        diff: `--- a/payments/ledger.ts
+++ b/payments/ledger.ts
@@ -11,2 +11,2 @@
-// rows of the table
+// rows of the table charges`,
      },
    ],
    catalog: [
      {
        title: 'Sort the colours of an article',
        author: 'noor.haddad',
        files: ['catalog/colours.ts'],
        diff: `--- a/catalog/colours.ts
+++ b/catalog/colours.ts
@@ -1,2 +1,2 @@
-export const colours = ['red', 'blue', 'green'];
+export const colours = ['red', 'green', 'blue'];`,
      },
    ],
    inventory: [
      {
        title: 'Say "few" where little is left',
        author: 'ines.okafor',
        files: ['inventory/texts.ts'],
        diff: `--- a/inventory/texts.ts
+++ b/inventory/texts.ts
@@ -3,2 +3,2 @@
-  low: 'hardly any',
+  low: 'few',`,
      },
    ],
    cache: [
      {
        title: 'Remove an unused import',
        author: 'teo.brandt',
        files: ['cache/routes.ts'],
        diff: `--- a/cache/routes.ts
+++ b/cache/routes.ts
@@ -2,2 +2,1 @@
-import { inspect } from 'node:util';`,
      },
    ],
  };

/** Settings that look as if they could matter to a request that waits, and do not. */
export const decoySettings: readonly [HarmlessSetting, ...HarmlessSetting[]] = [
  {
    service: 'gateway',
    name: 'checkoutTimeoutMs',
    to: 4_500,
    title: 'More patience with checkout',
  },
  {
    service: 'checkout',
    name: 'paymentsTimeoutMs',
    to: 3_400,
    title: 'More patience with payments',
  },
];

/** Settings whose change nobody notices, with the value they are changed to. */
export const harmlessSettings: readonly [HarmlessSetting, ...HarmlessSetting[]] = [
  { service: 'gateway', name: 'productPageSize', to: 25, title: 'Longer product pages' },
  {
    service: 'catalog',
    name: 'pageCacheSeconds',
    to: 20,
    title: 'Keep product pages longer',
  },
  {
    service: 'checkout',
    name: 'quoteValidMinutes',
    to: 45,
    title: 'Quotes are valid for 45 minutes',
  },
  { service: 'payments', name: 'settlementBatchSize', to: 60, title: 'Larger settlement batches' },
  { service: 'inventory', name: 'lowStockLimit', to: 20, title: 'Say "few" a little later' },
  { service: 'cache', name: 'entryLimit', to: 800, title: 'Keep more pages' },
];

export interface HarmlessSetting {
  readonly service: ServiceName;
  readonly name: string;
  readonly to: number;
  readonly title: string;
}
