import '@mantine/core/styles.css';
import './app.css';
import { MantineProvider } from '@mantine/core';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { enter } from './api/enter.ts';
import { createQueryClient } from './api/query-client.ts';
import { createAppRouter } from './router.tsx';
import { theme } from './theme.ts';

/** The value that the server allows styles by; browsers show it to scripts as a property only. */
function styleNonce(): string {
  return document.querySelector<HTMLElement>('meta[property="csp-nonce"]')?.nonce ?? '';
}

const place = document.getElementById('root');
if (place === null) throw new Error('the page has no place for the application');
const queryClient = createQueryClient();
const refusal = await enter();
createRoot(place).render(
  <StrictMode>
    <MantineProvider theme={theme} defaultColorScheme="auto" getStyleNonce={styleNonce}>
      <QueryClientProvider client={queryClient}>
        <RouterProvider router={createAppRouter({ refusal })} />
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
);
