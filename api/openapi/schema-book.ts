import { AppError } from '../../core/errors.ts';
import { z } from '../../core/schemas/z.ts';

export type JsonSchema = Readonly<Record<string, unknown>>;

/** Whether a schema describes what we are sent or what we send: they differ where there are defaults. */
export type Direction = 'input' | 'output';

export interface SchemaBook {
  /** Gives the JSON Schema of a shape; parts that have an id are references into the book. */
  describe(schema: z.ZodType, direction: Direction): JsonSchema;
  /** All parts that have been referred to, by id. */
  components(): Readonly<Record<string, JsonSchema>>;
}

const jsonValue = 'JsonValue';
const anyJson = { description: 'Any JSON value.' };

/**
 * Makes the book of the shapes that the OpenAPI document names. zod itself writes the JSON Schema (draft 2020-12, which OpenAPI 3.1 takes as it is). A shape that
 * looks different when it is sent than when it is received is kept twice, the former as `...Input`.
 */
export function createSchemaBook(): SchemaBook {
  const book = new Map<string, JsonSchema>();

  function describe(schema: z.ZodType, direction: Direction): JsonSchema {
    const {
      $schema: _,
      $defs: parts = {},
      ...root
    } = z.toJSONSchema(schema, {
      io: direction,
      target: 'draft-2020-12',
      override: ({ zodSchema, jsonSchema }) => tidy(zodSchema._zod.def.type, jsonSchema, direction),
    });
    const names = nameParts(parts, direction);
    for (const [id, part] of Object.entries(parts)) {
      const name = names.get(id) ?? id;
      book.set(name, name === jsonValue ? anyJson : asSchema(rename(part, names)));
    }
    return asSchema(rename(root, names));
  }

  /** Finds the name in the book of every part: its own, unless that is taken by a different shape. */
  function nameParts(
    parts: Readonly<Record<string, unknown>>,
    direction: Direction,
  ): ReadonlyMap<string, string> {
    const own = new Map(Object.keys(parts).map((id) => [id, isUnnamed(id) ? jsonValue : id]));
    const isTaken = (id: string): boolean => {
      const known = book.get(id);
      return known !== undefined && !isSame(known, rename(parts[id], own));
    };
    const others = Object.keys(parts).filter((id) => !isUnnamed(id) && isTaken(id));
    if (others.length > 0 && direction === 'output') {
      throw new AppError('bug.invariant', `two shapes have the id ${others.join(', ')}`);
    }
    for (const id of others) own.set(id, `${id}Input`);
    return own;
  }

  return {
    describe,
    components: () => Object.fromEntries([...book].toSorted(([a], [b]) => (a < b ? -1 : 1))),
  };
}

/** zod gives names of its own to what contains itself; that is only ever a JSON value. */
function isUnnamed(id: string): boolean {
  return id.startsWith('__schema');
}

/** Leaves out what says nothing to a reader, and lets answers have members that a later version adds. */
function tidy(type: string, schema: Record<string, unknown>, direction: Direction): void {
  if (type === 'lazy') for (const key of Object.keys(schema)) delete schema[key];
  if (direction === 'output' && schema['additionalProperties'] === false) {
    delete schema['additionalProperties'];
  }
  if (schema['format'] === 'date-time' || schema['format'] === 'uri') delete schema['pattern'];
  if (schema['maximum'] === Number.MAX_SAFE_INTEGER) delete schema['maximum'];
  if (schema['minimum'] === Number.MIN_SAFE_INTEGER) delete schema['minimum'];
  const propertyNames: unknown = schema['propertyNames'];
  if (JSON.stringify(propertyNames) === '{"type":"string"}') delete schema['propertyNames'];
}

function rename(value: unknown, names: ReadonlyMap<string, string>): unknown {
  if (Array.isArray(value)) return value.map((item) => rename(item, names));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => {
      const id = key === '$ref' && /^#\/\$defs\/(.+)$/.exec(String(member))?.[1];
      return typeof id === 'string'
        ? [key, `#/components/schemas/${names.get(id) ?? id}`]
        : [key, rename(member, names)];
    }),
  );
}

function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function asSchema(value: unknown): JsonSchema {
  return value as JsonSchema;
}
