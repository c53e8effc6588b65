// The corpus of forged files: several self-made cases of every published class, each made from a file that is valid before
// the forgery. None of them is a copy of a published file; the classes are those of the literature on PDF signatures.

import { CHANGE_ATTACKS } from './changes.ts';
import { CMS_ATTACKS } from './cms.ts';
import type { Case } from './common.ts';
import { HIDDEN_ATTACKS } from './hidden.ts';

export const ATTACKS: readonly Case[] = [...CHANGE_ATTACKS, ...HIDDEN_ATTACKS, ...CMS_ATTACKS];
