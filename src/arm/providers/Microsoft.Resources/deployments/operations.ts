/** What answers for deployments: loaded with the first request for one. */
export { cancelDeployment, deleteDeployment } from './end-deployment.ts';
export { performDeployment } from './perform.ts';
export { putDeployment } from './put-deployment.ts';
export { exportTemplate, getDeployment, getOperation, listDeployments, listOperations } from './read-deployment.ts';
export { validateDeployment } from './validate-deployment.ts';
export { whatIf } from './what-if.ts';
