/** What a benchmark's module exports. */
interface Benchmark {
  run(options: { readonly short: boolean }): Promise<void>;
}

const [name, ...flags] = process.argv.slice(2);
const { run } = (await import(`./${name}.ts`)) as Benchmark;
await run({ short: flags.includes('--short') });
