/** Starts the dashboard. */
import { render } from 'preact'
import { App } from './app.tsx'
import { startNavigation } from './shell/place.ts'
import { startScheme } from './shell/scheme.ts'
import './styles/base.css'
import './styles/parts.css'
import './styles/where.css'
import './styles/imports.css'
import './styles/print.css'

startScheme()
startNavigation()
const root = document.querySelector('#app')
if (root) render(<App />, root)
