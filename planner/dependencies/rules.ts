/** All rules that find what comes before what. Of two that are equally certain the earlier one here gives a dependency its reason. */
import type { Rule, RuleSet } from './rule.ts';
import { contractFirstRules } from './rules/contract-first.ts';
import { fileRules } from './rules/file.ts';
import { interfaceRules } from './rules/interface.ts';
import { orderRules } from './rules/order.ts';
import { schemaRules } from './rules/schema.ts';
import { setupRules } from './rules/setup.ts';
import { spikeRules } from './rules/spike.ts';
import { statedRules } from './rules/stated.ts';

export const RULE_SETS: readonly RuleSet[] = [statedRules, interfaceRules, contractFirstRules, setupRules, schemaRules, fileRules, spikeRules, orderRules];

export const RULES: readonly Rule[] = RULE_SETS.flatMap(({ rules }) => rules);
