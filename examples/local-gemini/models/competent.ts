import { hypothesesIn, linesUnder, seenIn } from '../prompt.ts';
import type { Prompt, Seen } from '../prompt.ts';
import { call, json, say } from '../reply.ts';
import type { Reply } from '../reply.ts';

/**
 * Reasons as a good analyst would, by rules on what the prompt says: does what the policy proposes, looks at what nobody has looked at where the policy would
 * give up, and concludes with sentences that it can show.
 */
export function competent(prompt: Prompt): Reply {
  if (prompt.fields.includes('questions')) return plan(prompt);
  if (prompt.fields.includes('rootCause')) return diagnose(prompt);
  const [would = ''] = linesUnder(prompt.text, 'What the embedded policy would do');
  if (would.startsWith('conclude (no-conclusion)')) {
    const wanted = missingLook(prompt);
    if (wanted !== null) return say({ text: 'Nobody has looked there yet.' }, wanted);
  }
  return say(
    call('conclude', { reasoning: reasonFor(prompt), claims: sentences(seenIn(prompt.text)) }),
  );
}

function reasonFor({ text }: Prompt): string {
  const [leading] = hypothesesIn(text);
  return leading === undefined
    ? 'Nothing stands out in what was looked at.'
    : `${leading.name} stands out by ${leading.fault}, and what could contradict it was looked at.`;
}

/** The looks that tell most about a suspect, most telling first. */
const looks = [
  { name: 'inspect-spans', field: 'service' },
  { name: 'read-log-lines', field: 'service' },
  { name: 'inspect-metrics', field: 'service' },
] as const;

/** A look at one of the leading suspects, or at a change, that is on offer and that the text does not tell of. */
function missingLook({ text, functions }: Prompt): ReturnType<typeof call> | null {
  const made = new Set(seenIn(text).map(({ tool, input }) => `${tool} ${input}`));
  const suspects = hypothesesIn(text)
    .slice(0, 3)
    .map(({ name }) => name.replace(/^(?:database|queue|node|instance|external) /, ''));
  for (const { name, field } of looks) {
    const offered = functions.find((one) => one === name || one.endsWith(`.${name}`));
    if (offered === undefined) continue;
    const subject = suspects.find(
      (one) => !made.has(`${name} ${JSON.stringify({ [field]: one })}`),
    );
    if (subject !== undefined) {
      return call(offered, { [field]: subject, because: `What does ${subject} itself show?` });
    }
  }
  const inspect = functions.find((one) => one.endsWith('inspect-change'));
  const change = text.match(/^- change (\S+):/gm)?.map((line) => line.slice(9, -1)) ?? [];
  const unread = change.find((id) => !made.has(`inspect-change ${JSON.stringify({ id })}`));
  if (inspect === undefined || unread === undefined) return null;
  return call(inspect, { id: unread, because: `Did ${unread} change anything?` });
}

/** Sentences that repeat what the strongest lines say, each with the evidence it stands in. */
function sentences(seen: readonly Seen[]) {
  return seen
    .flatMap(({ lines, evidenceIds }) => lines.slice(0, 1).map((line) => ({ line, evidenceIds })))
    .flatMap(({ line, evidenceIds }) => {
      const found = /^- (.+?): ([a-z-]+) “.*” (up|down) (\S+) → (\S+) (\S+) \(/.exec(line);
      if (found === null || evidenceIds.length === 0) return [];
      const [, who, aspect, direction, before, after, unit] = found;
      const of = unit === '1' ? '' : ` ${unit}`;
      const text = `${who}: ${aspect} went ${direction} from ${before} to ${after}${of}.`;
      return [{ text, evidenceIds: evidenceIds.slice(0, 8) }];
    })
    .slice(0, 4);
}

function plan({ text }: Prompt): Reply {
  const [title = ''] = linesUnder(text, 'Alert');
  const questions = linesUnder(text, 'The plan').flatMap((line) => {
    const found = /^- ([a-z-]+) \(.*?\): (.*)$/.exec(line);
    if (found === null) return [];
    const [, role, question] = found;
    return [{ role, question: `${question} (${title.replace('title: ', '')})`.slice(0, 300) }];
  });
  return json({ reasoning: 'Each is asked about what was alerted.', questions });
}

function diagnose({ text }: Prompt): Reply {
  const claims = linesUnder(text, 'Claims, verified').map(citedLine);
  const [cause] = linesUnder(text, 'Cause, verified');
  const rootCause = cause === undefined ? null : citedLine(cause);
  const known = rootCause?.evidenceIds ?? [];
  return json({
    rootCause:
      rootCause === null || known.length === 0
        ? { text: 'No cause was found.', evidenceIds: [] }
        : rootCause,
    causalChain: linesUnder(text, 'Chain').map((line) => ({
      text: `${line.slice(2).replace(' → ', ' harmed ')}.`,
      evidenceIds: known,
    })),
    claims: claims.slice(0, 8),
    remediationSteps: [
      {
        step: 'Take the change back, or relieve what is short.',
        tradeOff: 'What it brought is lost.',
      },
    ],
    verificationSteps: ['The share of failed requests is as before.'],
    followUps: ['Alert on the first sign of it.'],
  });
}

function citedLine(line: string) {
  const start = line.lastIndexOf(' [');
  const text = (start < 0 ? line : line.slice(0, start)).slice(2);
  return { text: text.slice(0, 400), evidenceIds: line.match(/ev-[0-9a-f]{16}/g) ?? [] };
}
