import type { Report } from '../../../core/schemas/report.ts';
import { Citations } from './citations.tsx';
import classes from './chain-steps.module.css';

type Step = Report['chain'][number];

const testNames: Readonly<Record<keyof Step['tests'], string>> = {
  edge: 'they talk to each other',
  deviates: 'both went wrong',
  order: 'in this order',
};

/** How the trouble spread, a line a call, with what was tested of it. */
export function ChainSteps({ chain }: { readonly chain: Report['chain'] }) {
  return (
    <ol className={classes['chain']} aria-label="How it spread">
      {chain.map((step) => (
        <li key={`${step.from.name} ${step.to.name}`} className={classes['step']}>
          <span className={classes['names']}>
            <b>{step.from.name}</b>
            <span aria-label="made worse"> → </span>
            <b>{step.to.name}</b>
          </span>
          <Tests tests={step.tests} />
          <Citations ids={step.evidenceIds} />
        </li>
      ))}
    </ol>
  );
}

function Tests({ tests }: Pick<Step, 'tests'>) {
  const names = Object.keys(testNames) as (keyof Step['tests'])[];
  return (
    <span className={classes['tests']}>
      {names.map((name) => (
        <span key={name} data-passed={tests[name]}>
          <span aria-hidden>{tests[name] ? '✓' : '✗'}</span>
          <span className={classes['hidden']}>{tests[name] ? 'shown:' : 'not shown:'}</span>{' '}
          {testNames[name]}
        </span>
      ))}
    </span>
  );
}
