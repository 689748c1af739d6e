// What answers for schedules, eligibilities and approvals: loaded with the first request for one of them.

export { findApproval, getApproval, isApprover, mayAssign } from './approvals.ts';
export { cancelRequest } from './cancel-request.ts';
export { putRequest, validateRequest } from './put-request.ts';
export {
  getInstance,
  getRequest,
  getSchedule,
  isOwnRequests,
  isOwnSchedules,
  listInstances,
  listRequests,
  listSchedules,
} from './read-schedules.ts';
export { reviewStage } from './review-stage.ts';
export {
  attributesOfRequest,
  isOwnRequest,
  isSelfRequest,
  linkedOfCancel,
  linkedOfRequest,
} from './schedule-attributes.ts';
