export { carryOutAction } from './carry-out-action.ts';
export { investigateIncident } from './investigate-incident.ts';
export { runSpecialist } from './run-specialist.ts';
export { sweepSlos } from './sweep-slos.ts';
