import type { Part } from './wire.ts';

/** What the local Gemini sends back. */
export type Reply =
  | {
      readonly kind: 'say';
      readonly parts: readonly Part[];
      readonly finishReason?: string;
      readonly blockReason?: string;
    }
  | {
      readonly kind: 'status';
      readonly status: number;
      readonly body: string;
      readonly contentType: string;
      readonly retryAfter?: string;
    }
  | { readonly kind: 'hang' }
  | { readonly kind: 'drop' };

export function call(name: string, args: Readonly<Record<string, unknown>>): Part {
  return { functionCall: { name, args: { ...args } } };
}

export function say(...parts: readonly Part[]): Reply {
  return { kind: 'say', parts };
}

export function json(value: unknown): Reply {
  return say({ text: JSON.stringify(value) });
}

export function googleError(status: number, name: string, details: readonly unknown[] = []): Reply {
  const error = { code: status, message: `scripted ${name}`, status: name, details };
  return {
    kind: 'status',
    status,
    body: JSON.stringify({ error }),
    contentType: 'application/json',
  };
}
