import classes from './text-view.module.css';

/** Data as it was kept. */
export function RawView({ data }: { readonly data: unknown }) {
  return (
    <pre className={classes['text']} tabIndex={0}>
      {JSON.stringify(data, null, 2)}
    </pre>
  );
}
