import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import request from 'supertest';
import { draft } from '../store/samples.ts';
import { waitUntil } from '../support/wait-until.ts';
import { startTestApi } from './support/api.ts';
import type { TestApi } from './support/api.ts';
import { readStream } from './support/read-stream.ts';
import { finish, writeProgress } from './support/story.ts';

let api: TestApi;

beforeAll(async () => {
  api = await startTestApi({ heartbeatMs: 100 });
});

afterAll(async () => {
  await api.close();
});

async function start(): Promise<{ readonly id: string; readonly events: string }> {
  const { body } = await request(api.server)
    .post('/api/v1/investigations')
    .send({ case: 'quiet-night' })
    .expect(202);
  return { id: body.id, events: `${api.url}${body.links.events}` };
}

const idsOf = (reading: { readonly events: readonly { readonly id: number }[] }) =>
  reading.events.map(({ id }) => id);

describe('GET /api/v1/investigations/{id}/events', () => {
  test('TA-31 sends percentage and text of each step as it is written, and ends after the last', async () => {
    const { id, events } = await start();
    await writeProgress(api.store, id, 1, 2);
    let written = 2;
    const reading = await readStream(events, {
      onText: (text) => {
        if (text.includes('id: 2\n') && written === 2) {
          written = 3;
          void writeProgress(api.store, id, 3, 3).then(() => finish(api.store, id));
        }
      },
    });
    expect(reading.type).toBe('text/event-stream; charset=utf-8');
    expect(reading.events.map(({ event }) => event)).toEqual([
      ...['ended', 'ended', 'ended', 'ended', 'finished'],
    ]);
    expect(reading.events.at(0)?.data).toMatchObject({ percent: 20, stage: 'gather-evidence' });
    expect(reading.events.at(-1)?.data).toMatchObject({ percent: 100, text: 'report finished' });
  });

  test('TA-32 gives every reader all events once and in order, while many are written at once', async () => {
    const { id, events } = await start();
    const reading = Promise.all(Array.from({ length: 5 }, () => readStream(events)));
    await Promise.all(
      Array.from({ length: 60 }, (_, index) =>
        api.store.events.append(id, [draft('ended', `step.${index}`)], Date.now()),
      ),
    );
    await finish(api.store, id);
    for (const one of await reading) {
      expect(idsOf(one)).toEqual(Array.from({ length: 62 }, (_, index) => index + 1));
      expect(one.events.map(({ data }) => data.sequence)).toEqual(idsOf(one));
    }
  });

  test('goes on behind the last event that a client has, also after the end', async () => {
    const { id, events } = await start();
    await writeProgress(api.store, id, 1, 3);
    await finish(api.store, id);
    expect(idsOf(await readStream(events))).toEqual([1, 2, 3, 4, 5]);
    expect(idsOf(await readStream(events, { headers: { 'last-event-id': '3' } }))).toEqual([4, 5]);
    expect(idsOf(await readStream(`${events}?after=4`))).toEqual([5]);
    const both = await readStream(`${events}?after=1`, { headers: { 'last-event-id': '4' } });
    expect(idsOf(both)).toEqual([5]);
  });

  test('tells browsers not to come again once there is nothing left', async () => {
    const { id, events } = await start();
    await finish(api.store, id);
    const reading = await readStream(events, { headers: { 'last-event-id': '2' } });
    expect(reading).toMatchObject({ status: 204, text: '' });
  });

  test('gives what became of an action after the end to whoever comes later', async () => {
    const { id, events } = await start();
    await finish(api.store, id);
    await api.store.events.append(id, [draft('action', 'act-1.close')], Date.now());
    const reading = await readStream(events);
    expect(reading.events.map(({ event }) => event)).toEqual(['ended', 'finished', 'action']);
  });

  test('shows signs of life while nothing happens', async () => {
    const { events } = await start();
    const reading = await readStream(events, {
      isEnough: (text) => (text.match(/^: alive\n$/gm)?.length ?? 0) >= 2,
    });
    expect(reading).toMatchObject({ status: 200, events: [], hasEnded: false });
    expect(reading.text).toMatch(/^retry: \d+\n\n/);
  });

  test('lets go of a reader who has left', async () => {
    const { id, events } = await start();
    await writeProgress(api.store, id, 1, 1);
    await readStream(events, { isEnough: (text) => text.includes('id: 1\n') });
    await waitUntil('the request to be over', () => api.log().includes(`${id}/events`));
    expect((await api.store.investigations.get(id))?.endedAt).toBeNull();
  });

  test.each(['abc', '-1', '1.5', '99999999999'])('refuses to go on behind %j', async (after) => {
    const { events } = await start();
    const refused = await fetch(events, { headers: { 'last-event-id': after } });
    expect(refused.status).toBe(422);
    expect(await refused.json()).toMatchObject({
      errors: [{ in: 'header', field: 'last-event-id' }],
    });
  });

  test('does not know the events of an unknown investigation', async () => {
    const refused = await fetch(`${api.url}/api/v1/investigations/inv-none/events`);
    expect(refused.status).toBe(404);
  });
});

describe('streams of a process that stops', () => {
  test('end, and the client goes on elsewhere', async () => {
    const own = await startTestApi();
    const { body } = await request(own.server)
      .post('/api/v1/investigations')
      .send({ case: 'quiet-night' });
    await writeProgress(own.store, body.id, 1, 1);
    const reading = await readStream(`${own.url}${body.links.events}`, {
      onText: (text) => {
        if (text.includes('id: 1\n')) own.stop.abort();
      },
    });
    expect(reading).toMatchObject({ hasEnded: true });
    expect(idsOf(reading)).toEqual([1]);
    await own.close();
  });
});
