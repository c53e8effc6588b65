// Draws the diagram of BPMN files anew: `node scripts/layout-workflow.mjs workflows/*/*.bpmn`. Only the part between
// <bpmndi:BPMNDiagram> and its end is replaced, so that what a person wrote stays as he wrote it.

import { readFileSync, writeFileSync } from 'node:fs';
import { layoutProcess } from 'bpmn-auto-layout';
import { BpmnModdle } from 'bpmn-moddle';

const DIAGRAM = /[ \t]*<bpmndi:BPMNDiagram[\s\S]*<\/bpmndi:BPMNDiagram>\n?/;

/** Edges need a prefix that a file without edges may not declare. */
const withDiNamespace = (xml) =>
  xml.includes('xmlns:di=')
    ? xml
    : xml.replace(/ xmlns:dc=/, ' xmlns:di="http://www.omg.org/spec/DD/20100524/DI" xmlns:dc=');

for (const path of process.argv.slice(2)) {
  const xml = readFileSync(path, 'utf8');
  const laidOut = await layoutProcess(await withFlowReferences(xml));
  const diagram = DIAGRAM.exec(laidOut)?.[0];
  if (diagram === undefined) throw new Error(`No diagram came out of ${path}`);
  const bare = withDiNamespace(xml.replace(DIAGRAM, ''));
  writeFileSync(
    path,
    bare.replace(/[ \t]*<\/([\w-]+:)?definitions>\s*$/, (end) => `${diagram.trimEnd()}\n${end.trim()}\n`),
  );
  console.log(path);
}

/** The layout follows `incoming` and `outgoing`, which hand-written files may leave out. */
async function withFlowReferences(xml) {
  const moddle = new BpmnModdle();
  const { rootElement } = await moddle.fromXML(xml);
  for (const root of rootElement.rootElements ?? []) connect(root);
  return (await moddle.toXML(rootElement, { format: true })).xml;
}

function connect(scope) {
  const elements = scope.flowElements ?? [];
  for (const flow of elements.filter((element) => element.$type === 'bpmn:SequenceFlow')) {
    add(flow.sourceRef, 'outgoing', flow);
    add(flow.targetRef, 'incoming', flow);
  }
  for (const element of elements) connect(element);
}

function add(node, side, flow) {
  const known = node.get(side);
  if (!known.includes(flow)) known.push(flow);
}
