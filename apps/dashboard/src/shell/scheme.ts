/** Light, dark, or as the system has it: the choice, kept on this device. */
import { useState } from 'preact/hooks'

export type Scheme = 'auto' | 'light' | 'dark'

const key = 'earshot-scheme'

function stored(): Scheme {
  try {
    const value = localStorage.getItem(key)
    return value === 'light' || value === 'dark' ? value : 'auto'
  } catch {
    return 'auto'
  }
}

function apply(scheme: Scheme): void {
  if (scheme === 'auto') delete document.documentElement.dataset['scheme']
  else document.documentElement.dataset['scheme'] = scheme
}

/** Applies what was chosen before anything is drawn. */
export function startScheme(): void {
  apply(stored())
}

/** The choice, and how it is changed. */
export function useScheme(): [Scheme, (next: Scheme) => void] {
  const [scheme, setScheme] = useState(stored)
  const choose = (next: Scheme): void => {
    setScheme(next)
    apply(next)
    try {
      localStorage.setItem(key, next)
    } catch {
      // It holds until the page is left.
    }
  }
  return [scheme, choose]
}
