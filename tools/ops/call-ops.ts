import { z } from '../../core/schemas/z.ts';
import { defineTool } from '../../core/tool.ts';
import { draftEvidence } from '../draft-evidence.ts';
import { replyData, replyFacts } from '../reply-data.ts';

/**
 * Sends one write to a service's operator endpoint. Whatever the service answers is a result, refusals too: whoever carries an action out must see the
 * status. Where no answer comes the write may have happened, and the call fails as the client says.
 */
export const callOps = defineTool({
  name: 'call-ops',
  description:
    'Posts to an operator endpoint (/ops/...) of a service in the registry, for instance /ops/rollback. A write: it needs an approved plan, and its idempotency key makes it happen at most once.',
  input: z.strictObject({
    service: z.string().min(1).max(120),
    path: z
      .string()
      .max(200)
      .regex(/^\/ops\/[a-z/-]+$/),
    body: z.json(),
    idempotencyKey: z.string().min(8).max(128),
  }),
  effect: 'write-reversible',
  timeoutMs: 15_000,
  run: async ({ service, path, body, idempotencyKey }, { ops, window, signal }) => {
    const reply = await ops.post({ service, path, body, idempotencyKey, signal });
    const url = ops.urlOf(service, path);
    return {
      ok: true,
      digest: { notes: [`${service} answered ${reply.status}`, ...replyFacts(reply.body)] },
      evidence: [
        draftEvidence({
          key: `${service}${path}/${idempotencyKey}`,
          kind: 'ops',
          title: `POST ${path} to ${service}: ${reply.status}`,
          read: { query: `POST ${path} ${JSON.stringify(body)}`, source: url },
          window,
          view: 'text',
          data: replyData(url, reply),
        }),
      ],
    };
  },
});
