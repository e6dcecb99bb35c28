/**
 * Names of OpenTelemetry's semantic conventions that the labels of Cloud Monitoring cannot have: their dots are underscores there. Where a name has underscores
 * of its own nothing but a list can tell which was which.
 */
const names = [
  ...['client.address', 'client.port', 'code.function.name', 'container.id', 'container.name'],
  ...['db.client.connection.pool.name', 'db.client.connection.state', 'db.collection.name'],
  ...['db.name', 'db.namespace', 'db.operation', 'db.operation.name', 'db.response.status_code'],
  ...['db.statement', 'db.system', 'db.system.name', 'error.message', 'error.type'],
  ...['exception.message', 'exception.type', 'faas.name', 'http.host', 'http.method'],
  ...['http.request.method', 'http.response.status_code', 'http.route', 'http.status_code'],
  ...['http.target', 'http.url', 'k8s.container.name', 'k8s.deployment.name'],
  ...['k8s.namespace.name', 'k8s.node.name', 'k8s.pod.name', 'messaging.destination'],
  ...['messaging.destination.name', 'messaging.operation.name', 'messaging.system'],
  ...['net.peer.name', 'net.peer.port', 'network.peer.address', 'network.protocol.name'],
  ...['network.transport', 'nodejs.eventloop.state', 'peer.service', 'process.pid', 'rpc.method'],
  ...['rpc.grpc.status_code', 'rpc.service', 'rpc.system', 'server.address', 'server.port'],
  ...['service.instance.id', 'service.name', 'service.namespace', 'service.version', 'url.full'],
  ...['url.path', 'url.scheme', 'user_agent.original', 'v8js.gc.type', 'v8js.heap.space.name'],
];

const byLabel = new Map(names.map((name) => [name.replaceAll('.', '_'), name]));

/** Gives the name that a label has in OpenTelemetry; its own when it has none there. */
export function otelNameOf(label: string): string {
  return byLabel.get(label) ?? label;
}
