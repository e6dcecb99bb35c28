const deadlineMs = 30_000;

/** What the server said instead of an answer. Source: RFC 9457. */
export class ApiProblem extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/** Gets what is at a path. The type is a promise of the server, which checks what it sends by the schema of that name. */
export async function getJson<Body>(path: string, signal?: AbortSignal): Promise<Body> {
  return send<Body>(path, { signal: withDeadline(signal) });
}

export async function postJson<Body>(path: string, body: unknown): Promise<Body> {
  return send<Body>(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
    signal: withDeadline(),
  });
}

async function send<Body>(
  path: string,
  {
    headers = {},
    ...init
  }: Omit<RequestInit, 'headers'> & { readonly headers?: Readonly<Record<string, string>> },
): Promise<Body> {
  const response = await fetch(path, {
    ...init,
    headers: { accept: 'application/json', ...headers },
  });
  if (!response.ok) throw await problemOf(response);
  return (await response.json()) as Body;
}

function withDeadline(signal?: AbortSignal): AbortSignal {
  const deadline = AbortSignal.timeout(deadlineMs);
  return signal === undefined ? deadline : AbortSignal.any([signal, deadline]);
}

async function problemOf(response: Response): Promise<ApiProblem> {
  const body: unknown = await response.json().catch(() => null);
  const fields = (typeof body === 'object' && body !== null ? body : {}) as Record<string, unknown>;
  const text = (name: string): string => (typeof fields[name] === 'string' ? fields[name] : '');
  const message = text('detail') || `the server answered ${response.status}`;
  return new ApiProblem(response.status, text('code'), message);
}
