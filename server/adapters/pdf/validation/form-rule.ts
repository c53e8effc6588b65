// Fields: which may appear, which may be filled, and what may change with a value. Everything else about a field, its
// place above all, was part of what was signed. Non-signature fields never appear after a signature.

import { decodeText, isArray, isDict, isInteger, isName, isRef, isStream, isString } from '../core/objects.ts';
import type { PdfDict, PdfObject } from '../core/objects.ts';
import type { ChangeLevel } from './changes.ts';
import type { Comparison, Place } from './comparison.ts';
import { compareShownText } from './field-text.ts';
import type { ShownText } from './field-text.ts';
import { isLocked } from './permissions.ts';
import type { Permissions } from './permissions.ts';
import { resolveOrNull } from './references.ts';

const EMPTY: PdfDict = { kind: 'dict', entries: new Map() };
const MAX_DEPTH = 40;
/** Entries of the form that may change without moving or showing anything; each is looked at below. */
const FORM_KEYS = new Set(['Fields', 'SigFlags', 'NeedAppearances', 'DR', 'DA']);
/** What comes with a value: its picture, its state, when and on which page; `MK` draws borders of signature fields only. */
const VALUE_KEYS = new Set(['V', 'AP', 'AS', 'RV', 'I', 'M', 'P', 'StructParent', 'NM', 'DA', 'Q']);
const SIGNING_KEYS = new Set(['V', 'AP', 'M', 'P', 'StructParent', 'NM', 'MK', 'DA', 'AS']);
/** Read-only, and the flags that only close a widget: print, no zoom, no rotation, read-only, locked. */
const CLOSING_FIELD_FLAGS = 1;
const HARMLESS_WIDGET_FLAGS = 4 | 8 | 16 | 64 | 128 | 512;

interface Inherited {
  readonly name: string;
  readonly type: string | null;
  readonly value: PdfObject;
  /** The same of the newer revision. */
  readonly nowValue: PdfObject;
}

export class FormRule {
  readonly #comparison: Comparison;
  readonly #permissions: Permissions;
  /** Widgets that came or changed with an allowed change of their field, by object number. */
  readonly approvedWidgets = new Set<number>();
  readonly #knownFields = new Set<number>();

  constructor(comparison: Comparison, permissions: Permissions) {
    this.#comparison = comparison;
    this.#permissions = permissions;
  }

  /** A widget of any field of the signed revision. */
  isFieldWidget(number: number): boolean {
    return this.#knownFields.has(number);
  }

  judge(catalogPlace: Place, oldCatalog: PdfDict, nowCatalog: PdfDict): void {
    const c = this.#comparison;
    const before = c.old.getDict(oldCatalog, 'AcroForm');
    const after = c.now.getDict(nowCatalog, 'AcroForm');
    if (after === null) {
      if (before !== null) c.note('other', 'FORM_CHANGED', 'AcroForm');
      return;
    }
    const place = c.enterKey(catalogPlace, nowCatalog, 'AcroForm');
    const fieldsPlace = c.enterKey(place, after, 'Fields');
    for (const key of c.equality.differingKeys(before ?? EMPTY, after))
      this.#judgeSetting(key, before ?? EMPTY, after, place);
    const top = { name: '', type: null, value: null, nowValue: null, depth: 0 };
    this.#judgeList(c.old.getItems(before ?? EMPTY, 'Fields'), c.now.getItems(after, 'Fields'), fieldsPlace, top);
    this.#judgeResources(before ?? EMPTY, after, place);
  }

  #judgeSetting(key: string, before: PdfDict, after: PdfDict, place: Place): void {
    const c = this.#comparison;
    const isAdded = c.old.get(before, key) === null;
    if (!FORM_KEYS.has(key) || (key === 'DA' && !isAdded)) {
      c.note('other', 'FORM_CHANGED', `AcroForm/${key}`);
      return;
    }
    if (key === 'SigFlags' || key === 'Fields') c.enterKey(place, after, key);
    else if (key !== 'DR') c.note('long-term', 'FORM_SETTINGS_CHANGED', `AcroForm/${key}`);
  }

  /** Default resources may grow; what has a name already keeps its meaning. */
  #judgeResources(before: PdfDict, after: PdfDict, place: Place): void {
    const c = this.#comparison;
    const now = c.now.getDict(after, 'DR');
    const old = c.old.getDict(before, 'DR');
    if (now === null || old === null) return;
    const resources = c.enterKey(place, after, 'DR');
    for (const key of c.equality.differingKeys(old, now)) {
      const [oldKind, nowKind] = [c.old.get(old, key), c.now.get(now, key)];
      if (oldKind === null) continue;
      if (
        !isDict(oldKind) ||
        !isDict(nowKind) ||
        c.equality.differingKeys(oldKind, nowKind).some((name) => oldKind.entries.has(name))
      ) {
        c.note('other', 'FORM_CHANGED', `AcroForm/DR/${key}`);
      }
    }
    for (const key of now.entries.keys()) {
      const [oldKind, nowKind] = [c.old.get(old, key), c.now.get(now, key)];
      if (!c.isChanged(now.entries.get(key)) || !isDict(oldKind) || !isDict(nowKind)) continue;
      const altered = c.equality.differingKeys(oldKind, nowKind).some((name) => oldKind.entries.has(name));
      if (altered) c.note('other', 'FORM_CHANGED', `AcroForm/DR/${key}`);
      else c.enterKey(resources, now, key);
    }
  }

  #judgeList(
    old: readonly PdfObject[],
    now: readonly PdfObject[],
    place: Place,
    parent: Inherited & { readonly depth: number },
  ): void {
    const c = this.#comparison;
    const left = [...now];
    for (const item of old) {
      const at = left.findIndex((candidate) => this.#isSameField(item, candidate));
      const match = left[at];
      if (at < 0 || match === undefined) {
        if (resolveOrNull(c.old, item) !== null) c.note('other', 'FIELD_REMOVED', this.#nameOf(item, parent.name));
        continue;
      }
      left.splice(at, 1);
      this.#judgeField(item, match, c.enter(place, match, '[]'), parent);
    }
    for (const item of left) this.#judgeAdded(item, c.enter(place, item, '[]'), parent);
  }

  #isSameField(old: PdfObject, now: PdfObject): boolean {
    if (isRef(old) && isRef(now)) return old.number === now.number;
    const [before, after] = [resolveOrNull(this.#comparison.old, old), resolveOrNull(this.#comparison.now, now)];
    if (!isDict(before) || !isDict(after)) return false;
    const name = this.#comparison.old.get(before, 'T');
    return isString(name) && this.#comparison.equality.isSame(name, after.entries.get('T'));
  }

  #nameOf(object: PdfObject, parent: string): string {
    const dictionary = resolveOrNull(this.#comparison.old, object) ?? resolveOrNull(this.#comparison.now, object);
    const own = isDict(dictionary) ? this.#comparison.old.get(dictionary, 'T') : null;
    if (!isString(own)) return parent;
    return parent === '' ? decodeText(own) : `${parent}.${decodeText(own)}`;
  }

  #judgeField(
    oldItem: PdfObject,
    nowItem: PdfObject,
    place: Place,
    parent: Inherited & { readonly depth: number },
  ): void {
    const c = this.#comparison;
    const before = resolveOrNull(c.old, oldItem);
    const after = resolveOrNull(c.now, nowItem);
    if (isRef(nowItem)) this.#knownFields.add(nowItem.number);
    if (!isDict(before)) return;
    const name = this.#nameOf(oldItem, parent.name);
    if (!isDict(after) || parent.depth > MAX_DEPTH) {
      c.note('other', 'FIELD_ALTERED', name);
      return;
    }
    const ownType = c.old.get(before, 'FT');
    const type = isName(ownType) ? ownType.value : parent.type;
    const value = c.old.get(before, 'V') ?? parent.value;
    const nowValue = c.now.get(after, 'V') ?? parent.nowValue;
    const kids = c.old.getItems(before, 'Kids');
    const nowKids = c.now.getItems(after, 'Kids');
    const keys = c.equality.differingKeys(before, after);
    const kidsPlace = nowKids.length > 0 ? c.enterKey(place, after, 'Kids') : place;
    const isAllowed =
      type === 'Sig'
        ? this.#judgeSignatureField({ before, after, place, name, keys, value, nowValue })
        : this.#judgeValueField({ before, after, place, name, keys, value, nowValue, type });
    if (isAllowed) c.allowAnywhere(nowItem);
    if (kids.length + nowKids.length > 0)
      this.#judgeList(kids, nowKids, kidsPlace, { name, type, value, nowValue, depth: parent.depth + 1 });
  }

  #isFlagChangeHarmless(key: string, before: PdfDict, after: PdfDict): boolean {
    const c = this.#comparison;
    const [old, now] = [c.old.get(before, key) ?? 0, c.now.get(after, key) ?? 0];
    if (!isInteger(old) || !isInteger(now)) return false;
    const differing = (old ^ now) >>> 0;
    if (key === 'Ff') return differing === CLOSING_FIELD_FLAGS && (now & CLOSING_FIELD_FLAGS) !== 0;
    return (differing & ~HARMLESS_WIDGET_FLAGS) === 0;
  }

  /** Keys beyond the given ones, except flags that only close the field. */
  #forbiddenKeys({ before, after, keys }: FieldCase, allowed: ReadonlySet<string>): readonly string[] {
    return keys.filter((key) => {
      if (allowed.has(key) || key === 'Kids') return false;
      if (key === 'Type') return false;
      return !((key === 'Ff' || key === 'F') && this.#isFlagChangeHarmless(key, before, after));
    });
  }

  #judgeSignatureField(field: FieldCase): boolean {
    const c = this.#comparison;
    const { after, place, name, keys, value, nowValue } = field;
    const hadValue = c.old.resolve(value) !== null;
    const forbidden = this.#forbiddenKeys(field, hadValue ? new Set(['M']) : SIGNING_KEYS);
    if (forbidden.length > 0) {
      c.note('other', hadValue ? 'SIGNATURE_REPLACED' : 'FIELD_ALTERED', `${name}/${forbidden[0] ?? ''}`);
      return false;
    }
    if (hadValue) return true;
    const signature = nowValue;
    const hasNewPicture = c.allowSubtree(place, after.entries.get('AP'), '/AP') || keys.includes('AP');
    if (signature === null) {
      // An empty field that only got another picture was given something to show.
      if (hasNewPicture) c.note('other', 'FIELD_SHOWS_OTHER_VALUE', name);
      return !hasNewPicture;
    }
    c.allowSubtree(place, after.entries.get('V'), '/V');
    if (!isDict(signature)) {
      c.note('other', 'FIELD_ALTERED', name);
      return false;
    }
    this.#noteFilled(name, isTimestamp(c, signature) ? 'long-term' : 'form-filling');
    for (const kid of c.now.getItems(after, 'Kids')) if (isRef(kid)) this.approvedWidgets.add(kid.number);
    if (place.path === '') this.approvedWidgets.add(place.number);
    return true;
  }

  #noteFilled(name: string, level: ChangeLevel): void {
    const c = this.#comparison;
    if (isLocked(this.#permissions, name)) c.note('other', 'FIELD_LOCKED', name);
    else c.note(level, level === 'long-term' ? 'TIMESTAMP_ADDED' : 'SIGNATURE_FIELD_FILLED', name);
  }

  #judgeValueField(field: FieldCase & { readonly type: string | null }): boolean {
    const c = this.#comparison;
    const { after, place, name, keys, value, type } = field;
    const forbidden = this.#forbiddenKeys(field, VALUE_KEYS);
    if (forbidden.length > 0) {
      c.note('other', 'FIELD_ALTERED', `${name}/${forbidden[0] ?? ''}`);
      return false;
    }
    const hasNewPicture = c.allowSubtree(place, after.entries.get('AP'), '/AP') || keys.includes('AP');
    const hasNewValue =
      c.allowSubtree(place, after.entries.get('V'), '/V') || keys.includes('V') || keys.includes('AS');
    c.allowSubtree(place, after.entries.get('RV'), '/RV');
    c.allowSubtree(place, after.entries.get('I'), '/I');
    if (!hasNewPicture && !hasNewValue && keys.length === 0) return true;
    if (isLocked(this.#permissions, name) && keys.some((key) => key !== 'Ff' && key !== 'F')) {
      c.note('other', 'FIELD_LOCKED', name);
      return false;
    }
    const picture = hasNewPicture ? this.#comparePicture(field) : 'same';
    if (picture === 'other') {
      c.note('other', 'FIELD_SHOWS_OTHER_VALUE', name);
      return false;
    }
    const wasEmpty = isEmptyValue(value) || type === 'Btn';
    if (hasNewValue) c.note('form-filling', wasEmpty ? 'FIELD_FILLED' : 'FIELD_CHANGED', name);
    else if (hasNewPicture)
      c.note('form-filling', picture === 'same' ? 'FIELD_REDRAWN' : 'FIELD_APPEARANCE_CHANGED', name);
    else c.note('form-filling', 'FIELD_FILLED', name);
    return true;
  }

  /** A text must show its value; a button chooses among the pictures that were signed; a choice may show another word. */
  #comparePicture({ before, after, nowValue, type }: FieldCase & { readonly type: string | null }): ShownText {
    const c = this.#comparison;
    const pictures = c.now.getDict(after, 'AP');
    if (pictures === null) return 'same';
    if (type === 'Btn') {
      const old = c.old.getDict(before, 'AP');
      const isSame = old === null || (!c.isChanged(after.entries.get('AP')) && c.equality.isSame(old, pictures));
      return isSame ? 'same' : 'other';
    }
    if (type === 'Ch') return 'unreadable';
    return compareShownText(c.now, c.now.get(pictures, 'N'), isStream(nowValue) ? null : nowValue);
  }

  #judgeAdded(item: PdfObject, place: Place, parent: Inherited & { readonly depth: number }): void {
    const c = this.#comparison;
    const field = resolveOrNull(c.now, item);
    const own = isDict(field) ? c.now.get(field, 'T') : null;
    const name = isString(own)
      ? parent.name === ''
        ? decodeText(own)
        : `${parent.name}.${decodeText(own)}`
      : parent.name;
    if (!isDict(field)) {
      if (field !== null) c.note('other', 'FIELD_ADDED', name);
      return;
    }
    const type = c.now.get(field, 'FT');
    const isSignature = isName(type, 'Sig') || (type === null && parent.type === 'Sig');
    if (isString(own) && this.#hasNamedKids(field) && this.#isPlainParent(field) && parent.depth < MAX_DEPTH) {
      const kidsPlace = c.enterKey(place, field, 'Kids');
      const inherited = { ...parent, name, type: isName(type) ? type.value : parent.type, depth: parent.depth + 1 };
      for (const kid of c.now.getItems(field, 'Kids')) this.#judgeAdded(kid, c.enter(kidsPlace, kid, '[]'), inherited);
      return;
    }
    const isSound = isSignature && isString(own) && !field.entries.has('AA') && !field.entries.has('A');
    if (!isSound || this.#hasNamedKids(field) || parent.depth > MAX_DEPTH) {
      c.note('other', 'FIELD_ADDED', name);
      return;
    }
    const widgets = [{ object: item, place, dict: field }, ...this.#kidsOf(field, place)];
    const isVisible = widgets.some(({ dict }) => isVisibleWidget(c, dict));
    for (const widget of widgets) {
      if (isRef(widget.object)) this.approvedWidgets.add(widget.object.number);
      c.allowSubtree(widget.place, widget.dict.entries.get('AP'), '/AP');
      if (widget.dict.entries.has('AA') || widget.dict.entries.has('A')) c.note('other', 'FIELD_ADDED', name);
    }
    c.allowSubtree(place, field.entries.get('V'), '/V');
    this.#noteAdded(name, c.now.get(field, 'V'), isVisible);
  }

  /** A name that only groups new signature fields: `Cơ quan` in `Cơ quan.Dấu`. */
  #isPlainParent(field: PdfDict): boolean {
    return [...field.entries.keys()].every((key) => ['T', 'Kids', 'Parent', 'FT', 'Type'].includes(key));
  }

  #noteAdded(name: string, signature: PdfObject, isVisible: boolean): void {
    const c = this.#comparison;
    if (!isDict(signature)) {
      if (isVisible) c.note('other', 'FIELD_SHOWS_OTHER_VALUE', name);
      else c.note('form-filling', 'SIGNATURE_FIELD_ADDED', name);
    } else if (isTimestamp(c, signature) && !isVisible) c.note('long-term', 'TIMESTAMP_ADDED', name);
    else c.note('form-filling', isVisible ? 'VISIBLE_SIGNATURE_ADDED' : 'SIGNATURE_ADDED', name);
  }

  #kidsOf(field: PdfDict, place: Place): readonly { object: PdfObject; place: Place; dict: PdfDict }[] {
    const c = this.#comparison;
    const kids = c.now.getItems(field, 'Kids');
    if (kids.length === 0) return [];
    const kidsPlace = c.enterKey(place, field, 'Kids');
    return kids.flatMap((object) => {
      const dict = resolveOrNull(c.now, object);
      return isDict(dict) ? [{ object, place: c.enter(kidsPlace, object, '[]'), dict }] : [];
    });
  }

  #hasNamedKids(field: PdfDict): boolean {
    const c = this.#comparison;
    return c.now.getItems(field, 'Kids').some((kid) => {
      const dict = resolveOrNull(c.now, kid);
      return isDict(dict) && c.now.get(dict, 'T') !== null;
    });
  }
}

interface FieldCase {
  readonly before: PdfDict;
  readonly after: PdfDict;
  readonly place: Place;
  readonly name: string;
  readonly keys: readonly string[];
  /** Of the signed revision and of the newer one, inherited. */
  readonly value: PdfObject;
  readonly nowValue: PdfObject;
}

function isTimestamp(c: Comparison, signature: PdfDict): boolean {
  return isName(c.now.get(signature, 'SubFilter'), 'ETSI.RFC3161');
}

const isEmptyValue = (value: PdfObject): boolean =>
  value === null || (isString(value) && decodeText(value).trim() === '') || isName(value, 'Off');

/** Has an area and a picture, and no flag that hides it. */
export function isVisibleWidget(c: Comparison, widget: PdfDict): boolean {
  const rect = c.now.get(widget, 'Rect');
  const sides = isArray(rect) ? rect.items.map((item) => c.now.resolve(item)) : [];
  const [left = 0, bottom = 0, right = 0, top = 0] = sides.map((side) => (typeof side === 'number' ? side : 0));
  const flags = c.now.get(widget, 'F');
  const isHidden = isInteger(flags) && (flags & (2 | 32)) !== 0;
  return left !== right && bottom !== top && !isHidden && c.now.getDict(widget, 'AP') !== null;
}
