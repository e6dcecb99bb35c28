import { createRootRouteWithContext, createRoute, createRouter } from '@tanstack/react-router';
import { InvestigationPage } from './pages/investigation-page.tsx';
import { ListPage } from './pages/list-page.tsx';
import { NotFoundPage } from './pages/not-found-page.tsx';
import { Shell } from './pages/shell.tsx';

/** What the pages are told when they are opened. */
interface Opening {
  /** Why the link opened no session; null where it did, or asked for none. */
  readonly refusal: string | null;
}

const rootRoute = createRootRouteWithContext<Opening>()({
  component: () => <Shell refusal={rootRoute.useRouteContext().refusal} />,
  notFoundComponent: NotFoundPage,
});

const listRoute = createRoute({ getParentRoute: () => rootRoute, path: '/', component: ListPage });

export const investigationRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/investigations/$id',
  component: () => {
    const { id } = investigationRoute.useParams();
    return <InvestigationPage id={id} />;
  },
});

export function createAppRouter(context: Opening) {
  const routeTree = rootRoute.addChildren([listRoute, investigationRoute]);
  return createRouter({ routeTree, context });
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createAppRouter>;
  }

  interface HistoryState {
    /** How many citations led to evidence so far. */
    timesShown?: number;
  }
}
