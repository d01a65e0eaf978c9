import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { ServerResponse } from 'node:http'

/** A page of one file, with the policy that lets nothing run but what is in it. */
export type Page = Readonly<{ html: string; policy: string }>
export type Pages = Readonly<{ console: Page; window: Page }>

export async function readPages(): Promise<Pages> {
  return { console: await readPage('console'), window: await readPage('window') }
}

export function sendPage(res: ServerResponse, { html, policy }: Page): void {
  res
    .writeHead(200, {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': policy,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
    })
    .end(html)
}

async function readPage(name: string): Promise<Page> {
  const html = await readFile(new URL(`../pages/${name}.html`, import.meta.url), 'utf8')
  const policy = [
    "default-src 'none'",
    `script-src ${hashesOf(html, 'script')}`,
    `style-src ${hashesOf(html, 'style')}`,
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ')
  return { html, policy }
}

/** Allowed by their hashes, so that whatever else found its way into the page would still not run. */
function hashesOf(html: string, tag: 'script' | 'style'): string {
  const inline = [...html.matchAll(new RegExp(`<${tag}>([\\s\\S]*?)</${tag}>`, 'g'))]
  return inline.map(([, text = '']) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`).join(' ')
}
