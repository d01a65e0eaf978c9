// What the console is made of; its page has this script before console.mjs, which it shares its names with.
'use strict'
const $ = (id) => document.getElementById(id)

async function call(method, path, body) {
  const init = body === undefined ? { method } : { method, body: JSON.stringify(body) }
  const response = await fetch(`/simulator${path}`, init)
  const answer = await response.json()
  if (!response.ok) throw new Error(`${answer.code}: ${answer.message}`)
  return answer
}

/** Text goes in as text only: what a shop put into an order name stays a name. */
function element(tag, attributes, ...children) {
  const made = Object.assign(document.createElement(tag), attributes)
  made.append(...children.map((child) => child ?? ''))
  return made
}

function button(label, act, className = '') {
  const made = element('button', { type: 'button', className }, label)
  made.addEventListener('click', () => attempt(act))
  return made
}

function table(id, columns, rows) {
  const isNumber = (column) => rows.length > 0 && typeof column(rows[0]) === 'number'
  const heads = Object.entries(columns).map(([name, column]) =>
    element('th', { className: isNumber(column) ? 'number' : '' }, name),
  )
  const head = element('tr', {}, ...heads)
  const lines = rows.map((row) => {
    const cells = Object.values(columns).map((column) => cell(column(row)))
    return element(
      'tr',
      { className: chosen && row.paymentKey === chosen && row.approvals >= 0 ? 'chosen' : '' },
      ...cells,
    )
  })
  const nothing = element('div', { className: 'empty' }, 'none')
  $(id).replaceChildren(rows.length > 0 ? element('table', {}, head, ...lines) : nothing)
}

function cell(value) {
  if (typeof value === 'number') return element('td', { className: 'number' }, value.toLocaleString('en'))
  if (value instanceof Node) return element('td', {}, value)
  return element('td', { className: toneOf(value) }, value === null || value === undefined ? '' : String(value))
}

function toneOf(value) {
  if (['DONE', 'DELIVERED', '200'].includes(value)) return 'good'
  return ['ABORTED', 'EXPIRED', 'GIVEN_UP', 'LOST', 'no answer'].includes(value) ? 'bad' : ''
}

// What an export would be between modules.
Object.assign(globalThis, { $, call, element, button, table })
