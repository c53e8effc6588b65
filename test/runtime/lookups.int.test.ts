// What a decision needs to know is looked up in its own transaction: forms as they are deployed now, the working calendar.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findWorkingCalendar } from '../../server/flow/index.ts';
import { SAMPLE_PILOT } from '../../server/main/seed/pilot.ts';
import { importPilot } from '../../server/modules/pilot/index.ts';
import { model } from '../support/model-builder.ts';
import { createRuntimeHarness, type RuntimeHarness } from './harness.ts';

describe('what a decision looks up', () => {
  let h: RuntimeHarness;
  beforeAll(async () => {
    h = await createRuntimeHarness({ findCalendar: findWorkingCalendar });
  });
  afterAll(() => h.database.drop());

  const incidents = () => h.rows<{ type: string }>(`select error_type as type from incidents where status = 'active'`);

  it('a form that is deployed later is found when the incident is resolved', async () => {
    const task =
      '<bpmn:userTask id="A"><bpmn:extensionElements><zeebe:userTask/><zeebe:formDefinition formId="note"/>' +
      '</bpmn:extensionElements></bpmn:userTask>';
    await h.deploy(model('with-form').start().raw(task).path('start', 'A').toXml());
    const instanceKey = await h.start('with-form');
    expect(await incidents()).toEqual([{ type: 'FORM_NOT_FOUND' }]);

    await h.rows(
      `insert into forms (key, form_id, version, resource_name, schema, content_hash, deployment_key, deployed_at)
       values (7, 'note', 1, 'note.form', '{}', '', 1, now())`,
    );
    await h.transactions.run(async (tx) => {
      const [incident] = await h.runtime.listIncidents(tx, 1);
      if (incident !== undefined) await h.runtime.retryIncident(tx, incident, 'ops');
    });

    const created = `select event -> 'form' ->> 'key' as key from engine_events where instance_key = $1 and type = 'task-created'`;
    expect(await h.rows(created, [instanceKey])).toEqual([{ key: '7' }]);
    expect(await incidents()).toEqual([]);
  });

  it('a due date in working time skips the holidays of the installation', async () => {
    await h.transactions.run((tx) => importPilot(tx, SAMPLE_PILOT));
    h.clock.advanceTo('2019-08-30T09:00:00+07:00');
    const due = { dueIn: { duration: 'P2D', calendar: 'gio-hanh-chinh' } };
    await h.deploy(model('with-due').start().userTask('A', due).path('start', 'A').toXml());
    const instanceKey = await h.start('with-due');

    const rows = await h.rows(`select due_at as due from user_tasks where instance_key = $1`, [instanceKey]);
    // A Friday; the weekend and 2 September are days off, so Tuesday counts one and Wednesday two.
    expect(rows).toEqual([{ due: '2019-09-04T02:00:00.000Z' }]);
    const trace = `select event #>> '{dueTrace,calendar}' as calendar from engine_events where instance_key = $1 and type = 'task-created'`;
    expect(await h.rows(trace, [instanceKey])).toEqual([{ calendar: 'gio-hanh-chinh' }]);
  });
});
