import { hypothesesIn } from '../prompt.ts';
import type { Prompt } from '../prompt.ts';
import { call, json, say } from '../reply.ts';
import type { Reply } from '../reply.ts';

/** Concludes at once, with vague words, numbers from nowhere and few citations: what a small model does on a bad day. */
export function mediocre(prompt: Prompt): Reply {
  if (prompt.fields.includes('questions')) {
    const question = 'What is going on?';
    return json({ reasoning: 'It seems fine.', questions: [{ role: 'trace', question }] });
  }
  const [first] = prompt.text.match(/ev-[0-9a-f]{16}/g) ?? [];
  const guess = hypothesesIn(prompt.text).at(-1)?.name ?? 'the network';
  const claims = [
    { text: `It is probably ${guess}.`, evidenceIds: [] },
    { text: 'Latency rose by 4242 ms.', evidenceIds: first === undefined ? [] : [first] },
  ];
  if (prompt.fields.includes('rootCause')) {
    return json({
      rootCause: { text: `Something about ${guess}.`, evidenceIds: [] },
      causalChain: [],
      claims,
      remediationSteps: [{ step: 'Restart it.', tradeOff: 'None.' }],
      verificationSteps: [],
      followUps: [],
    });
  }
  return say(call('conclude', { reasoning: 'It seems clear enough.', claims }));
}
