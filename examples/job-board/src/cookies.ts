import type { Request, Response } from 'express';

/** One cookie of a request; of two with the same name the first counts. */
export function cookieOf(req: Request, name: string): string | undefined {
  for (const part of (req.get('cookie') ?? '').split(';')) {
    const at = part.indexOf('=');
    if (at > 0 && part.slice(0, at).trim() === name) return part.slice(at + 1).trim();
  }
  return undefined;
}

const OPTIONS = { path: '/', sameSite: 'strict', httpOnly: true } as const;

/** Every cookie of the board stays on the board: Strict, HttpOnly, and Secure wherever the request was. */
export function setCookie(req: Request, res: Response, name: string, value: string, maxAgeMs: number): void {
  res.cookie(name, value, { ...OPTIONS, secure: req.secure, maxAge: maxAgeMs, encode: String });
}

export function clearCookie(req: Request, res: Response, name: string): void {
  res.clearCookie(name, { ...OPTIONS, secure: req.secure });
}
