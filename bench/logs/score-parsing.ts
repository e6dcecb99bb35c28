import type { LabelledLine } from './read-systems.ts';

/** The group a parser put a line into, and its text, with `<*>` for what varies. */
export interface ParsedLine {
  readonly group: number;
  readonly template: string;
}

/** How well lines were parsed; each in [0, 1]. */
export interface ParsingScore {
  /** Share of lines whose group holds exactly the lines of their event. */
  readonly groupingAccuracy: number;
  /** Harmonic mean of the shares of groups found and of events that agree exactly. */
  readonly groupingF1: number;
  /** Share of lines whose template is worded as people worded it. */
  readonly parsingAccuracy: number;
  /** Harmonic mean of the shares of templates found and of templates that agree in lines and wording. */
  readonly templateF1: number;
}

/**
 * Scores a parsed log. Templates are compared to the letter, but for white space. Sources: grouping accuracy after Zhu et al., "Tools and benchmarks for automated log
 * parsing" (ICSE-SEIP 2019); the other three after Jiang et al., "A large-scale evaluation for log parsing techniques: how far are we?" (ISSTA 2024).
 */
export function scoreParsing(
  labels: readonly LabelledLine[],
  parsed: readonly ParsedLine[],
): ParsingScore {
  const events = indexBy(labels.map(({ event }) => event));
  const groups = indexBy(parsed.map(({ group }) => String(group)));
  const eventOf = labels.map(({ event }) => event);
  const exactGroups = [...groups.values()].filter((lines) => {
    const event = eventOf[lines[0] ?? -1] ?? '';
    return (
      events.get(event)?.length === lines.length && lines.every((line) => eventOf[line] === event)
    );
  });
  const wanted = labels.map(({ template }) => tidy(template));
  const found = parsed.map(({ template }) => tidy(template));
  const rightLines = found.filter((template, line) => template === wanted[line]).length;
  const templates = indexBy(found);
  const rightTemplates = [...templates].filter(([template, lines]) =>
    lines.every((line) => wanted[line] === template),
  ).length;
  const linesInExactGroups = exactGroups.reduce((sum, lines) => sum + lines.length, 0);
  return {
    groupingAccuracy: linesInExactGroups / labels.length,
    groupingF1: (2 * exactGroups.length) / (groups.size + events.size),
    parsingAccuracy: rightLines / labels.length,
    templateF1: (2 * rightTemplates) / (templates.size + new Set(wanted).size),
  };
}

const tidy = (template: string): string => template.trim().replaceAll(/\s+/gu, ' ');

/** The places of each value. */
function indexBy(values: readonly string[]): ReadonlyMap<string, readonly number[]> {
  const places = new Map<string, number[]>();
  for (const [index, value] of values.entries()) {
    const known = places.get(value);
    if (known === undefined) places.set(value, [index]);
    else known.push(index);
  }
  return places;
}
