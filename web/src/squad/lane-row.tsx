import { Citations } from '../report/citations.tsx';
import { toHeading } from '../text/format.ts';
import { loopPhases, phaseState } from './lanes.ts';
import type { Lane, Round } from './lanes.ts';
import classes from './lane-row.module.css';

const conclusionTexts: Readonly<Record<string, string>> = {
  anomalous: 'saw something',
  normal: 'all as before',
  'no-conclusion': 'could not tell',
};

/** One member of the squad: its rounds with their phases, and what it said last. Opens to every step. */
export function LaneRow({ lane }: { readonly lane: Lane }) {
  const { role, rounds, state, text, conclusion } = lane;
  const says = conclusion === null ? state : (conclusionTexts[conclusion] ?? conclusion);
  return (
    <details className={classes['lane']} data-state={state} data-role={role}>
      <summary className={classes['head']}>
        <span className={classes['name']}>
          <b>{toHeading(role)}</b>
          <span className={classes['state']}>{state === 'working' ? 'working' : says}</span>
        </span>
        <span className={classes['rounds']}>
          {rounds.map((round) => (
            <RoundBlock key={round.key} round={round} />
          ))}
        </span>
        <span className={classes['text']}>{text}</span>
      </summary>
      <div className={classes['steps']}>
        {rounds.map((round) => (
          <RoundSteps key={round.key} round={round} />
        ))}
      </div>
    </details>
  );
}

/** Four boxes for the four phases of a round; one box where there is no loop. */
function RoundBlock({ round }: { readonly round: Round }) {
  const { label, isLoop, steps } = round;
  const states = isLoop
    ? loopPhases.map((phase) => ({ phase: phase as string, state: phaseState(round, phase) }))
    : [
        {
          phase: label,
          state: steps.some(({ state }) => state === 'running') ? 'running' : 'done',
        },
      ];
  const says = states.map(({ phase, state }) => `${phase} ${state}`).join(', ');
  return (
    <span className={classes['round']} role="img" aria-label={`${label}: ${says}`}>
      {states.map(({ phase, state }) => (
        <span
          key={phase}
          className={classes['cell']}
          data-state={state}
          title={`${label}: ${phase}, ${state}`}
        >
          {isLoop ? phase.charAt(0).toUpperCase() : phase}
        </span>
      ))}
    </span>
  );
}

function RoundSteps({ round }: { readonly round: Round }) {
  return (
    <section aria-label={round.label}>
      <h3 className={classes['label']}>{toHeading(round.label)}</h3>
      <ul className={classes['list']}>
        {round.steps.map(({ key, phase, state, text, attempt, evidenceIds }) => (
          <li key={key} data-state={state}>
            <span className={classes['phase']}>{phase}</span>
            <span>
              {text}
              {attempt > 1 && ` (attempt ${attempt})`}
              {state !== 'done' && ` (${state})`}
              <Citations ids={evidenceIds} />
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
