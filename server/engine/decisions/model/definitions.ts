// The vocabulary of a DMN file as it was written: what `read-definitions.ts` reads and `compile/` turns into functions.
// Element names follow the standard (DMN 1.5, clause 6 to 10); every part keeps its id and position for diagnostics.

/** Where a part stands in the file. `id` is the nearest id that a modelling tool would recognise. */
export interface Place {
  readonly id: string | null;
  /** Name of the XML element, for people: `inputEntry`, `literalExpression`. */
  readonly element: string;
  /** Offset of the part, or of its text, in the source; turned into line and column only for a diagnostic. */
  readonly offset: number;
}

export interface Definitions {
  readonly id: string;
  readonly name: string;
  readonly namespace: string;
  readonly imports: readonly Import[];
  readonly itemDefinitions: readonly ItemDefinition[];
  readonly inputs: readonly InputData[];
  readonly decisions: readonly Decision[];
  readonly knowledgeModels: readonly BusinessKnowledgeModel[];
  readonly services: readonly DecisionService[];
}

export interface Import {
  readonly place: Place;
  /** '' puts the names of the imported model among our own (DMN 1.5). */
  readonly name: string;
  readonly namespace: string;
  readonly locationUri: string | null;
}

export interface ItemDefinition {
  readonly place: Place;
  readonly name: string;
  readonly typeRef: string | null;
  readonly isCollection: boolean;
  readonly components: readonly ItemDefinition[];
  /** Restricts the value itself, or each item of a collection. */
  readonly allowedValues: FeelText | null;
  /** Restricts the value as a whole, a collection included (DMN 1.5). */
  readonly typeConstraint: FeelText | null;
  readonly functionItem: FunctionItem | null;
}

export interface FunctionItem {
  readonly parameters: readonly InformationItem[];
  readonly outputTypeRef: string | null;
}

export interface InformationItem {
  readonly place: Place;
  readonly name: string;
  readonly typeRef: string | null;
}

export interface FeelText {
  readonly place: Place;
  readonly text: string;
}

export interface InputData {
  readonly place: Place;
  readonly id: string;
  readonly name: string;
  readonly variable: InformationItem;
}

/** `namespace#id`, `#id`: a reference to an element of this or of an imported file. */
export interface Reference {
  readonly place: Place;
  readonly namespace: string | null;
  readonly id: string;
}

export interface Requirements {
  readonly inputs: readonly Reference[];
  readonly decisions: readonly Reference[];
  readonly knowledge: readonly Reference[];
}

export interface Decision {
  readonly place: Place;
  readonly id: string;
  readonly name: string;
  readonly versionTag: string | null;
  readonly variable: InformationItem;
  readonly requirements: Requirements;
  /** null: a decision without logic, whose value is null. */
  readonly expression: Expression | null;
}

export interface BusinessKnowledgeModel {
  readonly place: Place;
  readonly id: string;
  readonly name: string;
  readonly variable: InformationItem;
  readonly requirements: Requirements;
  readonly logic: FunctionDefinition | null;
}

export interface DecisionService {
  readonly place: Place;
  readonly id: string;
  readonly name: string;
  readonly variable: InformationItem;
  readonly outputDecisions: readonly Reference[];
  readonly encapsulatedDecisions: readonly Reference[];
  readonly inputDecisions: readonly Reference[];
  readonly inputData: readonly Reference[];
}

interface ExpressionBase {
  readonly place: Place;
  readonly typeRef: string | null;
}

export interface LiteralExpression extends ExpressionBase {
  readonly kind: 'literal';
  readonly text: FeelText | null;
  readonly language: string | null;
}

export interface ContextEntry {
  readonly place: Place;
  /** null: the result of the context. */
  readonly variable: InformationItem | null;
  readonly expression: Expression | null;
}

export interface ContextExpression extends ExpressionBase {
  readonly kind: 'context';
  readonly entries: readonly ContextEntry[];
}

export interface ListExpression extends ExpressionBase {
  readonly kind: 'list';
  readonly items: readonly (Expression | null)[];
}

export interface RelationExpression extends ExpressionBase {
  readonly kind: 'relation';
  readonly columns: readonly InformationItem[];
  readonly rows: readonly (readonly (Expression | null)[])[];
}

export interface FunctionDefinition extends ExpressionBase {
  readonly kind: 'function';
  readonly language: 'FEEL' | 'Java' | 'PMML';
  readonly parameters: readonly InformationItem[];
  readonly body: Expression | null;
}

export interface Invocation extends ExpressionBase {
  readonly kind: 'invocation';
  readonly callee: Expression | null;
  readonly bindings: readonly { readonly parameter: InformationItem; readonly expression: Expression | null }[];
}

export interface Conditional extends ExpressionBase {
  readonly kind: 'conditional';
  readonly condition: Expression | null;
  readonly consequence: Expression | null;
  readonly alternative: Expression | null;
}

export interface Filter extends ExpressionBase {
  readonly kind: 'filter';
  readonly list: Expression | null;
  readonly match: Expression | null;
}

export interface Iterator extends ExpressionBase {
  readonly kind: 'for' | 'some' | 'every';
  readonly variable: string;
  readonly list: Expression | null;
  readonly body: Expression | null;
}

export const HIT_POLICIES = ['UNIQUE', 'ANY', 'PRIORITY', 'FIRST', 'RULE ORDER', 'OUTPUT ORDER', 'COLLECT'] as const;
export type HitPolicy = (typeof HIT_POLICIES)[number];
export const AGGREGATIONS = ['SUM', 'COUNT', 'MIN', 'MAX'] as const;
export type Aggregation = (typeof AGGREGATIONS)[number];

export interface InputClause {
  readonly place: Place;
  readonly label: string | null;
  readonly expression: FeelText | null;
  readonly typeRef: string | null;
  readonly allowedValues: FeelText | null;
}

export interface OutputClause {
  readonly place: Place;
  readonly name: string | null;
  readonly label: string | null;
  readonly typeRef: string | null;
  readonly allowedValues: FeelText | null;
  readonly defaultEntry: FeelText | null;
}

export interface Rule {
  readonly place: Place;
  readonly inputEntries: readonly FeelText[];
  readonly outputEntries: readonly FeelText[];
  /** Texts of the annotation columns, and the rule's description. */
  readonly annotations: readonly string[];
}

export interface DecisionTable extends ExpressionBase {
  readonly kind: 'table';
  readonly hitPolicy: HitPolicy;
  readonly aggregation: Aggregation | null;
  readonly outputLabel: string | null;
  readonly inputs: readonly InputClause[];
  readonly outputs: readonly OutputClause[];
  readonly annotations: readonly string[];
  readonly rules: readonly Rule[];
}

export type Expression =
  | LiteralExpression
  | ContextExpression
  | ListExpression
  | RelationExpression
  | FunctionDefinition
  | Invocation
  | Conditional
  | Filter
  | Iterator
  | DecisionTable;
