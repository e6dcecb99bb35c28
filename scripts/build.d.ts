/** Compiles the product into `dist/`, unless what is there was made from the same sources. */
export function build(): Promise<void>;
