/** Where the collector is, as the server wrote it into the page. */

function read(name: string): string {
  return document.querySelector<HTMLMetaElement>(`meta[name="earshot-${name}"]`)?.content ?? ''
}

export const collectorUrl: string = read('collector')
export const writeKey: string = read('key')
/** The collector behind the line that can be cut. */
export const lineUrl: string = read('line')
