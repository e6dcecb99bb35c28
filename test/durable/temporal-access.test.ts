import { writeFileSync } from 'node:fs';
import { createSecureServer } from 'node:http2';
import { connect } from 'node:net';
import type { AddressInfo, Server } from 'node:net';
import { join } from 'node:path';
import { createServer } from 'node:tls';
import type { TLSSocket } from 'node:tls';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { checkTemporalServer } from '../../cli/check-temporal.ts';
import { makeCertificate } from '../support/certificate.ts';
import { caseOf } from '../support/incidents.ts';
import { investigate, reportOf, startLine } from '../support/line.ts';
import { sharedTemporal } from '../support/temporal.ts';
import { openTestFolder } from '../support/test-folder.ts';

const folders = openTestFolder('temporal-access');
const server = makeCertificate('temporal');
const client = makeCertificate('holdfast');
const stranger = makeCertificate('stranger');
let proxy: Server;
let access: Readonly<Record<string, string>> = {};

/** A real server behind one that speaks TLS and lets in our client only, as Temporal Cloud and a server with mTLS do. */
beforeAll(async () => {
  const [host = '', port = ''] = sharedTemporal().address.split(':');
  const options = { ...server, ca: [client.cert], requestCert: true, rejectUnauthorized: true };
  proxy = createServer({ ...options, ALPNProtocols: ['h2'] }, (socket: TLSSocket) => {
    const behind = connect(Number(port), host);
    for (const one of [socket, behind]) one.on('error', () => undefined);
    socket.pipe(behind).pipe(socket);
    socket.on('close', () => behind.destroy());
    behind.on('close', () => socket.destroy());
  });
  const folder = folders.open();
  const file = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  access = {
    TEMPORAL_ADDRESS: await addressOf(proxy),
    TEMPORAL_TLS_SERVER_CA_CERT_PATH: file('server.pem', server.cert),
    TEMPORAL_TLS_CLIENT_CERT_PATH: file('client.pem', client.cert),
    TEMPORAL_TLS_CLIENT_KEY_PATH: file('client.key', client.key),
    strangerCert: file('stranger.pem', stranger.cert),
    strangerKey: file('stranger.key', stranger.key),
  };
});

afterAll(() => {
  proxy?.close();
  folders.remove();
});

/** As doctor looks, with time enough for a busy machine. */
const look = (env: NodeJS.ProcessEnv) => checkTemporalServer(env, 30_000);

async function addressOf(listening: Server): Promise<string> {
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
  return `127.0.0.1:${(listening.address() as AddressInfo).port}`;
}

describe('a Temporal server that asks who connects', () => {
  test('lets API and worker in by certificate, and an investigation comes to its end', async () => {
    const { TEMPORAL_ADDRESS: temporalAddress = '', ...env } = access;
    const line = await startLine({ temporalAddress, env });
    try {
      const id = await investigate(line, { case: caseOf('bad-deploy') });
      expect((await reportOf(line, id)).verdict).toBe('cause-found');
    } finally {
      await line.stop();
    }
  }, 240_000);

  test('is what doctor says it is: well, or what is wrong with how we come', async () => {
    expect(await look(access)).toMatchObject({ isWell: true });
    const { strangerCert, strangerKey } = access;
    const differently = async (changes: Readonly<Record<string, string | undefined>>) =>
      (await look({ ...access, ...changes })).found;
    expect(await differently({ TEMPORAL_NAMESPACE: 'nobodys' })).toMatch(
      /has no namespace nobodys/,
    );
    expect(await differently({ TEMPORAL_TLS_SERVER_CA_CERT_PATH: '' })).toMatch(/does not answer/);
    expect(
      await differently({
        TEMPORAL_TLS_CLIENT_CERT_PATH: strangerCert,
        TEMPORAL_TLS_CLIENT_KEY_PATH: strangerKey,
      }),
    ).toMatch(/does not answer/);
    expect(await differently({ TEMPORAL_TLS_CLIENT_KEY_PATH: '/none.key' })).toMatch(
      /TEMPORAL_TLS_CLIENT_KEY_PATH names \/none.key, which cannot be read/,
    );
    const unencrypted = { TEMPORAL_ADDRESS: access['TEMPORAL_ADDRESS'] };
    expect((await look(unencrypted)).isWell).toBe(false);
  }, 240_000);

  test('is given the API key by TLS, and doctor says when it is refused', async () => {
    const keys: unknown[] = [];
    const refusing = createSecureServer(server).on('stream', (stream, { authorization }) => {
      keys.push(authorization);
      const unauthenticated = { 'content-type': 'application/grpc', 'grpc-status': '16' };
      stream.respond(unauthenticated, { endStream: true });
    });
    try {
      const found = await look({
        TEMPORAL_ADDRESS: await addressOf(refusing),
        TEMPORAL_API_KEY: 'key-1',
        TEMPORAL_TLS_SERVER_CA_CERT_PATH: access['TEMPORAL_TLS_SERVER_CA_CERT_PATH'],
      });
      expect(found).toMatchObject({ isWell: false, found: expect.stringMatching(/let us in$/) });
      expect(keys[0]).toBe('Bearer key-1');
    } finally {
      refusing.close();
    }
  }, 240_000);

  test('without search attributes of ours is told by their names', async () => {
    const found = await look({ ...access, TEMPORAL_NAMESPACE: 'temporal-system' });
    expect(found.found).toMatch(/lacks the search attributes .*Service.*Verdict/);
  }, 240_000);
});
