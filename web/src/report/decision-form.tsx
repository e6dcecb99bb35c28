import { Alert, Button, Group, Text, Textarea } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Action, DecisionKind, DecisionRequest } from '../../../core/schemas/action.ts';
import { postJson } from '../api/client.ts';
import { actionsQuery, investigationQuery, reportQuery, sessionQuery } from '../api/queries.ts';

/** Approves or rejects exactly the plan that is shown: the decision carries its hash. */
export function DecisionForm({ action }: { readonly action: Action }) {
  const session = useQuery(sessionQuery);
  const [reason, setReason] = useState('');
  const decide = useDecision(action);
  if (session.data === undefined) return null;
  if (session.data.person === null) {
    return (
      <Text size="sm" c="var(--hf-dim)">
        To decide here, open the link that <code>npx holdfast link</code> prints; or run{' '}
        <code>npx holdfast approve {action.actionId}</code>.
      </Text>
    );
  }
  return (
    <form onSubmit={(event) => event.preventDefault()} aria-label="Decision">
      <Textarea
        label="Reason"
        description={`Kept with the decision of ${session.data.person}`}
        descriptionProps={{ c: 'var(--hf-dim)' }}
        autosize
        maxLength={1_000}
        value={reason}
        onChange={({ currentTarget }) => setReason(currentTarget.value)}
      />
      <Group mt="sm" gap="sm">
        <Button
          loading={decide.isPending && decide.variables.decision === 'approve'}
          disabled={decide.isPending || decide.isSuccess}
          onClick={() => decide.mutate({ decision: 'approve', reason })}
        >
          Approve
        </Button>
        <Button
          variant="default"
          loading={decide.isPending && decide.variables.decision === 'reject'}
          disabled={decide.isPending || decide.isSuccess}
          onClick={() => decide.mutate({ decision: 'reject', reason })}
        >
          Reject
        </Button>
      </Group>
      {decide.error !== null && (
        <Alert color="red" mt="sm" title="It was not taken" role="alert">
          {decide.error.message}
        </Alert>
      )}
    </form>
  );
}

function useDecision({ actionId, investigationId, planHash }: Action) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (given: { readonly decision: DecisionKind; readonly reason: string }) =>
      postJson<unknown>(`/api/v1/actions/${encodeURIComponent(actionId)}/decision`, {
        ...given,
        planHash,
        deliver: 'signal',
      } satisfies DecisionRequest),
    onSettled: () =>
      Promise.all([
        client.invalidateQueries(actionsQuery(investigationId)),
        client.invalidateQueries(investigationQuery(investigationId)),
        client.invalidateQueries(reportQuery(investigationId)),
      ]),
  });
}
