import { describe, expect, test } from '@jest/globals';
import { faultOfWords } from '../../../../core/analysis/platform/fault-of-words.ts';

// Each as the named system writes it.
describe('the words of', () => {
  test.each([
    ['PostgreSQL', 'ERROR:  relation "orders" does not exist at character 15', 'schema-change'],
    ['PostgreSQL', 'column "tax" of relation "orders" does not exist', 'schema-change'],
    ['PostgreSQL', 'ERROR:  column o.tax does not exist', 'schema-change'],
    ['MySQL', "Table 'shop.orders' doesn't exist", 'schema-change'],
    ['MySQL', "Unknown column 'tax' in 'field list'", 'schema-change'],
    ['SQLite', 'no such table: orders', 'schema-change'],
    ['PostgreSQL', 'FATAL:  sorry, too many clients already', 'connection-exhaustion'],
    ['psycopg2', 'connection pool exhausted', 'connection-exhaustion'],
    ['Npgsql', 'The connection pool has been exhausted, either raise', 'connection-exhaustion'],
    ['Go', 'dial tcp: lookup ledger on 10.0.0.10:53: no such host', 'dns-failure'],
    ['Python', '[Errno -3] Temporary failure in name resolution', 'dns-failure'],
    ['curl', 'curl: (6) Could not resolve host: ledger', 'dns-failure'],
    ['Java', 'Unable to resolve host "ledger": No address associated', 'dns-failure'],
    ['gRPC', 'DNS resolution failed for service: ledger:443', 'dns-failure'],
    ['a program', 'unable to resolve ledger.prod.local; retrying', 'dns-failure'],
    ['a program', 'failed to resolve "ledger.prod.local:5432"', 'dns-failure'],
    ['Go programs', 'required environment variable "DSN" is not set', 'bad-config'],
    ['Prisma', 'error: Environment variable not found: DATABASE_URL.', 'bad-config'],
    ['envalid', 'Missing environment variables: DATABASE_URL', 'bad-config'],
    ['Kafka', 'Missing required configuration "bootstrap.servers"', 'bad-config'],
    ['kubelet', 'Error: secret "db" not found', 'bad-config'],
    ['SQLite', 'database or disk is full', 'disk-full'],
    ['AWS RDS', 'Allocated storage has been exhausted. Allocate additional', 'disk-full'],
    ['AWS DMS', 'FATAL: the replication instance ran out of storage.', 'disk-full'],
    ['AWS RDS', 'Multi-AZ failover to standby complete - DNS propagation', 'failover'],
    ['Aurora', 'Started cross AZ failover to DB instance: ledger-1', 'failover'],
    ['Aurora', 'Read Replica has fallen behind the master too much.', 'replication-lag'],
    ['a database', 'replication lag exceeded 300s', 'replication-lag'],
  ])('%s: %s', (_system, message, kind) => {
    expect(faultOfWords({ reason: '', message })).toBe(kind);
  });

  test.each([
    ['a login', 'User "bob" does not exist'],
    ['PostgreSQL that drops nothing', 'table "orders" does not exist, skipping'],
    ['a form', 'missing required field "email"'],
    ['Java that loads a class', 'Unable to resolve com.shop.ledger.Client'],
    ['Gradle', 'Could not resolve com.google.guava:guava:31.'],
    ['a compiler', 'unable to resolve symbol ledger'],
    ['a resolver', 'name resolution cache refreshed'],
    ['MySQL that starts', 'Changed limits: max_connections: 214 (requested 500)'],
    ['Node that watches files', 'ENOSPC: System limit for number of file watchers reached'],
    ['a lag that is gone', 'replication lag is back to normal'],
    ['a rotation', 'secret "db" was rotated'],
  ])('%s are of another kind: %s', (_who, message) => {
    expect(faultOfWords({ reason: '', message })).toBeNull();
  });
});

test('that an environment variable is missing fails nothing where it is only warned of', () => {
  const message = 'environment variable "PROXY" is not set, going without';
  expect(faultOfWords({ reason: '', message, isWarning: true })).toBeNull();
  expect(faultOfWords({ reason: '', message: 'no space left', isWarning: true })).toBe('disk-full');
});
