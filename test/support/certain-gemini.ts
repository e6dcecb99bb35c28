import { createServer } from 'node:http';
import { competent } from '../../examples/local-gemini/models/competent.ts';
import { readPrompt } from '../../examples/local-gemini/prompt.ts';
import { requestSchema } from '../../examples/local-gemini/wire.ts';
import type { Part } from '../../examples/local-gemini/wire.ts';

/** A Gemini that reasons competently and says with everything how sure it is of itself. */
export interface CertainGemini {
  readonly url: string;
  close(): Promise<void>;
}

/** Of its diagnosis, this sentence is carried by no evidence. */
export const unfounded = 'Nine tenths of the disc of the gateway were full: 91.7 %.';

/** Starts one that is `sure` of itself in [0, 1]. */
export async function startCertainGemini(sure: number): Promise<CertainGemini> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const asked = requestSchema.parse(JSON.parse(Buffer.concat(chunks).toString('utf8')));
      const reply = competent(readPrompt(asked));
      const parts =
        reply.kind === 'say' ? reply.parts.map((part) => withCertainty(part, sure)) : [];
      const turn = {
        candidates: [{ index: 0, content: { role: 'model', parts }, finishReason: 'STOP' }],
        usageMetadata: { promptTokenCount: 100, candidatesTokenCount: 10, totalTokenCount: 110 },
      };
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.end(`data: ${JSON.stringify(turn)}\r\n\r\n`);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

type Fields = Readonly<Record<string, unknown>>;

/** Says it in a field of its own wherever there are fields, of every claim too, and in words. */
function withCertainty(part: Part, sure: number): Part {
  if (part.functionCall !== undefined) {
    const { name, args } = part.functionCall;
    return { functionCall: { name, args: certain(args, sure) } };
  }
  const value = JSON.parse(part.text ?? '{}') as Fields;
  const { rootCause, claims } = value;
  const said =
    rootCause === undefined
      ? value
      : {
          ...value,
          rootCause: certain(rootCause as Fields, sure),
          claims: [
            ...(claims as readonly Fields[]),
            { text: unfounded, evidenceIds: (rootCause as { evidenceIds: unknown }).evidenceIds },
          ],
        };
  return { text: JSON.stringify(certain(said, sure)) };
}

function certain(fields: Fields, sure: number): Record<string, unknown> {
  const { claims, reasoning } = fields;
  return {
    ...fields,
    ...(typeof reasoning === 'string' && {
      reasoning: `I am ${sure * 100} % sure. ${reasoning}`.slice(0, 500),
    }),
    ...(Array.isArray(claims) && {
      claims: claims.map((claim: Fields) => ({ ...claim, confidence: sure })),
    }),
    confidence: sure,
    certainty: sure,
  };
}
