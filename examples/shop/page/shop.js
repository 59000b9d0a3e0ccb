// Where logs go: in production a service, in tests the emulator.
const host = new URLSearchParams(location.search).get('track');

/** Sends an event, and tries again when the service is busy. */
async function track(event, fields, attempts = 3) {
  const body = JSON.stringify({ __topic__: 'shop', __logs__: [{ event, ...fields }] });
  for (let attempt = 1; attempt <= attempts; attempt += 1) {
    const url = `${host}/logstores/web/track?APIVersion=0.6.0`;
    const answer = await fetch(url, { method: 'POST', body, keepalive: true }).catch(() => null);
    if (answer?.ok) return true;
    await new Promise((resolve) => setTimeout(resolve, 50 * attempt));
  }
  return false;
}

await track('view', { path: location.pathname });

document.querySelector('#buy').addEventListener('click', async ({ target }) => {
  const { product, price } = target.dataset;
  const isSent = await track('buy', { product, price });
  document.querySelector('#message').textContent = isSent ? 'Thank you!' : 'Please try again later.';
});
