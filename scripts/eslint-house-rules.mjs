// Three lint rules of this house that no published plugin offers. They look at comments only, so they are cheap.
// Each is proved by a planted violation in test/house/lint-rules.int.test.ts.

/** @typedef {import('eslint').Rule.RuleModule} RuleModule */

/** A promise needs a place where it is kept, so the mark carries the number of an issue: `TODO(#123)`. */
const todoHasIssue = {
  meta: { type: 'problem', schema: [], messages: { bare: 'Write TODO(#123) with an issue number, or do it now.' } },
  create: (context) => ({
    Program() {
      for (const comment of context.sourceCode.getAllComments()) {
        if (/\bTODO\b(?!\(#\d+\))/.test(comment.value)) context.report({ loc: comment.loc, messageId: 'bare' });
      }
    },
  }),
};

const STATEMENT =
  /^\s*(?:(?:import|export|const|let|var|return|throw|await|yield)\b.*;|(?:if|for|while|switch)\s*\(.*\)\s*\{|\}\s*else\b.*\{|[\w$.]+\([^)]*\);)\s*$/;

/** Git remembers deleted code; a reader should not have to wonder whether it was deleted on purpose. */
const noCommentedOutCode = {
  meta: { type: 'problem', schema: [], messages: { code: 'Delete commented-out code; git remembers it.' } },
  create: (context) => ({
    Program() {
      for (const comment of context.sourceCode.getAllComments()) {
        // Doc comments may show an example of use.
        if (comment.type === 'Block' && comment.value.startsWith('*')) continue;
        if (comment.value.split('\n').some((line) => STATEMENT.test(line))) {
          context.report({ loc: comment.loc, messageId: 'code' });
        }
      }
    },
  }),
};

/** A file says first what it owns and which invariant it protects. */
const fileBeginsWithComment = {
  meta: {
    type: 'suggestion',
    schema: [],
    messages: { missing: 'Begin the file with 1–5 lines: what it owns, which invariant it protects.' },
  },
  create: (context) => ({
    Program(node) {
      const text = context.sourceCode.text.replace(/^#!.*\n/, '').trimStart();
      if (!/^(\/\/|\/\*|<!--)/.test(text)) context.report({ node, loc: { line: 1, column: 0 }, messageId: 'missing' });
    },
  }),
};

export default {
  meta: { name: 'tram-house' },
  rules: {
    'todo-has-issue': todoHasIssue,
    'no-commented-out-code': noCommentedOutCode,
    'file-begins-with-comment': fileBeginsWithComment,
  },
};
