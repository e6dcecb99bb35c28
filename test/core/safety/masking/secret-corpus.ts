/** A kind of secret: what makes one of chance, and a text that carries it. */
export interface SecretSample {
  readonly name: string;
  readonly secret: (pick: Pick) => string;
  readonly text: (secret: string) => string;
}

/** Draws `length` characters of an alphabet. */
export type Pick = (length: number, alphabet?: string) => string;

const lower = 'abcdefghijklmnopqrstuvwxyz';
const digits = '0123456789';
const hex = `${digits}abcdef`;
const capitals = `${lower.toUpperCase()}${digits}`;
const small = `${lower}${digits}`;
const urlSafe = `${lower}${lower.toUpperCase()}${digits}-_`;
const base64 = `${lower}${lower.toUpperCase()}${digits}+/`;
/** What people put into passwords. */
const typed = `${lower}${lower.toUpperCase()}${digits}!$%*#^(_-`;

const bare = (secret: string): string => `request with ${secret} was refused`;

const withPrefix = (prefix: string, length: number, alphabet = urlSafe): SecretSample => ({
  name: prefix,
  secret: (pick) => `${prefix}${pick(length, alphabet)}a1B`.slice(0, prefix.length + length),
  text: bare,
});

/** An ending that makes sure of a letter and a digit, which chance alone does not. */
const mixed = (pick: Pick, length: number, alphabet = typed): string =>
  `${pick(1, lower)}${pick(1, digits)}${pick(length - 2, alphabet)}${pick(1, small)}`;

const named = (name: string, text: (secret: string) => string, length = 14): SecretSample => ({
  name,
  secret: (pick) => mixed(pick, length),
  text,
});

const tokenIn = (name: string, text: (secret: string) => string): SecretSample => ({
  name,
  secret: (pick) => mixed(pick, 32, urlSafe),
  text,
});

const prefixes: readonly (readonly [string, number, string?])[] = [
  ['AKIA', 16, capitals],
  ['ASIA', 16, capitals],
  ['AIza', 35],
  ['ya29.', 60],
  ['GOCSPX-', 28],
  ['LTAI', 20, small],
  ['dop_v1_', 64, hex],
  ['ghp_', 36, small],
  ['gho_', 36, small],
  ['ghs_', 36, small],
  ['github_pat_', 60, small],
  ['glpat-', 20],
  ['npm_', 36, small],
  ['pypi-', 80],
  ['xoxb-', 40, `${small}-`],
  ['xapp-', 40, `${small}-`],
  ['hooks.slack.com/services/T', 40, `${capitals}/`],
  ['discord.com/api/webhooks/1', 60],
  ['SG.', 66],
  ['xkeysib-', 64, small],
  ['sk_live_', 24, small],
  ['rk_test_', 24, small],
  ['whsec_', 32, small],
  ['sk-ant-', 80],
  ['sk-proj-', 48],
  ['shpat_', 32, hex],
  ['hvs.', 24],
  ['glsa_', 32, small],
  ['NRAK-', 27, capitals],
  ['AGE-SECRET-KEY-1', 58, capitals],
];

const pairs: readonly SecretSample[] = [
  named('password=', (secret) => `login user=ana password=${secret} from 10.0.0.1`),
  named('PASSWORD: ', (secret) => `DB_PASSWORD: ${secret}`),
  named('quoted', (secret) => `{"user":"ana","password":"${secret} x","at":1}`),
  named('quoted twice', (secret) => JSON.stringify({ body: JSON.stringify({ pwd: secret }) })),
  named('Python', (secret) => `{'db_password': '${secret}', 'db_user': 'ana'}`),
  named('Ruby', (secret) => `{:passphrase=>"${secret}"}`),
  named('flag', (secret) => `mysqldump --password ${secret} --host db`),
  named('flag =', (secret) => `redis-cli --pass=${secret}`),
  named('XML', (secret) => `<login><password>${secret}</password></login>`),
  named(
    'query',
    (secret) => `GET /login?user=ana&client_secret=${secret.replaceAll('#', 'x')}&x=1`,
  ),
  named('encoded', (secret) => `form user%3Dana%26password%3D${secret.replaceAll('%', 'x')}`),
  named('connection', (secret) => `Server=db;User Id=sa;Password=${secret};Database=shop`),
  named('URL', (secret) => `dial postgres://shop:${secret}@db:5432/shop failed`),
  named('URL without a user', (secret) => `redis://:${secret}@cache:6379/0`),
  named('Azure', (secret) => `AccountName=shop;AccountKey=${secret};EndpointSuffix=core`, 80),
  tokenIn('token in a URL', (secret) => `cloning https://${secret}@git.example/shop.git`),
  tokenIn('Bearer', (secret) => `headers: Authorization: Bearer ${secret}`),
  tokenIn('bare Bearer', (secret) => `sent "bearer ${secret}" upstream`),
  tokenIn('header list', (secret) => `{"authorization":["Bearer ${secret}"]}`),
  tokenIn('x-api-key', (secret) => `X-Api-Key: ${secret}`),
  tokenIn('api key', (secret) => `using api key: ${secret}`),
  tokenIn('camel case', (secret) => `Config{accessToken:${secret} region:eu}`),
  tokenIn('access_token', (secret) => `callback?access_token=${secret}&state=7`),
  tokenIn('refresh', (secret) => `"refresh_token" : "${secret}"`),
  tokenIn('Cookie', (secret) => `Cookie: theme=dark; id=${secret}; lang=en`),
  tokenIn('Set-Cookie', (secret) => `set-cookie: id=${secret}; Path=/; HttpOnly`),
  tokenIn('session', (secret) => `JSESSIONID=${secret}`),
  tokenIn('signed URL', (secret) => `https://s3/x?X-Amz-Signature=${secret}&X-Amz-Date=1`),
  tokenIn('SAS', (secret) => `https://blob/x?sv=1&sig=${secret}`),
  tokenIn('kubeconfig', (secret) => `    token: ${secret}\n`),
  tokenIn('AWS secret', (secret) => `aws_secret_access_key = ${secret}`),
  tokenIn('Digest', (secret) => `Authorization: Digest username="ana", response="${secret}"`),
];

const shaped: readonly SecretSample[] = [
  {
    name: 'Basic',
    secret: (pick) => Buffer.from(`ana:${pick(12, small)}`).toString('base64'),
    text: (secret) => `with basic ${secret} set`,
  },
  {
    name: 'JWT',
    secret: (pick) => `eyJ${pick(30, urlSafe)}.eyJ${pick(60, urlSafe)}.${pick(43, small)}`,
    text: bare,
  },
  {
    name: 'PEM',
    secret: (pick) => `${pick(64, base64)}\n${pick(64, base64)}`,
    text: (secret) => `-----BEGIN RSA PRIVATE KEY-----\n${secret}\n-----END RSA PRIVATE KEY-----`,
  },
  {
    name: 'PEM cut off',
    secret: (pick) => pick(200, base64),
    text: (secret) => `key: "-----BEGIN PRIVATE KEY-----\\n${secret}`,
  },
  {
    name: 'bot',
    secret: (pick) => `AA${pick(33, urlSafe)}`,
    text: (secret) => `https://api.telegram.org/bot/123456789:${secret}/getMe`,
  },
  {
    name: 'card',
    secret: (pick) => withCheckDigit(`4${pick(14, digits)}`),
    text: (secret) => `paid with ${secret}, approved`,
  },
  {
    name: 'card in groups',
    secret: (pick) => withCheckDigit(`5${pick(1, '12345')}${pick(13, digits)}`),
    text: (secret) => `card: ${secret.replaceAll(/(\d{4})(?=\d)/g, '$1 ')}`,
  },
];

export const secretCorpus: readonly SecretSample[] = [
  ...prefixes.map(([prefix, length, alphabet]) => withPrefix(prefix, length, alphabet)),
  ...pairs,
  ...shaped,
];

function withCheckDigit(digitsBefore: string): string {
  let sum = 0;
  for (const [index, character] of Array.from(digitsBefore).toReversed().entries()) {
    const doubled = index % 2 === 0 ? Number(character) * 2 : Number(character);
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return `${digitsBefore}${(10 - (sum % 10)) % 10}`;
}
