import {
  ActionIcon,
  Alert,
  Anchor,
  Container,
  Group,
  Text,
  useComputedColorScheme,
  useMantineColorScheme,
} from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, Outlet } from '@tanstack/react-router';
import { sessionQuery } from '../api/queries.ts';
import classes from './shell.module.css';

/** What stands around every page. */
export function Shell({ refusal }: { readonly refusal: string | null }) {
  return (
    <>
      <a className={classes['skip']} href="#content">
        Skip to the content
      </a>
      <header className={classes['header']}>
        <Container size="xl">
          <Group justify="space-between" h={52} wrap="nowrap">
            <Link to="/" className={classes['brand']}>
              Holdfast
            </Link>
            <Group gap="md" wrap="nowrap">
              <Person />
              <Anchor href="/docs" size="sm">
                API
              </Anchor>
              <ColorSchemeSwitch />
            </Group>
          </Group>
        </Container>
      </header>
      <Container size="xl" component="main" id="content" tabIndex={-1} className={classes['main']}>
        {refusal !== null && <Refusal because={refusal} />}
        <Outlet />
      </Container>
    </>
  );
}

/** Says in whose name one decides here. */
function Person() {
  const { data } = useQuery(sessionQuery);
  if (data === undefined) return null;
  return (
    <Text size="sm" c="var(--hf-dim)" truncate>
      {data.person ?? 'read only'}
    </Text>
  );
}

function Refusal({ because }: { readonly because: string }) {
  return (
    <Alert color="yellow" title="This page is read only" mb="md" role="alert">
      The link opened no session: {because}. Ask for a fresh one with <code>npx holdfast link</code>
      .
    </Alert>
  );
}

function ColorSchemeSwitch() {
  const { setColorScheme } = useMantineColorScheme();
  const isDark = useComputedColorScheme('light') === 'dark';
  return (
    <ActionIcon
      variant="default"
      size="lg"
      aria-label={isDark ? 'Switch to light colours' : 'Switch to dark colours'}
      onClick={() => setColorScheme(isDark ? 'light' : 'dark')}
    >
      <span aria-hidden>{isDark ? '☀' : '☾'}</span>
    </ActionIcon>
  );
}
