import type { ReactNode } from 'react';
import type { Outcome } from './verdict.ts';
import classes from './tone-badge.module.css';

/** A word or two in the colour of what they mean. */
export function ToneBadge({
  tone,
  children,
}: {
  readonly tone: Outcome['tone'];
  readonly children: ReactNode;
}) {
  return (
    <span className={classes['badge']} data-tone={tone}>
      {children}
    </span>
  );
}
