/**
 * The tables of docs/scaling.md, computed: constants with their sources, predictions beside what was measured, sizes.
 *
 *   node dist/bench/model.js
 *
 * A test holds the page against them: bench/support/capacity.test.ts.
 */
import { printScalingTables } from './support/scaling-tables.js';

process.stdout.write(`${printScalingTables().join('\n\n')}\n`);
