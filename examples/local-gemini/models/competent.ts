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

/** A look that is on offer and that the text does not tell of: at who calls whom, at faint lines, at what was changed of a leading suspect, else at the suspects themselves. */
function missingLook(prompt: Prompt): ReturnType<typeof call> | null {
  const suspects = hypothesesIn(prompt.text)
    .slice(0, 3)
    .map(({ name }) => name)
    .filter((name) => !/^(?:database|queue|node|instance) |\(outside\)$/.test(name));
  return (
    unreadMap(prompt, suspects) ??
    faintLines(prompt) ??
    unreadChange(prompt, suspects) ??
    unseenSuspect(prompt, suspects)
  );
}

/** Who calls whom tells a cause from those it harms: where nothing seen shows it, what was written down may. */
function unreadMap(prompt: Prompt, suspects: readonly string[]) {
  const isTold = /^- .+ calls .+ \(\d+\)$/m.test(prompt.text);
  if (isTold || suspects.length < 2 || !isThere(prompt, 'topology')) return null;
  return ask(prompt, 'read-topology', {}, 'Who calls whom would tell cause from harm.');
}

/** Lines that nobody wrote before, but too few of them among those of all to stand out: by themselves they may. */
function faintLines(prompt: Prompt) {
  const lines = prompt.text.matchAll(/^- (\S+): log-new “.*” up .* \(score ([12]\.\d)[,)]/gm);
  for (const [, service = ''] of lines) {
    const because = 'It wrote something new; its own lines alone may tell whether that matters.';
    const look = ask(prompt, 'cluster-logs', { services: [service] }, because);
    if (look !== null) return look;
  }
  return null;
}

/** Suspects one after the other, by their spans first: whose calls are told of can be looked into. */
function unseenSuspect(prompt: Prompt, suspects: readonly string[]) {
  const callers = suspects.filter((name) => prompt.text.includes(`\n- ${name} calls `));
  const others = suspects.filter((name) => !callers.includes(name));
  const traced = isThere(prompt, 'traces') ? [...callers, ...others] : [];
  const looks = [
    ...traced.map((service) => ({ tool: 'inspect-spans', input: { service } })),
    ...suspects.flatMap((service) => [
      { tool: 'cluster-logs', input: { services: [service] } },
      { tool: 'inspect-metrics', input: { service } },
      { tool: 'read-log-lines', input: { service } },
    ]),
  ];
  for (const { tool, input } of looks) {
    const because = 'It has not been looked at, and may tell them apart.';
    const look = ask(prompt, tool, input, because);
    if (look !== null) return look;
  }
  return null;
}

function isThere({ text }: Prompt, kind: string): boolean {
  const [, kinds = ''] = /^telemetry: (.*)$/m.exec(text) ?? [];
  return kinds.split(', ').some((one) => one.startsWith(`${kind} (`) && !one.includes('(0 '));
}

/** A call that is on offer and was not made yet. */
function ask(prompt: Prompt, tool: string, input: object, because: string) {
  const offered = offer(prompt, tool);
  if (offered === undefined || isMade(prompt, tool, input)) return null;
  return call(offered, { ...input, because });
}

/** What a change of a suspect does is in its diff: it is held against what is seen before it is blamed for coming at the same time. */
function unreadChange(prompt: Prompt, suspects: readonly string[]) {
  const { text } = prompt;
  const match = offer(prompt, 'match-changes');
  const lines = text.match(/^- change \S+: [a-z]+ of \S+ at/gm) ?? [];
  const isTelling = lines.some((line) => suspects.some((name) => line.includes(` of ${name} at`)));
  if (match === undefined || !isTelling || text.includes('## match-changes')) return null;
  const named = text.match(/: [a-z-]+ “[^”]{1,200}”/g) ?? [];
  const symptoms = [...new Set(named.map((one) => one.slice(one.indexOf('“') + 1, -1)))];
  return call(match, {
    services: suspects,
    symptoms: symptoms.slice(0, 60),
    because: 'Does the diff of any change do what is seen?',
  });
}

function offer({ functions }: Prompt, tool: string): string | undefined {
  return functions.find((name) => name === tool || name.endsWith(`.${tool}`));
}

function isMade({ text }: Prompt, tool: string, input: object): boolean {
  return text.includes(`## ${tool} ${JSON.stringify(input).slice(0, -1)}`);
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
