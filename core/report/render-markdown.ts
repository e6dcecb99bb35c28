import type { Entity } from '../schemas/primitives.ts';
import type { Report } from '../schemas/report.ts';
import { escapeMarkdown } from './escape-markdown.ts';

/**
 * Writes a report as Markdown for someone who was woken by it: what it is and since when in the first lines, then why, how it spread, what was ruled
 * out, what was not seen, and what can be done. All text of the report is escaped, so telemetry in it stays text.
 */
export function renderMarkdown(report: Report): string {
  const sections = [
    headOf(report),
    section(report.causes.length > 1 ? 'Causes' : 'Cause', causesOf(report)),
    section('Why', whyOf(report)),
    section('How it spread', chainOf(report)),
    section('In the words of the model', diagnosisOf(report)),
    section('What would help', remediesOf(report)),
    section('Actions', actionsOf(report)),
    section('Timeline', timelineOf(report)),
    section('Ruled out', ruledOutOf(report)),
    section('Not seen', gapsOf(report)),
    section('Considered', rankingOf(report)),
    section('How it was found', iterationsOf(report)),
    footOf(report),
  ];
  return `${sections.filter((one) => one !== '').join('\n\n')}\n`;
}

const safe = escapeMarkdown;

function section(title: string, lines: readonly string[]): string {
  return lines.length === 0 ? '' : [`## ${title}`, '', ...lines].join('\n');
}

function headOf(report: Report): string {
  const [cause] = report.causes;
  const lines = [`# ${headline(report)}`, '', safe(report.summary)];
  const facts = [
    `- Verdict: **${report.verdict}**${report.status === 'completed' ? '' : ` (${report.status})`}`,
    ...(report.onset === null ? [] : [`- Since: ${spanOf(report.onset)}`]),
    ...(cause === undefined ? [] : [`- Confidence: ${percent(cause.confidence)}`]),
    ...(cause === undefined || cause.changeId === null
      ? []
      : [`- Change: ${safe(cause.changeId)}`]),
    ...(report.ended === 'answered' ? [] : [`- Ended by: ${report.ended}`]),
  ];
  return [...lines, '', ...facts].join('\n');
}

/** Verdict and cause in one sentence. */
function headline({ verdict, causes, status, ranking }: Report): string {
  const [cause] = causes;
  if (cause !== undefined) {
    const by = cause.changeId === null ? '' : `, by ${safe(cause.changeId)}`;
    return `${named(cause.entity)}: ${cause.faultKind}${by}`;
  }
  if (status === 'cancelled') return 'Cancelled before a cause was named';
  if (verdict === 'no-cause-found') return 'No cause found';
  const [first] = ranking;
  return first === undefined
    ? 'Too little to tell'
    : `Too little to tell; most suspicious is ${named(first.entity)}`;
}

function named(entity: Entity): string {
  return entity.kind === 'service' ? safe(entity.name) : `${safe(entity.name)} (${entity.kind})`;
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

function spanOf(onset: { readonly earliest: string; readonly latest: string }): string {
  return onset.earliest === onset.latest
    ? safe(onset.earliest)
    : `between ${safe(onset.earliest)} and ${safe(onset.latest)}`;
}

function cited(evidenceIds: readonly string[]): string {
  return evidenceIds.length === 0 ? '' : ` [${evidenceIds.map(safe).join(', ')}]`;
}

function causesOf({ causes }: Report): string[] {
  return causes.map(
    ({ entity, faultKind, mechanism, confidence, evidenceIds }) =>
      `- **${named(entity)}**, ${faultKind} (${percent(confidence)}): ${safe(mechanism)}${cited(evidenceIds)}`,
  );
}

function whyOf({ claims }: Report): string[] {
  return claims.map(
    ({ text, evidenceIds, checked }) =>
      `- ${safe(text)}${cited(evidenceIds)}${checked ? '' : ' (not verified)'}`,
  );
}

function chainOf({ chain }: Report): string[] {
  return chain.map(({ from, to, tests, evidenceIds }, index) => {
    const failed = Object.entries(tests).flatMap(([name, passed]) => (passed ? [] : [name]));
    const doubt = failed.length === 0 ? '' : ` (not shown: ${failed.join(', ')})`;
    return `${index + 1}. ${named(from)} → ${named(to)}${doubt}${cited(evidenceIds)}`;
  });
}

/** Only what its evidence carries; steps are advice. */
function diagnosisOf({ diagnosis }: Report): string[] {
  if (diagnosis === undefined) return [];
  const { rootCause, causalChain, validatedClaims, notValidatedClaims } = diagnosis;
  const { remediationSteps, verificationSteps, followUps, validityRatio, model } = diagnosis;
  const facts = [...(rootCause === null ? [] : [rootCause]), ...causalChain, ...validatedClaims];
  return [
    ...facts.map(({ text, evidenceIds }) => `- ${safe(text)}${cited(evidenceIds)}`),
    ...remediationSteps.map(({ step, tradeOff }) => `- Advice: ${safe(step)} (${safe(tradeOff)})`),
    ...verificationSteps.map((step) => `- Advice, to see that it worked: ${safe(step)}`),
    ...followUps.map((step) => `- Advice for later: ${safe(step)}`),
    `- ${safe(model)}: ${percent(validityRatio)} of its sentences are carried by evidence, ${notValidatedClaims.length} left out; its advice is not checked`,
  ];
}

function timelineOf({ timeline }: Report): string[] {
  return timeline.map(
    ({ at, text, evidenceIds }) => `- ${safe(at)} ${safe(text)}${cited(evidenceIds)}`,
  );
}

function ruledOutOf({ ruledOut }: Report): string[] {
  return ruledOut.map(
    ({ hypothesis, because, evidenceIds }) =>
      `- ${safe(hypothesis)} ${safe(because)}${cited(evidenceIds)}`,
  );
}

function gapsOf({ gaps }: Report): string[] {
  return gaps.map(({ signal, reason }) => `- ${safe(signal)}: ${safe(reason)}`);
}

function remediesOf({ remediations }: Report): string[] {
  return remediations.map(
    ({ kind, target, rationale, risk, evidenceIds }) =>
      `- **${safe(kind)}** ${named(target)} (risk ${risk}): ${safe(rationale)}${cited(evidenceIds)}`,
  );
}

function actionsOf({ actions }: Report): string[] {
  return actions.map(({ actionId, tool, target, state, decidedBy, planHash }) => {
    const who = decidedBy === null ? '' : `, decided by ${safe(decidedBy)}`;
    return `- ${safe(actionId)}: ${safe(tool)} on ${named(target)}: **${state}**${who} (plan ${safe(planHash.slice(0, 12))})`;
  });
}

function rankingOf({ ranking }: Report): string[] {
  return ranking
    .slice(0, 10)
    .map(
      ({ entity, score, faultKind }, index) =>
        `${index + 1}. ${named(entity)}: ${faultKind}, ${score.toFixed(2)}`,
    );
}

function iterationsOf({ iterations }: Report): string[] {
  return iterations.map(({ role, round, reasoning, tools, continued }) => {
    const called = tools.length === 0 ? '' : ` (${tools.map(safe).join(', ')})`;
    return `- ${safe(role)}, round ${round}${called}: ${safe(reasoning)}${continued ? ' It went on.' : ''}`;
  });
}

function footOf({ cost, investigationId, case: caseName, policyVersion }: Report): string {
  const models =
    cost.modelCalls === 0
      ? 'no model calls'
      : `${cost.modelCalls} model calls, ${cost.inputTokens + cost.outputTokens} tokens, ${(cost.usdMicros / 1e6).toFixed(4)} USD`;
  const of = caseName === null ? '' : ` of ${safe(caseName)}`;
  const by = policyVersion === undefined ? '' : `, decided by ${safe(policyVersion)}`;
  return `---\n\n${safe(investigationId)}${of}: ${(cost.wallMs / 1_000).toFixed(1)} s, ${cost.toolCalls} tool calls, ${models}${by}.`;
}
