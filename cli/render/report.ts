import { ruledOutText } from '../../core/report/sentences.ts';
import type { Entity } from '../../core/schemas/primitives.ts';
import type { Report } from '../../core/schemas/report.ts';
import { clean } from './clean.ts';
import type { Style } from './style.ts';
import { wrap } from './wrap.ts';

const width = 100;
const rankingShown = 5;

/** Writes a report for a terminal: what happened and why, each statement with the ids of its evidence, then what was ruled out, what is missing and the cost. */
export function renderReport(report: Report, style: Style): string {
  const sections = [
    heading(report, style),
    ...report.causes.map((cause, index) => causeSection(cause, index, style)),
    listSection('Causal chain', report.chain.map(chainLine), style),
    listSection('Evidence', report.claims.map(claimLine), style),
    listSection('In the words of the model', diagnosisLines(report), style),
    listSection('Timeline', report.timeline.map(timelineLine), style),
    listSection('Ruled out', report.ruledOut.map(ruledOutLine), style),
    listSection('Considered', considered(report), style),
    listSection('Gaps', report.gaps.map(gapLine), style),
    listSection('Proposed', report.remediations.map(remediationLine), style),
    listSection('Actions', report.actions.map(actionLine), style),
    listSection('Cost', [costLine(report)], style),
  ];
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`;
}

function heading(report: Report, style: Style): string {
  const verdict = report.verdict.replaceAll('-', ' ').toUpperCase();
  const colour =
    report.verdict === 'cause-found'
      ? style.green
      : report.verdict === 'inconclusive'
        ? style.yellow
        : style.cyan;
  const name = clean(report.case ?? report.investigationId);
  const forced = report.ended === 'answered' ? '' : ` ${style.dim(`(ended by: ${report.ended})`)}`;
  return [
    `${style.bold(colour(verdict))}  ${style.bold(name)}  ${style.dim(report.investigationId)}${forced}`,
    wrap(clean(report.summary), width),
    ...(report.onset === null ? [] : [`Onset: ${interval(report.onset)}`]),
  ].join('\n');
}

function causeSection(cause: Report['causes'][number], index: number, style: Style): string {
  const lines = [
    `${style.bold(index === 0 ? 'Cause' : 'Further cause')}: ${style.bold(entityText(cause.entity))}, ${cause.faultKind}`,
    field('Mechanism', cause.mechanism),
    field('Detail', cause.faultDetail),
    ...(cause.changeId === null ? [] : [field('Change', cause.changeId)]),
    ...(cause.since === null ? [] : [field('Since', interval(cause.since))]),
    field('Confidence', percent(cause.confidence)),
    field('Evidence', cause.evidenceIds.join(' ')),
  ];
  return lines.filter((line) => line !== '').join('\n');
}

function field(name: string, text: string): string {
  if (text === '') return '';
  const label = `  ${`${name}:`.padEnd(12)} `;
  return label + wrap(clean(text), width - label.length, ' '.repeat(label.length));
}

function listSection(title: string, lines: readonly string[], style: Style): string {
  if (lines.length === 0) return '';
  const items = lines.map((line) => `  - ${wrap(line, width - 4, '    ')}`);
  return [style.bold(title), ...items].join('\n');
}

function chainLine({ from, to, tests, evidenceIds }: Report['chain'][number]): string {
  const failed = Object.entries(tests).flatMap(([name, isPassed]) => (isPassed ? [] : [name]));
  const tested = failed.length === 0 ? 'all tests passed' : `not shown: ${failed.join(', ')}`;
  return `${entityText(from)} → ${entityText(to)} (${tested})${cited(evidenceIds)}`;
}

function claimLine({ text, checked, evidenceIds }: Report['claims'][number]): string {
  return `${clean(text)}${checked ? '' : ' (not checked)'}${cited(evidenceIds)}`;
}

/** What a model said that evidence carries, and its advice. */
function diagnosisLines({ diagnosis }: Report): readonly string[] {
  if (diagnosis === undefined) return [];
  const { rootCause, causalChain, remediationSteps, validityRatio, model } = diagnosis;
  return [
    ...[rootCause, ...causalChain].flatMap((said) =>
      said === null ? [] : [`${clean(said.text)}${cited(said.evidenceIds)}`],
    ),
    ...remediationSteps.map(({ step, tradeOff }) => `advice: ${clean(step)} (${clean(tradeOff)})`),
    `${clean(model)}: ${percent(validityRatio)} of its sentences are carried by evidence; its advice is not checked`,
  ];
}

function timelineLine({ at, text, evidenceIds }: Report['timeline'][number]): string {
  return `${at} ${clean(text)}${cited(evidenceIds)}`;
}

function ruledOutLine({ hypothesis, because, evidenceIds }: Report['ruledOut'][number]): string {
  return `${ruledOutText(clean(hypothesis), clean(because))}${cited(evidenceIds)}`;
}

function gapLine({ signal, reason }: Report['gaps'][number]): string {
  return `${clean(signal)}: ${clean(reason)}`;
}

function remediationLine(remediation: Report['remediations'][number]): string {
  const { kind, target, rationale, risk, evidenceIds } = remediation;
  return `${clean(kind)} ${entityText(target)} (risk: ${risk}): ${clean(rationale)}${cited(evidenceIds)}`;
}

function actionLine(action: Report['actions'][number]): string {
  const by = action.decidedBy === null ? '' : `, decided by ${clean(action.decidedBy)}`;
  return `${action.actionId} ${clean(action.tool)} on ${entityText(action.target)}: ${action.state}${by}${cited(action.evidenceIds)}`;
}

/** The ranking, where it says more than the causes do. */
function considered(report: Report): readonly string[] {
  return report.ranking
    .slice(0, rankingShown)
    .map(
      ({ entity, faultKind, score }) => `${entityText(entity)} ${faultKind} ${score.toFixed(2)}`,
    );
}

function costLine({ cost }: Report): string {
  const money = `${(cost.usdMicros / 1_000_000).toFixed(2)} USD`;
  const tokens = cost.inputTokens + cost.outputTokens;
  return `${(cost.wallMs / 1_000).toFixed(1)} s, ${cost.toolCalls} tool calls, ${cost.modelCalls} model calls, ${tokens} tokens, ${money}`;
}

function cited(evidenceIds: readonly string[]): string {
  return evidenceIds.length === 0 ? '' : ` [${evidenceIds.join(' ')}]`;
}

function entityText({ kind, name }: Entity): string {
  return kind === 'service' ? clean(name) : `${kind} ${clean(name)}`;
}

function interval({ earliest, latest }: NonNullable<Report['onset']>): string {
  return earliest === latest ? earliest : `${earliest} to ${latest}`;
}

function percent(ratio: number): string {
  return `${Math.round(ratio * 100)} %`;
}
