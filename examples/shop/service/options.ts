import { parseArgs } from 'node:util';

/** The services of the shop, from the one its users talk to down to those with a database of their own. */
export const serviceNames = [
  'gateway',
  'checkout',
  'catalog',
  'inventory',
  'cache',
  'payments',
] as const;
export type ServiceName = (typeof serviceNames)[number];

/** What one service process is started with. A dependency without a URL is reported as not connected. */
export interface ServiceOptions {
  readonly name: ServiceName;
  readonly host: string;
  /** 0 takes any free port; the ready line says which. */
  readonly port: number;
  readonly revision: string;
  readonly previousRevision: string;
  /** The code path that `revision` carries; absent when the revision is sound. */
  readonly defect?: string;
  /** Without a token every `/ops` request is refused. */
  readonly opsToken?: string;
  /** Folder of the file that keeps the serving revision and the idempotency keys. */
  readonly stateDir: string;
  readonly instance: string;
  readonly otlpUrl?: string;
  readonly checkoutUrl?: string;
  readonly catalogUrl?: string;
  readonly inventoryUrl?: string;
  readonly cacheUrl?: string;
  readonly paymentsUrl?: string;
  readonly databaseUrl?: string;
  readonly cardNetworkUrl?: string;
}

export const serviceUsage = `Usage: service.ts --name ${serviceNames.join('|')} --state DIR [options]

  --port N                 port to listen on (0: any free one; default 0)
  --host HOST              address to listen on (default 127.0.0.1)
  --revision R             release that serves (default NAME-r1)
  --previous-revision P    release before it, the one to roll back to (default NAME-r0)
  --defect D               code path of revision R that is wrong (default: none)
  --ops-token T            bearer token of /ops/* (or SHOP_OPS_TOKEN); without it /ops/* refuses
  --instance ID            instance name in telemetry (default NAME-local)
  --otlp URL               OTLP/HTTP collector; without it no telemetry is sent
  --checkout-url URL       gateway only
  --catalog-url URL        gateway only
  --payments-url URL       checkout only
  --inventory-url URL      checkout and catalog
  --cache-url URL          catalog only
  --database-url URL       payments, inventory and cache, postgres://
  --card-network-url URL   payments only
`;

const stringFlag = { type: 'string' } as const;
const flags = {
  name: stringFlag,
  host: stringFlag,
  port: stringFlag,
  revision: stringFlag,
  'previous-revision': stringFlag,
  defect: stringFlag,
  'ops-token': stringFlag,
  state: stringFlag,
  instance: stringFlag,
  otlp: stringFlag,
  'checkout-url': stringFlag,
  'catalog-url': stringFlag,
  'inventory-url': stringFlag,
  'cache-url': stringFlag,
  'payments-url': stringFlag,
  'database-url': stringFlag,
  'card-network-url': stringFlag,
} as const;

function toPort(text: string | undefined): number {
  const port = Number(text ?? '0');
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new Error(`--port is "${text ?? ''}"; give a whole number from 0 to 65535`);
  }
  return port;
}

/** Reads the command line of a service; throws an error that says which flag is wrong and how to give it. */
export function parseServiceOptions(
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): ServiceOptions {
  const { values } = parseArgs({ args: [...argv], options: flags, strict: true });
  const name = serviceNames.find((known) => known === values.name);
  if (name === undefined) {
    throw new Error(
      `--name is "${values.name ?? ''}"; give one of ${serviceNames.join(', ')}\n\n${serviceUsage}`,
    );
  }
  if (values.state === undefined) throw new Error(`--state DIR is missing\n\n${serviceUsage}`);
  const opsToken = values['ops-token'] ?? env['SHOP_OPS_TOKEN'];
  return {
    name,
    host: values.host ?? '127.0.0.1',
    port: toPort(values.port),
    revision: values.revision ?? `${name}-r1`,
    previousRevision: values['previous-revision'] ?? `${name}-r0`,
    stateDir: values.state,
    instance: values.instance ?? `${name}-local`,
    ...(values.defect !== undefined && { defect: values.defect }),
    ...(opsToken !== undefined && opsToken !== '' && { opsToken }),
    ...(values.otlp !== undefined && { otlpUrl: values.otlp }),
    ...(values['checkout-url'] !== undefined && { checkoutUrl: values['checkout-url'] }),
    ...(values['catalog-url'] !== undefined && { catalogUrl: values['catalog-url'] }),
    ...(values['inventory-url'] !== undefined && { inventoryUrl: values['inventory-url'] }),
    ...(values['cache-url'] !== undefined && { cacheUrl: values['cache-url'] }),
    ...(values['payments-url'] !== undefined && { paymentsUrl: values['payments-url'] }),
    ...(values['database-url'] !== undefined && { databaseUrl: values['database-url'] }),
    ...(values['card-network-url'] !== undefined && { cardNetworkUrl: values['card-network-url'] }),
  };
}
