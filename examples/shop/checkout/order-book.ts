/** An order as checkout keeps it. */
export interface Order {
  readonly id: string;
  readonly customerId: number;
  readonly totalMinor: number;
  readonly currency: string;
  readonly shipping: string;
  readonly chargeId: string;
  readonly placedAtMs: number;
}

/** The newest orders in memory; the oldest leave first. */
export interface OrderBook {
  readonly add: (order: Order, limit: number) => void;
  readonly find: (id: string) => Order | undefined;
}

export function createOrderBook(): OrderBook {
  const orders = new Map<string, Order>();
  return {
    add: (order, limit) => {
      orders.set(order.id, order);
      for (const id of orders.keys()) {
        if (orders.size <= limit) break;
        orders.delete(id);
      }
    },
    find: (id) => orders.get(id),
  };
}
