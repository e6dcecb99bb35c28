import { Alert } from '@mantine/core';
import { ApiProblem } from '../api/client.ts';

/** Says why something cannot be shown, and what would help. */
export function Failure({ error }: { readonly error: Error }) {
  const isStranger = error instanceof ApiProblem && error.status === 401;
  const title = isStranger
    ? 'This server shows reports to people it knows'
    : 'This cannot be shown';
  const help = isStranger
    ? 'Open the link that the command line printed, or ask for a new one: npx holdfast link.'
    : error.message;
  return (
    <Alert color={isStranger ? 'yellow' : 'red'} title={title} role="alert">
      {help}
    </Alert>
  );
}
