import type { Report } from '../../../core/schemas/report.ts';
import { Citations } from './citations.tsx';
import { Section } from './section.tsx';
import classes from './lists.module.css';

/** What a model said of it: the sentences that evidence carries, then its advice. */
export function DiagnosisSection({ diagnosis }: Pick<Report, 'diagnosis'>) {
  if (diagnosis === undefined) return null;
  const { model, rootCause, causalChain, validatedClaims, notValidatedClaims } = diagnosis;
  const said = [...(rootCause === null ? [] : [rootCause]), ...causalChain, ...validatedClaims];
  // A model may say the same twice.
  const facts = new Map(said.map(({ text, evidenceIds }) => [text, evidenceIds]));
  const advice = new Set([
    ...diagnosis.remediationSteps.map(({ step, tradeOff }) => `Advice: ${step} (${tradeOff})`),
    ...diagnosis.verificationSteps.map((step) => `Advice, to see that it worked: ${step}`),
    ...diagnosis.followUps.map((step) => `Advice for later: ${step}`),
  ]);
  return (
    <Section title="In the words of the model">
      <ul className={classes['list']}>
        {[...facts].map(([text, evidenceIds]) => (
          <li key={text}>
            {text}
            <Citations ids={evidenceIds} />
          </li>
        ))}
        {[...advice].map((text) => (
          <li key={text}>{text}</li>
        ))}
      </ul>
      <p className={classes['dim']}>
        {model}: {Math.round(diagnosis.validityRatio * 100)} % of its sentences are carried by
        evidence, {notValidatedClaims.length} left out. Its advice is not checked.
      </p>
    </Section>
  );
}
