import Markdown from 'react-markdown';
import type { Components } from 'react-markdown';
import remarkGfm from 'remark-gfm';
import { CodeBlock } from './code-block.tsx';
import { fitIntoPage } from './fit-into-page.ts';
import { isOrdinary } from './is-ordinary.ts';
import classes from './markdown-text.module.css';

/** Nothing that a document says is ever loaded, opened or run: an address is text to be read, like everything else. */
const components: Components = {
  a: ({ href, children }) => (
    <>
      {children}
      {isWorthReading(href, children) && <span className={classes['address']}> ({href})</span>}
    </>
  ),
  img: ({ alt, src }) => (
    <span className={classes['address']}>
      [picture: {alt} ({src})]
    </span>
  ),
  input: ({ checked }) => <span>{checked === true ? '☑' : '☐'}</span>,
  pre: ({ node }) => <CodeBlock node={node} />,
};

/** Draws Markdown from outside. HTML in it stays text, and so does what would be slow to read. */
export function MarkdownText({ text }: { readonly text: string }) {
  if (!isOrdinary(text)) return <pre className={classes['plain']}>{text}</pre>;
  return (
    <div className={classes['text']}>
      <Markdown
        components={components}
        remarkPlugins={[remarkGfm]}
        rehypePlugins={[fitIntoPage]}
        remarkRehypeOptions={{ footnoteBackContent: () => '' }}
        // They become text, whatever they are.
        urlTransform={(url) => url}
      >
        {text}
      </Markdown>
    </div>
  );
}

/** Places within the document lead nowhere here, and some links already show their address. */
function isWorthReading(href: string | undefined, children: unknown): boolean {
  if (href === undefined || href === '' || href.startsWith('#')) return false;
  return !['', 'http://', 'mailto:'].some((scheme) => href === `${scheme}${String(children)}`);
}
