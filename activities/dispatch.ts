import { canonicalJson } from '../core/safety/canonical-json.ts';
import { guard } from '../core/safety/guard.ts';
import type { GuardApproval } from '../core/safety/guard.ts';
import type { Tool, ToolContext, ToolResult } from '../core/ports/tool.ts';
import { keptSize, refitDigest } from '../core/fit-digest.ts';
import { isAppError } from '../core/errors.ts';
import { untilAborted } from '../core/until-aborted.ts';
import type { EffectClass } from '../core/schemas/action.ts';
import { digestSchema } from '../core/schemas/digest.ts';
import { evidenceDraftSchema } from '../core/schemas/evidence.ts';
import type { Evidence, EvidenceDraft } from '../core/schemas/evidence.ts';
import type { Role } from '../core/schemas/roles.ts';
import type { Observed, ToolCall } from '../core/schemas/tool-call.ts';
import { toWellFormed } from './to-well-formed.ts';

/** The tools there are, by name. */
export type Catalogue = Readonly<Record<string, Tool>>;

/** Attempts at a call whose backend asks to come back later; what the last one gets is a result. */
const attempts = 3;

export interface DispatchRequest {
  readonly call: ToolCall;
  readonly role: Role;
  readonly round: number;
  /** Tools that this role may call; frozen with the roster. Null means any registered tool. */
  readonly allowed: readonly string[] | null;
  readonly context: Omit<ToolContext, 'signal'>;
  readonly signal: AbortSignal;
  /** Which attempt this is at the step that makes the call, counted from 1; absent where nobody would try again. */
  readonly attempt?: number;
  /** For writes: the approval under which the call is made, and the hash of the plan that is being carried out. */
  readonly approval?: GuardApproval;
  readonly planHash?: string;
}

export interface Dispatched {
  readonly observed: Observed;
  readonly evidence: readonly Evidence[];
}

/**
 * Makes the one way by which any tool is ever called: guard first, then the input schema, then the call within its time-out, then the evidence
 * and digest are checked and named. Nothing runs before the guard has said yes; an unknown tool is denied. Whatever goes wrong is an
 * error result, so that one bad tool never ends a loop; only a cancelled step rejects, and one whose backend asked it to come back later, twice at most.
 */
export function createDispatcher(deps: {
  readonly catalogue: Catalogue;
  readonly now: () => number;
  readonly sha256Hex: (text: string) => string;
}): (request: DispatchRequest) => Promise<Dispatched> {
  return async (request) => {
    const name = request.call.tool;
    const tool = Object.hasOwn(deps.catalogue, name) ? deps.catalogue[name] : undefined;
    const effect: EffectClass | undefined =
      tool !== undefined && (request.allowed?.includes(name) ?? true) ? tool.effect : undefined;
    const verdict = guard({
      toolName: name,
      effect,
      ...(request.approval === undefined ? {} : { approval: request.approval }),
      ...(request.planHash === undefined ? {} : { planHash: request.planHash }),
    });
    if (tool === undefined || effect === undefined) {
      return failure(
        name,
        'unsafe.unknown-tool',
        verdict.because,
        'Call one of the tools of this role.',
      );
    }
    if (verdict.kind !== 'allow') return failure(name, 'unsafe.denied', verdict.because);
    const input = tool.input.safeParse(request.call.input);
    if (!input.success) {
      const issue = input.error.issues[0];
      const where = issue === undefined ? '' : `${issue.path.join('.')}: ${issue.message}`;
      return failure(name, 'invalid.tool-input', `${name}: ${where}`, tool.description);
    }
    const result = await run(tool, input.data, request);
    if (!result.ok) return failure(name, result.code, result.message, result.hint);
    try {
      return keep(name, result, { request, takenAt: deps.now(), sha256Hex: deps.sha256Hex });
    } catch (error) {
      const message = error instanceof Error ? error.message : 'an unknown error';
      return failure(name, 'bug.invariant', `${name} brought what cannot be kept: ${message}`);
    }
  };
}

interface Making {
  readonly request: DispatchRequest;
  readonly takenAt: number;
  readonly sha256Hex: (text: string) => string;
}

/** Checks and names what a tool brought. Throws for evidence or a digest that is not of its shape. */
function keep(name: string, result: Extract<ToolResult, { ok: true }>, made: Making): Dispatched {
  const evidence = result.evidence.map((draft) => nameEvidence(name, draft, made));
  const observed: Observed = {
    ok: true,
    tool: name,
    evidenceIds: evidence.slice(0, 8).map((one) => one.id),
    digest: refitDigest(digestSchema.parse(result.digest), keptSize),
  };
  return { observed, evidence };
}

async function run(tool: Tool, input: unknown, request: DispatchRequest): Promise<ToolResult> {
  const timeout = AbortSignal.timeout(tool.timeoutMs);
  const signal = AbortSignal.any([request.signal, timeout]);
  try {
    return await untilAborted(tool.run(input, { ...request.context, signal }), signal);
  } catch (error) {
    if (request.signal.aborted) throw error;
    if (timeout.aborted) {
      const message = `${tool.name} gave no answer within ${tool.timeoutMs} ms`;
      return { ok: false, code: 'timeout.backend', message, hint: 'Narrow the query.' };
    }
    if (isAppError(error)) {
      // The step is tried again when the backend says, and others work meanwhile.
      if (error.code === 'rate-limited.backend' && (request.attempt ?? attempts) < attempts) {
        throw error;
      }
      return { ok: false, code: error.code, message: error.message };
    }
    const message = error instanceof Error ? error.message : 'an unknown error';
    return { ok: false, code: 'bug.invariant', message: `${tool.name} failed: ${message}` };
  }
}

function nameEvidence(tool: string, draft: EvidenceDraft, made: Making): Evidence {
  const checked = evidenceDraftSchema.parse(toWellFormed(draft));
  const { kind, key, source, query, window, data } = checked;
  const hash = made.sha256Hex(canonicalJson({ kind, key, source, query, window, data }));
  return {
    ...checked,
    id: `ev-${hash.slice(0, 16)}`,
    tool,
    arguments: made.request.call.input,
    role: made.request.role,
    round: made.request.round,
    takenAt: made.takenAt,
  };
}

function failure(tool: string, code: string, message: string, hint?: string): Dispatched {
  return {
    observed: {
      ok: false,
      tool,
      code,
      message: message.slice(0, 500),
      ...(hint === undefined ? {} : { hint: hint.slice(0, 300) }),
    },
    evidence: [],
  };
}
