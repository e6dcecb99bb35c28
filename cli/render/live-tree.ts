import { Listr, ListrLogger, ProcessOutput, type ListrTask } from 'listr2';
import type { ProgressEvent } from '../../core/schemas/progress.ts';
import type { InvestigationPhase, Role } from '../../core/schemas/roles.ts';
import {
  emptyTree,
  growTree,
  phaseTitles,
  roundsText,
  type PhaseNode,
  type ProgressTree,
} from './progress-tree.ts';

const specialists: readonly Role[] = ['aggregation', 'trace', 'log', 'change'];
const widestTitle = 110;

/** The tree as it grows, and a way to wait for its next change. */
interface Growth {
  tree: ProgressTree;
  change: Promise<void>;
}

/**
 * Draws the progress of an investigation as a tree of phases and specialists on a terminal, until the events end. Rejects with what broke the stream of
 * events, after the tree has been left as it was.
 */
export async function showLiveTree(
  events: AsyncIterable<ProgressEvent>,
  terminal: NodeJS.WriteStream,
): Promise<void> {
  let announce: () => void = () => undefined;
  const nextChange = (): Promise<void> =>
    new Promise((resolve) => {
      announce = resolve;
    });
  const growth: Growth = { tree: emptyTree, change: nextChange() };
  const set = (tree: ProgressTree): void => {
    growth.tree = tree;
    const before = announce;
    growth.change = nextChange();
    before();
  };
  const list = new Listr(
    growth.tree.phases.map(({ phase }) => phaseTask(phase, growth)),
    {
      concurrent: false,
      registerSignalListeners: false,
      renderer: 'default',
      fallbackRendererCondition: () => false,
      rendererOptions: {
        collapseSubtasks: false,
        logger: new ListrLogger({ processOutput: new ProcessOutput(terminal, terminal) }),
      },
    },
  );
  const drawing = list.run();
  try {
    for await (const event of events) set(growTree(growth.tree, event));
  } finally {
    set({ ...growth.tree, isFinished: true });
    await drawing;
  }
}

function phaseTask(phase: InvestigationPhase, growth: Growth): ListrTask {
  const title = phaseTitles[phase];
  return {
    title,
    task: async (_context, task) => {
      await follow(growth, phase, (node) => {
        task.title = phaseTitle(node);
        return phase === 'fan-out' ? node.status !== 'waiting' : false;
      });
      const node = nodeOf(growth.tree, phase);
      if (node.roles.size === 0 && node.text === '') return task.skip(`${title}: nothing to do`);
      if (phase !== 'fan-out') return undefined;
      void follow(growth, phase, (now) => {
        task.title = phaseTitle(now);
        return false;
      });
      return task.newListr(
        specialists.map((role) => roleTask(phase, role, growth)),
        { concurrent: true },
      );
    },
  };
}

function roleTask(phase: InvestigationPhase, role: Role, growth: Growth): ListrTask {
  return {
    title: role,
    task: async (_context, task) => {
      await follow(growth, phase, (node) => {
        const member = node.roles.get(role);
        if (member !== undefined)
          task.title = short(`${role} · ${roundsText(member)} — ${member.text}`);
        return false;
      });
      if (!nodeOf(growth.tree, phase).roles.has(role)) task.skip(`${role}: not asked`);
    },
  };
}

/** Calls `look` at each change, until it says enough or the phase is over. */
async function follow(
  growth: Growth,
  phase: InvestigationPhase,
  look: (node: PhaseNode) => boolean,
): Promise<void> {
  for (;;) {
    const { change, tree } = growth;
    const node = nodeOf(tree, phase);
    if (look(node) || node.status === 'done' || tree.isFinished) return;
    await change;
  }
}

function phaseTitle(node: PhaseNode): string {
  const title = phaseTitles[node.phase];
  const said = [
    ...(node.phase === 'fan-out'
      ? []
      : [...node.roles.values()].map(
          (member) => `${member.role} · ${roundsText(member)} — ${member.text}`,
        )),
    ...(node.text === '' ? [] : [node.text]),
  ];
  return short([title, ...said.slice(-1)].join(': '));
}

function nodeOf(tree: ProgressTree, phase: InvestigationPhase): PhaseNode {
  const node = tree.phases.find((one) => one.phase === phase);
  return node ?? { phase, status: 'done', roles: new Map(), text: '' };
}

function short(text: string): string {
  return text.length > widestTitle ? `${text.slice(0, widestTitle - 1)}…` : text;
}
