/** Version of this package; a test holds it equal to package.json. */

export const sdkVersion = '0.1.0'

/** How the SDK names itself on the wire. */
export const sdkName: string = `js/${sdkVersion}`
