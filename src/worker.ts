/** A worker process, started by the supervisor. */
import { openApp } from './app.js';
import { runWorker } from './supervisor/run-worker.js';

runWorker(openApp);
