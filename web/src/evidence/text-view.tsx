import { RawView } from './raw-view.tsx';
import classes from './text-view.module.css';

/** Text as it came; lines of a diff in their colours. */
export function TextView({ data }: { readonly data: unknown }) {
  const text = textOf(data);
  if (text === null) return <RawView data={data} />;
  return (
    <pre className={classes['text']} tabIndex={0}>
      {text.split('\n').map((line, index) => (
        // Lines have no name but their place.
        <span key={index} data-line={kindOf(line)}>
          {line}
          {'\n'}
        </span>
      ))}
    </pre>
  );
}

function textOf(data: unknown): string | null {
  const isText = typeof data === 'object' && data !== null && 'text' in data;
  return isText && typeof data.text === 'string' ? data.text : null;
}

function kindOf(line: string): 'added' | 'removed' | 'place' | 'plain' {
  if (line.startsWith('@@')) return 'place';
  if (/^\+(?!\+\+)/.test(line)) return 'added';
  if (/^-(?!--)/.test(line)) return 'removed';
  return 'plain';
}
