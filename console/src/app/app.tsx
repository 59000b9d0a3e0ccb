import { QueryClientProvider } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useText } from '../i18n/text.js';
import { usePreferences } from '../preferences/preferences.js';
import { createCache } from '../server/cache.js';
import { useSession } from '../server/session.js';
import { Trouble } from '../ui/notice.js';
import { Shell } from './shell.js';
import { SignIn } from './sign-in.js';

export function App() {
  const [cache] = useState(createCache);
  const { language } = usePreferences();
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
  return (
    <QueryClientProvider client={cache}>
      <Gate />
    </QueryClientProvider>
  );
}

/** The console, for those who are signed in. The address stays as it is: whoever signs in is where the link led. */
function Gate() {
  const session = useSession();
  const t = useText();
  if (session.data) return <Shell session={session.data} />;
  if (session.data === null) return <SignIn />;
  if (session.isPending) return <p className="visually-hidden">{t.common.loading}</p>;
  return <Trouble error={session.error} onRetry={() => void session.refetch()} />;
}
