import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { ServerResponse } from 'node:http'
import { faultFields, operations } from './faults.ts'
import { methods } from './payment.ts'

/** A page, with the policy that lets nothing run but what is in it. */
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
  const html = await withScripts(await readText(`${name}.html`))
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

/** What the console lets one choose from: what the simulator takes. */
const choices = `const choices = ${JSON.stringify({ faultFields, operations: [...operations, 'webhook'], methods })}\n`

/** Scripts that lie in files of their own are put into the page, which then is one answer with one policy. */
async function withScripts(html: string): Promise<string> {
  let whole = html
  for (const [place, file = ''] of html.matchAll(/<script src="([\w.-]+)"><\/script>/g)) {
    const script = file === 'choices' ? choices : await readText(file)
    whole = whole.replace(place, () => `<script>\n${script}</script>`)
  }
  return whole
}

const readText = (file: string): Promise<string> => readFile(new URL(`../pages/${file}`, import.meta.url), 'utf8')

/** Allowed by their hashes, so that whatever else found its way into the page would still not run. */
function hashesOf(html: string, tag: 'script' | 'style'): string {
  const inline = [...html.matchAll(new RegExp(`<${tag}>([\\s\\S]*?)</${tag}>`, 'g'))]
  return inline.map(([, text = '']) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`).join(' ')
}
