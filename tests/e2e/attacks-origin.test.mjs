// A page on another loopback port, as every prototype is, and pages of other names, in a real Chromium: they try all that a page can
// to read Berth or to make it do something. Nothing is readable, nothing changes.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import http from 'node:http';
import os from 'node:os';
import { after, before, describe, test } from 'node:test';

import { chromium } from 'playwright-core';

import { Berth, eventually } from './support/berth.mjs';
import { Wire, answers, exchange } from './support/raw.mjs';

/** A prototype: serves `pages[path]`, and redirects from /to/<status>?<target>. */
async function prototype() {
  const pages = {};
  const server = http.createServer((request, response) => {
    const redirect = /^\/to\/(\d+)\?(.*)$/.exec(request.url);
    if (redirect) return response.writeHead(Number(redirect[1]), { location: decodeURIComponent(redirect[2]) }).end();
    response.setHeader('content-type', 'text/html; charset=utf-8');
    response.end(pages[request.url] ?? '<!doctype html><title>prototype</title>');
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  return { server, pages, url: `http://localhost:${server.address().port}`, numeric: `http://127.0.0.1:${server.address().port}` };
}

describe('pages of others', { timeout: 240_000 }, () => {
  let berth, app, browser, evil, manifest;
  before(async () => {
    [berth, evil] = await Promise.all([Berth.start(), prototype()]);
    app = await berth.online('target', 'demos');
    manifest = berth.manifest();
    browser = await chromium.launch({
      executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
      args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-popup-blocking',
        '--host-resolver-rules=MAP *.rebound.example 127.0.0.1, MAP *.other.example 127.0.0.1'],
    });
  });
  after(async () => {
    await browser.close();
    evil.server.close();
    evil.server.closeAllConnections();
    await berth.close();
  });

  const unchanged = async () => {
    const { body } = await berth.get('/api/apps');
    assert.deepEqual(body.map((a) => [a.id, a.name, a.status, a.pid, a.restarts]), [[app.id, 'target', 'online', app.pid, app.restarts]]);
    assert.deepEqual((await berth.get('/api/operations')).body, []);
    assert.deepEqual(Object.keys(berth.manifest().apps), Object.keys(manifest.apps));
    assert.equal(berth.manifest().apps[app.id].intent, 'run');
    await eventually('nobody is connected', async () => /^berth_websocket_clients 0$/m.test((await berth.get('/metrics')).body));
  };
  /** Runs `attack` in a page at the address, with what it attacks; its result. */
  const from = async (address, attack, more = {}) => {
    const context = await browser.newContext();
    context.setDefaultTimeout(20_000);
    try {
      const page = await context.newPage();
      await page.goto(address);
      return await page.evaluate(attack, { berth: berth.url, id: app.id, ...more });
    } finally {
      await context.close();
    }
  };
  const places = () => [['a prototype', evil.url], ['a prototype by its number', evil.numeric], ['a site', evil.url.replace('localhost', 'www.other.example')]];

  test('fetch reads nothing and changes nothing, with any method, mode and type', async () => {
    for (const [where, address] of places()) {
      const results = await from(address, async ({ berth, id }) => {
        const hosts = [berth, berth.replace('localhost', '127.0.0.1')];
        const outcome = [];
        const attempt = async (what, target, options) => {
          for (const host of hosts)
            outcome.push([what, await fetch(host + target, options).then((r) => r.text().then((text) => `${r.type} ${r.status} ${text}`), (e) => e.name)]);
        };
        const text = { 'content-type': 'text/plain' };
        const json = { 'content-type': 'application/json' };
        const body = '{"action":"delete","all":true}';
        for (const credentials of ['omit', 'include']) {
          await attempt('read', '/api/apps', { credentials });
          await attempt('read opaquely', '/api/apps', { mode: 'no-cors', credentials });
          await attempt('logs', `/api/apps/${id}/logs/stdout`, { mode: 'no-cors', credentials });
          await attempt('the page', '/', { mode: 'no-cors', credentials });
        }
        await attempt('stop', `/api/apps/${id}/stop`, { method: 'POST', mode: 'no-cors' });
        await attempt('delete everything as text', '/api/apps/actions', { method: 'POST', mode: 'no-cors', headers: text, body });
        await attempt('delete everything as JSON', '/api/apps/actions', { method: 'POST', headers: json, body });
        await attempt('delete everything, as a blob', '/api/apps/actions', { method: 'POST', mode: 'no-cors', body: new Blob([body], { type: 'application/json' }) });
        await attempt('create', '/api/apps', { method: 'POST', mode: 'no-cors' });
        await attempt('create by a form', '/api/apps', { method: 'POST', mode: 'no-cors', body: new URLSearchParams({ name: 'x' }) });
        await attempt('delete', `/api/apps/${id}`, { method: 'DELETE' });
        await attempt('overridden', `/api/apps/${id}`, { method: 'POST', mode: 'no-cors', headers: { 'x-http-method-override': 'DELETE' } });
        await attempt('head', '/api/apps', { method: 'HEAD' });
        for (const status of [302, 303, 307, 308]) {
          const via = (target) => `/to/${status}?${encodeURIComponent(berth + target)}`;
          for (const mode of ['cors', 'no-cors'])
            outcome.push([`redirected ${status} ${mode}`, await fetch(via(`/api/apps/${id}/stop`), { method: 'POST', mode }).then((r) => r.text(), (e) => e.name)]);
        }
        outcome.push(['beacon', String(navigator.sendBeacon(`${berth}/api/apps/${id}/stop`) && '')]);
        navigator.sendBeacon(`${berth}/api/apps/actions`, new Blob([body], { type: 'text/plain' }));
        navigator.sendBeacon(`${berth}/api/apps/actions`, new Blob([body], { type: 'application/json' }));
        await fetch(`${berth}/api/apps/${id}/stop`, { method: 'POST', mode: 'no-cors', keepalive: true }).catch(() => {});
        return outcome;
      });
      for (const [what, got] of results) assert.match(got, /^(TypeError|opaque 0 |opaqueredirect 0 |)$/, `${what} from ${where}: ${got}`);
      // What asks for nothing but a look is refused by Chromium itself, as Berth forbids every use by others.
      for (const [what, got] of results.filter(([what]) => /opaquely|logs|the page/.test(what))) assert.equal(got, 'TypeError', `${what} from ${where}`);
      await unchanged();
    }
  });

  test('images, scripts, styles, frames, objects and media of Berth are not to be had', async () => {
    const results = await from(evil.url, async ({ berth, id }) => {
      const outcome = [];
      const load = (tag, attribute, target, more = {}) =>
        new Promise((done) => {
          const element = Object.assign(document.createElement(tag), more, { [attribute]: berth + target });
          const end = (how) => () => done(outcome.push([`${tag} ${target}`, how]));
          element.onload = element.onloadeddata = end('loaded');
          element.onerror = end('error');
          document.body.append(element);
          setTimeout(end('nothing'), 3000);
        });
      await Promise.all([
        ...['/api/apps', '/api/manifest', '/metrics', '/', `/api/apps/${id}/logs/stdout`].flatMap((target) => [
          load('script', 'src', target),
          load('img', 'src', target),
          load('link', 'href', target, { rel: 'stylesheet' }),
          load('video', 'src', target),
        ]),
        load('img', 'src', '/favicon.svg'),
        load('link', 'href', '/api/apps', { rel: 'prefetch' }),
      ]);
      return outcome;
    });
    for (const [what, how] of results) if (!/prefetch/.test(what)) assert.notEqual(how, 'loaded', what);
    await unchanged();
  });

  test('the dashboard cannot be framed, and a frame shows nothing to who framed it', async () => {
    const results = await from(evil.url, async ({ berth }) => {
      const outcome = [];
      for (const [tag, attribute] of [['iframe', 'src'], ['object', 'data'], ['embed', 'src']])
        for (const target of ['/', '/api/apps', '/api/openapi.json']) {
          const element = Object.assign(document.createElement(tag), { [attribute]: berth + target });
          const loaded = new Promise((done) => ((element.onload = element.onerror = done), setTimeout(done, 1500)));
          document.body.append(element);
          await loaded;
          let inside = 'nothing';
          try {
            inside = element.contentDocument?.body?.innerText || 'nothing';
          } catch (error) {
            inside = error.name;
          }
          outcome.push([`${tag} ${target}`, inside]);
        }
      return outcome;
    });
    for (const [what, inside] of results) assert.match(inside, /^(nothing|SecurityError)$/, `${what}: ${inside}`);
    // What the frame holds is Chromium's own error page: nothing to be clicked on.
    const context = await browser.newContext();
    const page = await context.newPage();
    evil.pages['/framing'] = `<!doctype html><iframe src="${berth.url}/"></iframe>`;
    await page.goto(`${evil.url}/framing`);
    await eventually('the frame is refused', () => page.frames().some((f) => f.url().startsWith('chrome-error:')));
    await context.close();
    await unchanged();
  });

  test('a WebSocket, an EventSource and a worker get nothing', async () => {
    for (const [where, address] of places()) {
      const results = await from(address, async ({ berth }) => {
        const open = (url) =>
          new Promise((done) => {
            const socket = new WebSocket(url);
            socket.onopen = () => done('open');
            socket.onmessage = (m) => done(m.data);
            socket.onclose = (e) => done(`closed ${e.code}`);
          });
        const ws = berth.replace('http', 'ws');
        const source = new Promise((done) => {
          const events = new EventSource(`${berth}/api/events`);
          events.onmessage = events.onopen = () => done('open');
          events.onerror = () => done('error');
        });
        const worker = new Promise((done) => {
          const code = `Promise.all([fetch('${berth}/api/apps').then((r) => r.text(), (e) => e.name),
            new Promise((done) => { const s = new WebSocket('${ws}/api/events'); s.onopen = () => done('open'); s.onclose = () => done('closed'); })]).then((r) => postMessage(r.join()))`;
          const w = new Worker(URL.createObjectURL(new Blob([code])));
          w.onmessage = (m) => done(m.data);
          w.onerror = () => done('error');
        });
        return Promise.all([open(`${ws}/api/events`), open(`${ws.replace('localhost', '127.0.0.1')}/api/events`), source, worker]);
      });
      assert.deepEqual(results.slice(0, 3), ['closed 1006', 'closed 1006', 'error'], where);
      assert.match(results[3], /^(TypeError,closed|error)$/, where);
      await unchanged();
    }
  });

  test('forms of every type, their redirects, and forms of a page without an origin are refused', async () => {
    const form = (action, enctype, fields) => `<form method="post" enctype="${enctype}" action="${action}">${fields}</form>`;
    const textual = `<input name='{"name":"from a form","category":"' value='"}'>`;
    const everything = `<input name='{"action":"delete","all":true,"x":"' value='"}'>`;
    const via = (status, target) => `${evil.url}/to/${status}?${encodeURIComponent(berth.url + target)}`;
    const forms = [
      form(`${berth.url}/api/apps`, 'text/plain', textual),
      form(`${berth.url}/api/apps/actions`, 'text/plain', everything),
      form(`${berth.url}/api/apps`, 'application/x-www-form-urlencoded', '<input name=name value=x>'),
      form(`${berth.url}/api/apps`, 'multipart/form-data', '<input name=name value=x>'),
      form(`${berth.url}/api/apps`, 'application/x-www-form-urlencoded', ''),
      form(`${berth.url}/api/apps/${app.id}/stop`, 'application/x-www-form-urlencoded', ''),
      form(`${berth.url}/api/apps/${app.id}/restart`, 'text/plain', ''),
      ...[301, 302, 303, 307, 308].map((status) => form(via(status, `/api/apps/${app.id}/stop`), 'text/plain', '')),
    ];
    const submit = '<script>document.forms[0].submit()</script>';
    for (const [i, markup] of forms.entries()) {
      evil.pages[`/form/${i}`] = `<!doctype html>${markup}${submit}`;
      // A sandboxed frame has the origin null.
      evil.pages[`/sandboxed/${i}`] = `<!doctype html><iframe sandbox="allow-scripts allow-forms allow-top-navigation" srcdoc='${`${markup}${submit}`.replaceAll("'", '&#39;')}'></iframe>`;
    }
    const context = await browser.newContext();
    const page = await context.newPage();
    // Counted by Berth itself: what a frame was refused, Chromium does not show.
    const refused = async () => Number(/route="refused",status="4xx"\} (\d+)/.exec((await berth.get('/metrics')).body)?.[1] ?? 0);
    const loud = [];
    page.on('response', (response) => response.url().startsWith(berth.url) && loud.push([response.request().method(), response.status()]));
    for (const kind of ['form', 'sandboxed'])
      for (const i of forms.keys()) {
        const before = await refused();
        await page.goto(`${evil.url}/${kind}/${i}`).catch(() => {}); // the form takes the page elsewhere
        await eventually(`${kind} ${i} is refused: ${forms[i]}`, async () => (await refused()) > before);
      }
    await context.close();
    assert.ok(loud.length >= forms.length);
    for (const [method, status] of loud) assert.equal(status, method === 'POST' ? 403 : 405, `${method} ${status}`);
    await unchanged();
  });

  test('a window that was opened on Berth is out of reach for who opened it, and links change nothing', async () => {
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(evil.url);
    const [opened] = await Promise.all([context.waitForEvent('page'), page.evaluate((berth) => void (window.victim = window.open(berth)), berth.url)]);
    await opened.locator('[data-testid=app-row]').waitFor();
    const seen = await page.evaluate(() => {
      try {
        return [victim.closed, victim.location.href];
      } catch (error) {
        return [victim.closed, error.name];
      }
    });
    assert.equal(seen[0], true, `the opener sees ${seen}`);
    assert.equal(await opened.evaluate(() => window.opener), null);
    for (const target of [`/api/apps/${app.id}/stop`, `/api/apps/${app.id}/restart`, '/api/apps/actions', '/?create=x', `/api/apps/${app.id}?cleanup=true`])
      await page.goto(berth.url + target);
    await context.close();
    await unchanged();
  });

  test('a name that was rebound to this machine is told that it is not Berth', async () => {
    const context = await browser.newContext();
    const page = await context.newPage();
    for (const target of ['/', '/api/apps', '/api/events']) {
      const response = await page.goto(`http://www.rebound.example:${berth.port}${target}`);
      assert.equal(response.status(), 421, target);
      assert.doesNotMatch(await response.text(), /target|<div/);
    }
    // What such a page might do if it had got its script in before the name was rebound.
    const results = await page.evaluate(async ({ id }) => {
      const status = (target, options) => fetch(target, options).then((r) => r.status, (e) => e.name);
      const socket = new Promise((done) => {
        const s = new WebSocket(`ws://${location.host}/api/events`);
        s.onopen = () => done('open');
        s.onclose = () => done('closed');
      });
      const body = JSON.stringify({ action: 'delete', all: true });
      return [await status('/api/apps'), await status(`/api/apps/${id}/stop`, { method: 'POST' }),
        await status('/api/apps/actions', { method: 'POST', headers: { 'content-type': 'application/json' }, body }), await status(`/api/apps/${id}`, { method: 'DELETE' }), await socket];
    }, { id: app.id });
    // Chromium holds the page of an error to Berth's policy: it may not even ask.
    for (const got of results) assert.ok([421, 'TypeError', 'closed'].includes(got), `${results}`);
    await context.close();
    await unchanged();
  });

  test('cookies that prototypes heap up on localhost are no more than a sentence', async () => {
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(evil.url);
    await page.evaluate(() => {
      for (let i = 0; i < 20; i++) document.cookie = `heap${i}=${'x'.repeat(3500)}; path=/`;
    });
    const response = await page.goto(berth.url);
    assert.equal(response.status(), 431);
    assert.match(await response.text(), new RegExp(`cookies.*http://127\\.0\\.0\\.1:${berth.port}`));
    await page.goto(berth.url.replace('localhost', '127.0.0.1'));
    await page.locator('[data-testid=app-row]').waitFor();
    await context.close();
  });
});

describe('who asks, by the header', { timeout: 240_000 }, () => {
  let berth, app;
  before(async () => {
    berth = await Berth.start();
    app = await berth.online('target', 'demos');
  });
  after(() => berth.close());

  const refused = [
    ['a foreign Host', { host: 'evil.example' }, 421, 'misdirected_request'],
    ['a rebound Host with our port', () => ({ host: `evil.example:${berth.port}` }), 421, 'misdirected_request'],
    ['localhost with another port', { host: 'localhost:1' }, 421, 'misdirected_request'],
    ['a foreign Origin', { origin: 'https://evil.example' }, 403, 'forbidden_origin'],
    ['Origin null', { origin: 'null' }, 403, 'forbidden_origin'],
    ['an empty Origin', { origin: '' }, 403, 'forbidden_origin'],
    ['two Origins', () => ({ origin: [berth.url, berth.url] }), 403, 'forbidden_origin'],
    ['our host over https', () => ({ origin: berth.url.replace('http', 'https') }), 403, 'forbidden_origin'],
    ['a prototype on another port', () => ({ origin: `http://localhost:${app.port}` }), 403, 'forbidden_origin'],
    ['an Origin that begins as ours', () => ({ origin: `${berth.url}.evil.example` }), 403, 'forbidden_origin'],
    ['a cross-site request', { 'sec-fetch-site': 'cross-site' }, 403, 'forbidden_origin'],
    ['a same-site request', { 'sec-fetch-site': 'same-site' }, 403, 'forbidden_origin'],
    ['a request of an unknown kind', { 'sec-fetch-site': 'something-new' }, 403, 'forbidden_origin'],
  ];
  for (const [what, headers, status, code] of refused)
    test(`${what} is refused, in every method and for the WebSocket`, async () => {
      const fields = typeof headers === 'function' ? headers() : headers;
      for (const [method, where] of [['POST', `/api/apps/${app.id}/stop`], ['DELETE', `/api/apps/${app.id}`], ['POST', '/api/apps'], ['OPTIONS', '/api/apps']]) {
        const answer = await berth.raw(method, where, fields);
        assert.equal(answer.status, status, answer.body);
        assert.equal(JSON.parse(answer.body).code, code);
      }
      const upgrade = { connection: 'Upgrade', upgrade: 'websocket', 'sec-websocket-version': '13', 'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==' };
      assert.equal((await berth.raw('GET', '/api/events', { ...upgrade, ...fields })).status, status);
      const read = await berth.raw('GET', '/api/apps', fields);
      assert.equal(read.status, status, 'reading too');
      assert.equal((await berth.app(app.id)).status, 'online');
    });

  test('it is not to be reached but over the loopback', async () => {
    const others = Object.values(os.networkInterfaces()).flat().filter((at) => !at.internal && !at.address.startsWith('fe80'));
    for (const { address } of [...others, { address: '127.0.0.2' }])
      await assert.rejects(new Wire(berth.port, { host: address }).connected, /ECONNREFUSED|ENETUNREACH|EADDRNOTAVAIL|EHOSTUNREACH/, address);
    // What listens, as the system sees it: this address and no other.
    const hex = berth.port.toString(16).toUpperCase().padStart(4, '0');
    const listening = ['tcp', 'tcp6'].flatMap((table) => readFileSync(`/proc/net/${table}`, 'utf8').split('\n'))
      .map((line) => line.trim().split(/\s+/)).filter(([, local, , state]) => state === '0A' && local.endsWith(`:${hex}`)).map(([, local]) => local.slice(0, -5));
    assert.ok(listening.includes('0100007F'));
    for (const address of listening) assert.ok(['0100007F', '00000000000000000000000001000000'].includes(address), address);
  });

  test('our own page is let in', async () => {
    for (const host of ['localhost', '127.0.0.1', '[::1]']) {
      const own = { host: `${host}:${berth.port}`, origin: `http://${host}:${berth.port}`, 'sec-fetch-site': 'same-origin' };
      assert.equal((await berth.raw('GET', '/api/apps', own)).status, 200);
      assert.equal((await berth.raw('POST', '/api/apps/actions', { ...own, 'content-type': 'application/json' }, '{"action":"stop","ids":[]}')).status, 200);
    }
  });

  test('the security headers are on every answer, refusals and errors of HTTP included; none lets others in', async () => {
    const own = `Host: localhost:${berth.port}\r\nConnection: close`;
    const requests = [
      [`GET / HTTP/1.1\r\n${own}`, 200], [`HEAD / HTTP/1.1\r\n${own}`, 200], [`GET /api/apps HTTP/1.1\r\n${own}`, 200], [`GET /metrics HTTP/1.1\r\n${own}`, 200],
      [`GET /api/apps/${app.id}/logs/stdout HTTP/1.1\r\n${own}`, 200], [`GET /nothing HTTP/1.1\r\n${own}`, 404], [`PUT / HTTP/1.1\r\n${own}`, 405], ['GET / HTTP/1.1\r\nHost: evil.example\r\nConnection: close', 421],
      [`GET / HTTP/1.1\r\n${own}\r\nOrigin: null`, 403], ['nonsense', 400], [`GET / HTTP/1.1\r\nX: ${'x'.repeat(17_000)}`, 431], [`GET /api/events HTTP/1.1\r\n${own}`, 426],
      [`GET /favicon.svg HTTP/1.1\r\n${own}\r\nIf-None-Match: *`, 304], [`POST /api/apps HTTP/1.1\r\n${own}\r\nContent-Length: 2\r\n\r\n{}`, 415],
      [`OPTIONS /api/apps HTTP/1.1\r\n${own}\r\nOrigin: http://evil.example\r\nAccess-Control-Request-Method: POST\r\nAccess-Control-Request-Private-Network: true`, 403],
    ];
    for (const [request, status] of requests) {
      const [answer] = await exchange(berth.port, `${request}\r\n\r\n`);
      assert.equal(answer.status, status, request);
      const { headers } = answer;
      assert.match(headers['content-security-policy'], /^default-src 'none'; script-src 'self';.* base-uri 'none'; form-action 'none'; frame-ancestors 'none'$/);
      assert.equal(headers['x-content-type-options'], 'nosniff');
      assert.equal(headers['referrer-policy'], 'no-referrer');
      assert.equal(headers['cross-origin-resource-policy'], 'same-origin');
      assert.equal(headers['cross-origin-opener-policy'], 'same-origin');
      assert.deepEqual(Object.keys(headers).filter((name) => name.startsWith('access-control')), []);
      assert.equal(headers['set-cookie'], undefined);
    }
    const socket = new Wire(berth.port);
    await socket.connected;
    socket.send(`GET /api/events HTTP/1.1\r\nHost: localhost:${berth.port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n`);
    await socket.until('\r\n\r\n');
    socket.close();
    const [upgraded] = answers(socket.received);
    assert.deepEqual([upgraded.status, upgraded.headers['x-content-type-options']], [101, 'nosniff']);
  });
});
