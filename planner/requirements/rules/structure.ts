/** Rules that go by where something stands: its key, its box, its list's or section's subject. */
import type { Rule } from './rule.ts';

export const STRUCTURE = {
  keyed: { id: 'keyed', finds: 'an id of its own', example: '**FR-009a**: Only the creator edits an entry.' },
  checkbox: { id: 'checkbox', finds: 'a box that is not ticked', example: '- [ ] Rate limits', strength: 'stated' },
  listed: { id: 'listed-under', finds: 'an item below a binding sentence that ends in a colon', example: 'The export must hold: / - the date' },
  detail: { id: 'detail', finds: 'an item below a requirement', example: '- How: a form with one field', strength: 'stated' },
  feature: { id: 'feature-item', finds: 'an item of a list of features, goals, requirements', example: '1. **Progress** - keeps a log', strength: 'stated' },
  roadmap: { id: 'roadmap-item', finds: 'an item of a roadmap, of phases, of a list of tasks', example: '4. Storage module', strength: 'stated' },
  test: { id: 'test-item', finds: 'an item of a test plan', example: '1. **Presets** - verify that each resolves', strength: 'stated' },
  acceptance: { id: 'acceptance-item', finds: 'an item of acceptance criteria, scenarios, edge cases', example: '- Removing a member keeps the history', strength: 'stated' },
  quality: { id: 'quality-item', finds: 'an item of qualities, constraints, success metrics', example: '- Works offline', strength: 'stated' },
  interface: { id: 'interface-item', finds: 'an item of a list of endpoints, commands, settings that begins with code', example: '- `retry`: how often', strength: 'stated' },
  entity: { id: 'entity', finds: 'an item or a sentence of a data model', example: '- **Chore**: a task that recurs', strength: 'stated' },
  design: { id: 'design-item', finds: 'a labelled item of a design', example: '- Backend: a server with Express', strength: 'stated' },
  mitigation: { id: 'mitigation', finds: 'what is done about a risk', example: '- Mitigation: retry once', strength: 'stated' },
  heading: { id: 'feature-heading', finds: 'a heading under features or tasks whose text holds no requirement', example: '### Export as CSV', strength: 'stated' },
  described: { id: 'described', finds: 'a sentence of a description on the command line in which no other rule finds anything', example: 'User accounts with OAuth', strength: 'stated' },
} as const satisfies Record<string, Rule>;
