/** The messages of the control socket, checked against their schemas on both ends. */
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import answerSchema from '../../schema/control/answer.schema.json' with { type: 'json' };
import requestSchema from '../../schema/control/request.schema.json' with { type: 'json' };
import type { ControlAnswer, ControlRequest } from '../model/control.ts';

/** A value of JSON as a request, or what is wrong with it, one sentence each. */
export function parseControlRequest(value: unknown): ControlRequest | readonly string[] {
  const problems = problemsOf(requestSchema, value);
  return problems.length === 0 ? (value as ControlRequest) : problems;
}

/** The same for an answer. */
export function parseControlAnswer(value: unknown): ControlAnswer | readonly string[] {
  const problems = problemsOf(answerSchema, value);
  return problems.length === 0 ? (value as ControlAnswer) : problems;
}

const compiled = new Map<object, ValidateFunction>();

function problemsOf(schema: object, value: unknown): readonly string[] {
  const validate =
    compiled.get(schema) ?? new Ajv2020({ strict: true, allowUnionTypes: true }).compile(schema);
  compiled.set(schema, validate);
  if (validate(value)) return [];
  return (validate.errors ?? []).map(
    ({ instancePath, message }) =>
      `${instancePath === '' ? 'the message' : instancePath} ${message ?? 'is wrong'}`,
  );
}
