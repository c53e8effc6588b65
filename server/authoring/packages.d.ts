// Packages without types: only what this folder uses of them.

declare module 'bpmnlint/lib/linter.js' {
  interface Report {
    readonly id?: string;
    readonly message: string;
  }
  interface Options {
    readonly config: { readonly rules: Readonly<Record<string, string>> };
    readonly resolver: {
      resolveRule(packageName: string, ruleName: string): unknown;
      resolveConfig(packageName: string, configName: string): unknown;
    };
  }
  export default class Linter {
    constructor(options: Options);
    lint(definitions: unknown): Promise<Readonly<Record<string, readonly Report[]>>>;
  }
}

declare module 'bpmnlint/rules/*' {
  const factory: unknown;
  export default factory;
}

declare module 'bpmn-js-differ' {
  export function diff(
    before: unknown,
    after: unknown,
  ): {
    readonly _added: Readonly<Record<string, unknown>>;
    readonly _removed: Readonly<Record<string, unknown>>;
    readonly _changed: Readonly<Record<string, unknown>>;
    readonly _layoutChanged: Readonly<Record<string, unknown>>;
  };
}
