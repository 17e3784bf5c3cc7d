'use strict';
const $ = id => document.getElementById(id);
const SVG = 'http://www.w3.org/2000/svg';
let skew = 0, latest = null, source = null, lostSince = null;

function make(tag, className, ...children) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  for (const child of children) if (child !== null && child !== undefined) node.append(child);
  return node;
}
function draw(tag, attributes, text) {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  if (text !== undefined) node.textContent = text;
  return node;
}
function show(id, ...children) { $(id).replaceChildren(...children.filter(child => child)); }

const form = options => new Intl.DateTimeFormat('en-GB', {hour: '2-digit', minute: '2-digit', hourCycle: 'h23', ...options});
const clock = form({}), precise = form({second: '2-digit'});
const dated = form({weekday: 'short', day: 'numeric', month: 'short'});
const now = () => Date.now() - skew;
function moment(text, format) {
  const date = new Date(text);
  return (now() - date < 72e6 ? format : dated).format(date);
}
function ticking(seconds) {
  const s = Math.max(0, Math.floor(seconds)), two = value => String(value).padStart(2, '0');
  return s < 3600 ? Math.floor(s / 60) + ':' + two(s % 60)
    : Math.floor(s / 3600) + ':' + two(Math.floor(s / 60) % 60) + ':' + two(s % 60);
}
function span(seconds) {
  const s = Math.max(0, seconds);
  if (s < 60) return 'less than a minute';
  const [count, unit] = s < 5400 ? [s / 60, 'minute'] : s < 129600 ? [s / 3600, 'hour'] : [s / 86400, 'day'];
  const whole = Math.round(count);
  return whole + ' ' + unit + (whole === 1 ? '' : 's');
}
function delay(seconds) {
  return seconds < 0.0995 ? Math.round(seconds * 1000) + ' ms'
    : seconds < 9.95 ? seconds.toFixed(1) + ' s'
    : seconds < 90 ? Math.round(seconds) + ' s' : span(seconds);
}
function since(text, style) {
  const node = make('span');
  node.dataset.since = text;
  node.dataset.style = style;
  tickOne(node);
  return node;
}
function tickOne(node) {
  const seconds = (now() - new Date(node.dataset.since)) / 1000;
  node.textContent = node.dataset.style === 'clock' ? ticking(seconds)
    : node.dataset.style === 'age' ? (seconds < 60 ? Math.max(0, Math.floor(seconds)) + ' s' : span(seconds))
    : 'since ' + moment(node.dataset.since, clock) + ', ' + span(seconds);
}
function tick() { if (lostSince === null) document.querySelectorAll('[data-since]').forEach(tickOne); }

const kinds = {good: ['good', '✓'], warn: ['warn', '!'], bad: ['bad', '✕'], unknown: ['unknown', '…']};
function mark(kind) {
  const node = make('span', 'mark', kinds[kind][1]);
  node.setAttribute('aria-hidden', 'true');
  return node;
}
function sideKind(side) {
  if (!side.isReachable) return side.state === 'connecting' && !side.reason ? 'unknown' : 'bad';
  return side.state === 'degraded' || side.warnings ? 'warn' : side.state === 'untried' ? 'unknown' : 'good';
}
const todo = text => make('p', 'todo', make('strong', '', 'What to do: '), text[0].toUpperCase() + text.slice(1));
const warnings = side => (side.warnings || []).flatMap(one => [make('p', 'why', one.text[0].toUpperCase() + one.text.slice(1)), todo(one.remedy)]);
function sideCard(id, name, side, all) {
  const kind = sideKind(side);
  $(id).className = 'card side ' + kind;
  const when = make('p', 'since');
  if (side.since) when.append(since(side.since, 'since'));
  show(id, mark(kind), make('p', 'name', name), make('p', 'words', side.words),
    side.since ? when : null, side.reason ? make('p', 'why', make('span', 'quiet', 'Reason: '), side.reason) : null,
    side.remedy ? todo(side.remedy) : null, ...warnings(side),
    side.nextTry ? make('p', 'why', make('span', 'quiet', 'Next try: '), moment(side.nextTry, clock)) : null,
    ...(all || []).filter(other => other.name !== side.name).flatMap(other => [make('p', 'words', other.words), ...warnings(other)]));
}
function overall(status) {
  const kind = status.overall === 'healthy' ? 'good'
    : !status.phoneSystem.isReachable || !status.zammad.isReachable ? 'bad' : 'warn';
  const starting = sideKind(status.phoneSystem) === 'unknown';
  const label = kind === 'good' ? 'All is well' : starting ? 'Starting' : kind === 'bad' ? 'Needs attention' : 'Take a look';
  const shown = starting ? 'unknown' : kind;
  $('overall').className = 'pill ' + shown;
  show('overall', mark(shown), make('span', 'label', label));
  document.title = (kind === 'good' ? '' : '(!) ') + '3CX to Zammad';
  $('subtitle').textContent = 'Telephone bridge' + (status.instance === '3cx' ? '' : ' · ' + status.instance);
}

const states = {
  ringing: ['Ringing', 'M6 8a6 6 0 0 1 12 0c0 7 3 7 3 9H3c0-2 3-2 3-9M10 21h4'],
  waiting: ['Waiting', 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18M12 7v5l3 2'],
  talking: ['Talking', 'M5 3h4l2 5-2.5 1.5a11 11 0 0 0 6 6L16 13l5 2v4a2 2 0 0 1-2 2A16 16 0 0 1 3 5a2 2 0 0 1 2-2'],
  voicemail: ['Voicemail', 'M6 9a4 4 0 1 0 0 8 4 4 0 0 0 0-8M18 9a4 4 0 1 0 0 8 4 4 0 0 0 0-8M6 17h12'],
  ending: ['Ending', 'M5 12h14']
};
function callRow(call) {
  const [label, path] = states[call.state] || [call.state, 'M5 12h14'];
  const icon = draw('svg', {viewBox: '0 0 24 24', 'aria-hidden': 'true'});
  icon.append(draw('path', {d: path}));
  const other = make('strong', '', call.name ? call.name + ' ' : '', call.number === 'anonymous' ? 'Anonymous' : call.number);
  const agents = call.agents.join(', ');
  const who = make('span', 'who');
  if (call.direction === 'outbound') {
    who.append(make('span', 'to', (agents || 'Somebody') + ' calls '), other);
  } else {
    const target = agents && call.queue && call.state !== 'waiting' ? agents + ' · ' + call.queue : agents || call.queue;
    const verb = call.state === 'talking' ? ' with ' : call.state === 'waiting' ? ' in ' : ' for ';
    who.append(other, target ? make('span', 'to', verb + target) : '');
  }
  const names = [call.phoneSystemName, call.zammadName].filter(Boolean).join(' → ');
  if (names) who.append(make('span', 'to', ' · ' + names));
  return make('div', 'row', make('span', 'state ' + call.state, icon, label), who,
    make('span', 'time', since(call.since, 'clock')));
}
function calls(list, side) {
  const isOld = list.length && !side.isReachable && side.lastLook;
  $('calls-count').textContent = (list.length ? '· ' + list.length : '')
    + (isOld ? ', as last seen at ' + moment(side.lastLook, clock) : '');
  show('calls', ...(list.length ? list.map(callRow) : [make('p', 'empty', 'No calls right now.')]));
}

const most = 60;
let watchedAsShown = '';
function watchedRow(label, list) {
  const chips = list.map(one => make('span', 'chip', make('b', '', one.number), one.name ? ' ' + one.name : ''));
  const rest = chips.slice(most);
  return make('div', 'row watched', make('span', 'quiet', label), make('div', 'chips', ...chips.slice(0, most),
    rest.length ? make('details', '', make('summary', '', 'and ' + rest.length + ' more'), make('div', 'chips', ...rest)) : null));
}
function watched(sides) {
  const known = sides.filter(side => side.watched), text = JSON.stringify(known.map(side => [side.name, side.watched]));
  // Or what somebody has unfolded would close by itself.
  if (text === watchedAsShown) return;
  watchedAsShown = text;
  $('watched-section').hidden = !known.length;
  $('watched-count').textContent = '· ' + known.reduce((sum, side) => sum + side.watched.count, 0).toLocaleString();
  show('watched', ...known.flatMap(side => [known.length > 1 ? make('p', 'sub', side.name) : null,
    ...[['extensions', 'Extensions'], ['queues', 'Queues'], ['ringGroups', 'Ring groups'], ['others', 'Other numbers']]
      .filter(([key]) => side.watched[key].length).map(([key, label]) => watchedRow(label, side.watched[key]))]));
}

function number(term, value, kind) { return make('div', kind, make('dt', '', term), make('dd', '', String(value))); }
const events = {newCall: 'New call', answer: 'Answer', hangup: 'End of call'};
function eventRow(event, note) {
  return make('div', 'row event',
    make('span', 'who', make('strong', '', events[event.event] || event.event), make('span', 'to', (event.direction === 'outbound'
      ? ' · to ' : ' · from ') + event.number)),
    make('span', 'time', since(event.since, 'age')),
    note || event.reason ? make('span', 'reason', [note, event.reason].filter(text => text).join(': ')) : null);
}
function deliveries(account, zammad, tickets) {
  show('account', number('Delivered', account.delivered.toLocaleString()),
    number('Waiting', account.pending.toLocaleString(), account.pending ? 'busy' : ''),
    number('Given up', account.deadLetters.toLocaleString(), account.deadLetters ? 'alarm' : ''),
    number('Unconfirmed', account.unconfirmed.toLocaleString(), account.unconfirmed ? 'alarm' : ''),
    ...(tickets ? [number('Tickets waiting', tickets.pending.toLocaleString(), tickets.pending ? 'busy' : ''),
      number('Tickets given up', tickets.deadLetters.toLocaleString(), tickets.deadLetters ? 'alarm' : '')] : []));
  const pending = account.pendingEvents.slice(0, 5), failed = account.failedEvents;
  const more = (all, shown) => all > shown ? [make('p', 'rest', 'and ' + (all - shown).toLocaleString() + ' more')] : [];
  show('waiting', ...(pending.length ? [make('p', 'sub', 'Waiting for Zammad'), ...pending.map(e => eventRow({...e, reason: e.reason === zammad.reason ? null : e.reason})),
    ...more(account.pending, pending.length)] : []));
  show('failed', ...(failed.length ? [make('p', 'sub', 'Not delivered'),
    ...failed.map(e => eventRow(e, e.state === 'deadLetter' ? 'Given up' : 'Unconfirmed')),
    ...more(account.deadLetters + account.unconfirmed, failed.length)] : []));
}

function chart(id, minutes, value, back, format, minimum, floor) {
  const width = 600, height = 96, step = width / minutes.length;
  const top = Math.max(minimum, ...minutes.map(m => Math.max(value(m) || 0, back ? back(m) || 0 : 0)));
  // With a floor the scale is logarithmic: an outage must not flatten all the rest.
  const share = amount => floor ? Math.log(Math.max(amount, floor) / floor) / Math.log(top / floor) : amount / top;
  const svg = draw('svg', {viewBox: '0 0 600 97', preserveAspectRatio: 'none', 'aria-hidden': 'true'});
  for (const y of [.5, height / 2, height + .5])
    svg.append(draw('line', {class: y > height ? 'axis' : 'grid', x1: 0, x2: width, y1: y, y2: y}));
  minutes.forEach((minute, index) => {
    for (const [amount, name] of [[back && back(minute), 'longest'], [value(minute), 'bar']]) {
      if (!amount) continue;
      const tall = Math.max(3, share(amount) * height);
      const bar = draw('rect', {class: name, x: index * step + 1, width: step - 2, y: height - tall, height: tall, rx: 1.5});
      bar.append(draw('title', {}, moment(minute.start, clock) + ': ' + (name === 'longest' ? 'slowest ' : back ? 'on average ' : '') + format(amount)));
      svg.append(bar);
    }
  });
  show(id, make('div', 'scale', format(top)), floor ? make('div', 'scale middle', format(Math.sqrt(top * floor))) : null, svg,
    make('div', 'scale feet', make('span', '', 'an hour ago'), make('span', '', 'half an hour'), make('span', '', 'now')));
}
function lastHour(minutes) {
  const sum = minutes.reduce((total, m) => total + m.calls, 0);
  const slowest = Math.max(0, ...minutes.map(m => m.longestDelay || 0));
  const delivered = minutes.reduce((total, m) => total + m.deliveries, 0);
  $('calls-sum').textContent = sum === 0 ? 'none' : sum + (sum === 1 ? ' call' : ' calls');
  $('delay-sum').textContent = delivered === 0 ? 'nothing sent' : 'slowest ' + delay(slowest);
  chart('calls-chart', minutes, m => m.calls, null, value => value + (value === 1 ? ' call' : ' calls'), 4);
  chart('delay-chart', minutes, m => m.meanDelay, m => m.longestDelay, delay, 1, 0.01);
}

const few = 10;
let showsAll = false;
function decisionRow(one) {
  const isIgnored = one.state === 'ignored';
  return make('div', 'row decision' + (isIgnored ? ' ignored' : ''), make('span', 'time', moment(one.at, precise)),
    make('div', '', make('div', 'words', one.words), isIgnored || one.state === 'ended' ? null : make('div', 'why', one.reason)));
}
function decisions(list) {
  if (!list.length) return show('decisions', make('p', 'empty', 'Nothing decided yet. The first call will show here.'));
  const rows = (showsAll ? list : list.slice(0, few)).map(decisionRow);
  let button = document.getElementById('more');
  if (list.length > few) {
    if (!button) {
      button = make('button', 'more');
      button.id = 'more';
      button.type = 'button';
      button.addEventListener('click', () => { showsAll = !showsAll; decisions(latest.decisions); });
    }
    button.textContent = showsAll ? 'Show fewer' : 'Show all ' + list.length;
  }
  const hadFocus = button && document.activeElement === button;
  show('decisions', ...rows, list.length > few ? button : null);
  if (hadFocus) button.focus();
}

function render(status) {
  latest = status;
  skew = Date.now() - new Date(status.at);
  overall(status);
  sideCard('phoneSystem', '3CX', status.phoneSystem, status.phoneSystems);
  sideCard('zammad', 'Zammad', status.zammad, status.zammads);
  calls(status.calls, status.phoneSystem);
  watched(status.phoneSystems || [status.phoneSystem]);
  deliveries(status.deliveries, status.zammad, status.tickets);
  lastHour(status.lastHour);
  decisions(status.decisions);
  $('footer').textContent = 'zammadbridge ' + status.version + ' · running since ' + moment(status.startedAt, clock)
    + (status.showsNumbers ? '' : ' · numbers are masked');
}

function lost(isLost) {
  if (isLost && lostSince === null) lostSince = new Date(now());
  if (!isLost) lostSince = null;
  $('lost').hidden = !isLost;
  document.body.classList.toggle('stale', isLost);
  if (isLost) {
    $('overall').className = 'pill unknown';
    show('overall', mark('unknown'), make('span', 'label', 'Not known'));
    document.title = '(?) 3CX to Zammad';
  }
  $('lost').textContent = isLost
    ? 'Connection to the bridge lost. What you see is as of ' + precise.format(lostSince) + '. Trying again …' : '';
}
function connect() {
  if (source) source.close();
  source = new EventSource('/events');
  source.addEventListener('status', event => { lost(false); render(JSON.parse(event.data)); });
  source.addEventListener('error', () => {
    lost(true);
    if (source.readyState !== EventSource.CLOSED) return;
    fetch('/status').then(answer => { if (answer.status === 401) location.reload(); }).catch(() => {});
    setTimeout(connect, 5000);
  });
}
setInterval(tick, 1000);
connect();
