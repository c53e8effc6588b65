// The part of autocannon that bench/api uses; the package brings no types.

declare module 'autocannon' {
  interface Options {
    readonly url: string;
    readonly connections: number;
    readonly amount: number;
    readonly headers: Readonly<Record<string, string>>;
    readonly requests: readonly {
      setupRequest(request: object, context: object): object;
      onResponse(status: number, body: string, context: object): void;
    }[];
  }
  function autocannon(
    options: Options,
    done: (error: Error | null) => void,
  ): { on(event: 'reqError', listen: (error: Error) => void): void };
  export default autocannon;
}
