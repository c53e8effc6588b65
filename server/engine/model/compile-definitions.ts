// The way of a file into the engine: read, compile, check, freeze. Either every executable process of the file is
// sound, or nothing of it is deployed and every reason is named at once.

import type { CompileDefinitions } from '../types.ts';
import { err, ok } from '../../shared/result.ts';
import { CHECKS } from '../checks/index.ts';
import { compileExecutables } from './compile.ts';
import { deepFreeze } from './freeze.ts';
import { parseDefinitions } from './parse.ts';

export const compileDefinitions: CompileDefinitions = async (xml) => {
  const parsed = await parseDefinitions(xml);
  if (!parsed.ok) return parsed;
  const models = compileExecutables(parsed.value);
  const problems = CHECKS.flatMap((check) => check(models));
  return problems.length > 0 ? err(problems) : ok(deepFreeze(models.map((model) => model.process)));
};
