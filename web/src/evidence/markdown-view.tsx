import type { MarkdownView as MarkdownData } from '../../../core/schemas/evidence-views.ts';
import { MarkdownText } from '../markdown/markdown-text.tsx';
import { formatNumber } from '../text/format.ts';
import classes from './markdown-view.module.css';

/** Documents to be read, the first of them open; long ones are scrolled where they stand. */
export function MarkdownView({ data }: { readonly data: MarkdownData }) {
  const { documents, omittedDocuments } = data;
  if (documents.length === 0) return <p>There was none.</p>;
  return (
    <>
      {documents.map(({ title, source, text, omittedCharacters }, index) => (
        <details key={source} className={classes['document']} open={index === 0}>
          <summary>
            <b>{title}</b> <span className={classes['dim']}>{source}</span>
          </summary>
          <div className={classes['scroller']} tabIndex={0} role="region" aria-label={title}>
            <MarkdownText text={text} />
          </div>
          {omittedCharacters > 0 && (
            <p className={classes['dim']}>
              {formatNumber(omittedCharacters)} more characters were left out.
            </p>
          )}
        </details>
      ))}
      {omittedDocuments > 0 && <p>{omittedDocuments} more documents were left out.</p>}
    </>
  );
}
