import { generateKeyPairSync, sign } from 'node:crypto';

/** A certificate that vouches for itself, and its key, both in PEM. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

/** Makes one (X.509 version 3, ECDSA on P-256) for 127.0.0.1 and `localhost`, for client and server, good for a day before and after now. */
export function makeCertificate(commonName: string): Certificate {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  const name = sequence(set(sequence(identifier('550403'), utf8(commonName))));
  const ecdsaWithSha256 = sequence(identifier('2a8648ce3d040302'));
  const dayMs = 86_400_000;
  const altNames = sequence(
    tag(0x82, Buffer.from('localhost')),
    tag(0x87, Buffer.from([127, 0, 0, 1])),
  );
  const body = sequence(
    tag(0xa0, integer(2)),
    integer(1),
    ecdsaWithSha256,
    name,
    sequence(time(Date.now() - dayMs), time(Date.now() + dayMs)),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    tag(0xa3, sequence(sequence(identifier('551d11'), tag(0x04, altNames)))),
  );
  const signature = sign('sha256', body, privateKey);
  const der = sequence(body, ecdsaWithSha256, tag(0x03, Buffer.concat([zero, signature])));
  const lines = der.toString('base64').replaceAll(/(.{64})/g, '$1\n');
  return {
    cert: `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`,
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}

const zero = Buffer.from([0]);

/** One value in DER. */
function tag(kind: number, ...contents: readonly Buffer[]): Buffer {
  const content = Buffer.concat(contents);
  const { length } = content;
  const bytes = length > 0xff ? [length >> 8, length & 0xff] : [length];
  const size = length < 0x80 ? bytes : [0x80 + bytes.length, ...bytes];
  return Buffer.concat([Buffer.from([kind, ...size]), content]);
}

const sequence = (...contents: readonly Buffer[]): Buffer => tag(0x30, ...contents);
const set = (content: Buffer): Buffer => tag(0x31, content);
const identifier = (hex: string): Buffer => tag(0x06, Buffer.from(hex, 'hex'));
const utf8 = (text: string): Buffer => tag(0x0c, Buffer.from(text));
const integer = (value: number): Buffer => tag(0x02, Buffer.from([value]));
/** Two digits a part, from the year to the second. */
function time(at: number): Buffer {
  const text = new Date(at).toISOString().replaceAll(/[-:T]|\.\d+/g, '');
  return tag(0x17, Buffer.from(text.slice(2)));
}
