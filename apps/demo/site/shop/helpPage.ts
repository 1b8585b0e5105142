/** The help page. */
import { earshot } from './earshot.ts'
import { byId } from './page.ts'

for (const button of document.querySelectorAll<HTMLButtonElement>('[data-solved]'))
  button.addEventListener('click', () => {
    button.disabled = true
    byId('said').textContent = 'Good to hear.'
    earshot('track', 'enquiry_solved', { topic: button.dataset.solved ?? '' })
  })
