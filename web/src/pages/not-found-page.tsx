import { Stack, Text, Title } from '@mantine/core';
import { Link } from '@tanstack/react-router';

export function NotFoundPage() {
  return (
    <Stack gap="xs">
      <Title order={1}>There is no such page</Title>
      <Text>
        See the <Link to="/">list of investigations</Link>.
      </Text>
    </Stack>
  );
}
