import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { afterEach, describe, expect, test } from '@jest/globals';
import { listen } from '../../api/listen.ts';

const servers: Server[] = [];

function server(): Server {
  const made = createServer((_request, response) => response.end('here'));
  servers.push(made);
  return made;
}

afterEach(async () => {
  const open = servers.splice(0).filter((one) => one.listening);
  await Promise.all(open.map((one) => new Promise((done) => one.close(done))));
});

describe('listen', () => {
  test('takes the next port when the one asked for is taken, and says which', async () => {
    const first = await listen(server(), { host: '127.0.0.1', port: 0 });
    const port = Number(new URL(first).port);
    const second = await listen(server(), { host: '127.0.0.1', port });
    expect(Number(new URL(second).port)).toBeGreaterThan(port);
    expect(await (await fetch(second)).text()).toBe('here');
  });

  test('says what to correct when nobody can listen there', async () => {
    await expect(listen(server(), { host: '203.0.113.1', port: 8_080 })).rejects.toMatchObject({
      code: 'invalid.config',
      message: expect.stringMatching(/203[.]0[.]113[.]1.*HOLDFAST_HOST.*EADDRNOTAVAIL/),
    });
  });
});
