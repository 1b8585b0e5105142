/** A message in a frame without an origin, in the colours and the width of some device. */
import type { JSX } from 'preact'
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import type { Letter } from '../mailFrame.ts'

/** @param props.width - CSS pixels; where there is less room it is drawn smaller */
export function LetterFrame({ html, scheme, width }: Letter & { width: number }): JSX.Element {
  const frame = useRef<HTMLIFrameElement>(null)
  const stage = useRef<HTMLDivElement>(null)
  const [isReady, setReady] = useState(false)
  const [room, setRoom] = useState(width)
  // Before the frame can say so.
  useLayoutEffect(() => {
    const hear = ({ data, source }: MessageEvent<unknown>): void => {
      if (source === frame.current?.contentWindow && data === 'ready') setReady(true)
    }
    addEventListener('message', hear)
    return () => removeEventListener('message', hear)
  }, [])
  useEffect(() => {
    const letter: Letter = { html, scheme }
    if (isReady) frame.current?.contentWindow?.postMessage(letter, '*')
  }, [isReady, html, scheme])
  useEffect(() => {
    // In the frame after: what it changes may bring a scrollbar, and WebKit complains of sizes that change while they are told.
    const observer = new ResizeObserver(([entry]) =>
      requestAnimationFrame(() => entry && setRoom(entry.contentRect.width)),
    )
    if (stage.current) observer.observe(stage.current)
    return () => observer.disconnect()
  }, [])
  const scale = Math.min(1, room / width)
  const height = 560
  return (
    <div class="letter" ref={stage}>
      <div class="sheet" style={{ width: `${width * scale}px`, height: `${height * scale}px` }}>
        <iframe
          ref={frame}
          title="The message as HTML"
          src="/dashboard/mail.html"
          sandbox="allow-scripts"
          style={{ width: `${width}px`, height: `${height}px`, scale: `${scale}` }}
        />
      </div>
    </div>
  )
}
