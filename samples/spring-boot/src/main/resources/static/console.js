import { node } from './console/node.js';
import { attacks } from './console/attacks.js';
import { events } from './console/events.js';
import { tasks } from './console/tasks.js';
import { verdicts } from './console/verdicts.js';

const taskList = tasks();
const verdictList = verdicts();
attacks();
node();

events({
  event(event) {
    verdictList.add(event);
    taskList.follow(event);
  },
  state(state) {
    verdictList.connection(state);
    taskList.connection(state);
  },
});
