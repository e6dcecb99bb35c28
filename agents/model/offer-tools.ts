import type { ModelTool } from '../../core/ports/model.ts';
import { concludeInputSchema } from '../../core/schemas/model-output.ts';
import type { Specialist } from '../../core/schemas/roles.ts';
import { z } from '../../core/schemas/z.ts';

/** A tool as it is offered to a model: what it does, and what it takes. */
export interface OfferedTool {
  readonly name: string;
  readonly description: string;
  readonly input: z.ZodType;
}

export const concludeName = 'conclude';
const because = { type: 'string', description: 'Why this call, in one sentence.' } as const;

/** Whose tools a loop may use: its own, or, where it asks others, theirs. */
export interface Offer {
  readonly own: readonly OfferedTool[];
  readonly asks: Readonly<Partial<Record<Specialist, readonly OfferedTool[]>>>;
}

/** Writes the tools of a loop as a model takes them: its own by their names, those of others as `SPECIALIST.TOOL`, and `conclude`. */
export function offerTools({ own, asks }: Offer): ModelTool[] {
  const others = Object.entries(asks).flatMap(([specialist, tools]) =>
    tools.map((tool) => ({
      ...declare(tool),
      name: `${specialist}.${tool.name}`,
      description: `Asks the ${specialist} specialist: ${tool.description}`,
    })),
  );
  return [
    ...own.map(declare),
    ...others,
    {
      name: concludeName,
      description: 'Ends this loop, with the sentences that it has shown, each with its evidence.',
      inputSchema: jsonSchemaOf(concludeInputSchema),
    },
  ];
}

function declare({ name, description, input }: OfferedTool): ModelTool {
  const schema = jsonSchemaOf(input);
  const properties = { ...(schema['properties'] as object | undefined), because };
  return { name, description, inputSchema: { ...schema, properties } };
}

/** JSON Schema without what providers do not take: the dialect's name. */
export function jsonSchemaOf(schema: z.ZodType): Record<string, unknown> {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io: 'input' });
  return rest;
}
