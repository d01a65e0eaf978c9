// The script of console.html, put into it when the simulator starts.
'use strict'
const steps = { '+1 min': 1, '+10 min': 10, '+30 min': 30, '+1 day': 1440, '+7 days': 10080 }
let chosen = null
let drawn = ''

async function attempt(act) {
  $('problem').textContent = ''
  try {
    await act()
  } catch (error) {
    $('problem').textContent = error.message
  }
  await refresh()
}

function showDetail(payment) {
  if (!payment) return $('detail').replaceChildren()
  const act = (name, body) => () => call('POST', `/payments/${encodeURIComponent(payment.paymentKey)}/${name}`, body)
  const amount = element('input', {
    type: 'number',
    min: 0.01,
    step: 'any',
    max: payment.balanceAmount,
    value: payment.balanceAmount,
  })
  const actions = {
    READY: [
      button('Authenticate', act('authenticate')),
      button('Close window', act('close')),
      button('Fail', act('fail', {})),
    ],
    IN_PROGRESS: [button('Close window', act('close')), button('Fail', act('fail', {}))],
    WAITING_FOR_DEPOSIT: [button('Deposit', act('deposit'))],
    DONE: payment.virtualAccount ? [button('Reverse the deposit', act('reverse'))] : [],
  }
  const pending = []
  const cancel = button('Cancel', () => act('cancel', { amount: Number(amount.value) })())
  if (payment.cancels?.some(({ cancelStatus }) => cancelStatus === 'IN_PROGRESS')) {
    const settle = (outcome) => act('settle-cancel', { outcome })
    pending.push(button('Let the cancel pass', settle('DONE')), button('Let the cancel fail', settle('ABORTED')))
  }
  const isCancelable = ['DONE', 'PARTIAL_CANCELED', 'WAITING_FOR_DEPOSIT'].includes(payment.status)
  const buttons = [...(actions[payment.status] ?? []), ...pending, ...(isCancelable ? [amount, cancel] : [])]
  buttons.push(
    button('Send the webhook again', act('webhook', {})),
    button('Put away', () => choose(null)),
  )
  const title = element('h2', {}, `Payment ${payment.paymentKey}`)
  const whole = element('pre', {}, JSON.stringify(payment, null, 2))
  $('detail').replaceChildren(title, element('p', { className: 'row' }, ...buttons), whole)
}

function choose(paymentKey) {
  chosen = paymentKey
  drawn = ''
}

function show(books, faults, cards) {
  const payments = books.payments.toReversed()
  table(
    'payments',
    {
      order: (row) => button(row.orderId, () => choose(row.paymentKey), 'link'),
      name: (row) => row.orderName,
      method: (row) => row.method,
      status: (row) => row.status,
      total: (row) => row.totalAmount,
      currency: (row) => row.currency,
      balance: (row) => row.balanceAmount,
      approvals: (row) => row.approvals,
      'requested at': (row) => row.requestedAt,
      failure: (row) => row.failure?.code,
    },
    payments,
  )
  showDetail(payments.find(({ paymentKey }) => paymentKey === chosen))
  table(
    'webhooks',
    {
      event: (row) => row.eventType,
      order: (row) => row.orderId,
      tells: (row) => row.status,
      to: (row) => row.url,
      state: (row) => row.state,
      deliveries: (row) =>
        row.attempts.map(({ at, status }) => `${at.slice(5, 19)} → ${status ?? 'no answer'}`).join(', '),
      '': (row) => button('Retry', () => call('POST', `/webhooks/${row.transmissionId}/retry`)),
    },
    [...books.webhooks, ...(books.otherWebhooks ?? [])].toReversed(),
  )
  table(
    'transactions',
    {
      at: (row) => row.at,
      order: (row) => row.orderId,
      kind: (row) => row.kind,
      amount: (row) => row.amount,
      by: (row) => row.origin,
      reason: (row) => row.reason,
      key: (row) => row.transactionKey,
    },
    books.transactions.toReversed(),
  )
  table(
    'calls',
    {
      at: (row) => row.at,
      operation: (row) => row.operation,
      order: (row) => row.orderId,
      answer: (row) => String(row.status ?? 'no answer'),
      code: (row) => row.code,
      replayed: (row) => (row.replayed ? 'yes' : ''),
    },
    books.calls.toReversed(),
  )
  table(
    'cards',
    {
      customer: (row) => row.customerKey,
      'registered at': (row) => row.authenticatedAt,
      authKey: (row) => row.authKey,
      'billing key': (row) => row.billingKey ?? 'not issued yet',
      state: (row) => (row.isRemoved ? 'removed' : ''),
      '': (row) => (row.billingKey && !row.isRemoved ? button('Remove', () => removeCard(row)) : ''),
    },
    cards.toReversed(),
  )
  table(
    'faults',
    {
      fault: (row) => JSON.stringify(row.fault),
      match: (row) => JSON.stringify(row.match),
      times: (row) => row.times,
      '': (row) => button('Off', () => call('DELETE', `/faults/${row.id}`)),
    },
    faults,
  )
}

const removeCard = ({ billingKey }) =>
  call('POST', `/billing/${encodeURIComponent(billingKey)}/remove`, { reason: null })

/** What has not changed is not drawn again, so that nothing moves under the pointer. */
async function refresh() {
  try {
    await load()
  } catch (error) {
    $('now').textContent = `not connected (${error.message})`
  }
}

async function load() {
  const orderId = $('orderId').value.trim()
  const path = `/books?latest=50${orderId === '' ? '' : `&orderId=${encodeURIComponent(orderId)}`}`
  const paths = [path, '/faults', '/billing']
  const [{ now, ...books }, faults, cards] = await Promise.all(paths.map((one) => call('GET', one)))
  $('now').textContent = `${new Date(Date.parse(now) + 32_400_000).toISOString().slice(0, 19).replace('T', ' ')} Seoul`
  const text = JSON.stringify([books, faults, cards])
  if (text === drawn) return
  show(books, faults, cards)
  drawn = text
}

const advance = (minutes) => attempt(() => call('POST', '/clock', { advanceMs: minutes * 60_000 }))
/** What the form has fields for. */
const fields = ['ms', 'status', 'code']
const fieldsOf = (kind) => fields.filter((name) => choices.faultFields[kind].includes(name))
function addFault() {
  const fault = { kind: $('kind').value }
  for (const name of fieldsOf(fault.kind)) fault[name] = name === 'code' ? $(name).value : Number($(name).value)
  const match = {}
  if ($('operation').value !== '') match.operation = $('operation').value
  if ($('faultOrderId').value !== '') match.orderId = $('faultOrderId').value
  return attempt(() => call('POST', '/faults', { match, times: Number($('times').value), fault }))
}
const here = `${location.origin}/simulator`
const goToWindow = (wanted) =>
  location.assign(`/simulator/window?${new URLSearchParams({ ...wanted, successUrl: here, failUrl: here })}`)
function openWindow() {
  const wanted = { orderId: $('newOrderId').value, amount: $('newAmount').value, currency: $('newCurrency').value }
  goToWindow({ ...wanted, method: $('newMethod').value })
}
function showKind() {
  for (const name of fields) $(name).parentElement.hidden = !fieldsOf($('kind').value).includes(name)
}

for (const [label, minutes] of Object.entries(steps)) $('clock').append(button(label, () => advance(minutes)))
for (const kind of Object.keys(choices.faultFields)) $('kind').append(new Option(kind))
for (const operation of ['', ...choices.operations])
  $('operation').append(new Option(operation || 'any call', operation))
for (const currency of ['KRW', 'USD', 'JPY']) $('newCurrency').append(new Option(currency))
for (const method of choices.methods) $('newMethod').append(new Option(method))
$('newOrderId').value = `ORD-${crypto.getRandomValues(new Uint32Array(1))[0]}`
$('advance').addEventListener('click', () => advance(Number($('minutes').value)))
$('addFault').addEventListener('click', addFault)
$('clearFaults').addEventListener('click', () => attempt(() => call('DELETE', '/faults')))
$('openWindow').addEventListener('click', openWindow)
$('newCustomerKey').value = `customer-${crypto.getRandomValues(new Uint32Array(1))[0]}`
$('openCardWindow').addEventListener('click', () => goToWindow({ customerKey: $('newCustomerKey').value }))
$('kind').addEventListener('change', showKind)
$('orderId').addEventListener('input', refresh)
showKind()
void refresh()
setInterval(refresh, 2_000)
