import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { ProgressEvent } from '../../../core/schemas/progress.ts';
import {
  actionsQuery,
  evidenceListQuery,
  investigationQuery,
  reportQuery,
} from '../api/queries.ts';

/** Has asked for again what the newest events say has changed. */
export function useRefresh(id: string, events: readonly ProgressEvent[]): void {
  const client = useQueryClient();
  const cited = events.filter(({ data }) => Array.isArray(data['evidenceIds'])).length;
  const hasBegun = events.length > 0;
  const hasFinished = events.some(({ type }) => type === 'finished');
  const afterEnd = hasFinished ? events.length : 0;
  useEffect(() => {
    if (cited > 0) void client.invalidateQueries(evidenceListQuery(id));
  }, [client, id, cited]);
  useEffect(() => {
    if (!hasBegun) return;
    void client.invalidateQueries(investigationQuery(id));
    if (afterEnd === 0) return;
    void client.invalidateQueries(reportQuery(id));
    void client.invalidateQueries(actionsQuery(id));
  }, [client, id, hasBegun, afterEnd]);
}
