import { wildcard } from './mask-tokens.ts';

/** A message pattern. `tokens` only ever become more general; `scope` is what lines were kept apart by, for instance service and severity. */
export interface LogTemplate {
  readonly id: number;
  readonly scope: string;
  readonly tokens: readonly string[];
}

/** Bounds of the miner, all counts. */
export interface TemplateMinerOptions {
  /** Templates kept; later ones fall into one catch-all a scope. Default 2,000. */
  readonly maxTemplates?: number;
  /** Branches at a node of the tree; later tokens share one. Default 100. */
  readonly maxChildren?: number;
}

/** Learns templates from lines one at a time. */
export interface TemplateMiner {
  /** Finds or makes the template of a masked line. Lines beyond the bound of templates get the catch-all of their scope. */
  add(scope: string, tokens: readonly string[]): LogTemplate;
  templates(): readonly LogTemplate[];
}

interface Cluster {
  readonly id: number;
  readonly scope: string;
  tokens: readonly string[];
}

interface Node {
  readonly children: Map<string, Node>;
  readonly clusters: Cluster[];
}

const similarityFrom = 0.6;
const prefixTokens = 2;
const maxClustersAtLeaf = 60;

/** What stands for the lines of a scope that came after the bound was reached. */
export const otherLines = '(other lines)';

/**
 * Makes a miner of log templates: lines of a scope are divided by their number of tokens and their first two tokens, then joined to the most
 * similar template of that leaf when at least six in ten of its words agree; where they differ the template gets a wildcard. Memory is bounded by
 * the options; a line costs the length of its tokens times the templates of one leaf, 60 at most. Source: Drain, He et al., "Drain: An Online Log
 * Parsing Approach with Fixed Depth Tree" (ICWS 2017), with similarity 0.6; since all masking is done
 * before (see `maskTokens`), wildcards that agree do not count.
 */
export function createTemplateMiner(options: TemplateMinerOptions = {}): TemplateMiner {
  const maxTemplates = options.maxTemplates ?? 2_000;
  const maxChildren = options.maxChildren ?? 100;
  const root: Node = { children: new Map(), clusters: [] };
  const clusters: Cluster[] = [];
  const catchAlls = new Map<string, Cluster>();

  const newCluster = (scope: string, tokens: readonly string[]): Cluster => {
    const cluster = { id: clusters.length, scope, tokens };
    clusters.push(cluster);
    return cluster;
  };
  const catchAll = (scope: string): Cluster => {
    // Scopes come from outside too: past as many again they share one.
    const key = catchAlls.size < maxTemplates || catchAlls.has(scope) ? scope : '';
    const known = catchAlls.get(key) ?? newCluster(key, [otherLines]);
    catchAlls.set(key, known);
    return known;
  };

  return {
    templates: () => clusters,
    add: (scope, tokens) => {
      const isFull = clusters.length - catchAlls.size >= maxTemplates;
      const leaf = leafOf(root, scope, tokens, { maxChildren, isFull });
      if (leaf === null) return catchAll(scope);
      const found = mostSimilar(leaf, tokens);
      if (found !== null) {
        generalise(found, tokens);
        return found;
      }
      if (isFull || leaf.clusters.length >= maxClustersAtLeaf) return catchAll(scope);
      const made = newCluster(scope, tokens);
      leaf.clusters.push(made);
      return made;
    },
  };
}

function leafOf(
  root: Node,
  scope: string,
  tokens: readonly string[],
  limits: { readonly maxChildren: number; readonly isFull: boolean },
): Node | null {
  let node: Node | null = childOf(root, `${scope}\u0000${tokens.length}`, {
    ...limits,
    maxChildren: Number.POSITIVE_INFINITY,
  });
  for (let place = 0; place < Math.min(prefixTokens, tokens.length); place += 1) {
    const token = tokens[place] ?? '';
    const key = token.includes(wildcard) ? wildcard : token;
    node = node === null ? null : childOf(node, key, limits);
  }
  return node;
}

/** Makes the branch where it is missing; once the miner is full, no more branches grow. */
function childOf(
  node: Node,
  key: string,
  limits: { readonly maxChildren: number; readonly isFull: boolean },
): Node | null {
  const known = node.children.get(key);
  if (known !== undefined) return known;
  const isCrowded = node.children.size >= limits.maxChildren - 1;
  const ownKey = isCrowded ? wildcard : key;
  const shared = node.children.get(ownKey);
  if (shared !== undefined) return shared;
  if (limits.isFull) return null;
  const made: Node = { children: new Map(), clusters: [] };
  node.children.set(ownKey, made);
  return made;
}

/** The template with which most of the words agree, wildcards aside; null when with none enough of them do. */
function mostSimilar(leaf: Node, tokens: readonly string[]): Cluster | null {
  let best: Cluster | null = null;
  let bestShare = -1;
  for (const cluster of leaf.clusters) {
    const share = agreement(cluster.tokens, tokens);
    if (share > bestShare) {
      best = cluster;
      bestShare = share;
    }
    if (share === 1) break;
  }
  return bestShare >= similarityFrom ? best : null;
}

function agreement(template: readonly string[], tokens: readonly string[]): number {
  let words = 0;
  let equal = 0;
  for (let place = 0; place < tokens.length; place += 1) {
    const word = template[place] ?? '';
    const isEqual = word === tokens[place];
    if (isEqual && word === wildcard) continue;
    words += 1;
    if (isEqual) equal += 1;
  }
  return words === 0 ? 1 : equal / words;
}

function generalise(cluster: Cluster, tokens: readonly string[]): void {
  const isEqual = cluster.tokens.every((token, place) => token === tokens[place]);
  if (isEqual) return;
  cluster.tokens = cluster.tokens.map((token, place) =>
    token === tokens[place] ? token : wildcard,
  );
}
