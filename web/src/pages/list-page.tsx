import { Button, Group, Stack, Text, Title } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { Investigation } from '../../../core/schemas/investigation.ts';
import { investigationsQuery } from '../api/queries.ts';
import { Failure } from '../report/failure.tsx';
import { formatInstant } from '../text/format.ts';
import { ToneBadge } from '../text/tone-badge.tsx';
import { outcomeOf } from '../text/verdict.ts';
import { useTitle } from './use-title.ts';
import classes from './list-page.module.css';

/** Every investigation, newest first. */
export function ListPage() {
  useTitle('Investigations');
  const { data, error, isPending, hasNextPage, fetchNextPage, isFetchingNextPage } =
    useInfiniteQuery(investigationsQuery);
  const investigations = data?.pages.flatMap((page) => page.investigations) ?? [];
  return (
    <Stack gap="md">
      <Title order={1}>Investigations</Title>
      {error !== null && data === undefined && <Failure error={error} />}
      {isPending && <Text c="var(--hf-dim)">Loading …</Text>}
      {data !== undefined && investigations.length === 0 && <Empty />}
      <ul className={classes['list']}>
        {investigations.map((investigation) => (
          <Row key={investigation.id} investigation={investigation} />
        ))}
      </ul>
      {hasNextPage && (
        <Group justify="center">
          <Button
            variant="default"
            loading={isFetchingNextPage}
            onClick={() => void fetchNextPage()}
          >
            Show older ones
          </Button>
        </Group>
      )}
    </Stack>
  );
}

function Row({ investigation }: { readonly investigation: Investigation }) {
  const { id, title, summary, createdAt, percent, waitingFor, case: caseName } = investigation;
  const { label, tone } = outcomeOf(investigation);
  return (
    <li className={classes['row']}>
      <Link to="/investigations/$id" params={{ id }} className={classes['link']}>
        <Group gap="sm" justify="space-between" align="start">
          <Text component="span" fw={600} className={classes['title']}>
            {title}
          </Text>
          <Group gap="xs">
            {waitingFor !== null && <ToneBadge tone="open">Waits for a decision</ToneBadge>}
            <ToneBadge tone={tone}>
              {tone === 'running' ? `${label}, ${percent} %` : label}
            </ToneBadge>
          </Group>
        </Group>
        {summary !== null && (
          <Text component="span" size="sm" lineClamp={2}>
            {summary}
          </Text>
        )}
        <Text component="span" size="xs" c="var(--hf-dim)">
          {[formatInstant(createdAt), caseName, id].filter((part) => part !== null).join(' · ')}
        </Text>
      </Link>
    </li>
  );
}

function Empty() {
  return (
    <Text>
      There is none yet. Start one with <code>npx holdfast investigate</code>, or see it all happen
      with <code>npm run demo</code>.
    </Text>
  );
}
