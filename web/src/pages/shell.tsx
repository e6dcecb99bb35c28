import {
  ActionIcon,
  Anchor,
  Container,
  Group,
  useComputedColorScheme,
  useMantineColorScheme,
} from '@mantine/core';
import { Link, Outlet } from '@tanstack/react-router';
import classes from './shell.module.css';

/** What stands around every page. */
export function Shell() {
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
              <Anchor href="/docs" size="sm">
                API
              </Anchor>
              <ColorSchemeSwitch />
            </Group>
          </Group>
        </Container>
      </header>
      <Container size="xl" component="main" id="content" tabIndex={-1} className={classes['main']}>
        <Outlet />
      </Container>
    </>
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
