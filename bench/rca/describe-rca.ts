import type { GradedSet } from './graded-set.ts';
import { variantTitles } from './tables.ts';

/** Says what the tables tell of, who answered when, and how to read them. `version` is that of the policies as they are. */
export function describeRca(graded: readonly GradedSet[], version: string): string {
  return `By the embedded reasoner, without a model, on the public half of each data set. \`npm run bench -- rca\` makes the cases of every set anew, answers them and writes
this; with \`--set NAME\` it does so for one set, and \`--stored\` writes what was answered before.

${describeAnswers(graded, version)}

The first table is what the product is held to, by \`bench/gates.ts\`, which was written before the runs: the command fails where answers of the policies as they are miss a gate.

The incidents are published by others and not part of this repository: [Nezha](https://github.com/IntelligentDDS/Nezha),
[PetShop](https://github.com/amazon-science/petshop-root-cause-analysis), [RootCauseBench](https://github.com/edgedelta/root-cause-bench),
[OpenSRE](https://github.com/Tracer-Cloud/opensre) and [TVDiag](https://github.com/WHU-AISE/TVDiag). \`bench/rca/convert\` turns each into a
[case](case-format.md) that holds what an on-call engineer would have: the alert says who hurts and by which measure, never why; the onset is not given unless a row
says so. Every case goes through the tools, policies and loop of the product.

AC@k: a right entity is among the first k of the ranking, ties counted by chance; Avg@5: the mean of AC@1 to AC@5. An answer is right by the rules of the sets themselves
in RootCauseBench when the change blamed is the culprit (or, where no change did it, none is blamed), and in OpenSRE when the kind of fault is of the right class (or, where
nothing was wrong, nothing is blamed); these two count so in the first of the ranking too; elsewhere right is the same as strictly right. Strictly right: the verdict is that a cause was found, and the first cause is right.
Abstained: no cause was stated although there was one. Candidates: how many entities could be named. N-Sigma and BARO's scorer are small implementations of the
published formulas on the same metrics, and always name something. Intervals are Wilson's, of 95 %. An onset that is as wide as
the whole window, as it is stated where the trouble fills it, cannot miss and is left out. Nezha's metrics run through, a sample a minute, but of its traces and logs there are
two minutes only of each fault, not the one in which it begins: an onset that is found in these lies later than that.`;
}

/** Who answered what, and when: a paragraph a version and day. */
function describeAnswers(graded: readonly GradedSet[], version: string): string {
  const groups = new Map<string, string[]>();
  for (const { set, variant, answered } of graded) {
    const by =
      answered.version === null
        ? 'an unknown version'
        : answered.version === version
          ? `\`${version}\`, the policies as they are`
          : `\`${answered.version}\`, another version of the policies`;
    const head = `${by}, on ${answered.on ?? 'a day that was not kept'}`;
    const kind = set.gradedBy === 'health' ? 'healthy times of ' : '';
    const how = variant === 'detected' ? '' : ` (${variantTitles[variant]})`;
    groups.set(head, [...(groups.get(head) ?? []), `${kind}${set.title}${how}`]);
  }
  return [...groups].map(([head, sets]) => `Answered by ${head}: ${sets.join('; ')}.`).join('\n\n');
}
