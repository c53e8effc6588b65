// XML → element tree, and the only asynchronous file of the engine (the XML library answers with a promise).
// What the library merely warns about, but what would change the meaning of a model, becomes a problem here.

import { BpmnModdle } from 'bpmn-moddle';
import zeebe from 'zeebe-bpmn-moddle/resources/zeebe.json' with { type: 'json' };
import type { Result } from '../../shared/result.ts';
import { err, ok } from '../../shared/result.ts';
import type { ModelProblem } from '../types.ts';
import { isSourceElement } from './source.ts';
import type { SourceElement } from './source.ts';
import tram from './tram-moddle.json' with { type: 'json' };

const moddle = new BpmnModdle({ zeebe, tram });

const problem = (rule: string, elementId: string | null, message: string): ModelProblem => ({
  rule,
  elementId,
  message,
});

/** Far above any model that people draw; below what one deployment may cost in memory. */
const MAX_CHARACTERS = 10_000_000;

/** Only the prolog may declare one: instructions, comments and blanks come before it. */
const DOCUMENT_TYPE = /^\uFEFF?(?:\s+|<\?[^?]*(?:\?(?!>)[^?]*)*\?>|<!--[^-]*(?:-(?!->)[^-]*)*-->)*<!DOCTYPE/i;

/** What is refused before anything is read: reading it would be the attack. */
function refuseUnread(xml: string): ModelProblem | null {
  if (xml.length > MAX_CHARACTERS) {
    const size = Math.ceil(xml.length / 1_000_000);
    return problem(
      'model-size',
      null,
      `The file has ${size} million characters; ${MAX_CHARACTERS / 1_000_000} are allowed.`,
    );
  }
  if (!DOCUMENT_TYPE.test(xml)) return null;
  return problem('readable-xml', null, 'The file has a document type declaration, which could define entities.');
}

export async function parseDefinitions(xml: string): Promise<Result<SourceElement, readonly ModelProblem[]>> {
  const refused = refuseUnread(xml);
  if (refused !== null) return err([refused]);
  try {
    const { rootElement, warnings } = await moddle.fromXML(xml);
    if (!isSourceElement(rootElement)) {
      return err([problem('readable-xml', null, 'The file has no bpmn:definitions.')]);
    }
    const problems = warnings.flatMap((warning) => problemsOfWarning(messageOf(warning)));
    return problems.length > 0 ? err(problems) : ok(rootElement);
  } catch (error) {
    // The library rejects with an Error for text that is not XML or not BPMN; the text comes from a person, so this
    // is an answer and not a fault of the server.
    return err([problem('readable-xml', null, `The file is not readable BPMN: ${oneLine(messageOf(error))}.`)]);
  }
}

/** Warnings about diagram shapes, foreign attributes and unknown extension elements are harmless and dropped. */
function problemsOfWarning(message: string): readonly ModelProblem[] {
  const duplicate = /duplicate ID <([^>]*)>/.exec(message)?.[1];
  if (duplicate !== undefined) {
    return [problem('unique-ids', duplicate, `The id '${duplicate}' is used more than once.`)];
  }
  const unknown = /unknown type <([^>]*)>/.exec(message)?.[1];
  if (unknown !== undefined && !unknown.startsWith('bpmn:')) return [];
  if (unknown !== undefined) {
    return [problem('supported-elements', null, `${unknown} is not an element of BPMN 2.0.`)];
  }
  if (message.startsWith('unparsable content')) {
    return [problem('readable-xml', null, `The file cannot be read completely: ${oneLine(message)}.`)];
  }
  return [];
}

const messageOf = (value: unknown): string =>
  typeof value === 'object' && value !== null && 'message' in value && typeof value.message === 'string'
    ? value.message
    : String(value);

const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim();
