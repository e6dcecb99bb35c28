/**
 * The rules of the house on run-time imports (`import type` is free). Each comment says what to do instead. There is no list of exceptions:
 * code that does not fit moves, or the rule changes for everyone, with a record in docs/adr/. Files that nobody uses are knip's business: at
 * run time a file of types alone looks like one of them.
 */
const surfaces = '^(api|cli|web|gateway)/(?!.*[.]config[.]js$)|^worker[.]ts$';
const product = `${surfaces}|^(workflows|activities|agents|tools|core|integrations|store|config)/|^compose[.]ts$`;
const around = '^(scripts|examples|bench|test)/|[.]config[.]js$|^[.]dependency-cruiser[.]js$';
const npm = ['npm', 'npm-dev', 'npm-optional', 'npm-peer', 'npm-bundled', 'npm-no-pkg'];

/** @param {string} names packages, as alternatives of a pattern */
const packages = (names) => `node_modules/(${names})/`;

/** Frameworks, each with the one place where it is at home; nobody else may import it, and that place may import no other package. */
const frameworks = [
  {
    home: '^api/',
    names: 'cors|express|helmet|pino|swagger-ui-dist|redoc',
  },
  { home: '^cli/', names: 'commander|listr2|picocolors|yaml' },
  {
    home: '^web/',
    names:
      'react|react-dom|react-markdown|remark-gfm|shiki|@mantine/core|@tanstack/react-(query|router|virtual)|uplot|@xyflow/react|@dagrejs/dagre',
  },
  { home: '^(api|cli|integrations/temporal)/', names: '@temporalio/client' },
  { home: '^activities/', names: '@temporalio/activity' },
  { home: '^workflows/', names: '@temporalio/workflow' },
  { home: '^worker[.]ts$', names: '@temporalio/worker' },
  { home: '^(api|cli|activities|workflows)/|^worker[.]ts$', names: '@temporalio/common' },
];

const rule1 = [
  {
    name: 'core-imports-only-itself',
    severity: 'error',
    comment:
      'core/ is pure. Take what comes from outside as an argument, or describe it as a type in core/ports/ and let compose.ts hand it in.',
    from: { path: '^core/' },
    to: { pathNot: ['^core/', packages('zod')] },
  },
  {
    name: 'zod-enters-by-one-door',
    severity: 'error',
    comment: "Take `z` from core/schemas/z.ts; only core/schemas/ and config/ know zod's name.",
    from: { path: product, pathNot: '^(core/schemas|config)/' },
    to: { path: packages('zod') },
  },
  {
    name: 'shared-shapes-are-a-leaf',
    severity: 'error',
    comment:
      'core/schemas/ and core/errors.ts are what the rest of core/ shares. Move the shape down, or the rule that needs it up.',
    from: { path: '^core/(schemas/|errors[.]ts$)' },
    to: { path: '^core/', pathNot: '^core/(schemas/|errors[.]ts$)' },
  },
  {
    name: 'config-is-a-leaf',
    severity: 'error',
    comment: 'config/ holds settings as data: it imports zod and nothing of ours. Pass values in.',
    from: { path: '^config/' },
    to: { pathNot: ['^config/', packages('zod')] },
  },
];

const rule2 = [
  {
    name: 'workflows-stay-in-the-sandbox',
    severity: 'error',
    comment:
      'Workflow code is replayed: no zod, no Node, no vendor, not even at second hand. Use `import type`, do the work in an activity, or split the file so that the zod-free part of core/ stands alone.',
    from: { path: '^workflows/' },
    to: {
      reachable: true,
      pathNot: [
        '^workflows/',
        '^agents/(loop|policy-version|roster)[.]ts$',
        '^core/',
        packages('@temporalio/(workflow|common)'),
      ],
    },
  },
];

const rule3 = [
  {
    name: 'tools-and-agents-know-core-only',
    severity: 'error',
    comment:
      'A tool speaks a port of core/ports/ and is handed what implements it; an agent names tools and never imports them.',
    from: { path: '^(tools|agents)/' },
    to: { pathNot: ['^core/', '^$1/'] },
  },
  {
    name: 'activities-are-handed-the-rest',
    severity: 'error',
    comment:
      'activities/ imports core/, tools/ and agents/. Whatever else a step needs is a member of its dependencies, filled by compose.ts.',
    from: { path: '^activities/' },
    to: {
      pathNot: ['^(activities|core|tools|agents)/', packages('@temporalio/(activity|common)')],
    },
  },
  {
    name: 'vendors-stay-at-the-back',
    severity: 'error',
    comment:
      'Clients of outside systems, drivers and engines appear in integrations/ and store/ only. Write a folder there and have its function handed in.',
    from: { path: product, pathNot: '^(integrations|store|core|config)/' },
    to: {
      dependencyTypes: npm,
      pathNot: [packages('zod'), ...frameworks.map(({ names }) => packages(names))],
    },
  },
  {
    name: 'a-vendor-folder-stands-alone',
    severity: 'error',
    comment:
      'Two vendors meet in compose.ts or in a tool, never in each other. Move what both need to core/.',
    from: { path: '^integrations/([^/]+)/' },
    to: { path: '^integrations/', pathNot: '^integrations/$1/' },
  },
  {
    name: 'backing-looks-down',
    severity: 'error',
    comment:
      'integrations/ and store/ serve those above and know only core/ and config/. Give the value or function as an argument.',
    from: { path: '^(integrations|store)/' },
    to: { path: product, pathNot: ['^$1/', '^(core|config)/'] },
  },
];

const rule4 = [
  {
    name: 'surfaces-are-peers',
    severity: 'error',
    comment:
      'A surface can be deleted without the others noticing. Talk over HTTP or Temporal; what two surfaces share belongs in core/.',
    from: { path: '^(api|cli|web|gateway|worker)(/|[.]ts$)' },
    to: { path: surfaces, pathNot: '^$1(/|[.]ts$)' },
  },
  {
    name: 'nothing-imports-an-entry-point',
    severity: 'error',
    comment:
      'Imports go down. Move the wanted function from the surface to the layer that both may use.',
    from: { path: product, pathNot: surfaces },
    to: { path: surfaces },
  },
  {
    name: 'surfaces-hand-off',
    severity: 'error',
    comment:
      'A surface parses, hands off and presents: it starts and signals workflows (workflows/messages.ts) and reads the store; it runs no steps, agents or tools itself.',
    from: { path: surfaces },
    to: {
      path: '^(workflows|activities|agents|tools|integrations)/',
      pathNot: '^workflows/messages[.]ts$',
    },
  },
  {
    name: 'the-cli-is-a-client',
    severity: 'error',
    comment:
      'cli/ reaches everything over the API. Ask it there, and add a route if one is missing.',
    from: { path: '^cli/' },
    to: { path: '^(store/|compose[.]ts$)' },
  },
  {
    name: 'the-pages-take-types-only',
    severity: 'error',
    comment:
      'web/ runs in browsers: of ours it has the types of core/schemas/, by `import type`. What it needs to know, the API tells it.',
    from: { path: '^web/' },
    to: { dependencyTypes: ['local'], pathNot: '^web/' },
  },
  {
    name: 'two-processes-compose',
    severity: 'error',
    comment:
      'Only api/server.ts and worker.ts, where processes begin, put the product together. Take what you need as an argument.',
    from: { path: product, pathNot: '^(api/server|worker)[.]ts$' },
    to: { path: '^compose[.]ts$' },
  },
  {
    name: 'composing-needs-no-worker',
    severity: 'error',
    comment:
      "compose.ts serves the API too, which must not load the worker's native bridge. worker.ts makes the worker from what compose.ts gives.",
    from: { path: '^(compose[.]ts$|api/)' },
    to: { reachable: true, path: packages('@temporalio/worker') },
  },
  ...frameworks.map(({ home, names }) => ({
    name: 'a-framework-has-one-place',
    severity: 'error',
    comment: `${names.replaceAll('|', ', ')}: only where the path matches ${home}. Keep the framework at the edge and pass plain values on.`,
    from: { path: product, pathNot: [home, '^integrations/'] },
    to: { path: packages(names) },
  })),
];

const rule5 = [
  {
    name: 'no-cycles',
    severity: 'error',
    comment:
      'Move what both need into a third file below them, or turn one import into an argument.',
    from: {},
    to: { circular: true },
  },
];

const hygiene = [
  {
    name: 'every-file-has-a-room',
    severity: 'error',
    comment:
      'The folders at the root are closed: what talks to an outside system lives in integrations/, what an agent may call in tools/. See docs/ARCHITECTURE.md.',
    from: { pathNot: `${product}|${around}` },
    to: {},
  },
  {
    name: 'every-import-has-a-room',
    severity: 'error',
    comment:
      'The folders at the root are closed: what talks to an outside system lives in integrations/, what an agent may call in tools/. See docs/ARCHITECTURE.md.',
    from: {},
    to: {
      dependencyTypes: ['local'],
      pathNot: `${product}|${around}|^[^/]+[.]json$|/node_modules/`,
    },
  },
  {
    name: 'product-stands-without-its-scaffold',
    severity: 'error',
    comment:
      'Nothing that is shipped imports tests, benchmarks, examples or scripts. A command that needs a script starts it as a process.',
    from: { path: product },
    to: { path: around },
  },
  {
    name: 'no-dev-dependency-in-the-product',
    severity: 'error',
    comment: 'Move the package to "dependencies" in package.json, or the import to test/.',
    from: { path: product },
    to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
  },
  {
    name: 'declared-packages-only',
    severity: 'error',
    comment: 'Add the package to package.json; it is here only because something else needs it.',
    from: {},
    to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
  },
  {
    name: 'no-unresolvable-imports',
    severity: 'error',
    comment:
      'The specifier leads nowhere: write the path with its .ts ending, or install the package.',
    from: {},
    to: { couldNotResolve: true },
  },
];

export default {
  forbidden: [...rule1, ...rule2, ...rule3, ...rule4, ...rule5, ...hygiene],
  options: {
    tsPreCompilationDeps: false,
    tsConfig: { fileName: 'tsconfig.json' },
    combinedDependencies: false,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|coverage|[.]holdfast)/' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'require'],
      mainFields: ['main', 'module', 'types'],
      extensions: ['.ts', '.tsx', '.js', '.json'],
    },
    reporterOptions: {
      mermaid: { minify: false },
    },
  },
};
