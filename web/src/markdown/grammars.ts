import type { LanguageInput } from 'shiki/core';

const javascript = () => import('shiki/langs/javascript.mjs');
const python = () => import('shiki/langs/python.mjs');
const shell = () => import('shiki/langs/bash.mjs');
const typescript = () => import('shiki/langs/typescript.mjs');
const yaml = () => import('shiki/langs/yaml.mjs');

/** Loads the grammar of a language that runbooks are written with, by each name that the highlighter knows it under. */
export const grammars: ReadonlyMap<string, LanguageInput> = new Map<string, LanguageInput>([
  ['bash', shell],
  ['console', () => import('shiki/langs/shellsession.mjs')],
  ['diff', () => import('shiki/langs/diff.mjs')],
  ['go', () => import('shiki/langs/go.mjs')],
  ['javascript', javascript],
  ['js', javascript],
  ['json', () => import('shiki/langs/json.mjs')],
  ['py', python],
  ['python', python],
  ['sh', shell],
  ['shell', shell],
  ['sql', () => import('shiki/langs/sql.mjs')],
  ['ts', typescript],
  ['typescript', typescript],
  ['yaml', yaml],
  ['yml', yaml],
  ['zsh', shell],
]);
