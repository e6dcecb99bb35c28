import type { EvidenceSummary } from '../../../core/schemas/evidence.ts';
import { formatInstant, formatSpan, toHeading } from '../text/format.ts';
import classes from './provenance.module.css';

/** Where evidence comes from: source, window and the exact query, to be repeated by whoever doubts it. */
export function Provenance({ summary }: { readonly summary: EvidenceSummary }) {
  const { id, role, tool, round, source, window, query } = summary;
  return (
    <details className={classes['provenance']}>
      <summary>
        {toHeading(role)}, {tool} · {source} · {whenText(summary)}
      </summary>
      <dl>
        <dt>Query</dt>
        <dd>
          <pre tabIndex={0}>{query}</pre>
        </dd>
        <dt>Source</dt>
        <dd>{source}</dd>
        <dt>Window</dt>
        <dd>
          {new Date(window.startAt).toISOString()} – {new Date(window.endAt).toISOString()}
        </dd>
        <dt>Taken by</dt>
        <dd>
          {role}, round {round}, with {tool} {JSON.stringify(summary.arguments)}
        </dd>
        <dt>Id</dt>
        <dd>{id}</dd>
      </dl>
    </details>
  );
}

/** What was asked for the present has no window, only the time at which it was taken. */
function whenText({ window, takenAt }: EvidenceSummary): string {
  return window.startAt === window.endAt
    ? `at ${formatInstant(takenAt)}`
    : formatSpan(window.startAt, window.endAt);
}
