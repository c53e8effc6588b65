// docs/lint.md, made from the rules themselves, so that the page and the code cannot disagree.

import { RULES } from '../../server/authoring/index.ts';

const HEAD = `# Rules for flows

What the designer and the server say about a flow while it is drawn and before it is published. This page is generated from
\`server/authoring/rules\` (\`npx vitest run test/authoring/lint-page -u\`). An error stops publishing, a warning does not. Beside
these rules \`checkFlow\` tells the engine's [deploy-time checks](checks.md) in Vietnamese, general BPMN rules by bpmnlint, and gaps,
overlaps and dead rows of decision tables.

The signing order is judged over all paths: what has happened on only some of the paths to a step does not count, a return to drafting
takes it all away, a boundary event sees nothing of the activity it sits on, and a parallel join knows what its branches know.

`;

export function renderLintPage(): string {
  const sections = RULES.map(({ id, severity, fix, why }) =>
    [`## \`${id}\``, `Severity: ${severity}. ${why}`, `Cách sửa: ${fix.vi}  \nHow to mend it: ${fix.en}`].join('\n\n'),
  );
  return `${HEAD}${sections.join('\n\n')}\n`;
}
