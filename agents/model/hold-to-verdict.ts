import type { DiagnosisOutput } from '../../core/schemas/model-output.ts';
import type { SynthesisResult } from '../../core/schemas/synthesis.ts';
import type { Known } from './names-to-hide.ts';

/** A sentence that is left out of what a model said, and why. */
export interface DroppedSentence {
  readonly text: string;
  readonly because: string;
}

/** What of a diagnosis keeps to the verdict. `rootCause` is null where it is not the verified one, or where none was. */
export interface HeldDiagnosis {
  readonly kept: Omit<DiagnosisOutput, 'rootCause'> & {
    readonly rootCause: DiagnosisOutput['rootCause'] | null;
  };
  readonly strayFacts: readonly DroppedSentence[];
  readonly strayAdvice: readonly DroppedSentence[];
}

type Judge = (text: string) => string | null;

const accusing =
  /\b(?:caus(?:e|es|ed|ing)|culprit|blame|responsible|originat(?:e|es|ed)|due to|because of|fault of|broke)\b/i;
const denying: ReadonlySet<string> = new Set(['no', 'not', 'never', 'neither', 'nor', 'without']);
/** Links, and what a shell would take: nobody is to copy them from a model at three in the morning. */
const actionable =
  /https?:|www\.|`|\$\(|&&|\||\s--?[a-z]|(?:^|\s)(?:aws|bash|curl|docker|gcloud|helm|kubectl|psql|rm|sh|ssh|sudo|wget)\s/i;
const wordsBeforeName = 2;

/**
 * Holds what a model says to the verdict: it may blame only what was verified as the cause, and advise only on what was found to be involved. Where its root cause is
 * another, all that it says is left out. `known` are the names that the investigation knows; a name within a longer word is none.
 */
export function holdToVerdict(
  said: DiagnosisOutput,
  synthesis: SynthesisResult,
  known: readonly Known[],
): HeldDiagnosis {
  const strangerIn = findStranger(synthesis, known);
  const stray = strayRoot(said.rootCause.text, synthesis, strangerIn);
  const account = stray === null ? null : 'It belongs to an account of another cause.';
  const facts = sieve((text) => {
    const stranger = accusing.test(text) ? strangerIn(text) : undefined;
    return account ?? (stranger === undefined ? null : `${stranger} was not verified as a cause.`);
  });
  const hint: Judge = (text) =>
    account ?? (actionable.test(text) ? 'Advice with a link or a command is left out.' : null);
  const hints = sieve(hint);
  const isUnsolved = synthesis.causes.length === 0;
  const remedies = sieve((text) => {
    if (isUnsolved) return 'No cause was verified.';
    const stranger = strangerIn(text);
    return stranger === undefined ? hint(text) : `${stranger} was not found to be involved.`;
  });
  return {
    kept: {
      rootCause: stray === null && !isUnsolved ? said.rootCause : null,
      causalChain: facts.keep(said.causalChain, ({ text }) => text),
      claims: facts.keep(said.claims, ({ text }) => text),
      remediationSteps: remedies.keep(
        said.remediationSteps,
        ({ step, tradeOff }) => `${step} ${tradeOff}`,
      ),
      verificationSteps: hints.keep(said.verificationSteps, (step) => step),
      followUps: hints.keep(said.followUps, (step) => step),
    },
    strayFacts: [
      ...(stray === null ? [] : [{ text: said.rootCause.text, because: stray }]),
      ...facts.dropped,
    ],
    strayAdvice: [...remedies.dropped, ...hints.dropped],
  };
}

/** Finds a known name in a text that is neither a cause, nor in the chain, nor affected; instances of what is involved are involved. */
function findStranger(
  { causes, chain, affected }: SynthesisResult,
  known: readonly Known[],
): (text: string) => string | undefined {
  const involved = [
    ...causes.map(({ entity }) => entity),
    ...chain.flatMap(({ from, to }) => [from, to]),
    ...affected.map(({ entity }) => entity),
  ].map(({ name }) => name.toLowerCase());
  const strangers = new Set(
    known
      .map(({ kind, name }) => ({ kind, name: name.toLowerCase() }))
      .filter(
        ({ kind, name }) =>
          !involved.some((one) => name === one || (kind === 'pod' && name.startsWith(`${one}-`))),
      )
      .map(({ name }) => name),
  );
  return (text) => wordsOf(text).find((word) => strangers.has(word));
}

/** Why a root cause is not the verified one; where none was, it may blame nobody. */
function strayRoot(
  text: string,
  { causes: [cause] }: SynthesisResult,
  strangerIn: (text: string) => string | undefined,
): string | null {
  const words = wordsOf(text);
  const hasStranger = strangerIn(text) !== undefined;
  if (cause === undefined) {
    return hasStranger && !words.some((word) => denying.has(word))
      ? 'No cause was verified.'
      : null;
  }
  const name = cause.entity.name.toLowerCase();
  const isNamed = words.some(
    (word, index) =>
      word === name &&
      !words.slice(Math.max(0, index - wordsBeforeName), index).some((one) => denying.has(one)),
  );
  return isNamed && !hasStranger ? null : 'It is not the cause that was verified.';
}

/** Keeps what a judge has nothing against, and the rest with the reason. */
function sieve(judge: Judge) {
  const dropped: DroppedSentence[] = [];
  return {
    dropped,
    keep: <Part>(parts: readonly Part[], textOf: (part: Part) => string): Part[] =>
      parts.filter((part) => {
        const text = textOf(part);
        const because = judge(text);
        if (because !== null) dropped.push({ text, because });
        return because === null;
      }),
  };
}

/** Names keep their dots, slashes and hyphens, but for those at the end. */
function wordsOf(text: string): string[] {
  const found = text.toLowerCase().match(/[\p{L}\p{N}][\p{L}\p{N}._/-]*/gu) ?? [];
  return found.map((word) => word.replace(/[._/-]+$/, ''));
}
