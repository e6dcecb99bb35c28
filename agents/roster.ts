/**
 * Who is in the squad: names and numbers only, so that workflows may import it and freeze it into a run's input. `tools` are the names a role may
 * call; `rounds` and `calls` are counts, `wallMs` milliseconds.
 */
export interface RosterEntry {
  /** One sentence: what this member is for. */
  readonly mission: string;
  readonly tools: readonly string[];
  readonly caps: { readonly rounds: number; readonly calls: number; readonly wallMs: number };
}

const specialistCaps = { rounds: 4, calls: 12, wallMs: 120_000 };

export const roster = {
  aggregation: {
    mission: 'Finds the services whose metrics left their usual range, across the whole fleet.',
    tools: [
      'scan-fleet',
      'scan-metrics',
      'inspect-metrics',
      'query-cloud-metrics',
      'list-alerts',
      'read-topology',
      'check-coverage',
    ],
    caps: specialistCaps,
  },
  trace: {
    mission: 'Finds where along the calls time is lost and where errors arise.',
    tools: ['compare-traces', 'inspect-spans', 'check-coverage'],
    caps: specialistCaps,
  },
  log: {
    mission: 'Finds which log lines are new, more frequent or missing, and what they say.',
    tools: ['cluster-logs', 'read-log-lines', 'query-cloud-logs', 'check-coverage'],
    caps: specialistCaps,
  },
  change: {
    mission: 'Finds what was changed before it began, and whether the changed service noticed.',
    tools: [
      'list-changes',
      'inspect-change',
      'match-changes',
      'list-events',
      'inspect-state',
      'list-commands',
      'find-runbooks',
      'read-ops',
      'check-coverage',
    ],
    caps: specialistCaps,
  },
  'root-cause': {
    mission: 'Explains what the squad saw by the one cause that needs no other.',
    tools: [],
    caps: { rounds: 4, calls: 8, wallMs: 60_000 },
  },
  verifier: {
    mission: 'Checks every sentence against the evidence it cites, and every step of the chain.',
    tools: [],
    caps: { rounds: 1, calls: 0, wallMs: 30_000 },
  },
  orchestrator: {
    mission: 'Says what to look at, whom to ask, and writes down what came of it.',
    tools: ['check-coverage', 'find-onset', 'read-ops', 'call-ops'],
    caps: { rounds: 1, calls: 6, wallMs: 60_000 },
  },
} as const satisfies Readonly<Record<string, RosterEntry>>;

/** Caps of a whole investigation, rounds those of each loop; reaching one forces the conclusion. */
export const profiles = {
  triage: { rounds: 20, calls: 40, wallMs: 300_000 },
} as const;

/** Questions that root cause may send back to specialists in one investigation. */
export const maxQuestions = 1;
