// A dashboard in a real Chromium. It keeps every console error, page error and CSP violation, and says them at close, so that a
// test cannot pass over one. Waits are for what is on the page, never for time.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

import { chromium } from 'playwright-core';

import { eventually } from './berth.mjs';

const axeSource = readFileSync(new URL('../node_modules/axe-core/axe.min.js', import.meta.url), 'utf8');
const flags = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-background-networking'];
const patience = 20_000;

/** What Chromium itself writes when a request fails or is refused: expected where a test takes the server away. */
const ofNetwork = /^(Failed to load resource|WebSocket connection to|TypeError: Failed to fetch dynamically imported module)/;

export const launch = () => chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: flags });

/** Runs in the page before anything of it. */
function watch() {
  window.__violations = [];
  window.__shift = 0;
  document.addEventListener('securitypolicyviolation', (e) => window.__violations.push(`${e.violatedDirective} ${e.blockedURI}`));
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) window.__shift += entry.value;
  }).observe({ type: 'layout-shift', buffered: true });
}

export class Dashboard {
  /**
   * options: go to the browser context (viewport, colorScheme, hasTouch …), and
   * prepare: awaited with the page before it is opened; network: failed requests are expected.
   */
  static async open(browser, berth, { prepare, network = false, ...options } = {}) {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...options });
    context.setDefaultTimeout(patience);
    const dashboard = new Dashboard();
    Object.assign(dashboard, { context, problems: [], page: await context.newPage() });
    const { page } = dashboard;
    const note = (text) => dashboard.problems.push(text);
    page.on('console', (m) => {
      if (m.type() === 'error' && !(network && ofNetwork.test(m.text()))) note(`console: ${m.text()} ${m.location().url}`);
    });
    page.on('pageerror', (error) => note(`page: ${error.stack}`));
    page.on('dialog', (dialog) => {
      note(`dialog: ${dialog.message()}`);
      dialog.dismiss().catch(() => {});
    });
    await page.addInitScript(watch);
    await prepare?.(page);
    await page.goto(berth.url);
    await page.locator('[data-testid=app-row], [data-testid=empty], [data-testid=operation-row]').first().waitFor();
    return dashboard;
  }

  get = (id) => this.page.getByTestId(id);

  /** Loads an address of the dashboard, as somebody does who was sent it. */
  async visit(address) {
    await this.page.goto(new URL(address, this.page.url()).href);
    await this.is('live');
  }

  /** Where the page is, as its address says. */
  address() {
    const { pathname, search } = new URL(this.page.url());
    return pathname + search;
  }

  /** Waits until the address is this. */
  async at(address) {
    await this.page.waitForURL((url) => url.pathname + url.search === address);
  }

  /** What the page scrolls. */
  get scroll() {
    return this.page.locator('[data-testid=scroll], [data-testid=list-scroll]');
  }

  /** Waits until the connection is in the state. */
  async is(state) {
    await this.page.locator(`[data-testid=connection][data-state=${state}]`).waitFor();
  }

  /** The row of an app, when it has the status and nothing is under way. */
  row(app, status) {
    const id = typeof app === 'string' ? app : app.id;
    const state = status ? `[data-status=${status}]:not([data-operation])` : '';
    return this.page.locator(`[data-testid=app-row][data-app-id="${id}"]${state}`);
  }

  /** The row of an app whose id is not known: by its name. */
  rowNamed(name) {
    return this.page.getByTestId('app-row').filter({ has: this.page.getByText(name, { exact: true }) });
  }

  /** Resolves to what tells which operations the app's row has shown since, also those that were over in an instant. */
  async operationsShown(app) {
    const seen = await this.row(app).evaluateHandle((row) => {
      const shown = [];
      new MutationObserver(() => row.dataset.operation && shown.at(-1) !== row.dataset.operation && shown.push(row.dataset.operation)).observe(
        row,
        { attributeFilter: ['data-operation'] },
      );
      return shown;
    });
    return () => seen.jsonValue();
  }

  action(app, key) {
    return this.row(app).locator(`[data-action=${key}]`);
  }

  async gone(locator) {
    await locator.first().waitFor({ state: 'detached' });
  }

  /** Waits for a message in a corner that says this. */
  async says(text) {
    await this.page.locator('[data-sonner-toast]').filter({ hasText: text }).first().waitFor();
  }

  /** The lines that the log view shows now, whole, as a reader sees them. */
  logText() {
    return this.page.evaluate(() => {
      const view = document.querySelector('[data-testid=log-terminal]');
      if (!view) return '';
      const { top, bottom } = view.getBoundingClientRect();
      const inView = (line) => {
        const box = line.getBoundingClientRect();
        return box.bottom > top + 1 && box.top < bottom - 1;
      };
      const lines = [...view.querySelectorAll('[data-line]')].filter(inView);
      return lines.map((line) => line.textContent.trimEnd()).join('\n');
    });
  }

  async logShows(what) {
    let last;
    const found = async () => {
      last = await this.logText();
      return typeof what === 'string' ? last.includes(what) : what.test(last);
    };
    await eventually(`the log shows ${what}`, found).catch((error) => {
      throw new Error(`${error.message}; it shows\n${last}`);
    });
    return last;
  }

  /** Resolves when nothing moves any more that will come to an end by itself. */
  async rests() {
    await this.page.evaluate(() =>
      Promise.all(
        document
          .getAnimations()
          .filter((animation) => animation.effect.getComputedTiming().iterations !== Infinity)
          .map((animation) => animation.finished.catch(() => {})),
      ),
    );
  }

  /** The element that has the focus, in words for a failure's message. */
  focused() {
    return this.page.evaluate(() => {
      const { activeElement: element } = document;
      return element.getAttribute('aria-label') ?? element.dataset.appId ?? element.textContent.slice(0, 40);
    });
  }

  /** Fails when axe-core finds anything in the page as it is now. */
  async accessible(where) {
    await this.rests();
    const violations = await this.page.evaluate(async (source) => {
      if (!window.axe) window.eval(source);
      const { violations } = await window.axe.run(document, { resultTypes: ['violations'] });
      return violations.map((v) => `${v.id}: ${v.nodes.map((n) => `${n.target} (${n.failureSummary})`).join('; ')}`);
    }, axeSource);
    assert.deepEqual(violations, [], where);
  }

  /** Fails when something stands out of the window sideways. */
  async fits(where) {
    const wide = await this.page.evaluate(() =>
      [document.documentElement, ...document.querySelectorAll('[data-testid=scroll], [data-testid=list-scroll]')]
        .filter((element) => element.scrollWidth > element.clientWidth)
        .map((element) => `${element.tagName}: ${element.scrollWidth} of ${element.clientWidth}`),
    );
    assert.deepEqual(wide, [], where);
  }

  async close() {
    const violations = this.page.isClosed() ? [] : await this.page.evaluate(() => window.__violations);
    await this.context.close();
    assert.deepEqual([...this.problems, ...violations], [], 'the page complained');
  }
}

/** Gives `body` a dashboard and closes it, whatever happens; the body's own failure comes first. */
export async function withDashboard(browser, berth, options, body) {
  const dashboard = await Dashboard.open(browser, berth, options);
  try {
    await body(dashboard, dashboard.page);
  } catch (error) {
    await dashboard.close().catch((also) => (error.message += `\nand ${also.message}`));
    throw error;
  }
  await dashboard.close();
}
