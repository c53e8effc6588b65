// The structure tree of tagged PDFs. A writer that adds a signature field to an accessible file must also add the field's
// element; nothing may be said about old content in other words. Elements and lists only grow, by elements of new widgets.

import { isArray, isDict, isInteger, isName, isRef } from '../core/objects.ts';
import type { PdfDict, PdfObject } from '../core/objects.ts';
import type { Comparison, Place } from './comparison.ts';
import type { FormRule } from './form-rule.ts';
import { resolveOrNull, valueOf } from './references.ts';

const ROOT_KEYS = new Set(['K', 'ParentTree', 'ParentTreeNextKey', 'IDTree']);
const MAX_DEPTH = 32;

export function judgeStructure(
  c: Comparison,
  catalogPlace: Place,
  catalogs: readonly [PdfDict, PdfDict],
  form: FormRule,
): void {
  const before = c.old.getDict(catalogs[0], 'StructTreeRoot');
  const after = c.now.getDict(catalogs[1], 'StructTreeRoot');
  if (before === null || after === null) {
    if (before !== after) c.note('other', 'STRUCTURE_CHANGED', 'StructTreeRoot');
    return;
  }
  const place = c.enterKey(catalogPlace, catalogs[1], 'StructTreeRoot');
  const keys = c.equality.differingKeys(before, after);
  const forbidden = keys.find((key) => !ROOT_KEYS.has(key));
  if (forbidden !== undefined) c.note('other', 'STRUCTURE_CHANGED', `StructTreeRoot/${forbidden}`);
  if (!isGrown(c, { before, after, place }, form)) c.note('other', 'STRUCTURE_CHANGED', 'StructTreeRoot/K');
  judgeParentTree(c, c.enterKey(place, after, 'ParentTree'), [
    c.old.get(before, 'ParentTree'),
    c.now.get(after, 'ParentTree'),
  ]);
  if (keys.includes('ParentTreeNextKey')) c.enterKey(place, after, 'ParentTreeNextKey');
  c.allowAnywhere(catalogs[1].entries.get('StructTreeRoot'));
  judgeElements(c, form);
  if (keys.length > 0) c.note('long-term', 'STRUCTURE_EXTENDED', 'StructTreeRoot');
}

interface Node {
  readonly before: PdfDict;
  readonly after: PdfDict;
  readonly place: Place;
}

const listOf = (object: PdfObject, raw: PdfObject | undefined): readonly PdfObject[] =>
  isArray(object) ? object.items : raw === undefined || raw === null ? [] : [raw];

/** /K holds what it held, and otherwise only elements of new widgets. */
function isGrown(c: Comparison, { before, after, place }: Node, form: FormRule): boolean {
  const old = listOf(c.old.get(before, 'K'), before.entries.get('K'));
  const nowValue = c.now.get(after, 'K');
  const now = listOf(nowValue, after.entries.get('K'));
  const list = isArray(nowValue) ? c.enterKey(place, after, 'K') : place;
  const step = isArray(nowValue) ? '[]' : '/K';
  const left = [...now];
  for (const item of old) {
    const at = left.findIndex((candidate) => c.equality.isSame(item, candidate));
    if (at < 0) return false;
    left.splice(at, 1);
  }
  return left.every((item) => {
    c.enter(list, item, step);
    return isElementOfWidget(c, item, form, 0);
  });
}

/** An element, or a reference to an object, that leads to new widgets and to nothing that is read aloud in other words. */
function isElementOfWidget(c: Comparison, object: PdfObject, form: FormRule, depth: number): boolean {
  const element = resolveOrNull(c.now, object);
  if (depth > MAX_DEPTH || !isDict(element)) return false;
  if (isName(c.now.get(element, 'Type'), 'OBJR')) {
    const target = element.entries.get('Obj');
    return isRef(target) && form.approvedWidgets.has(target.number);
  }
  if (element.entries.has('ActualText') || element.entries.has('E')) return false;
  const kids = c.now.get(element, 'K');
  return listOf(kids, element.entries.get('K')).every((kid) => isElementOfWidget(c, kid, form, depth + 1));
}

/** A number tree: what a key means stays, new keys may come. */
function judgeParentTree(c: Comparison, place: Place, [old, now]: readonly [PdfObject, PdfObject], depth = 0): void {
  if (!isDict(old)) return;
  if (!isDict(now) || depth > MAX_DEPTH) {
    c.note('other', 'STRUCTURE_CHANGED', 'ParentTree');
    return;
  }
  const meanings = new Map(numbersOf(c.now.getItems(now, 'Nums'), (item) => c.now.resolve(item)));
  for (const [key, value] of numbersOf(c.old.getItems(old, 'Nums'), (item) => c.old.resolve(item))) {
    const found = meanings.get(key);
    if (found !== undefined && c.equality.isSame(value, found)) continue;
    if (!hasKey(c, now, [key, value])) c.note('other', 'STRUCTURE_CHANGED', `ParentTree/${key}`);
  }
  c.enterKey(place, now, 'Nums');
  const kidsPlace = c.enterKey(place, now, 'Kids');
  const oldKids = c.old.getItems(old, 'Kids');
  c.now.getItems(now, 'Kids').forEach((kid, index) => {
    const nowKid = resolveOrNull(c.now, kid);
    judgeParentTree(c, c.enter(kidsPlace, kid, '[]'), [c.old.resolve(oldKids[index]), nowKid], depth + 1);
  });
  if (c.now.getItems(now, 'Kids').length < oldKids.length) c.note('other', 'STRUCTURE_CHANGED', 'ParentTree/Kids');
}

/** A writer may have moved the entry into a kid of the same node. */
function hasKey(c: Comparison, node: PdfDict, [key, value]: readonly [number, PdfObject], depth = 0): boolean {
  if (depth > MAX_DEPTH) return false;
  const found = numbersOf(c.now.getItems(node, 'Nums'), (item) => c.now.resolve(item)).find(
    ([number]) => number === key,
  );
  if (found !== undefined) return c.equality.isSame(value, found[1]);
  return c.now.getItems(node, 'Kids').some((kid) => {
    const dict = resolveOrNull(c.now, kid);
    return isDict(dict) && hasKey(c, dict, [key, value], depth + 1);
  });
}

function numbersOf(
  items: readonly PdfObject[],
  resolve: (item: PdfObject | undefined) => PdfObject,
): readonly [number, PdfObject][] {
  const pairs: [number, PdfObject][] = [];
  for (let index = 0; index + 1 < items.length; index += 2) {
    const key = resolve(items[index]);
    if (isInteger(key)) pairs.push([key, items[index + 1] ?? null]);
  }
  return pairs;
}

/** Changed elements deeper in the tree, and lists of kids that are objects of their own. */
function judgeElements(c: Comparison, form: FormRule): void {
  for (const number of c.unexplained()) {
    const [before, after] = [valueOf(c.old, number), valueOf(c.now, number)];
    if (isDict(before) && isDict(after) && isName(c.old.get(before, 'S')) && isRef(before.entries.get('P'))) {
      const keys = c.equality.differingKeys(before, after);
      const isOnlyGrown =
        keys.every((key) => key === 'K') && isGrown(c, { before, after, place: { number, path: '' } }, form);
      if (isOnlyGrown) c.allowAnywhere({ kind: 'ref', number, generation: 0 });
    }
  }
  for (const number of c.unexplained()) {
    const [before, after] = [valueOf(c.old, number), valueOf(c.now, number)];
    const edges = c.edgesTo(number);
    if (!isArray(before) || !isArray(after) || !edges.every(({ path }) => path === '/K')) continue;
    const holders = edges.map(({ parent }) => valueOf(c.now, parent));
    if (
      !holders.every(
        (holder) =>
          isDict(holder) && (isName(c.now.get(holder, 'S')) || isName(c.now.get(holder, 'Type'), 'StructTreeRoot')),
      )
    )
      continue;
    const wrap = (value: PdfObject): PdfDict => ({ kind: 'dict', entries: new Map([['K', value]]) });
    const place = { number, path: '' };
    if (isGrown(c, { before: wrap(before), after: wrap(after), place }, form))
      c.allowAnywhere({ kind: 'ref', number, generation: 0 });
  }
}
