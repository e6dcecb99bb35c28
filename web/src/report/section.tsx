import { Title } from '@mantine/core';
import { useId } from 'react';
import type { ReactNode } from 'react';
import classes from './section.module.css';

interface SectionProps {
  readonly title: string;
  /** Stands to the right of the title. */
  readonly aside?: ReactNode;
  readonly tone?: 'plain' | 'accent';
  readonly children: ReactNode;
}

/** One titled part of the page. */
export function Section({ title, aside, tone = 'plain', children }: SectionProps) {
  const id = useId();
  return (
    <section aria-labelledby={id} className={classes['section']} data-tone={tone}>
      <div className={classes['head']}>
        <Title order={2} size="h4" id={id}>
          {title}
        </Title>
        {aside}
      </div>
      {children}
    </section>
  );
}
