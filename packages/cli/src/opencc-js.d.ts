/** The package has types for its converters, which need those of a browser, and none for its tables. */
declare module 'opencc-js/dict/*' {
  const table: string;
  export default table;
}
