import type { LoadPlan, Traits } from './plan.ts';
import type { Random } from './random.ts';
import type { UserRequest } from './trace-lines.ts';

/** The shop's users: requests arrive at random moments, whether or not earlier ones were answered. */
export interface Load {
  /** Lets users come at another rate or for other things from now on. */
  readonly change: (plan: LoadPlan) => void;
  /** Lets no more requests begin and waits for those under way, 8 s at most. */
  readonly stop: () => Promise<void>;
}

interface Intent {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: object;
}

const requestLimitMs = 8_000;
const remembered = 200;
const unknownOrderShare = 0.015;

function drawBasket(random: Random, traits: Traits): Intent {
  const isLarge = random.chance(traits.largeAmount);
  const amountMinor = random.whole(900, 48_000) * (isLarge ? 10 : 1) + (isLarge ? 100_000 : 0);
  return {
    method: 'POST',
    path: '/checkout',
    headers: {
      'x-shop-client': random.chance(traits.web) ? 'web' : `ios/${random.whole(5_100, 5_400)}`,
    },
    body: {
      customerId: random.whole(1, 400),
      sku: `sku-${random.whole(100, 147)}`,
      amountMinor,
      currency: isLarge ? 'NOK' : random.pick(['EUR', 'GBP']),
      tier: random.chance(traits.silver) ? 'silver' : random.pick(['basic', 'gold']),
      shipping: random.chance(traits.locker) ? 'locker' : random.pick(['post', 'courier']),
    },
  };
}

function drawRequest(random: Random, load: LoadPlan, orders: readonly string[]): Intent {
  const { mix, traits } = load;
  const order = random.chance(unknownOrderShare)
    ? 'ord-00000000'
    : orders[random.whole(0, Math.max(0, orders.length - 1))];
  const products = {
    method: 'GET',
    path: `/products?page=${random.whole(1, 3)}`,
    headers: {},
  } as const;
  const quote = {
    method: 'POST',
    path: '/quotes',
    headers: {},
    body: { amountMinor: random.whole(900, 48_000) },
  } as const;
  const locale = random.chance(traits.underscoreLocale) ? 'de_DE' : 'en-GB';
  const choices = [
    [mix.checkout, drawBasket(random, traits)],
    [mix.quote, quote],
    [mix.order, { method: 'GET', path: `/orders/${order}`, headers: { 'x-shop-locale': locale } }],
    [mix.refund, { method: 'POST', path: `/orders/${order}/refund`, headers: {}, body: {} }],
    [mix.products, products],
  ] as const;
  let point = random.next() * choices.reduce((sum, [weight]) => sum + weight, 0);
  for (const [weight, request] of choices) {
    point -= weight;
    if (point < 0)
      return order === undefined && request.path.startsWith('/orders') ? products : request;
  }
  return products;
}

interface Reply {
  readonly hasFailed: boolean;
  /** The order that was placed, if one was. */
  readonly order?: string;
}

async function sendRequest(gatewayUrl: string, request: Intent): Promise<Reply> {
  const response = await fetch(`${gatewayUrl}${request.path}`, {
    method: request.method,
    headers: {
      ...request.headers,
      ...(request.body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(request.body !== undefined && { body: JSON.stringify(request.body) }),
    signal: AbortSignal.timeout(requestLimitMs),
  });
  const answer: unknown = await response.json();
  const hasFailed = response.status >= 500;
  if (request.path !== '/checkout' || response.status !== 201) return { hasFailed };
  if (typeof answer !== 'object' || answer === null || !('id' in answer)) return { hasFailed };
  return { hasFailed, order: String(answer.id) };
}

/** What a user wants, without which of it: one route of the gateway. */
function routeOf({ method, path }: Intent): string {
  const [bare = ''] = path.split('?');
  return `${method} ${bare.replace(/ord-\w+/, ':id')}`;
}

/** Starts users at the plan's rate; `onAnswered` is told how each request went for the user who sent it. */
export function startLoad(
  gatewayUrl: string,
  initial: LoadPlan,
  random: Random,
  onAnswered: (request: UserRequest) => void = () => undefined,
): Load {
  let plan = initial;
  const orders: string[] = [];
  const underWay = new Set<Promise<void>>();
  let timer: NodeJS.Timeout | undefined;

  const begin = (): void => {
    const intent = drawRequest(random, plan, orders);
    const startMs = Date.now();
    const answered = (hasFailed: boolean): void =>
      onAnswered({ startMs, durationMs: Date.now() - startMs, route: routeOf(intent), hasFailed });
    const work = sendRequest(gatewayUrl, intent).then(
      ({ hasFailed, order }) => {
        if (order !== undefined) orders.push(order);
        if (orders.length > remembered) orders.shift();
        answered(hasFailed);
      },
      () => answered(true),
    );
    underWay.add(work);
    void work.finally(() => underWay.delete(work));
  };
  const scheduleNext = (dueAtMs: number): void => {
    const nextDueAtMs = dueAtMs + random.exponential(1_000 / plan.requestsPerSecond);
    timer = setTimeout(
      () => {
        begin();
        scheduleNext(nextDueAtMs);
      },
      Math.max(0, nextDueAtMs - performance.now()),
    );
  };
  scheduleNext(performance.now());
  return {
    change: (next) => {
      plan = next;
    },
    stop: async () => {
      clearTimeout(timer);
      await Promise.all(underWay);
    },
  };
}
