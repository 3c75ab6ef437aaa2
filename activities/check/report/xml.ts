/** Reads XML reports. Entities are left as they are: a report needs none, and they can be made to explode. */
import { XMLParser } from 'fast-xml-parser';

const ATTRIBUTE = '@';
const parser = new XMLParser({ ignoreAttributes: false, attributeNamePrefix: ATTRIBUTE, processEntities: false, parseTagValue: false, parseAttributeValue: false });

export const parseXml = (text: string): Record<string, unknown> | undefined => {
  try {
    const value: unknown = parser.parse(text, true);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
};

export const attribute = (name: string): string => `${ATTRIBUTE}${name}`;

/** The elements of this name: none, one or many look different once parsed. An empty element is a string. */
export const elements = (parent: Record<string, unknown>, name: string): readonly Record<string, unknown>[] => {
  const value = Object.hasOwn(parent, name) ? parent[name] : undefined;
  if (value === undefined) return [];
  return (Array.isArray(value) ? value : [value]).map((it: unknown) => (typeof it === 'object' && it !== null ? (it as Record<string, unknown>) : {}));
};
