/** What Vite makes files of: a worker gives its address, a style sheet is imported for effect. */
declare module '*?worker&url' {
  const address: string
  export default address
}
declare module '*.css'
