import { z } from '../../core/schemas/z.ts';
import { defineTool } from '../../core/tool.ts';
import { draftEvidence } from '../draft-evidence.ts';
import { replyData, replyFacts } from '../reply-data.ts';

/** Reads one of a service's own operator endpoints. */
export const readOps = defineTool({
  name: 'read-ops',
  description:
    'Reads an operator endpoint (/ops/...) of a service in the registry, for instance /ops/status: the release that serves, its settings, its dependencies.',
  input: z.strictObject({
    service: z.string().min(1).max(120),
    path: z
      .string()
      .max(200)
      .regex(/^\/ops\/[a-z0-9/-]+$/),
  }),
  effect: 'read',
  needs: 'ops',
  timeoutMs: 10_000,
  run: async ({ service, path }, { ops, window, signal }) => {
    const reply = await ops.get({ service, path, signal });
    const url = ops.urlOf(service, path);
    if (reply.status >= 400) {
      return {
        ok: false,
        code: reply.status === 404 ? 'not-found.data' : 'unavailable.backend',
        message: `${service} answered GET ${path} with ${reply.status}`,
        query: `GET ${url}`,
        hint: 'Ask for /ops/status, or check the token in the service registry.',
      };
    }
    return {
      ok: true,
      digest: { notes: [`${service} answered ${reply.status}`, ...replyFacts(reply.body)] },
      evidence: [
        draftEvidence({
          key: `${service}${path}`,
          kind: 'ops',
          title: `${service} about itself: ${path}`,
          read: { query: `GET ${path}`, source: url },
          window,
          view: 'text',
          data: replyData(url, reply),
        }),
      ],
    };
  },
});
