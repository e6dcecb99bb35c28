import { TestWorkflowEnvironment } from '@temporalio/testing';

// Downloads the official Temporal CLI with the SDK's own downloader: `node scripts/download-temporal.js FOLDER VERSION`. The downloader is part of
// starting a development server, so one is started in memory and stopped again; whoever called looks whether the file is there.
const [downloadDir, version] = process.argv.slice(2);
if (downloadDir === undefined || version === undefined) {
  throw new Error('usage: download-temporal.js FOLDER VERSION');
}
const environment = await TestWorkflowEnvironment.createLocal({
  server: { executable: { type: 'cached-download', downloadDir, version } },
});
await environment.teardown();
