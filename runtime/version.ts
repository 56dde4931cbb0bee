/** Version of ior, that of `deno.json`; a test holds them together. */
export const VERSION = "0.1.0";
