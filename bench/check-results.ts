import { gates } from './gates.ts';
import type { Gate } from './gates.ts';
import { gateHead, isWithin, renderBound } from './judge-gates.ts';

/** What is published: docs/results.md and README.md. */
export interface Published {
  readonly results: string;
  readonly readme: string;
}

/** Says what is wrong with what is published: a sentence each, none where every number stands beside what it is held to and the README says the same. */
export function checkResults({ results, readme }: Published): readonly string[] {
  const benches = Object.entries<Readonly<Record<string, Gate>>>(gates);
  return [
    ...headings(results),
    ...benches.flatMap(([bench, wanted]) => checkGates(results, bench, Object.values(wanted))),
    ...checkColumns(results),
    ...checkReadme(results, readme),
  ];
}

/** Every section names the command that writes it. */
function headings(results: string): readonly string[] {
  return [...results.matchAll(/<!-- ([\w-]+):begin -->/g)].flatMap(([, bench = '']) =>
    sectionOf(results, bench).startsWith(`## \`npm run bench -- ${bench}\`\n`)
      ? []
      : [`the section ${bench} does not begin with the command that writes it`],
  );
}

function sectionOf(results: string, bench: string): string {
  const [begin, end] = [`<!-- ${bench}:begin -->`, `<!-- ${bench}:end -->`];
  const from = results.indexOf(begin);
  const to = results.indexOf(end);
  return from < 0 || to < from ? '' : results.slice(from + begin.length, to).trim();
}

function rowsOf(text: string): readonly (readonly string[])[] {
  return text
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
}

function checkGates(results: string, bench: string, wanted: readonly Gate[]): readonly string[] {
  const rows = rowsOf(sectionOf(results, bench));
  const from = rows.findIndex((cells) => cells.join() === gateHead.join());
  if (from < 0) return [`${bench} says nowhere what it is held to`];
  const told = rows.slice(from + 1, from + 1 + wanted.length);
  return wanted.flatMap((gate, place) => {
    const cells = told[place] ?? [];
    const [measure, value = '', bound, held, aim, reached] = cells;
    if (measure !== gate.measure) return [`${bench} does not say “${gate.measure}” in its place`];
    const wrong = [
      ...(bound === renderBound(gate.gate) ? [] : [`its gate is ${renderBound(gate.gate)}`]),
      ...(aim === renderBound(gate.aim) ? [] : [`its aim is ${renderBound(gate.aim)}`]),
      ...(/^\d+(?:\.\d+)?$/.test(value) ? [] : ['it was not measured']),
      ...(agrees(held, Number(value), gate, 'gate') ? [] : [`${value} is told as held: ${held}`]),
      ...(agrees(reached, Number(value), gate, 'aim')
        ? []
        : [`${value} is told as reached: ${reached}`]),
    ];
    return wrong.map((one) => `${bench}, “${gate.measure}”: ${one}`);
  });
}

/** Whether a verdict may be told of a number that was rounded. */
function agrees(
  told: string | undefined,
  value: number,
  { gate, aim, digits }: Gate,
  which: 'gate' | 'aim',
): boolean {
  const bound = which === 'gate' ? gate : aim;
  const [verdict] = (told ?? '').split(', ');
  if (bound === null) return verdict === '–';
  const half = 0.5 / 10 ** digits;
  const may = [value - half, value, value + half].map((one) => isWithin(one, bound));
  return (verdict === 'yes' && may.includes(true)) || (verdict === 'no' && may.includes(false));
}

/** Accuracy and abstention stand beside each other. */
function checkColumns(results: string): readonly string[] {
  const rows = rowsOf(sectionOf(results, 'rca'));
  const isTold = rows.some(
    (cells) => cells[1] === 'answered by' && cells.includes('AC@1') && cells.includes('abstained'),
  );
  return isTold ? [] : ['rca does not tell accuracy beside abstention'];
}

/** The README gives the figures of the results. */
function checkReadme(results: string, readme: string): readonly string[] {
  const section = sectionOf(results, 'rca');
  const [, n, ...shares] =
    /All (\d+) together: first of the ranking right (0\.\d{3}) \[(0\.\d{3}), (0\.\d{3})\]/.exec(
      section,
    ) ?? [];
  const [, stated, healthy, wrong] =
    /Of (\d+) causes stated there and in (\d+) healthy times (\d+) are wrong/.exec(section) ?? [];
  if (n === undefined || stated === undefined) return ['rca does not tell what the README tells'];
  const [right = '', low = '', high = ''] = shares.map((one) => (Number(one) * 100).toFixed(1));
  const told = readme.replaceAll(/\s+/g, ' ');
  return [
    `On ${n} published incidents of others`,
    `the first of its ranking is right in ${right} % [${low}, ${high}]`,
    `of ${stated} causes that it states there and in ${healthy} healthy times ${wrong} are wrong`,
  ].flatMap((words) => (told.includes(words) ? [] : [`README.md should say “${words}”`]));
}
