/** Hostile pages by what they are: documents that are unlike others, and response headers. */
import { csp, type HostilePage } from './hostilePage.ts'

const arabic = { send: 'إرسال', close: 'إغلاق الاستبيان' }

/** Documents that are unlike others. */
export const documents: HostilePage[] = [
  {
    name: 'inert and aria-hidden body',
    bodyAttributes: 'inert="" aria-hidden="true"',
    excused: { focus: 'nothing on the page can have it' },
  },
  { name: 'quirks mode', doctype: '' },
  {
    name: 'limited quirks',
    doctype:
      '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">',
  },
  {
    name: 'XHTML',
    doctype: '<!DOCTYPE html>',
    type: 'application/xhtml+xml',
    html: 'xmlns="http://www.w3.org/1999/xhtml" lang="en"',
  },
  {
    name: 'right to left, with a survey from left to right',
    html: 'dir="rtl" lang="ar"',
    tag: 'data-locale="en"',
    mirrored: true,
  },
  {
    name: 'left to right, with a survey from right to left',
    survey: 'nps-ar',
    tag: 'data-locale="ar"',
    names: arabic,
    otherLook: 'the survey is Arabic',
  },
  {
    name: 'script in the head, without async',
    tagAt: 'head',
    tag: '<script src="COLLECTOR/earshot.js" data-key="KEY"></script>',
  },
  { name: 'no html, head or body tags', whole: '<title>Host</title><input id="search" />TAG' },
  {
    name: 'base address and target elsewhere',
    head: '<base href="https://elsewhere.invalid/deep/" target="_blank" />',
  },
  {
    name: 'names of forms and fields that cover document',
    body: '<img name="activeElement" alt="" /><form name="hidden"></form><form name="visibilityState"></form><form name="body"></form><img id="earshot" alt="" /><form id="navigation"></form>',
  },
]

/** The least that lets Earshot work. */
const least = "default-src 'none'; script-src COLLECTOR; connect-src COLLECTOR"

/** Response headers. */
export const policies: HostilePage[] = [
  { name: 'CSP: nothing but our script and our requests', headers: csp(least) },
  {
    name: 'CSP: all directives, each as narrow as it can be',
    headers: csp(
      `${least}; style-src 'none'; style-src-attr 'none'; style-src-elem 'none'; script-src-attr 'none'; img-src 'none'; font-src 'none'; media-src 'none'; object-src 'none'; frame-src 'none'; worker-src 'none'; manifest-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
    ),
  },
  {
    name: 'CSP: nonce only',
    headers: csp("default-src 'none'; script-src 'nonce-n'; connect-src COLLECTOR"),
    tag: 'nonce="n"',
  },
  {
    name: 'CSP: strict-dynamic',
    headers: csp(
      "default-src 'none'; script-src 'nonce-n' 'strict-dynamic'; connect-src COLLECTOR; base-uri 'none'; object-src 'none'",
    ),
    tag: 'nonce="n"',
  },
  {
    name: 'CSP: Trusted Types, none allowed',
    headers: csp(`${least}; require-trusted-types-for 'script'; trusted-types 'none'`),
  },
  {
    name: 'CSP: sandbox with scripts alone',
    headers: csp('sandbox allow-scripts'),
  },
  {
    name: 'COOP and COEP',
    headers: { 'cross-origin-opener-policy': 'same-origin', 'cross-origin-embedder-policy': 'require-corp' },
  },
  {
    name: 'Permissions-Policy that denies all',
    headers: {
      'permissions-policy':
        'geolocation=(), camera=(), microphone=(), fullscreen=(), storage-access=(), clipboard-write=(), unload=(), sync-xhr=(), focus-without-user-activation=(), web-share=(), idle-detection=(), autoplay=()',
    },
  },
  {
    name: 'Document-Policy and Referrer-Policy',
    headers: { 'referrer-policy': 'no-referrer', 'document-policy': 'force-load-at-top' },
  },
]
