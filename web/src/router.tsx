import { createRootRoute, createRoute, createRouter } from '@tanstack/react-router';
import { InvestigationPage } from './pages/investigation-page.tsx';
import { ListPage } from './pages/list-page.tsx';
import { NotFoundPage } from './pages/not-found-page.tsx';
import { Shell } from './pages/shell.tsx';

const rootRoute = createRootRoute({ component: Shell, notFoundComponent: NotFoundPage });

const listRoute = createRoute({ getParentRoute: () => rootRoute, path: '/', component: ListPage });

export const investigationRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/investigations/$id',
  component: () => {
    const { id } = investigationRoute.useParams();
    return <InvestigationPage id={id} />;
  },
});

export function createAppRouter() {
  return createRouter({ routeTree: rootRoute.addChildren([listRoute, investigationRoute]) });
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createAppRouter>;
  }
}
