import helmet from 'helmet';
import type { RequestHandler } from 'express';

const sameOrigin = ["'self'"];

/** For answers that are data: nothing in them may be run, shown or framed. */
export const dataHeaders: RequestHandler = helmet({
  contentSecurityPolicy: {
    useDefaults: false,
    directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] },
  },
  strictTransportSecurity: false,
});

/**
 * For the two pages that show the OpenAPI document: scripts from here only, none inline. Their style sheets are written by script, which counts as inline;
 * images come within them.
 */
export const pageHeaders: RequestHandler = helmet({
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      defaultSrc: ["'none'"],
      scriptSrc: sameOrigin,
      connectSrc: sameOrigin,
      styleSrc: ["'self'", "'unsafe-inline'"],
      imgSrc: ["'self'", 'data:'],
      fontSrc: ["'self'", 'data:'],
      baseUri: ["'none'"],
      formAction: ["'none'"],
      frameAncestors: ["'none'"],
    },
  },
  strictTransportSecurity: false,
});

/** For the pages of investigations: scripts and styles from here only; the styles that scripts write need the nonce of the page. */
export function dashboardHeaders(nonce: string): RequestHandler {
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: sameOrigin,
        connectSrc: sameOrigin,
        styleSrc: ["'self'", `'nonce-${nonce}'`],
        imgSrc: sameOrigin,
        baseUri: ["'none'"],
        formAction: ["'none'"],
        frameAncestors: ["'none'"],
      },
    },
    strictTransportSecurity: false,
  });
}
