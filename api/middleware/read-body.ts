import express from 'express';
import type { RequestHandler } from 'express';
import { AppError } from '../../core/errors.ts';

const maxBodyBytes = 1_048_576;
const json = express.json({
  limit: maxBodyBytes,
  strict: false,
  type: ['application/json', 'application/*+json'],
});

/** Reads a JSON body of at most 1 MB, unpacked. A body of another content type is refused, since a foreign page can send some of those unasked. */
export const readBody: RequestHandler = (request, response, next) => {
  const { 'content-length': length, 'transfer-encoding': encoding } = request.headers;
  const hasBody = encoding !== undefined || (length !== undefined && length !== '0');
  if (hasBody && request.is(['json', '+json']) === false) {
    throw new AppError('invalid.json', 'a body must come as "Content-Type: application/json"');
  }
  json(request, response, next);
};
