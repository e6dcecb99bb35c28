import { Text } from '@mantine/core';
import type { Action } from '../../../core/schemas/action.ts';
import { formatInstant, toWords } from '../text/format.ts';
import { stateText } from './action-text.ts';
import { DecisionForm } from './decision-form.tsx';
import classes from './action-card.module.css';

/** One frozen write: exactly what would be sent, how it could be undone, and how it stands. */
export function ActionCard({ action }: { readonly action: Action }) {
  const { plan, state, decisions, planHash } = action;
  return (
    <div className={classes['card']}>
      <Text fw={600} role="status">
        Write on {plan.target.name}: {stateText(state)}
      </Text>
      <dl className={classes['plan']}>
        <dt>Will do</dt>
        <dd>
          <code>
            {plan.method} {plan.url} {JSON.stringify(plan.arguments)}
          </code>
        </dd>
        <dt>Now</dt>
        <dd>
          <code>{JSON.stringify(plan.dryRun)}</code>
        </dd>
        <dt>Then</dt>
        <dd>
          <code>{JSON.stringify(plan.expected)}</code>
        </dd>
        <dt>Way back</dt>
        <dd>{plan.rollback}</dd>
        <dt>Effect</dt>
        <dd>
          {toWords(plan.effect)}, risk {plan.risk}
        </dd>
        <dt>Plan hash</dt>
        <dd>
          <code>{planHash.slice(0, 16)}…</code>
        </dd>
        {state === 'proposed' && (
          <>
            <dt>Expires</dt>
            <dd>{formatInstant(plan.expiresAt)}</dd>
          </>
        )}
      </dl>
      {state === 'proposed' && <DecisionForm action={action} />}
      {decisions.map(({ at, decision, person, accepted, because, reason }) => (
        <Text size="sm" key={`${at} ${decision}`}>
          {formatInstant(at)}: {decision} by {person ?? 'nobody known'},{' '}
          {accepted ? 'counted' : `not counted: ${because}`}
          {reason !== '' && ` (“${reason}”)`}
        </Text>
      ))}
    </div>
  );
}
