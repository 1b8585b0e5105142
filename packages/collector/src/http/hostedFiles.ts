/** The sheet of the pages behind links of messages, and the script by which a tap confirms. The card comes from the SDK. */

/** Calm, in the letters of the system; by the language's direction; dark where the reader has it so; large enough for a finger. */
export const hostedStyle = `:root {
  color-scheme: light dark;
  --page: #f3f4f6; --card: #ffffff; --text: #1a1d21; --whisper: #5a6169; --line: #8a9099; --accent: #1f4fd8;
  --on-accent: #ffffff; --bad: #b3261e;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #101216; --card: #16181c; --text: #eceef1; --whisper: #a9b0ba; --line: #767d88; --accent: #8fb0ff;
    --on-accent: #0c1526; --bad: #ff9d94;
  }
}
* { box-sizing: border-box; }
html { background: var(--page); color: var(--text); font: 16px/1.5 system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif; }
body { margin: 0; }
main { max-width: 40rem; margin: 0 auto; padding: 1.5rem 1rem; background: var(--card); }
@media (min-width: 44rem) { main { margin: 3rem auto; padding: 2rem; border-radius: 12px; } }
h1 { margin: 0 0 1rem; font-size: 1.25rem; line-height: 1.35; overflow-wrap: anywhere; }
p { overflow-wrap: anywhere; }
a { color: var(--accent); }
.step, .ends { color: var(--whisper); font-size: 0.8125rem; }
.step { margin: 0 0 0.5rem; }
fieldset { border: 0; margin: 0; padding: 0; min-width: 0; }
legend { padding: 0; }
.scale { display: grid; grid-auto-flow: column; grid-auto-columns: minmax(0, 1fr); gap: 0.375rem; }
@media (max-width: 37.99rem) {
  .scale:has(> :nth-child(8)) { grid-auto-flow: row; grid-template-columns: repeat(5, minmax(0, 1fr)); }
  .scale:has(> :nth-child(11)) { grid-template-columns: repeat(6, minmax(0, 1fr)); }
}
.scale label, .choices > label:not(.other) {
  position: relative; display: flex; align-items: center; min-height: 2.75rem; border: 1px solid var(--line);
  border-radius: 8px; cursor: pointer;
}
.scale label { justify-content: center; }
.scale input { position: absolute; inset: 0; opacity: 0; width: 100%; height: 100%; margin: 0; cursor: pointer; }
.scale label:has(:checked) { background: var(--accent); border-color: var(--accent); color: var(--on-accent); font-weight: 600; }
.scale label:has(:focus-visible) { outline: 3px solid var(--accent); outline-offset: 2px; }
.choices { display: grid; gap: 0.5rem; }
.choices > label:not(.other) { gap: 0.75rem; padding: 0.5rem 0.75rem; }
.choices input[type='radio'], .choices input[type='checkbox'] { width: 1.25rem; height: 1.25rem; flex: none; accent-color: var(--accent); }
.other { display: grid; gap: 0.25rem; }
.ends { display: flex; justify-content: space-between; gap: 1rem; margin: 0.5rem 0 0; }
textarea, input[type='text'] {
  width: 100%; padding: 0.625rem; border: 1px solid var(--line); border-radius: 8px; background: transparent; color: inherit; font: inherit;
}
.flaw { color: var(--bad); }
.acts { display: flex; flex-wrap: wrap; gap: 0.75rem; margin: 1.5rem 0 0; }
button {
  min-height: 2.75rem; padding: 0.5rem 1.25rem; border: 1px solid var(--accent); border-radius: 8px; background: var(--accent);
  color: var(--on-accent); font: inherit; font-weight: 600; cursor: pointer;
}
button.quiet { background: transparent; color: var(--accent); }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
main[data-card] { padding: 1.5rem 1rem; background: none; max-width: 37rem; }
main[data-card] h1 { margin-inline: 0.25rem; color: var(--whisper); font-size: 1rem; font-weight: 600; }
[data-earshot]::part(foot), [data-earshot]::part(close) { display: none; }
@media (forced-colors: active) { .scale label:has(:checked) { outline: 3px solid Highlight; } }
`

/**
 * The answer that a link has chosen is sent with the first tap or key of somebody who looks at the page. A program that opens
 * the link, also one that runs scripts, makes neither; an event that a script makes is not trusted. Whoever taps a control
 * means that control.
 */
export const hostedScript = `(() => {
  const form = document.querySelector('form[data-confirm]')
  if (!form) return
  const events = ['click', 'keydown']
  const confirm = (event) => {
    if (!event.isTrusted || document.visibilityState !== 'visible') return
    if (event.type === 'keydown' && (event.key !== 'Enter' || event.ctrlKey || event.metaKey || event.altKey)) return
    if (event.target instanceof Element && event.target.closest('a, button, input, textarea, label')) return end()
    end()
    // The card may have taken its place.
    if (form.isConnected) form.requestSubmit()
  }
  const end = () => events.forEach((name) => removeEventListener(name, confirm))
  events.forEach((name) => addEventListener(name, confirm))
})()
`
